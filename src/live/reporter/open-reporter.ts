// The reporter of a cluster: reads what runs there through the rights of its own ServiceAccount, or through a kubeconfig,
// and reports it.

import { randomUUID } from "node:crypto";
import { createClusterSource } from "../cluster/cluster-source.ts";
import { connectCluster } from "../cluster/connect-cluster.ts";
import { makeReports } from "./make-reports.ts";
import { postReport } from "./post-report.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

export interface OpeningReporter extends ReporterOptions {
  readonly version: string;
  readonly now?: () => number;
}

export function openReporter({ settings, kubeconfig, version, now = Date.now }: OpeningReporter): Reporter {
  const cluster = connectCluster({
    name: `the cluster ${settings.cluster}`,
    access: kubeconfig === undefined ? { kind: "in-cluster" } : { kind: "kubeconfig", text: kubeconfig },
    userAgent: "stagecoach-report",
  });
  const source = createClusterSource(cluster, { now });
  return {
    make: () => makeReports({ settings, source, version, now: now(), makeId: randomUUID }),
    post: ({ body }, { signal }) => postReport({ ...settings, body, now: now(), signal }),
    close: () => cluster.close(),
  };
}
