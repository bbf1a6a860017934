// Views of what runs with quiet defaults: a test says only what it is about.

import type { DriftFinding } from "../../src/domain/drift.ts";
import type { AttentionView, DriftIssueView, LivePlace, LiveView } from "../../src/domain/live-view.ts";
import { releaseOf } from "../../src/domain/release.ts";
import { at, CHECKOUT, digest } from "./build-view.ts";

export const MERGE = "4f1c2ab09d3e4f1c2ab09d3e4f1c2ab09d3e4f1c";
export const BEFORE = "9e1d0007ac3b9e1d0007ac3b9e1d0007ac3b9e1d";

export function place(rest: Partial<LivePlace> = {}): LivePlace {
  return {
    source: "dev",
    name: "apps/checkout-staging",
    stage: "healthy",
    reason: "it is healthy",
    running: [],
    ...rest,
  };
}

export function live(rest: Partial<LiveView> = {}): LiveView {
  return {
    key: "checkout/staging",
    pipeline: "checkout",
    environment: "staging",
    release: releaseOf([{ image: CHECKOUT, tag: "1.8.0", digest: digest("b") }]),
    stage: "merged",
    reason: "Flux has not fetched the merge commit yet",
    commit: MERGE,
    mergedAt: at("2026-03-02T10:40"),
    places: [],
    drift: [],
    fingerprint: "0123456789abcdef",
    ...rest,
  };
}

export function attention(rest: Partial<AttentionView> = {}): AttentionView {
  return {
    key: "checkout/staging",
    environment: "staging",
    release: releaseOf([{ image: CHECKOUT, tag: "1.8.0", digest: digest("b") }]),
    situation: "degraded-bbbbbbbbbbbb",
    what: "`1.8.0` has been degraded for 15 minutes",
    ways: [],
    ...rest,
  };
}

export function finding(rest: Partial<DriftFinding> = {}): DriftFinding {
  return {
    object: { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" },
    change: "modified",
    field: {
      path: "/spec/replicas",
      desired: { kind: "shown", text: "3" },
      live: { kind: "shown", text: "5" },
      manager: "kubectl",
      subresource: "scale",
      time: at("2026-03-02T09:12"),
    },
    verdict: "confirmed",
    why: "",
    ...rest,
  };
}

export function driftIssue(rest: Partial<DriftIssueView> = {}): DriftIssueView {
  return {
    key: "checkout/live",
    pipeline: "checkout",
    environment: "live",
    findings: [finding()],
    healing: [],
    ways: [],
    holds: false,
    fingerprint: "0123456789abcdef",
    ...rest,
  };
}
