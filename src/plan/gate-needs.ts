// Finds what the gates of an environment would have to know that has not been asked: who is in which team, and what the
// operator's endpoints say. And when to ask the endpoints again, since no event tells of them.

import { endpointKey } from "../domain/endpoint.ts";
import type { Gate } from "../domain/gate.ts";
import type { Need } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { type GateContext, gateContext } from "./gate-context.ts";
import { membershipNeeds } from "./judge-approvals.ts";
import { questionOf } from "./judge-endpoint.ts";

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
    if (gate.kind !== "http") return [];
    const question = questionOf(gate, context);
    return context.endpoints[endpointKey(question)] ? [] : [{ kind: "endpoint", question }];
  });
}

/** When the endpoints may be asked again; epoch milliseconds. */
export function nextQuestions({ gates, context }: Judged): readonly number[] {
  return gates.flatMap((gate) =>
    gate.kind === "http" ? (context.endpoints[endpointKey(questionOf(gate, context))]?.askAgainAt ?? []) : [],
  );
}
