// Decides whether the candidate of an environment is offered to it: not when it is there already, would go backwards,
// was refused by people, or when a gate before the proposal is closed. The merge has its own gates.

import { listOf } from "../domain/count-words.ts";
import type { Gate, GateResult } from "../domain/gate.ts";
import type { Hold } from "../domain/ledger.ts";
import { environmentKey } from "../domain/pipeline.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import { answer, noAnswer } from "./answer.ts";
import { applyOverrides } from "./apply-overrides.ts";
import { chooseCandidate } from "./choose-candidate.ts";
import type { EnvironmentContext, Offer } from "./environment-context.ts";
import { evaluateGate } from "./evaluate-gate.ts";
import { findHold } from "./find-hold.ts";
import { describeLoan, findLoan, howItEnds } from "./find-loan.ts";
import { driftGates } from "./gate-drift.ts";
import { beforeMerge, beforeProposal, gateNeeds, nextQuestions } from "./gate-needs.ts";
import { isDeclared } from "./is-declared.ts";
import { compareReleases, compareToDeclared } from "./order-releases.ts";
import type { Declared } from "./read-declared.ts";
import { isRequested, requestedIn, wasGoodHere, whyKeptAway } from "./recall.ts";
import { code, nameRelease, nameTime, nameVersion } from "./wording.ts";

export function judgeOffer(declared: Declared, context: EnvironmentContext): Answer<Offer> {
  const forward = judgeForward(declared, context);
  const { rollback } = context;
  if (!rollback) return forward;
  const { release, reason } = rollback;
  const refused = whyRefused(release, context);
  const unasked = refused ? undefined : askFirst(release, context);
  if (unasked) return unasked;
  const back = refused ?? whyLater(release, context) ?? { kind: "offered", release, reason };
  if (rollback.asked) return answer(back);
  if (isBetterThanBack(forward, context)) return forward;
  // That nobody wants to go back says nothing about a newer version that waits.
  return refused && !(forward.kind === "known" && forward.value.kind === "nothing") ? forward : answer(back);
}

/** A newer version that may come is a better cure than an old one, and what is not known is asked before anything moves. */
function isBetterThanBack(forward: Answer<Offer>, { promotion, rollback }: EnvironmentContext): boolean {
  if (forward.kind === "known") return forward.value.kind === "offered";
  const proposed = promotion?.head.release;
  return forward.needs.length > 0 || (proposed !== undefined && !(rollback && sameRelease(rollback.release, proposed)));
}

function judgeForward(declared: Declared, context: EnvironmentContext): Answer<Offer> {
  const chosen = chooseCandidate(context);
  if (chosen.kind === "unknown") return chosen;
  if (chosen.value.kind === "none")
    return answer({ kind: "nothing", situation: "nothing-to-do", reason: chosen.value.why });
  const { release, instead } = chosen.value;
  const told = (offer: Offer) =>
    answer(instead === undefined ? offer : { ...offer, reason: `${offer.reason}; ${instead}` });
  const nothing = whyNothing(release, { declared, context }) ?? whyRefused(release, context);
  if (nothing) return told(nothing);
  return askFirst(release, context) ?? told(whyLater(release, context) ?? offered(release, context));
}

function whyNothing(
  release: Release,
  { declared, context }: { declared: Declared; context: EnvironmentContext },
): Offer | undefined {
  const { environment } = context;
  const nothing = (reason: string): Offer => ({ kind: "nothing", situation: "nothing-to-do", reason, release });
  if (isDeclared(release, declared)) return nothing(`${environment.name} has ${nameRelease(release)} already`);
  if (environment.sameAs !== undefined || isRequested(release, context)) return undefined;
  const there = describeDeclared(declared);
  const byHand = "; to move it all the same, change the file by a pull request";
  switch (compareToDeclared(release, declared, context)) {
    case "newer":
      return undefined;
    case "same":
      return nothing(
        `${nameRelease(release)} is another digest than the one in ${environment.name}; a tag that moved is not promoted by itself${byHand}`,
      );
    case "older":
      return nothing(`${environment.name} has ${there}, which is newer than ${nameRelease(release)}`);
    case "mixed":
      return nothing(
        `${nameRelease(release)} is newer in one image and older in another than ${there} in ${environment.name}${byHand}`,
      );
    case "unordered":
      return nothing(
        `the policy gives no order between ${nameRelease(release)} and ${there} in ${environment.name}${byHand}`,
      );
  }
}

function describeDeclared(declared: Declared): string {
  if (declared.release) return nameRelease(declared.release);
  return listOf([...new Set(declared.images.flatMap(({ pins }) => pins.map(nameVersion)))]);
}

/** What people refused: it stays away until a newer one comes. */
export function whyRefused(release: Release, context: EnvironmentContext): Offer | undefined {
  const { environment, pipeline, ledger } = context;
  const kept = whyKeptAway(release, context);
  const asked = isRequested(release, context);
  if (kept && (kept.kind === "blocked" || !asked))
    return { kind: "nothing", situation: kept.kind, reason: kept.reason, release };
  // Who asks for exactly this knows what happened to it.
  if (asked) return undefined;
  const memory = ledger.environments[environmentKey(pipeline, environment)];
  // A refusal binds what it names and what is older. What has no order with it was never refused.
  const binds = (refused: Release) =>
    environment.sameAs === undefined && !isRollback(release, context)
      ? ["same", "older", "mixed"].includes(compareReleases(release, refused, context))
      : sameRelease(release, refused);
  const declined = memory?.declined.find((entry) => binds(entry.release));
  if (declined) {
    const reason = `${nameRelease(declined.release)} was declined here by ${declined.by}, who closed pull request ${declined.pullRequest}; reopen it, or wait for a newer version`;
    return { kind: "nothing", situation: "declined", reason, release };
  }
  const back = memory?.rolledBack.find((entry) => binds(entry.release));
  if (back) {
    const reason = `${nameRelease(back.release)} was rolled back in ${environment.name} to ${back.to} on ${nameTime(back.at)}; only a newer version is offered`;
    return { kind: "nothing", situation: "rolled-back", reason, release };
  }
  return undefined;
}

