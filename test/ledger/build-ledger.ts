// A ledger with something of everything, and the pieces to make others of.

import type { Ledger, Reached } from "../../src/domain/ledger.ts";
import { type Release, releaseOf } from "../../src/domain/release.ts";

export const CHECKOUT = "ghcr.io/acme/checkout";

export function at(time: string): number {
  return Date.parse(`${time}:00Z`);
}

export function oid(character: string): string {
  return character.repeat(40);
}

export function release(tag: string, character = "a"): Release {
  return releaseOf([{ image: CHECKOUT, tag, digest: `sha256:${character.repeat(64)}` }]);
}

export const REACHED: Reached = {
  release: release("1.8.0"),
  at: at("2026-03-02T10:02"),
  pullRequest: 12,
  shared: true,
  mergedBy: "maria",
  approvedBy: ["maria", "ola"],
  head: oid("c"),
  commit: oid("1"),
  healthyAt: at("2026-03-02T10:09"),
  soaked: 30 * 60_000,
};

export const LEDGER: Ledger = {
  environments: {
    "checkout/integration": { reached: [REACHED], declined: [], rolledBack: [], stopped: [] },
    "checkout/live": {
      reached: [{ release: release("1.10", "b"), at: at("2026-02-28T09:00") }],
      declined: [{ release: release("1.9.0", "d"), at: at("2026-03-01T08:15"), pullRequest: 11, by: "ola" }],
      rolledBack: [{ release: release("1.8.1", "e"), at: at("2026-03-01T12:00"), to: "`1.10`", commit: oid("f") }],
      stopped: [{ release: release("1.8.2", "9"), at: at("2026-03-01T14:00"), why: "degraded since 13:45" }],
      requested: {
        release: release("1.8.3", "7"),
        at: at("2026-03-01T18:20"),
        by: "ola",
        byId: 42,
        back: true,
        reason: "1.8.2 loses orders",
      },
    },
  },
  holds: [
    {
      pipeline: "checkout",
      environment: "live",
      by: "maria",
      at: at("2026-03-01T17:00"),
      until: at("2026-03-04T08:00"),
      reason: "the sale",
    },
  ],
  blocks: [
    {
      image: CHECKOUT,
      tag: "1.8.2",
      digest: `sha256:${"9".repeat(64)}`,
      by: "ola",
      at: at("2026-03-01T18:00"),
      reason: 'it loses "orders"',
    },
  ],
  overrides: [
    {
      pipeline: "checkout",
      environment: "live",
      gate: "soak",
      release: release("1.8.3", "7"),
      by: "ola",
      byId: 42,
      at: at("2026-03-01T18:30"),
      reason: "a hotfix",
    },
  ],
  commands: [
    {
      id: "comment/4711.0",
      at: at("2026-03-01T18:00"),
      by: "ola",
      byId: 42,
      line: "/block 1.8.2 it loses orders",
      outcome: "`1.8.2` is blocked",
    },
  ],
  sandboxes: [
    {
      pipeline: "checkout",
      environment: "integration",
      number: 14,
      branch: "faster-cart#2",
      by: "maria",
      byId: 7,
      at: at("2026-03-01T18:10"),
      before: "main",
      wrote: ["faster-cart#2"],
      endedAt: at("2026-03-01T19:10"),
      ended: "pull request 14 is merged",
    },
  ],
  retags: [
    {
      id: "comment/4711.0",
      pipeline: "checkout",
      environment: "live",
      from: CHECKOUT,
      digest: `sha256:${"8".repeat(64)}`,
      image: "europe-docker.pkg.dev/acme/live/checkout",
      tag: "v1.8.3-stable",
      by: "ola",
      byId: 42,
      at: at("2026-03-01T18:30"),
    },
  ],
};
