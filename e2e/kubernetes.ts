// `npm run e2e:kubernetes`: holds the stand-in for a Kubernetes API server to a real one, whichever KUBECONFIG names. The
// suite is the stand-in's own; then the same questions are put to both. It makes a namespace and a kind of its own, needs
// somebody who may do everything, and leaves nothing behind.

import { readFileSync } from "node:fs";
import { describeCluster } from "../test/cluster/suite/cluster-suite.ts";
import { describeConnection } from "../test/cluster/suite/connection.ts";

const path = process.env["KUBECONFIG"];
if (path === undefined || path === "") {
  throw new Error("KUBECONFIG names no file. `node e2e/start-api-server.ts` starts a server and prints one.");
}
const kubeconfig = readFileSync(path, "utf8");
describeCluster("a real Kubernetes API server", { open: async () => ({ kubeconfig }) });
describeConnection("a real Kubernetes API server", { open: async () => ({ kubeconfig }) });
