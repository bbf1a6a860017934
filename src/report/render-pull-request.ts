// The title and the body of a promotion's pull request. Says what merging does before anything else, and no more than
// a person needs; what was decided, and why, is the planner's and stands in the view.

import { countOf, listOf } from "../domain/count-words.ts";
import { branchOfHead } from "../domain/git-source.ts";
import { shortIdentity } from "../domain/identity.ts";
import type { ImageMove } from "../domain/image-move.ts";
import type { PromotionView } from "../domain/plan.ts";
import { describeVersion, type ImageVersion } from "../domain/release.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import {
  cell,
  code,
  fenced,
  NOTHING,
  name,
  reference,
  type SafeMarkdown,
  sentence,
  trusted,
  wholeSentence,
} from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { formatClock, formatDay } from "./format-time.ts";
import { nameRelease, plainWord } from "./name-release.ts";
import { LONGEST_BODY, renderWithin, tellLeftOut } from "./render-within.ts";
import { countGates, viewGates } from "./view-gates.ts";
import { sourcePages, viewSource } from "./view-source.ts";
import { descriptionMark } from "./write-marks.ts";

/** What the forge sets on a pull request. */
export interface PullRequestDescription {
  readonly title: string;
  readonly body: string;
}

const IMAGES_SHOWN = 50;
const PLACES_SHOWN = 30;
const PLACES_OPEN = 5;

/** The least important first: what is left out when the body would be too long. */
export const SECTIONS = ["saw", "digests", "commits", "places", "way", "gates", "images"] as const;
export type Section = (typeof SECTIONS)[number];

export const SECTION_NAMES: Readonly<Record<Section, string>> = {
  saw: "what Stagecoach saw",
  digests: "the full digests",
  commits: "the commits",
  places: "the places that change",
  way: "the way so far",
  gates: "the gates",
  images: "the images",
};

export function renderPullRequest(view: PromotionView, templates: CompiledTemplates): PullRequestDescription {
  const body = renderWithin({
    limit: LONGEST_BODY,
    droppable: SECTIONS,
    render: (leftOut) => templates["pull-request"](viewPullRequest(view, leftOut)),
  });
  assertSafeMarkdown(body, { references: pullRequestsOf(view), links: sourcePages(view) });
  return { title: renderTitle(view), body };
}

/** `Promote checkout 1.8.0 to staging`, `Roll back to checkout 1.7.0 in staging`, `Promote 3 services to prod` */
export function renderTitle(view: PromotionView): string {
  if (view.parts) return renderJointTitle(view.parts, view);
  if (view.rollback !== undefined)
    return `Roll back to ${nameRelease(view.pipeline, view.release)} in ${plainWord(view.environment)}`;
  return `Promote ${nameRelease(view.pipeline, view.release)} to ${plainWord(view.environment)}`;
}

function renderJointTitle(parts: readonly PromotionView[], { environment }: PromotionView): string {
  const services = countOf(parts.length, "service");
  return parts.every(({ rollback }) => rollback !== undefined)
    ? `Roll back ${services} in ${plainWord(environment)}`
    : `Promote ${services} to ${plainWord(environment)}`;
}

function viewPullRequest(view: PromotionView, leftOut: ReadonlySet<Section>) {
  return {
    ...viewService(view, leftOut),
    ...viewSource(view, { withCommits: !leftOut.has("commits") }),
    progress: progressSentence(view),
    ...viewGates(leftOut.has("gates") ? [] : view.gates),
    saw: leftOut.has("saw") || view.saw.length === 0 ? NOTHING : fenced(view.saw),
    leftOut: tellLeftOut(leftOut, SECTION_NAMES),
    closing: trusted(`To decline this version for ${name(view.environment)}, close the pull request.`),
    marker: descriptionMark(view.fingerprint),
  };
}

/** What it is for one service, without its gates. */
export function viewService(view: PromotionView, leftOut: ReadonlySet<Section>) {
  const { moves, places } = view;
  const unlessLeftOut = <T>(section: Section, items: readonly T[]) => (leftOut.has(section) ? [] : items);
  const hiddenImages = leftOut.has("images") ? 0 : moves.length - IMAGES_SHOWN;
  return {
    opening: openingSentence(view),
    rollback: view.rollback === undefined ? NOTHING : wholeSentence(view.rollback),
    requested: requestedSentence(view),
    unread: (view.unread ?? []).slice(0, IMAGES_SHOWN).map((why) => wholeSentence(why)),
    images: unlessLeftOut("images", moves).slice(0, IMAGES_SHOWN).map(viewMove),
    moreImages: hiddenImages > 0 ? trusted(`${countOf(hiddenImages, "more image")} not shown here.`) : NOTHING,
    way: leftOut.has("way") ? NOTHING : wayOf(view),
    ...viewPlaces(unlessLeftOut("places", places)),
    digests: unlessLeftOut("digests", moves).flatMap(fullReferences),
  };
}

