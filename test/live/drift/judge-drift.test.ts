// What becomes of a suspect or a claim: every verdict, and everything that a report can have wrong, is a row.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DriftFinding, DriftVerdict } from "../../../src/domain/drift.ts";
import { known, unknown } from "../../../src/domain/seen.ts";
import { type DriftEvidence, judgeDrift, MOST_FINDINGS } from "../../../src/live/drift/judge-drift.ts";
import { claim, deployment, evidence, kustomization, OTHER, REPLICAS, scaled, shown, state, suspect } from "./build.ts";

interface Row {
  readonly when: string;
  readonly given: Partial<DriftEvidence>;
  readonly verdict: DriftVerdict;
  readonly why: RegExp;
  /** Who is said to have claimed it. */
  readonly by?: string;
}

const SEEN = known([suspect()]);
const BY = "drift-reporter";

const ROWS: readonly Row[] = [
  {
    when: "a field that a reading noticed is still so",
    given: { suspects: [suspect()], differences: SEEN },
    verdict: "confirmed",
    why: /read live/,
  },
  {
    when: "a field that nobody named differs",
    given: { differences: SEEN },
    verdict: "confirmed",
    why: /read live/,
  },
  {
    when: "a report names a field that is really so",
    given: { claim: claim(), claimOnBranch: true, differences: SEEN },
    verdict: "confirmed",
    why: /read live/,
    by: BY,
  },
  {
    when: "a report and a reading name the same field",
    given: { suspects: [suspect()], claim: claim(), differences: SEEN },
    verdict: "confirmed",
    why: /read live/,
  },
  {
    when: "a report names no commit",
    given: { claim: { ...claim(), commit: undefined } as never, differences: SEEN },
    verdict: "confirmed",
    why: /read live/,
    by: BY,
  },
  {
    when: "a report speaks of a map, and one of its fields differs",
    given: {
      claim: claim({ suspects: [suspect({ fields: [{ path: "/spec", live: shown({ replicas: 7 }) }] })] }),
      differences: SEEN,
    },
    verdict: "confirmed",
    why: /read live/,
    by: BY,
  },
  {
    when: "a report speaks of an object without naming fields",
    given: { claim: claim({ suspects: [suspect({ fields: [] })] }), differences: SEEN },
    verdict: "confirmed",
    why: /read live/,
    by: BY,
  },
  {
    when: "the live value is hidden, so that only the field can be compared",
    given: { claim: claim(), differences: known([suspect({ fields: [scaled({ live: { kind: "hidden" } })] })]) },
    verdict: "confirmed",
    why: /read live/,
    by: BY,
  },
  {
    when: "an object is gone",
    given: { differences: known([suspect({ change: "missing", fields: [] })]) },
    verdict: "confirmed",
    why: /read live/,
  },
  {
    when: "the reconciler has set it back",
    given: { claim: claim(), claimOnBranch: true },
    verdict: "healed",
    why: /as Git has it/,
    by: BY,
  },
  {
    when: "a reading noticed it, and it is gone at the second look",
    given: { suspects: [suspect()] },
    verdict: "healed",
    why: /as Git has it/,
  },
  {
    when: "an object that was said to be missing is there again",
    given: { claim: claim({ suspects: [suspect({ change: "missing", fields: [] })] }) },
    verdict: "healed",
    why: /as Git has it/,
    by: BY,
  },
  {
    when: "the field has yet another value now",
    given: { claim: claim(), differences: known([suspect({ fields: [scaled({ live: shown(9) })] })]) },
    verdict: "changed-since",
    why: /another value now/,
    by: BY,
  },
  {
    when: "the object was deleted and made anew under the same name",
    given: { claim: claim(), differences: known([suspect({ object: deployment({ uid: "web-2" }) })]) },
    verdict: "changed-since",
    why: /Deployment checkout\/web was deleted and made anew/,
    by: BY,
  },
  {
    when: "the reconciler's own object was deleted and made anew",
    given: { claim: claim({ target: kustomization({ uid: "kustomization-0" }) }) },
    verdict: "stale",
    why: /Kustomization apps\/checkout was deleted and made anew/,
    by: BY,
  },
  {
    when: "the cluster runs a newer commit",
    given: { claim: claim({ commit: OTHER }), claimOnBranch: true },
    verdict: "stale",
    why: /speaks of `bbbbbbbbbbbb`, and the cluster runs `aaaaaaaaaaaa`/,
    by: BY,
  },
  {
    when: "the cluster runs another commit, and where the report's stands is not known",
    given: { claim: claim({ commit: OTHER }) },
    verdict: "stale",
    why: /the cluster runs/,
    by: BY,
  },
  {
    when: "T26: the report names a commit that is not on the branch",
    given: { claim: claim({ commit: OTHER }), claimOnBranch: false },
    verdict: "wrong-revision",
    why: /not on the environment's branch/,
    by: BY,
  },
  {
    when: "T26: the report is about another reconciler's object",
    given: { claim: claim({ target: kustomization({ name: "billing" }) }) },
    verdict: "unverifiable",
    why: /about Kustomization apps\/billing, and this environment runs through Kustomization apps\/checkout/,
    by: BY,
  },
  {
    when: "a rule of the reconciler leaves the field alone",
    given: { claim: claim(), differences: SEEN, ruleFor: () => "an autoscaler owns it" },
    verdict: "ignored",
    why: /an autoscaler owns it/,
    by: BY,
  },
  {
    when: "the cluster cannot be reached",
    given: { claim: claim(), target: unknown("prod-eu did not answer") },
    verdict: "unverifiable",
    why: /prod-eu did not answer/,
    by: BY,
  },
  {
    when: "the token has expired when the objects are read",
    given: { suspects: [suspect()], differences: unknown("prod-eu answered 401: the token is not accepted") },
    verdict: "unverifiable",
    why: /401/,
  },
  {
    when: "what was read of the reconciler is old",
    given: {
      claim: claim(),
      target: known(state({ freshness: { readAt: 0, proof: "none", stale: "it has not looked at Git for 40 min" } })),
      differences: SEEN,
    },
    verdict: "unverifiable",
    why: /40 min/,
    by: BY,
  },
  {
    when: "the reconciler is at work",
    given: { claim: claim(), target: known(state({ sync: { state: "progressing" } })), differences: SEEN },
    verdict: "unverifiable",
    why: /a difference during a rollout is no drift; it will be looked at again/,
    by: BY,
  },
  {
    when: "the last sync failed half-way",
    given: { suspects: [suspect()], target: known(state({ sync: { state: "failed" } })), differences: SEEN },
    verdict: "unverifiable",
    why: /may be what it left undone/,
  },
  {
    when: "the reconciler changes to another branch",
    given: {
      suspects: [suspect()],
      target: known(state({ sync: { state: "out-of-sync", cause: "switching-source" } })),
    },
    verdict: "unverifiable",
    why: /settings have just changed/,
  },
  {
    when: "one of the objects may not be read",
    given: { claim: claim(), unseen: ({ name }) => (name === "web" ? "deployments may not be read" : undefined) },
    verdict: "unverifiable",
    why: /may not be read/,
    by: BY,
  },
];

