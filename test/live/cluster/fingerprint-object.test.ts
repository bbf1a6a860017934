// What is news about an object, and what is only its controller at its daily work.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { fingerprintObject } from "../../../src/live/cluster/fingerprint-object.ts";

interface Said {
  /** What Flux adds about its health check. */
  readonly took?: string;
  readonly ready?: "True" | "False" | "Unknown";
  /** Minutes after nine. */
  readonly at?: number;
  readonly attempted?: string;
  readonly suspend?: boolean;
}

/** A Kustomization as Flux writes it at the end of a run, or in the middle of one. */
function kustomization({
  took = "5.073210911s",
  ready = "True",
  at = 0,
  attempted = "main@sha1:1111",
  suspend = false,
}: Said = {}) {
  const time = `2026-11-20T09:${String(at).padStart(2, "0")}:00Z`;
  const condition = (type: string, status: string) => ({ type, status, reason: "R", lastTransitionTime: time });
  const object: KubernetesObject = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "web", namespace: "apps", generation: 1, resourceVersion: String(at) },
    spec: { suspend },
    status: {
      conditions: [
        condition("Ready", ready),
        { ...condition("Healthy", "True"), message: `Health check passed in ${took}` },
        ...(ready === "Unknown" ? [condition("Reconciling", "True")] : []),
      ],
      lastAttemptedRevision: attempted,
      history: [{ lastReconciled: time, totalReconciliations: at, lastReconciledStatus: "ReconciliationSucceeded" }],
    },
  };
  return object;
}

/** Which of these says something new, one after the other. */
function news(...objects: readonly KubernetesObject[]): readonly boolean[] {
  let before: ReturnType<typeof fingerprintObject> | undefined;
  return objects.map((object) => {
    const now = fingerprintObject(object, before);
    const isNews = now.whole !== before?.whole;
    before = now;
    return isNews;
  });
}

const rows: readonly (readonly [what: string, objects: readonly KubernetesObject[], news: readonly boolean[]])[] = [
  [
    "a run at the usual interval is none",
    [kustomization(), kustomization({ ready: "Unknown", at: 10 }), kustomization({ at: 11, took: "14.996328ms" })],
    [true, false, false],
  ],
  [
    "a failure that is tried again and stays is none",
    [
      kustomization({ ready: "False" }),
      kustomization({ ready: "Unknown", at: 10 }),
      kustomization({ ready: "False", at: 11 }),
    ],
    [true, false, false],
  ],
  [
    "a run that ends in another way is news at its end",
    [kustomization(), kustomization({ ready: "Unknown", at: 10 }), kustomization({ ready: "False", at: 11 })],
    [true, false, true],
  ],
  [
    "another revision is news at once, and so is its end",
    [
      kustomization(),
      kustomization({ ready: "Unknown", attempted: "main@sha1:2222" }),
      kustomization({ attempted: "main@sha1:2222" }),
    ],
    [true, true, true],
  ],
  ["a change of its spec is news", [kustomization(), kustomization({ suspend: true })], [true, true]],
  ["what was never seen otherwise is news while it looks", [kustomization({ ready: "Unknown" })], [true]],
];

describe("what is news about an object", () => {
  for (const [what, objects, expected] of rows)
    test(what, () => {
      assert.deepEqual(news(...objects), expected);
    });
});
