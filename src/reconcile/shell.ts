// What a pass works with: the ports, and the few things that belong to the operator. Assembled in `index.ts` and in
// tests; nothing in this folder knows what stands behind a port.

import type { Rules } from "../config/shape.ts";
import type { SettingsFloor } from "../domain/settings.ts";
import type { Endpoints } from "../endpoint/endpoint.ts";
import type { Forge } from "../forge/forge.ts";
import type { Live } from "../live/live.ts";
import type { Registry } from "../registry/registry.ts";
import type { Renderer } from "../report/create-renderer.ts";
import type { Signatures } from "../signing/signatures.ts";
import type { Store } from "../store/store.ts";
import type { PassMemory } from "./pass-memory.ts";

export interface Shell {
  readonly forge: Forge;
  readonly registry: Registry;
  readonly live: Live;
  readonly endpoints: Endpoints;
  readonly signatures: Signatures;
  readonly store: Store;
  readonly renderer: Renderer;
  /** The operator's lower bounds for every repository. */
  readonly floor: readonly SettingsFloor[];
  /** What the reader of the pipeline file asks the planner about. */
  readonly rules: Rules;
  /** How long the tags of an image count as fresh; milliseconds. */
  readonly tagsFresh: (image: string) => number;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: PassMetrics;
  /** Runs the work and counts the requests to the forge that it made, beside others that run at the same time. */
  readonly counting: <T>(work: (tally: () => Tally) => Promise<T>) => Promise<T>;
  /** What this process keeps between passes; it may be empty at any moment. */
  readonly memory: PassMemory;
}

export interface Tally {
  /** Requests to the forge. */
  readonly requests: number;
  /** The smallest part of a budget of the forge's that was seen to be left, 0 to 1; 1 where it says nothing. */
  readonly left: number;
}

/** As pino has it. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Counts and times without names: who runs what is nobody's business who may read the metrics. */
export interface PassMetrics {
  passFinished(pass: {
    readonly milliseconds: number;
    readonly outcome: "quiet" | "acted" | "moved-on" | "failed" | "deferred";
  }): void;
  acted(action: { readonly kind: string; readonly outcome: string }): void;
}
