// What a reporter is told: which cluster it speaks for, what it looks at, how often, and how it proves who it is.

import type { LiveTarget, ObjectSelector } from "./pipeline.ts";

export interface ReporterSettings {
  /** The id of the live source in the settings of Stagecoach. */
  readonly cluster: string;
  /** Where reports go: `https://stagecoach.acme.com/hooks/live/prod-us`. */
  readonly url: string;
  readonly proof: ReporterProof;
  /** Milliseconds between two reports; at most five minutes. */
  readonly every: number;
  readonly targets: readonly ReportedTarget[];
}

export type ReporterProof =
  | { readonly kind: "secret"; readonly secret: string }
  /** A ServiceAccount's token, which changes while the reporter runs. */
  | { readonly kind: "token-file"; readonly path: string };

export interface ReportedTarget {
  /** Under which the pipeline file asks for it. */
  readonly name: string;
  readonly kind: Exclude<LiveTarget["kind"], "reports">;
  /** As `live` of a pipeline file has it. */
  readonly target: string;
  readonly images: readonly string[];
  readonly objects: readonly ObjectSelector[];
}