describe("the verdict, when", () => {
  for (const { when, given, verdict, why, by } of ROWS) {
    test(`${when}: ${verdict}`, () => {
      const findings = judgeDrift(evidence(given));
      assert.equal(findings.length, 1, JSON.stringify(findings));
      assert.equal(findings[0]?.verdict, verdict);
      assert.match(findings[0]?.why ?? "", why);
      assert.equal(findings[0]?.claimedBy, by);
    });
  }
});

describe("findings", () => {
  const verdicts = (findings: readonly DriftFinding[]) =>
    findings.map(({ verdict, field, object, change }) => `${verdict} ${object.name} ${field?.path ?? change}`);

  test("have each object and field once, whoever named it, those that are confirmed first", () => {
    const memory = scaled({ path: "/spec/paused", live: shown(true) });
    const findings = judgeDrift(
      evidence({
        suspects: [suspect({ fields: [memory] })],
        claim: claim({
          suspects: [suspect({ fields: [memory, scaled()] }), suspect({ object: deployment({ name: "api" }) })],
        }),
        differences: known([suspect({ fields: [scaled(), memory] })]),
      }),
    );
    assert.deepEqual(verdicts(findings), [
      `confirmed web ${REPLICAS}`,
      "confirmed web /spec/paused",
      `healed api ${REPLICAS}`,
    ]);
  });

  test("a stale report changes nothing about what was seen without it", () => {
    const findings = judgeDrift(evidence({ claim: claim({ commit: OTHER }), claimOnBranch: true, differences: SEEN }));
    assert.deepEqual(verdicts(findings), [`confirmed web ${REPLICAS}`]);
    assert.equal(findings[0]?.claimedBy, undefined);
  });

  test("an object that is gone is one finding, and a claim about its field is out of date", () => {
    const findings = judgeDrift(
      evidence({ claim: claim(), differences: known([suspect({ change: "missing", fields: [] })]) }),
    );
    assert.deepEqual(verdicts(findings), ["confirmed web missing", `changed-since web ${REPLICAS}`]);
  });

  test("show live values only where they were read live, never those of a report", () => {
    const healed = judgeDrift(evidence({ claim: claim() }));
    assert.deepEqual(healed[0]?.field, { path: REPLICAS });
    const confirmed = judgeDrift(
      evidence({
        claim: claim({ suspects: [suspect({ fields: [scaled({ manager: "kubectl-by-the-report" })] })] }),
        differences: SEEN,
      }),
    );
    assert.equal(confirmed[0]?.field?.manager, "kubectl");
  });

  test("of a plain cluster may be claimed about whatever object the report names", () => {
    const plain = state({
      reconciler: "kubernetes",
      object: { apiVersion: "v1", kind: "Namespace", name: "checkout" },
    });
    const findings = judgeDrift(
      evidence({ claim: claim({ target: deployment() }), target: known(plain), differences: SEEN }),
    );
    assert.deepEqual(verdicts(findings), [`confirmed web ${REPLICAS}`]);
  });

  test("the same object in another version of its API is the same object", () => {
    const findings = judgeDrift(
      evidence({
        claim: claim({ suspects: [suspect({ object: deployment({ apiVersion: "apps/v1beta2" }) })] }),
        differences: SEEN,
      }),
    );
    assert.deepEqual(verdicts(findings), [`confirmed web ${REPLICAS}`]);
  });

  test("are at most 200, and none that is confirmed is pushed out by others", () => {
    const many = Array.from({ length: 300 }, (_, index) => suspect({ object: deployment({ name: `web-${index}` }) }));
    const findings = judgeDrift(evidence({ claim: claim({ suspects: many }), differences: SEEN }));
    assert.equal(findings.length, MOST_FINDINGS);
    assert.equal(findings[0]?.verdict, "confirmed");
  });
});
