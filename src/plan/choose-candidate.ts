// Chooses the release that an environment should take now. A first environment takes the newest that its policies
// allow; a later one takes the newest that ever completed its gates in every environment before, so that a fast stream
// of releases starves nobody. Whether it may move there yet is judged elsewhere.

import { listOf } from "../domain/count-words.ts";
import type { Gate, GateResult } from "../domain/gate.ts";
import type { Pipeline } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { type ImageVersion, type Release, releaseOf, sameRelease, versionOf } from "../domain/release.ts";
import { type Answer, allAnswers, answer, noAnswer } from "./answer.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { evaluateGate } from "./evaluate-gate.ts";
import { findBlock } from "./find-block.ts";
import { gateContext } from "./gate-context.ts";
import { compareReleases, compareToDeclared, type OrderFacts } from "./order-releases.ts";
import { describePassedOver, pickVersion } from "./pick-version.ts";
import { reachedIn, requestedIn, whyKeptAway } from "./recall.ts";

/** `none` with the reason: nothing is offered, which is no fault. */
export type Chosen =
  | {
      readonly kind: "candidate";
      readonly release: Release;
      /** Newer ones that it stands for, and why they are no candidates; a clause. Absent: there are none. */
      readonly instead?: string;
    }
  | { readonly kind: "none"; readonly why: string };

export function chooseCandidate(context: CandidateContext): Answer<Chosen> {
  const { environment } = context;
  const requested = requestedIn(environment.name, context);
  if (requested && !requested.back) return answer({ kind: "candidate", release: requested.release });
  if (environment.sameAs !== undefined) return sameAs(environment.sameAs, context);
  if (environment.after.length === 0) return newestInRegistry(context);
  return newestCompleted(context);
}

function sameAs(name: string, context: CandidateContext): Answer<Chosen> {
  const declared = context.declaredIn(name);
  if (declared.kind === "unknown") return declared;
  const { release, gap } = declared.value;
  if (release) return answer({ kind: "candidate", release });
  return noAnswer(`what ${name} runs is not fully known: ${gap?.why ?? "its places say nothing"}`, gap?.needs ?? []);
}

function newestInRegistry(context: CandidateContext): Answer<Chosen> {
  const { pipeline, observed, ledger } = context;
  const isBlocked = (digest: string) => findBlock({ versions: [{ digest }] }, ledger) !== undefined;
  const picks = allAnswers(
    pipeline.images.map((tracked) => {
      const state = observed.images[tracked.image];
      return pickVersion(tracked, { state, isBlocked, unchanged: versionHere(tracked.image, context) });
    }),
  );
  if (picks.kind === "unknown") return picks;
  const none = picks.value.find((pick) => pick.kind === "none");
  if (none?.kind === "none") return answer({ kind: "none", why: none.why });
  const skipped = picks.value.filter(({ passedOver }) => passedOver.length > 0);
  return answer({
    kind: "candidate",
    release: releaseOf(picks.value.flatMap((pick) => (pick.kind === "version" ? [pick.version] : []))),
    ...(skipped.length > 0 && { instead: skipped.map((pick) => describePassedOver(pick.passedOver)).join("; ") }),
  });
}

/** What the environment declares of the image. */
function versionHere(image: string, { environment, declaredIn }: CandidateContext): ImageVersion | undefined {
  const declared = declaredIn(environment.name);
  return declared.kind === "known" && declared.value.release ? versionOf(image, declared.value.release) : undefined;
}

function newestCompleted(context: CandidateContext): Answer<Chosen> {
  const { environment, pipeline } = context;
  const unknown = environment.after
    .map((name) => context.declaredIn(name))
    .find((declared) => declared.kind === "unknown");
  const everywhere = reachedEverywhere(context).filter((release) => whyKeptAway(release, context) === undefined);
  if (everywhere.length === 0) {
    if (unknown?.kind === "unknown") return noAnswer(unknown.why, unknown.needs);
    const gaps = environment.after.flatMap((name) => gapOf(name, context));
    if (gaps.length > 0)
      return noAnswer(
        gaps.map(({ why }) => why).join("; "),
        gaps.flatMap(({ needs }) => needs),
      );
    return answer({ kind: "none", why: `nothing has been in ${listOf(environment.after)} that may go on` });
  }
  const completed = everywhere.filter((release) => proofsOf(release, context).every(({ state }) => state === "passed"));
  const order = { pipeline, facts: context.facts };
  const proven = completed.length > 0 ? newestOf(completed, order) : undefined;
  // Where the proven one is here already, people want to know what the next one waits for.
  const release = proven && !isHere(proven, context) ? proven : newestOf(everywhere, order);
  return answer({ kind: "candidate", release });
}

function isHere(release: Release, context: CandidateContext): boolean {
  const declared = context.declaredIn(context.environment.name);
  return declared.kind === "known" && compareToDeclared(release, declared.value, context) !== "newer";
}

function gapOf(
  name: string,
  context: CandidateContext,
): readonly { readonly why: string; readonly needs: readonly Need[] }[] {
  const declared = context.declaredIn(name);
  return declared.kind === "known" && declared.value.gap ? [declared.value.gap] : [];
}

function reachedEverywhere({ environment, pipeline, ledger }: CandidateContext): readonly Release[] {
  const [first = [], ...others] = environment.after.map((name) => reachedIn(name, { pipeline, ledger }));
  return first
    .map(({ release }) => release)
    .filter((release) => others.every((reached) => reached.some((entry) => sameRelease(entry.release, release))));
}

const PROOFS: readonly Gate["kind"][] = ["merged", "healthy", "soak"];

/** The gates that a release completes once and for all, by what it did in the environments before. */
export function proofsOf(release: Release, context: CandidateContext): readonly GateResult[] {
  return context.environment.proposeWhen
    .filter(({ kind }) => PROOFS.includes(kind))
    .map((gate) => evaluateGate(gate, gateContext(release, { promotion: undefined, context })));
}

/** Among releases without an order between them the one that was reached last (they come newest first) wins. */
function newestOf(
  releases: readonly Release[],
  context: { readonly pipeline: Pipeline; readonly facts: OrderFacts },
): Release {
  const [first, ...others] = releases;
  if (!first) throw new Error("a choice among no releases was asked for");
  return others.reduce(
    (best, release) => (compareReleases(release, best, context) === "newer" ? release : best),
    first,
  );
}
