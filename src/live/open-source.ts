// What stands behind a source of the operator's settings. A source that cannot even be opened answers with that.

import type { LiveTarget } from "../domain/pipeline.ts";
import { unknown } from "../domain/seen.ts";
import type { LiveSettings } from "../domain/settings.ts";
import { createArgocdSource } from "./argocd/argocd-source.ts";
import { createClusterSource } from "./cluster/cluster-source.ts";
import { connectCluster } from "./cluster/connect-cluster.ts";
import type { LiveSource } from "./live-source.ts";

export interface OpeningOptions {
  readonly now: () => number;
  readonly log?: { warn(fields: object, message: string): void };
}

/** `undefined`: there is nothing to ask, it only pushes. Asks nothing yet. */
export function openSource(settings: LiveSettings, { now, log }: OpeningOptions): LiveSource | undefined {
  const { id, access } = settings;
  switch (access.kind) {
    case "argocd":
      try {
        return { serves: ["argocd"], ...createArgocdSource(access, { now }) };
      } catch (error) {
        log?.warn({ err: error, source: id }, "a live source cannot be used as its settings say");
        return brokenSource(["argocd"], `the address or the token of the source ${id} cannot be used`);
      }
    case "kubernetes": {
      const { kubeconfig: text, context } = access;
      const cluster = connectCluster({
        name: `the cluster ${id}`,
        access: { kind: "kubeconfig", text, ...(context !== undefined && { context }) },
        onFault: (error) => log?.warn({ err: error, source: id }, "a fault of Stagecoach has ended a watch"),
      });
      return createClusterSource(cluster, { now });
    }
    case "reports":
      return undefined;
  }
}

function brokenSource(serves: readonly LiveTarget["kind"][], why: string): LiveSource {
  return {
    serves,
    read: async (targets) => targets.map(() => unknown(why)),
    verifyDrift: async () => unknown(why),
    askToSync: async () => ({ kind: "refused", why }),
    watch: () => ({ stop: () => undefined }),
  };
}
