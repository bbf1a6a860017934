// Gates: what has to be true before a promotion is proposed or merged, and what was found.

export type Gate =
  | HealthyGate
  | MergedGate
  | SoakGate
  | ApprovalsGate
  | ChecksGate
  | WindowGate
  | HttpGate
  | SignedGate;

/** Every place of the environment before runs the version and is healthy. Implied where that environment names a `live`. */
export interface HealthyGate {
  readonly kind: "healthy";
  readonly environment: string;
}

/** The environment before took the version into Git. Implied where that environment names no `live`. */
export interface MergedGate {
  readonly kind: "merged";
  readonly environment: string;
}

export interface SoakGate {
  readonly kind: "soak";
  /** Milliseconds of unbroken health of the same digest in every environment before. */
  readonly duration: number;
}

export interface ApprovalsGate {
  readonly kind: "approvals";
  readonly count: number;
  /** `organisation/team`; an approval by a member of any of them counts. Empty: anybody with write access. */
  readonly teams: readonly string[];
}

export interface ChecksGate {
  readonly kind: "checks";
  /** `name` or `name@app-slug`. */
  readonly names: readonly string[];
}

export interface WindowGate {
  readonly kind: "window";
  /** ISO weekdays, 1 = Monday. */
  readonly days: readonly number[];
  /** Minutes after midnight in `zone`. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly zone: string;
  /** Days in `zone` on which it stays closed, `2026-12-25`; both ends belong to a range. */
  readonly except: readonly DayRange[];
}

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface HttpGate {
  readonly kind: "http";
  /** The id of an endpoint in the operator's settings; a repository never names a URL. */
  readonly endpoint: string;
}

export interface SignedGate {
  readonly kind: "signed";
  readonly issuer?: string;
  readonly subject?: string;
  /** The id of a key in the operator's settings. */
  readonly key?: string;
}

export type GateState = "passed" | "waiting" | "failed";

export interface GateResult {
  /** The word by which people name it in `/override`; absent: nobody gets past it. */
  readonly word?: string;
  /** Whose gate it is, where several pipelines share a pull request. */
  readonly pipeline?: string;
  /** How a person names the gate: `merged in integration`, `approvals`. */
  readonly name: string;
  readonly state: GateState;
  /** One sentence without a full stop: why it is so. */
  readonly reason: string;
  /** When it is expected to pass; epoch milliseconds. */
  readonly expectedAt?: number;
  /** When a gate that has passed closes again by itself; epoch milliseconds. */
  readonly changesAt?: number;
  /** The command that a person may give to get past it. */
  readonly unblock?: string;
}
