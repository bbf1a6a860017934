// Finds what the gates of an environment would have to know that has not been asked: who is in which team, what the
// operator's endpoints say, and who signed. And when to ask again, since no event tells of an endpoint or a signature.

import { endpointKey } from "../domain/endpoint.ts";
import type { Gate, SignedGate } from "../domain/gate.ts";
import { isGitSource } from "../domain/git-source.ts";
import type { Need } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import { signatureKey } from "../domain/signature.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { type GateContext, gateContext } from "./gate-context.ts";
import { membershipNeeds } from "./judge-approvals.ts";
import { questionOf } from "./judge-endpoint.ts";
import { questionsOf } from "./judge-signature.ts";

interface Judged {
  readonly gates: readonly Gate[];
  readonly context: GateContext;
}

/** Before the proposal nothing is known of a pull request, also while one is open. */
export function beforeProposal(release: Release, context: CandidateContext): Judged {
  const { proposeWhen: gates } = context.environment;
  return { gates, context: gateContext(release, { promotion: undefined, context }) };
}

export function beforeMerge(
  release: Release,
  context: CandidateContext & { readonly promotion: Promotion | undefined },
): Judged {
  const { environment, promotion } = context;
  return { gates: environment.mergeWhen, context: gateContext(release, { promotion, context }) };
}

export function gateNeeds({ gates, context }: Judged): readonly Need[] {
  return gates.flatMap((gate): readonly Need[] => {
    if (gate.kind === "approvals") return membershipNeeds(gate, context);
    if (gate.kind === "signed") return signatureNeeds(gate, context);
    if (gate.kind !== "http") return [];
    const question = questionOf(gate, context);
    return context.endpoints[endpointKey(question)] ? [] : [{ kind: "endpoint", question }];
  });
}

function signatureNeeds(gate: SignedGate, context: GateContext): readonly Need[] {
  return questionsOf(gate, context).flatMap((question): readonly Need[] =>
    context.signatures[signatureKey(question)] || isGitSource(question.image) ? [] : [{ kind: "signature", question }],
  );
}

/** When endpoints may be asked and signatures looked for again; epoch milliseconds. */
export function nextQuestions({ gates, context }: Judged): readonly number[] {
  return gates.flatMap((gate) => {
    if (gate.kind === "http") return context.endpoints[endpointKey(questionOf(gate, context))]?.askAgainAt ?? [];
    if (gate.kind !== "signed") return [];
    return questionsOf(gate, context).flatMap((each) => context.signatures[signatureKey(each)]?.askAgainAt ?? []);
  });
}
