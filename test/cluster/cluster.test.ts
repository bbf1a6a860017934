// The stand-in for a Kubernetes API server passes what a real one passes: see e2e/kubernetes.ts.

import { startCluster } from "./start-cluster.ts";
import { describeCluster } from "./suite/cluster-suite.ts";
import { describeConnection } from "./suite/connection.ts";

describeCluster("the stand-in for a Kubernetes API server", { open: () => startCluster() });
describeConnection("the stand-in for a Kubernetes API server", { open: () => startCluster() });
