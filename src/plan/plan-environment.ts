// Decides the case of one environment: what it declares, what it is offered, and what becomes of the promotion that is
// open or wanted. Openings are wishes; whether the limits allow them is decided for the whole repository.

import type { BranchState } from "../domain/observed.ts";
import { type Release, versionOf } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import { decide, waitWith } from "./decide.ts";
import { checkOf, gatesOf } from "./describe-promotion.ts";
import type { EnvironmentContext, EnvironmentDecision, Offer } from "./environment-context.ts";
import { judgeOffer } from "./judge-offer.ts";
import { offerButtons } from "./offer-buttons.ts";
import type { Declared } from "./read-declared.ts";
import { reachedIn, requestedIn } from "./recall.ts";
import { setCheck } from "./set-check.ts";
import { tendPromotion } from "./tend-promotion.ts";
import { code, nameRelease, shortCommit } from "./wording.ts";

export function planEnvironment(context: EnvironmentContext): EnvironmentDecision {
  const { base, declared, promotion } = context;
  const stopped = stopBeforeTending(context, { takenBack: isTakenBack(context) });
  if (stopped) return stopped;
  if (base.kind === "unknown")
    return waitWith(context, { situation: "desired-unknown", reason: base.why, needs: base.needs });
  if (declared.kind === "unknown")
    return waitWith(context, { situation: "desired-unknown", reason: declared.why, needs: declared.needs });
  const offer = judgeOffer(declared.value, context);
  if (promotion) {
    const proposed = promotion.head.release && withPipelineTags(promotion.head.release, context);
    return tendPromotion({ promotion, proposed, declared: declared.value, base: base.value, offer }, context);
  }
  return withoutPromotion(offer, { base: base.value, declared: declared.value, context });
}

/** What forbids to touch the promotion, whatever it says. */
export function stopBeforeTending(
  context: EnvironmentContext,
  { takenBack }: { readonly takenBack: boolean },
): EnvironmentDecision | undefined {
  const { base, promotion } = context;
  const distrust = whyLedgerCannotBeUsed(context);
  if (distrust) return stopForLedger(distrust, context);
  // Whose commits stand above another base says nothing about whose branch it is.
  if (promotion && promotion.base !== context.baseName && base.kind === "known") return leaveOtherBase(context);
  if (promotion?.head.ownership.kind === "foreign" && !takenBack) return leaveToPeople(context);
  return undefined;
}

interface Distrust {
  readonly why: string;
  /** The ledger was read and is not ours, as opposed to: it could not be read just now. */
  readonly proven: boolean;
}

function whyLedgerCannotBeUsed({ ledgerState }: EnvironmentContext): Distrust | undefined {
  if (ledgerState.kind === "unknown") return { why: `the ledger could not be read: ${ledgerState.why}`, proven: false };
  if (ledgerState.value.kind === "untrusted")
    return { why: `nothing is promoted here: ${ledgerState.value.why}`, proven: true };
  return undefined;
}

function stopForLedger({ why, proven }: Distrust, context: EnvironmentContext): EnvironmentDecision {
  const { promotion } = context;
  if (!promotion || !proven) return waitWith(context, { situation: "ledger-untrusted", reason: why });
  const check = checkOf([{ name: "ledger", state: "failed", reason: why }], {
    view: { key: context.key, merge: "manual" },
    notes: [],
    buttons: [],
  });
  return decide(context, { situation: "ledger-untrusted", actions: checkOnHead(check, context), waits: [why] });
}

/** A person pointed it to another branch: it is closed, which takes nothing from the branch it comes from. */
function leaveOtherBase(context: EnvironmentContext): EnvironmentDecision {
  const { key, promotion, environment, baseName } = context;
  if (!promotion) throw new Error("only a promotion can go to another branch");
  const { number, base, head } = promotion;
  const reason = `it goes to ${code(base)}, but ${environment.name} is on ${code(baseName)}`;
  return decide(context, {
    situation: "superseded",
    actions: [{ kind: "close", key, number, head: head.oid, reason }],
  });
}

