// Asks a registry what a policy picks, question by question as the planner puts them, and which digests the tags around
// the picked one name. The picking is the planner's own; nothing is remembered.

import { digestOfTag, type ImageState, UNREAD_IMAGE } from "../domain/image-state.ts";
import type { TrackedImage } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { Answer } from "../plan/answer.ts";
import { type Picked, pickVersion } from "../plan/pick-version.ts";
import { type PassedOver, rankTags } from "../plan/rank-versions.ts";
import type { Registry } from "../registry/registry.ts";

export interface LookedUp {
  readonly tracked: TrackedImage;
  /** All tags of the repository. */
  readonly tags: Seen<readonly string[]>;
  readonly picked: Answer<Picked>;
  /** The best of the allowed tags, best first, and the picked one. */
  readonly versions: readonly LookedUpVersion[];
  /** How many more are allowed. */
  readonly more: number;
  /** Tags that the policy does not allow, in the registry's order. */
  readonly refused: readonly PassedOver[];
}

export interface LookedUpVersion {
  readonly tag: string;
  readonly digest: Seen<string | undefined>;
  /** When the image says that it was built, where the policy goes by that. */
  readonly created?: number;
  readonly isPicked: boolean;
  /** Why it is not picked; a sentence without a full stop. */
  readonly why?: string;
}

interface Asking {
  readonly registry: Registry;
  readonly asker: string;
}

/** A pass has twelve, and may go on later. */
const MOST_ROUNDS = 30;
const SIDE_BY_SIDE = 8;

export async function lookUpVersions(
  tracked: TrackedImage,
  { limit, ...asking }: Asking & { readonly limit: number },
): Promise<LookedUp> {
  const { image, policy } = tracked;
  const tags = await asking.registry.listTags({ image, asker: asking.asker });
  const listed = tags.kind === "known" ? tags.value.tags : [];
  let state: Seen<ImageState> = tags.kind === "known" ? known({ ...UNREAD_IMAGE, tags: listed, readAt: 1 }) : tags;
  // What follows one tag does not need the list.
  if (policy.kind === "digest" && tags.kind === "unknown") state = known(UNREAD_IMAGE);
  let picked = pickVersion(tracked, { state, isBlocked: () => false });
  for (let round = 0; round < MOST_ROUNDS && picked.kind === "unknown" && picked.needs.length > 0; round += 1) {
    if (state.kind === "unknown") break;
    state = known(await answerAll(picked.needs, { ...asking, state: state.value }));
    picked = pickVersion(tracked, { state, isBlocked: () => false });
  }
  const { tags: allowed, passedOver: refused } = rankTags({ policy, tags: listed });
  const ranked = picked.kind === "known" ? picked.value.ranked : allowed;
  const shown = shownTags(ranked, { limit, picked });
  const needs = shown.map((tag) => ({ kind: "digest" as const, image, tag }));
  const facts = state.kind === "known" ? await answerAll(needs, { ...asking, state: state.value }) : UNREAD_IMAGE;
  return {
    tracked,
    tags: tags.kind === "known" ? known(listed) : tags,
    picked,
    versions: shown.map((tag) => describe(tag, { facts, picked })),
    more: ranked.length - shown.length,
    refused,
  };
}

function shownTags(
  ranked: readonly string[],
  { limit, picked }: { readonly limit: number; readonly picked: Answer<Picked> },
): readonly string[] {
  const best = ranked.slice(0, limit);
  const tag = picked.kind === "known" && picked.value.kind === "version" ? picked.value.version.tag : undefined;
  return tag === undefined || best.includes(tag) ? best : [...best, tag];
}

function describe(
  tag: string,
  { facts, picked }: { readonly facts: ImageState; readonly picked: Answer<Picked> },
): LookedUpVersion {
  const digest = digestOfTag(facts, tag) ?? known(undefined);
  const created = digest.kind === "known" && digest.value !== undefined ? facts.created[digest.value] : undefined;
  const at = created?.kind === "known" ? created.value : undefined;
  const row = { tag, digest, ...(at !== undefined && { created: at }) };
  if (picked.kind === "unknown") return { ...row, isPicked: false };
  const { value } = picked;
  if (value.kind === "version" && value.version.tag === tag) return { ...row, isPicked: true };
  const passed = value.passedOver.find((each) => each.tag === tag);
  if (passed !== undefined) return { ...row, isPicked: false, why: passed.why };
  const why = value.kind === "version" ? `${value.version.tag} stands before it` : "It was not looked into";
  return { ...row, isPicked: false, why };
}

type Answering = Asking & { readonly state: ImageState };

async function answerAll(needs: readonly Need[], { state, ...asking }: Answering): Promise<ImageState> {
  let after = state;
  for (let at = 0; at < needs.length; at += SIDE_BY_SIDE) {
    const parts = await Promise.all(
      needs.slice(at, at + SIDE_BY_SIDE).map((need) => answer(need, { ...asking, state })),
    );
    for (const part of parts) {
      after = {
        ...after,
        digests: { ...after.digests, ...part.digests },
        created: { ...after.created, ...part.created },
        platforms: { ...after.platforms, ...part.platforms },
      };
    }
  }
  return after;
}

type Part = Partial<Pick<ImageState, "digests" | "created" | "platforms">>;

/** Of what is known already nobody is asked again. */
async function answer(need: Need, { registry, asker, state }: Answering): Promise<Part> {
  if (need.kind === "digest") {
    if (digestOfTag(state, need.tag) !== undefined) return {};
    return { digests: { [need.tag]: await registry.resolveTag({ image: need.image, asker, tag: need.tag }) } };
  }
  if (need.kind === "created") return { created: { [need.digest]: await registry.readCreated({ ...need, asker }) } };
  if (need.kind === "platforms")
    return { platforms: { [need.digest]: await registry.readPlatforms({ ...need, asker }) } };
  throw new Error(`to pick a version, nobody has to know ${need.kind}`);
}