/** An endpoint is asked about a proposal, and a signature looked for, once nothing else stands before it. */
function askFirst(release: Release, context: EnvironmentContext): Answer<never> | undefined {
  if (isRequested(release, context) || findHoldAgainst(release, context)) return undefined;
  const needs = gateNeeds(beforeProposal(release, context));
  if (needs.length === 0) return undefined;
  const gates = applyOverrides(evaluateGates("propose", { release, context }), { release, context });
  const others = gates.filter(({ word }) => word !== "http" && word !== "signed");
  if (others.some(({ state }) => state !== "passed")) return undefined;
  return noAnswer(`what the gates of ${context.environment.name} rest on has not been asked yet`, needs);
}

function whyLater(release: Release, context: EnvironmentContext): Offer | undefined {
  const hold = findHoldAgainst(release, context);
  if (hold) return { kind: "later", release, situation: "held", ...describeHold(hold) };
  const loan = findLoan(environmentKey(context.pipeline, context.environment), context.ledger);
  if (loan) return { kind: "later", release, situation: "held", reason: `${describeLoan(loan)}; ${howItEnds(loan)}` };
  if (isRequested(release, context)) return undefined;
  const gates = applyOverrides(
    [
      ...evaluateGates("propose", { release, context }),
      ...driftGates(context, { isWayBack: isRollback(release, context) }),
    ],
    { release, context },
  );
  const closed = gates.filter(({ state }) => state !== "passed");
  if (closed.length === 0) return undefined;
  const expected = Math.max(...closed.map(({ expectedAt }) => expectedAt ?? 0));
  const looks = [...(expected > 0 ? [expected] : []), ...nextQuestions(beforeProposal(release, context))];
  const reason = `${nameRelease(release)} is not proposed yet: ${listOf(closed.map((gate) => gate.reason))}`;
  return {
    kind: "later",
    release,
    situation: "waits-to-be-proposed",
    reason,
    ...(looks.length > 0 && { until: Math.min(...looks) }),
  };
}

function offered(release: Release, context: EnvironmentContext): Offer {
  const { environment } = context;
  const requested = isRequested(release, context) && requestedIn(environment.name, context);
  if (requested)
    return {
      kind: "offered",
      release,
      reason: `${code(requested.by)} wants ${nameRelease(release)} in ${environment.name}`,
    };
  const from =
    environment.after.length === 0 ? "its policy picks it" : `it has been proven in ${listOf(environment.after)}`;
  return { kind: "offered", release, reason: `${nameRelease(release)} is the newest for ${environment.name}: ${from}` };
}

/** Gates before the proposal or before the merge. A way back was proven where it leads to, if it was good there. */
export function evaluateGates(
  when: "propose" | "merge",
  { release, context }: { readonly release: Release; readonly context: EnvironmentContext },
): readonly GateResult[] {
  const { environment } = context;
  const { gates, context: judged } =
    when === "propose" ? beforeProposal(release, context) : beforeMerge(release, context);
  const isWayBack = isRollback(release, context) && wasGoodHere(release, context);
  return gates
    .filter(({ kind }) => kind !== "soak" || !isWayBack)
    .map((gate) => ({
      ...(isWayBack && (gate.kind === "healthy" || gate.kind === "merged")
        ? provenHere(gate, environment)
        : evaluateGate(gate, judged)),
      word: gate.kind,
    }));
}

/** The environments before may have forgotten it, or never had it: what was healthy here once needs no other's word. */
function provenHere(
  gate: Extract<Gate, { kind: "healthy" | "merged" }>,
  environment: EnvironmentContext["environment"],
): GateResult {
  const name = `${gate.kind} in ${gate.environment}`;
  const before = environment.live.length > 0 ? "was healthy with it before" : "had it before";
  return { name, state: "passed", reason: `${environment.name} itself ${before}` };
}

export function isRollback(release: Release, { rollback }: EnvironmentContext): boolean {
  return rollback !== undefined && sameRelease(rollback.release, release);
}

/** A way back that a person asked for is what the hold was made for. */
export function findHoldAgainst(release: Release, context: EnvironmentContext): Hold | undefined {
  const { observed, ledger } = context;
  if (context.rollback?.asked && isRollback(release, context)) return undefined;
  return findHold(context, { ledger, now: observed.now });
}

export function describeHold(hold: Hold): { readonly reason: string; readonly until?: number } {
  const what = hold.environment === undefined ? `pipeline ${hold.pipeline}` : hold.environment;
  const end = hold.until === undefined ? "" : ` until ${nameTime(hold.until)}`;
  return {
    reason: `${what} is held by ${code(hold.by)}${end}: ${code(hold.reason)}`,
    ...(hold.until !== undefined && { until: hold.until }),
  };
}