/** Somebody who may promote here has said after that commit what is to come. */
export function isTakenBack({ promotion, environment, pipeline, ledger }: EnvironmentContext): boolean {
  const requested = requestedIn(environment.name, { pipeline, ledger });
  return requested !== undefined && promotion !== undefined && requested.at > promotion.head.committedAt;
}

/** A person pushed to the branch: it is theirs until they say otherwise. */
function leaveToPeople(context: EnvironmentContext): EnvironmentDecision {
  const { promotion } = context;
  if (promotion?.head.ownership.kind !== "foreign")
    throw new Error("only a branch with somebody else's commit is left to people");
  const { by, commit, why } = promotion.head.ownership;
  const reason = `${code(promotion.branch)} has commit ${shortCommit(commit)} by ${code(by)} (${why}), so it is left alone; to go on, take that commit off the branch, close the pull request and delete the branch, or write ${code("/promote <version>")} here`;
  const check = checkOf([{ name: "our commit alone", state: "failed", reason }], {
    view: { key: context.key, merge: "manual" },
    notes: [],
    buttons: offerButtons(context),
  });
  return decide(context, { situation: "suspended", actions: checkOnHead(check, context), waits: [reason] });
}

function checkOnHead(check: ReturnType<typeof checkOf>, { promotion }: EnvironmentContext) {
  if (!promotion) return [];
  return setCheck(check, {
    head: promotion.head.oid,
    present: promotion.check,
    subject: `pull request ${promotion.number}`,
  });
}

function withoutPromotion(
  offer: Answer<Offer>,
  { base, declared, context }: { base: BranchState; declared: Declared; context: EnvironmentContext },
): EnvironmentDecision {
  if (offer.kind === "unknown")
    return waitWith(context, { situation: "candidate-unknown", reason: offer.why, needs: offer.needs });
  const { value } = offer;
  if (value.kind !== "offered")
    return waitWith(context, {
      situation: value.situation,
      reason: value.reason,
      until: value.kind === "later" ? value.until : undefined,
      ...(value.kind === "later" && { gates: gatesOf(value.release, { context, moved: undefined }) }),
    });
  const { stray } = context;
  if (stray?.head.ownership.kind === "foreign") {
    const { by } = stray.head.ownership;
    const reason = `branch ${code(stray.branch)} has a commit by ${code(by)} and no pull request, so it is left alone; delete it, and ${nameRelease(value.release)} is proposed`;
    return waitWith(context, { situation: "suspended", reason });
  }
  const opening = {
    context,
    declared,
    base,
    release: value.release,
    since: possibleSince(value.release, context),
    reason: value.reason,
  };
  return { ...decide(context, { situation: "opens" }), opening };
}

/** When the release could have come here first: the later of its arrivals in the environments before. */
function possibleSince(release: Release, context: EnvironmentContext): number {
  const { environment, observed } = context;
  const arrivals = environment.after.flatMap((name) =>
    reachedIn(name, context)
      .filter((reached) =>
        reached.release.versions.every(({ image, digest }) => versionOf(image, release)?.digest === digest),
      )
      .map(({ at }) => at),
  );
  const seen = release.versions.flatMap(({ digest }) => context.facts.timeOf(digest) ?? []);
  return Math.max(0, ...(arrivals.length > 0 ? arrivals : seen.length > 0 ? seen : [observed.now]));
}

/** Our commit names the release as the environment does; the pipeline's own tags are found by the digests. */
export function withPipelineTags(release: Release, { pipeline, ledger, environment }: EnvironmentContext): Release {
  if (environment.images.length === 0) return release;
  const known = pipeline.environments
    .flatMap(({ name }) => reachedIn(name, { pipeline, ledger }))
    .flatMap((reached) => reached.release.versions);
  return {
    versions: release.versions.map(
      (version) => known.find(({ image, digest }) => image === version.image && digest === version.digest) ?? version,
    ),
  };
}
