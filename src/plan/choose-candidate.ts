// Chooses the release that an environment should take now. A first environment takes the newest that its policies
// allow; a later one takes the newest that ever completed its gates in every environment before, so that a fast stream
// of releases starves nobody. Whether it may move there yet is judged elsewhere.

import { listOf } from "../domain/count-words.ts";
import type { Gate, GateResult } from "../domain/gate.ts";
import { digestOfTag, hasTags, type ImageState } from "../domain/image-state.ts";
import type { Pipeline, TrackedImage } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { type ImageVersion, type Release, releaseOf, sameRelease, versionOf } from "../domain/release.ts";
import { type Answer, allAnswers, answer, noAnswer } from "./answer.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { evaluateGate } from "./evaluate-gate.ts";
import { findBlock } from "./find-block.ts";
import { gateContext } from "./gate-context.ts";
import { compareReleases, compareToDeclared, type OrderFacts } from "./order-releases.ts";
import { rankTags } from "./rank-versions.ts";
import { reachedIn, requestedIn, whyKeptAway } from "./recall.ts";
import { code } from "./wording.ts";

/** `none` with the reason: nothing is offered, which is no fault. */
export type Chosen =
  | { readonly kind: "candidate"; readonly release: Release }
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
  const picks = allAnswers(context.pipeline.images.map((tracked) => pickVersion(tracked, context)));
  if (picks.kind === "unknown") return picks;
  const none = picks.value.find((pick) => pick.kind === "none");
  if (none?.kind === "none") return answer(none);
  return answer({
    kind: "candidate",
    release: releaseOf(picks.value.flatMap((pick) => (pick.kind === "version" ? [pick.version] : []))),
  });
}

type Pick =
  | { readonly kind: "version"; readonly version: ImageVersion }
  | { readonly kind: "none"; readonly why: string };

function pickVersion(tracked: TrackedImage, context: CandidateContext): Answer<Pick> {
  const { image, policy } = tracked;
  const { observed, ledger } = context;
  const state = observed.images[image];
  // A policy that follows one tag needs no list of them.
  if (policy.kind !== "digest" && (state === undefined || !hasTags(state)))
    return noAnswer(`the tags of ${code(image)} have not been read yet`, [{ kind: "tags", image }]);
  if (state?.kind === "unknown") return noAnswer(`the tags of ${code(image)} are not known: ${state.why}`);
  const facts = state?.value ?? NOTHING_READ;
  const tags = policy.kind === "digest" ? [policy.tag] : facts.tags;
  const order = orderedTags(tracked, { ...facts, tags });
  if (order.kind === "unknown") return order;
  for (const tag of order.value) {
    const unchanged = versionAsBefore(tag, { image, facts, context });
    if (unchanged) return answer({ kind: "version", version: unchanged });
    const digest = digestOfTag(facts, tag);
    if (digest === undefined)
      return noAnswer(`the digest of ${code(`${image}:${tag}`)} has not been read yet`, [
        { kind: "digest", image, tag },
      ]);
    if (digest.kind === "unknown")
      return noAnswer(`the digest of ${code(`${image}:${tag}`)} is not known: ${digest.why}`);
    // The tag was listed and is gone, or nobody may have this digest: the next best is as good as any.
    if (digest.value === undefined || findBlock({ versions: [{ digest: digest.value }] }, ledger)) continue;
    return answer({ kind: "version", version: { image, tag, digest: digest.value } });
  }
  return answer({ kind: "none", why: `no tag of ${code(image)} is allowed by its policy` });
}

type TagFacts = Omit<ImageState, "readAt">;

const NOTHING_READ: TagFacts = { tags: [], digests: {}, created: {}, firstSeen: {} };

/**
 * What the environment declares is what the tag named at the last look, and no event has spoken of it since: that nothing
 * is to be done is seen without asking again. Whatever is proposed is asked for.
 */
function versionAsBefore(
  tag: string,
  { image, facts, context }: { image: string; facts: TagFacts; context: CandidateContext },
): ImageVersion | undefined {
  const { earlier = {} } = facts;
  if (digestOfTag(facts, tag) !== undefined || !Object.hasOwn(earlier, tag)) return undefined;
  const digest = earlier[tag] ?? "";
  if (findBlock({ versions: [{ digest }] }, context.ledger)) return undefined;
  const declared = context.declaredIn(context.environment.name);
  const here = declared.kind === "known" && declared.value.release && versionOf(image, declared.value.release);
  return here && here.tag === tag && here.digest === digest ? here : undefined;
}

/** `newest` is an order of build times, which have to be read tag by tag first. */
const NEWEST_AT_MOST = 100;

function orderedTags({ image, policy }: TrackedImage, facts: TagFacts): Answer<readonly string[]> {
  const ranked = rankTags({ policy, tags: facts.tags });
  if (policy.kind !== "newest") return answer(ranked.tags);
  if (ranked.tags.length > NEWEST_AT_MOST) {
    return noAnswer(
      `${code(image)} has ${ranked.tags.length} tags that could be the newest, and at most ${NEWEST_AT_MOST} are looked into; narrow them with ${code("tags")} in the policy`,
    );
  }
  const times = allAnswers(ranked.tags.map((tag) => builtAt(tag, { image, facts })));
  if (times.kind === "unknown") return times;
  return answer([...times.value].sort((a, b) => b.at - a.at || (a.tag < b.tag ? 1 : -1)).map(({ tag }) => tag));
}

function builtAt(
  tag: string,
  { image, facts }: { image: string; facts: TagFacts },
): Answer<{ readonly tag: string; readonly at: number }> {
  const digest = digestOfTag(facts, tag);
  const need = (needs: readonly Need[]) =>
    noAnswer(`when ${code(`${image}:${tag}`)} was built has not been read yet`, needs);
  if (digest === undefined) return need([{ kind: "digest", image, tag }]);
  if (digest.kind === "unknown")
    return noAnswer(`the digest of ${code(`${image}:${tag}`)} is not known: ${digest.why}`);
  if (digest.value === undefined) return answer({ tag, at: Number.NEGATIVE_INFINITY });
  const created = facts.created[digest.value];
  if (created === undefined) return need([{ kind: "created", image, digest: digest.value }]);
  if (created.kind === "unknown")
    return noAnswer(`when ${code(`${image}:${tag}`)} was built is not known: ${created.why}`);
  return answer({ tag, at: created.value ?? facts.firstSeen[digest.value] ?? 0 });
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
