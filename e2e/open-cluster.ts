// The cluster that end-to-end tests run on: the one that KUBECONFIG names, or one of their own. Either way they get a
// namespace for themselves, and leave nothing behind.

import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ClusterUser, createUsers, deleteUsers } from "./create-users.ts";
import { playKubelet } from "./play-kubelet.ts";
import type { Play } from "./play-pod.ts";
import { type ApiServer, startApiServer } from "./start-api-server.ts";

export interface OpenCluster {
  /** the path of an admin's kubeconfig */
  readonly kubeconfig: string;
  readonly kubeconfigs: Readonly<Record<ClusterUser, string>>;
  /** of this run alone */
  readonly namespace: string;
  /** an image that runs there, and stays */
  readonly image: string;
  /** only when the cluster is one's own, and may be broken */
  readonly apiServer: ApiServer | undefined;
  stop(): Promise<void>;
}

/** Small, for every platform, and does nothing. */
const IMAGE = "registry.k8s.io/pause:3.10";

/** `play`: what becomes of pods; then it is always a cluster of one's own. */
export async function openCluster({ play }: { readonly play?: Partial<Play> } = {}): Promise<OpenCluster> {
  const named = process.env.KUBECONFIG;
  if (play !== undefined || named === undefined || named === "") return startOwnCluster(play ?? {});
  if (named.includes(delimiter) || !existsSync(named))
    throw new Error(
      `KUBECONFIG is ${named}. Here it has to name one file that exists; unset it for a cluster of one's own.`,
    );
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-cluster-"));
  return makeRoom({ kubeconfig: named, folder, apiServer: undefined, end: async () => {} });
}

async function startOwnCluster(play: Partial<Play>): Promise<OpenCluster> {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-cluster-"));
  const apiServer = await startApiServer();
  const { kubeconfig } = apiServer;
  const kubelet = await playKubelet({ kubeconfig, ...play });
  const end = async () => {
    await kubelet.stop();
    await apiServer.stop();
  };
  return makeRoom({ kubeconfig, folder, apiServer, end });
}

async function makeRoom({
  kubeconfig,
  folder,
  apiServer,
  end,
}: {
  readonly kubeconfig: string;
  readonly folder: string;
  readonly apiServer: ApiServer | undefined;
  readonly end: () => Promise<void>;
}): Promise<OpenCluster> {
  const place = { kubeconfig, namespace: `stagecoach-e2e-${randomBytes(3).toString("hex")}` };
  const stop = async () => {
    await deleteUsers(place);
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...place, kubeconfigs: await createUsers({ ...place, folder }), image: IMAGE, apiServer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
