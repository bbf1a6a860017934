// What a receiver of pushes about a live source is: from one delivery to what it says. The operator's settings pick the
// receiver, never a header (T4); the sender is checked on the bytes as they came, before anything of them is read.

import type { DriftClaim } from "../../domain/drift.ts";
import type { ReportsSettings } from "../../domain/settings.ts";
import type { NamedState } from "./live-report.ts";

export interface LiveDelivery {
  readonly body: Uint8Array;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The id of the source that the address names. */
  readonly source: string;
  readonly settings: ReportsSettings;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type LiveReceived =
  /** `reason` is for the operator's numbers; the sender learns only what is needed of every sender. */
  | { readonly kind: "unauthenticated"; readonly reason: RefusalReason; readonly needed: string }
  /** From the right sender, and not what such a sender says; a clause without a full stop. */
  | { readonly kind: "malformed"; readonly why: string }
  /** From the right sender, who would try again and again if it were refused. */
  | { readonly kind: "nothing"; readonly why: string }
  | UnderstoodPush;

export type RefusalReason = "missing" | "signature" | "time" | "token";

export interface UnderstoodPush {
  readonly kind: "understood";
  /** The same for every repetition of this delivery. */
  readonly delivery: string;
  /** `Kustomization apps/checkout`, made of checked names alone. */
  readonly what: string;
  /** Absent: it only says that something happened. */
  readonly report?: Report;
}

export type Report =
  | { readonly kind: "drift"; readonly claim: DriftClaim }
  | { readonly kind: "states"; readonly observedAt: number; readonly states: readonly NamedState[] };

/** Whether a report that was kept tells anything that is not known already. */
export type Keeping = "news" | "no-news" | "older";

export type LiveReceiver = (delivery: LiveDelivery) => Promise<LiveReceived>;
