// What Stagecoach relies on in a Kubernetes API server, told by its answers: the same tests run against the stand-in and,
// in `npm run e2e:kubernetes`, against a real server. Everything happens in a namespace of its own, and goes with it.

import { after, before, describe } from "node:test";
import { type AskCluster, openCluster } from "./ask-cluster.ts";
import { describeConflicts } from "./conflicts.ts";
import { describeDefinitions } from "./definitions.ts";
import { describeOwners } from "./owners.ts";
import { describePages } from "./pages.ts";
import { describeRefusals } from "./refusals.ts";
import { describeWatches } from "./watches.ts";
import { describeWrites } from "./writes.ts";

export interface Scene {
  readonly ask: AskCluster;
  readonly namespace: string;
}

/** `open` gives the kubeconfig of somebody who may do everything. */
export function describeCluster(
  title: string,
  { open }: { readonly open: () => Promise<{ readonly kubeconfig: string; readonly stop?: () => Promise<void> }> },
): void {
  describe(title, () => {
    const namespace = `stagecoach-suite-${process.pid}-${Math.floor(performance.timeOrigin) % 100_000}`;
    let ask: AskCluster;
    let stop: (() => Promise<void>) | undefined;
    before(async () => {
      const opened = await open();
      stop = opened.stop;
      ask = openCluster(opened.kubeconfig);
      const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      await ask({ method: "POST", path: "/api/v1/namespaces", body });
    });
    after(async () => {
      await ask({ method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
      await stop?.();
    });
    const scene = (): Scene => ({ ask, namespace });
    describeWrites(scene);
    describeOwners(scene);
    describeConflicts(scene);
    describePages(scene);
    describeWatches(scene);
    describeRefusals(scene);
    describeDefinitions(scene);
  });
}
