// The gate `signed`, a row each: what was found out about the signatures, and the state and the sentence that follow. And
// what it has to have looked up, and when again.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { GateState, SignedGate } from "../../src/domain/gate.ts";
import { type Release, releaseOf } from "../../src/domain/release.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { type SignatureFinding, type SignatureReading, signatureKey } from "../../src/domain/signature.ts";
import { evaluateGate } from "../../src/plan/evaluate-gate.ts";
import type { GateContext } from "../../src/plan/gate-context.ts";
import { gateNeeds, nextQuestions } from "../../src/plan/gate-needs.ts";
import { questionsOf } from "../../src/plan/judge-signature.ts";
import { minutes, noon, release } from "./build.ts";

const BY_RELEASE: SignedGate = {
  kind: "signed",
  issuer: "https://issuer.example",
  subject: "https://acme.example/release",
};
const WITH_KEY: SignedGate = { kind: "signed", key: "release" };
const WEB = { image: "ghcr.io/acme/web", tag: "1.8.0", digest: `sha256:${"1a".repeat(32)}` };
const WORKER = { image: "ghcr.io/acme/worker", tag: "1.8.0", digest: `sha256:${"2b".repeat(32)}` };

interface Found {
  readonly gate?: SignedGate;
  readonly of?: Release;
  readonly source?: string;
  /** Of the images, in their order. */
  readonly answers?: readonly (Seen<SignatureFinding> | undefined)[];
  readonly askAgainAt?: number;
}

function context({ gate = BY_RELEASE, of = release("1.8.0"), source, answers = [], askAgainAt }: Found): GateContext {
  const bare: GateContext = {
    key: "checkout/live",
    release: of,
    reachedIn: () => [],
    liveIn: () => undefined,
    observed: [],
    promotion: undefined,
    requestedBy: [],
    memberships: {},
    endpoints: {},
    signatures: {},
    source,
    hours: { windows: [], freezes: [] },
    now: noon,
  };
  const readings = questionsOf(gate, bare).flatMap((question, index): [string, SignatureReading][] => {
    const answer = answers[index];
    if (!answer) return [];
    return [[signatureKey(question), { answer, ...(askAgainAt !== undefined && { askAgainAt }) }]];
  });
  return { ...bare, signatures: Object.fromEntries(readings) };
}

const signed = known<SignatureFinding>({
  kind: "signed",
  by: "https://acme.example/release",
  where: "the registry's referrers",
});
const byOthers = (...by: readonly string[]) => known<SignatureFinding>({ kind: "signed-by-others", by });
const notSigned = (refused: readonly string[] = []) =>
  known<SignatureFinding>({ kind: "not-signed", looked: ["`ghcr.io` (referrers)"], refused });

interface Row extends Found {
  readonly name: string;
  readonly state: GateState;
  readonly says: RegExp;
}

