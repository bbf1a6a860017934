// The port to a reporter: it reads its cluster, and sends what it read. When it does so, and whom it tells how it went, is
// the command's.

import type { LiveState } from "../../domain/live-state.ts";
import type { ReporterSettings } from "../../domain/reporter.ts";

export interface Reporter {
  /** Reads the cluster; what cannot be read is part of the reports. */
  make(): Promise<readonly MadeReport[]>;
  /** Throws for no failure of the world. */
  post(report: MadeReport, options: { readonly signal: AbortSignal }): Promise<PostOutcome>;
  close(): void;
}

export interface ReporterOptions {
  readonly settings: ReporterSettings;
  /** The text of a kubeconfig; absent: this runs in the cluster. */
  readonly kubeconfig?: string;
}

export interface MadeReport {
  /** JSON of `live-report/v1`. */
  readonly body: string;
  readonly states: readonly ReportedState[];
}

/** One target: what runs there, or why that could not be read. */
export type ReportedState =
  | { readonly name: string; readonly state: LiveState }
  | { readonly name: string; readonly error: string };

export type PostOutcome =
  /** Whatever is to be said of it, a clause. */
  | { readonly kind: "taken"; readonly note?: string }
  /** The same report would be refused again. */
  | { readonly kind: "refused"; readonly why: string }
  /** It may go better in a while. */
  | { readonly kind: "failed"; readonly why: string };
