// Views with quiet defaults: a test says only what it is about.

import type { CheckSubject, CheckView } from "../../src/domain/check-view.ts";
import type { GateResult } from "../../src/domain/gate.ts";
import type { PromotionView } from "../../src/domain/plan.ts";
import { releaseOf } from "../../src/domain/release.ts";
import type { SourceCommit, SourceHistory, ToldSource } from "../../src/domain/source-history.ts";

export const CHECKOUT = "ghcr.io/acme/checkout";

export function at(time: string): number {
  return Date.parse(`${time}:00Z`);
}

export function digest(character: string): string {
  return `sha256:${character.repeat(12)}${"0123456789".repeat(6).slice(0, 52)}`;
}

export function gate(name: string, state: GateResult["state"], rest: Partial<GateResult> = {}): GateResult {
  return { name, state, reason: `${name} says so`, ...rest };
}

export function promotion(rest: Partial<PromotionView> = {}): PromotionView {
  return {
    key: "checkout/staging",
    pipeline: "checkout",
    environment: "staging",
    release: releaseOf([{ image: CHECKOUT, tag: "1.8.0", digest: digest("b") }]),
    moves: [
      { image: CHECKOUT, from: { tag: "1.7.0", digest: digest("a") }, to: { tag: "1.8.0", digest: digest("b") } },
    ],
    places: [{ path: "apps/checkout/staging/deployment.yaml", line: 21, from: "1.7.0", to: "1.8.0" }],
    gates: [],
    way: [],
    merge: "manual",
    labels: ["stagecoach", "env/staging"],
    overriddenBy: [],
    saw: [],
    fingerprint: "0123456789abcdef",
    ...rest,
  };
}

export const OLD = "1a2b3c4d".repeat(5);
export const NEW = "9f8e7d6c".repeat(5);

/** What came between two commits of acme/checkout. */
export function source(
  history: Partial<SourceHistory> = {},
  rest: Partial<ToldSource> & { readonly images?: readonly string[] } = {},
): ToldSource {
  const { images = [CHECKOUT], ...told } = rest;
  const known: SourceHistory = { visibility: "private", ahead: 1, behind: 0, commits: [commit(1)], ...history };
  return {
    repository: "acme/checkout",
    revisions: [NEW],
    changes: [{ images, base: OLD, head: NEW, history: known }],
    gaps: [],
    ...told,
  };
}

export function commit(number: number, rest: Partial<SourceCommit> = {}): SourceCommit {
  const id = number.toString(16).padStart(7, "0").padEnd(40, "f");
  return { id, title: `Change number ${number}`, by: "maria", ...rest };
}

export function check(subject: CheckSubject, rest: Partial<CheckView> = {}): CheckView {
  return { state: "in-progress", title: "Waits", subject, fingerprint: "0123456789abcdef", ...rest };
}