const rows: readonly Row[] = [
  { name: "nobody has looked", state: "waiting", says: /^whether it is signed has not been looked at yet$/ },
  {
    name: "signed by who is asked for",
    answers: [signed],
    state: "passed",
    says: /^it is signed by `https:\/\/acme\.example\/release`, found in the registry's referrers$/,
  },
  {
    name: "signed with the key",
    gate: WITH_KEY,
    answers: [signed],
    state: "passed",
    says: /^it is signed with the key `release`, found in/,
  },
  {
    name: "signed by somebody else",
    answers: [byOthers("https://evil.example/a")],
    state: "failed",
    says: /^it is signed by `https:\/\/evil\.example\/a` and not by `https:\/\/acme\.example\/release`$/,
  },
  {
    name: "T14: the name of a signer stays text",
    answers: [byOthers("`@everyone` closes #1 <!-- x -->")],
    state: "failed",
    says: /^it is signed by `'@everyone' closes #1 <!-- x -->` and not/,
  },
  {
    name: "not signed: where it was looked, and how to sign",
    answers: [notSigned()],
    state: "waiting",
    says: /^it is not signed by `https:.*`: looked at `ghcr\.io` \(referrers\); sign it with `cosign sign \S+@sha256:[0-9a-f]{64}` or the action `actions\/attest-build-provenance`$/,
  },
  {
    name: "not signed with the key: no action helps",
    gate: WITH_KEY,
    answers: [notSigned()],
    state: "waiting",
    says: /; sign it with `cosign sign --key <key> \S+@sha256:[0-9a-f]{64}`$/,
  },
  {
    name: "what is there does not count",
    answers: [notSigned(["it is about another digest"])],
    state: "waiting",
    says: /; what is there does not count: it is about another digest; sign it with/,
  },
  {
    name: "not known",
    answers: [unknown("ghcr.io answered 503")],
    state: "waiting",
    says: /^whether it is signed by `https:.*` is not known: ghcr\.io answered 503$/,
  },
  {
    name: "both images are signed",
    of: releaseOf([WEB, WORKER]),
    answers: [signed, signed],
    state: "passed",
    says: /^`web` is signed by .* and `worker` is signed by/,
  },
  {
    name: "one of two images is not signed",
    of: releaseOf([WEB, WORKER]),
    answers: [signed, notSigned()],
    state: "waiting",
    says: /^`worker` is not signed by/,
  },
  {
    name: "one of two images is signed by somebody else, and nothing is known of the other",
    of: releaseOf([WEB, WORKER]),
    answers: [unknown("ghcr.io answered 503"), byOthers("https://evil.example/a")],
    state: "failed",
    says: /^`worker` is signed by `https:\/\/evil/,
  },
  {
    name: "nobody has looked at the second image",
    of: releaseOf([WEB, WORKER]),
    answers: [signed, undefined],
    state: "waiting",
    says: /^whether `worker` is signed has not been looked at yet$/,
  },
  { name: "a gate that names nobody", gate: { kind: "signed" }, state: "waiting", says: /does not say who/ },
  {
    name: "a subject that nobody vouches for",
    gate: { kind: "signed", subject: "https://acme.example/release" },
    state: "waiting",
    says: /does not say who/,
  },
];

describe("signed", () => {
  for (const { name, state, says, ...found } of rows) {
    test(`${state}: ${name}`, () => {
      const result = evaluateGate(found.gate ?? BY_RELEASE, context(found));
      assert.equal(result.state, state, result.reason);
      assert.match(result.reason, says);
    });
  }

  const both = releaseOf([WEB, WORKER]);
  const asked = (found: Found) =>
    gateNeeds({ gates: [found.gate ?? BY_RELEASE], context: context(found) }).flatMap((need) =>
      need.kind === "signature" ? [need.question] : [],
    );

  test("every image is asked for by its digest, and only once", () => {
    assert.deepEqual(
      asked({ of: both, source: "acme/checkout" }).map(({ digest, source }) => [digest, source]),
      [WEB, WORKER].map(({ digest }) => [digest, "acme/checkout"]),
    );
    assert.deepEqual(
      asked({ of: both, answers: [signed, undefined] }).map(({ digest }) => digest),
      [WORKER.digest],
    );
    assert.deepEqual(asked({ of: both, answers: [signed, notSigned()] }), []);
  });

  test("what another gate found out, about another signer, answers nothing", () => {
    const other = context({ answers: [signed] });
    assert.equal(evaluateGate({ ...BY_RELEASE, subject: "https://acme.example/test" }, other).state, "waiting");
    assert.equal(evaluateGate(WITH_KEY, other).state, "waiting");
    assert.equal(evaluateGate(BY_RELEASE, { ...other, release: release("1.9.0") }).state, "waiting");
  });

  test("it is looked again when that is due, and never for what was verified", () => {
    const again = (found: Found) => nextQuestions({ gates: [BY_RELEASE], context: context(found) });
    assert.deepEqual(again({ answers: [notSigned()], askAgainAt: minutes(3) }), [minutes(3)]);
    assert.deepEqual(again({ answers: [signed] }), []);
  });
});