function openingSentence({ pipeline, environment, moves, release }: PromotionView): SafeMarkdown {
  const before = new Set(moves.map(({ from }) => nameBefore(from)));
  const after = new Set(release.versions.map(describeVersion));
  const [from = ""] = before;
  const [to = ""] = after;
  if (after.size > 1)
    return trusted(
      `Merging this brings ${listVersions(release.versions)} of ${name(pipeline)} to ${name(environment)}.`,
    );
  if (before.size > 1 || from === "")
    return trusted(`Merging this brings ${name(pipeline)} ${code(to)} to ${name(environment)}.`);
  if (from === to)
    return trusted(`Merging this gives ${name(environment)} another build of ${name(pipeline)} ${code(to)}.`);
  return trusted(`Merging this moves ${name(environment)} from ${name(pipeline)} ${code(from)} to ${code(to)}.`);
}

function nameBefore(from: ImageMove["from"]): string {
  const { tag = "", digest } = from ?? {};
  return digest === undefined ? tag : describeVersion({ tag, digest });
}

function requestedSentence({ requestedBy, rollback }: PromotionView): SafeMarkdown {
  // A way back tells it already.
  return requestedBy === undefined || rollback !== undefined
    ? NOTHING
    : trusted(`${code(requestedBy)} asked for exactly this version.`);
}

function listVersions(versions: readonly ImageVersion[]): string {
  if (versions.length > 4) return `new versions of ${countOf(versions.length, "image")}`;
  return listOf(
    versions.map((version) =>
      code(`${version.image.slice(version.image.lastIndexOf("/") + 1)} ${describeVersion(version)}`),
    ),
  );
}

function viewMove({ image, from, to }: ImageMove) {
  return { image: cell(code(image)), from: cell(viewVersion(from)), to: cell(viewVersion(to)) };
}

function viewVersion(version: ImageMove["from"]): SafeMarkdown {
  if (!version) return trusted("–");
  const { tag, digest } = version;
  if (tag === undefined && digest === undefined) return trusted("–");
  if (tag === "") return trusted("several versions");
  const shown = [
    ...(tag === undefined ? [] : [code(branchOfHead(tag) ?? tag)]),
    ...(digest === undefined ? [] : [code(shortenDigests(digest))]),
  ];
  return trusted(shown.join(" · "));
}

function fullReferences({ image, from, to }: ImageMove): readonly SafeMarkdown[] {
  const after = code(`${image}:${to.tag}@${to.digest}`, 700);
  if (!from?.digest) return [after];
  const before = code(`${image}${from.tag ? `:${from.tag}` : ""}@${from.digest}`, 700);
  return [trusted(`before: ${before}`), trusted(`after: ${after}`)];
}

export function progressSentence({ gates, merge }: PromotionView): SafeMarkdown {
  const open = gates.some(({ state }) => state !== "passed");
  if (merge === "auto")
    return trusted(`${countGates(gates)} Stagecoach merges this ${open ? "when all have" : "by itself"}.`);
  return trusted(
    `${countGates(gates)} ${open ? "When all have, a person merges this" : "A person can merge this now"}.`,
  );
}

function viewPlaces(places: PromotionView["places"]) {
  const files = new Set(places.map(({ path }) => path)).size;
  const where = files === places.length ? "" : ` in ${countOf(files, "file")}`;
  const hidden = places.length - PLACES_SHOWN;
  return {
    fold: places.length > PLACES_OPEN,
    placesTitle: trusted(places.length === 1 ? "The change" : `${places.length} changes${where}`),
    places: places.slice(0, PLACES_SHOWN).map(({ path, line, from, to }) => ({
      at: code(`${path}:${line}`, 400),
      from: code(shortenDigests(from)),
      to: code(shortenDigests(to)),
    })),
    morePlaces: hidden > 0 ? trusted(`and ${hidden} more, which the changed files show`) : NOTHING,
  };
}

/** `integration 10:02 (#12) → qa 10:40 (#14), on 2026-03-02 (UTC)`; with the day at each where the days differ. */
function wayOf({ way }: PromotionView): SafeMarkdown {
  const days = new Set(way.map(({ at }) => formatDay(at)));
  const [day = ""] = days;
  const steps = way.map(({ environment, at, pullRequest }) => {
    const time = days.size > 1 ? `${formatDay(at)} ${formatClock(at)}` : formatClock(at);
    return `${sentence(environment, 80)} ${time}${pullRequest === undefined ? "" : ` (${reference(pullRequest)})`}`;
  });
  if (steps.length === 0) return NOTHING;
  return trusted(`${steps.join(" → ")}${days.size > 1 ? " (UTC)" : `, on ${day} (UTC)`}`);
}

export function pullRequestsOf({ way }: PromotionView): readonly number[] {
  return way.flatMap(({ pullRequest }) => (pullRequest === undefined ? [] : [pullRequest]));
}

function shortenDigests(text: string): string {
  return text.replace(/(?:sha256|commit):[0-9a-f]{40,64}/g, shortIdentity);
}
