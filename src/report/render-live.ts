// The one comment that follows a promotion from its merge until the version is healthy. It is edited, never repeated, so
// it says nothing that changes while the world stands still: times are absolute, and there are as few as will do.

import { countOf, listOf } from "../domain/count-words.ts";
import type { DriftFinding } from "../domain/drift.ts";
import type { LivePlace, LiveView } from "../domain/live-view.ts";
import type { Release } from "../domain/release.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import {
  cell,
  code,
  link,
  NOTHING,
  name,
  type SafeMarkdown,
  safeAddress,
  sentence,
  trusted,
  wholeSentence,
} from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { formatTime } from "./format-time.ts";
import {
  fieldName,
  healthCell,
  objectName,
  RECONCILERS,
  sameRevision,
  shortDigest,
  shortRevision,
  sidesOf,
  stateLine,
  syncCell,
} from "./live-words.ts";
import { LONGEST_BODY, renderWithin, tellLeftOut } from "./render-within.ts";
import { liveMark } from "./write-marks.ts";

const PLACES_SHOWN = 20;
const DRIFT_SHOWN = 10;
const DIGESTS_SHOWN = 3;

/** The least important first. */
const SECTIONS = ["details", "drift", "reasons", "places"] as const;
type Section = (typeof SECTIONS)[number];

const SECTION_NAMES: Readonly<Record<Section, string>> = {
  details: "the details",
  drift: "what differs from Git",
  reasons: "the reasons place by place",
  places: "the places",
};

export function renderLive(view: LiveView, templates: CompiledTemplates): string {
  const body = renderWithin({
    limit: LONGEST_BODY,
    droppable: SECTIONS,
    render: (leftOut) => templates.live(viewLive(view, leftOut)),
  });
  assertSafeMarkdown(body, { links: view.places.flatMap((place) => linkOf(place) ?? []) });
  return body;
}

function viewLive(view: LiveView, leftOut: ReadonlySet<Section>) {
  const unlessLeftOut = <T>(section: Section, items: readonly T[]) => (leftOut.has(section) ? [] : items);
  const places = unlessLeftOut("places", view.places.filter(isKnown));
  const hidden = places.length - PLACES_SHOWN;
  return {
    environment: name(view.environment),
    stages: stateLine(view),
    reason: reasonOf(view),
    places: places.slice(0, PLACES_SHOWN).map((place) => viewPlace(place, view)),
    morePlaces: hidden > 0 ? trusted(`${countOf(hidden, "more place")} not shown here.`) : NOTHING,
    reasons: unlessLeftOut("reasons", reasonsOf(view)),
    drift: listDrift(unlessLeftOut("drift", view.drift)),
    details: unlessLeftOut("details", detailsOf(view)),
    leftOut: tellLeftOut(leftOut, SECTION_NAMES),
    marker: liveMark(view),
  };
}

/** A row of dashes tells nobody anything; the place then has its reason alone. */
function isKnown({ desired, observed, sync, health, running }: LivePlace): boolean {
  return [desired, observed, sync, health, running[0]].some((fact) => fact !== undefined);
}

function viewPlace(place: LivePlace, view: LiveView) {
  return {
    where: cell(linkedPlace(place)),
    revision: cell(revisionsOf(place)),
    sync: syncCell(place),
    health: healthCell(place),
    running: cell(runningIn(place, view)),
    since: trusted(place.since === undefined ? "–" : formatTime(place.since)),
  };
}

function whereOf({ name: place, source }: LivePlace): SafeMarkdown {
  return trusted(`${code(place, 200)} in ${code(source, 80)}`);
}

function linkedPlace(place: LivePlace): SafeMarkdown {
  const address = linkOf(place);
  const shown = code(place.name, 200);
  return trusted(`${address === undefined ? shown : link(shown, address)} in ${code(place.source, 80)}`);
}

function linkOf({ link: address }: LivePlace): string | undefined {
  return address === undefined ? undefined : safeAddress(address);
}

function revisionsOf({ desired, observed }: LivePlace): SafeMarkdown {
  if (observed === undefined) return trusted(desired === undefined ? "–" : `wants ${shortRevision(desired)}`);
  if (desired === undefined || sameRevision(desired, observed)) return shortRevision(observed);
  return trusted(`has ${shortRevision(observed)}, wants ${shortRevision(desired)}`);
}

function runningIn({ running }: LivePlace, { release }: LiveView): SafeMarkdown {
  if (running.length === 0) return trusted("–");
  const shown = running
    .slice(0, DIGESTS_SHOWN)
    .map((digest) => code(tagOf(digest, release) ?? shortDigest(digest), 130));
  const more = running.length - shown.length;
  return trusted([...new Set(shown), ...(more > 0 ? [`${more} more`] : [])].join(", "));
}

/** A source keeps its name as it is written, also where it begins the sentence. */
function reasonOf({ reason, places }: LiveView): SafeMarkdown {
  const [first = ""] = reason.split(/[: ]/, 1);
  if (!places.some(({ source }) => source === first)) return wholeSentence(reason);
  return trusted(`${sentence(reason)}.`);
}

/** What the whole says, and what the table shows, needs no line of its own. */
function reasonsOf({ places, reason }: LiveView): readonly SafeMarkdown[] {
  const telling = places.filter((place) => !reason.includes(place.reason) && place.stage !== "healthy");
  return telling.slice(0, PLACES_SHOWN).map((place) => {
    const own = place.reason.startsWith(`${place.source}: `)
      ? place.reason.slice(place.source.length + 2)
      : place.reason;
    return trusted(`${whereOf(place)}: ${sentence(own)}`);
  });
}

function listDrift(drift: readonly DriftFinding[]): readonly SafeMarkdown[] {
  const hidden = drift.length - DRIFT_SHOWN;
  const lines = drift
    .slice(0, DRIFT_SHOWN)
    .map((finding) => trusted(`${objectName(finding)}, ${fieldName(finding)}: ${differenceOf(finding)}`));
  return hidden > 0 ? [...lines, trusted(`${countOf(hidden, "more difference")}, which the issue shows`)] : lines;
}

function differenceOf(finding: DriftFinding): SafeMarkdown {
  const { desired, live } = sidesOf(finding);
  if (live === desired) return trusted("another value, which is not shown");
  return trusted(`${live} instead of ${desired}`);
}

function detailsOf(view: LiveView): readonly SafeMarkdown[] {
  const { release, commit, mergedAt, healthyAt, places } = view;
  const merge = commit === undefined ? "Merged" : `Merged as ${code(commit, 64)}`;
  const versions = release.versions.map(({ image, tag, digest }) => code(`${image}:${tag}@${digest}`, 700));
  return [
    trusted(`${merge}, ${formatTime(mergedAt)}`),
    ...(healthyAt === undefined ? [] : [trusted(`First seen healthy everywhere ${formatTime(healthyAt)}`)]),
    ...(versions.length === 0 ? [] : [trusted(`Brings ${listOf(versions.slice(0, PLACES_SHOWN))}`)]),
    ...places.slice(0, PLACES_SHOWN).map((place) => detailOf(place, release)),
  ];
}

function detailOf(place: LivePlace, release: Release): SafeMarkdown {
  const { reconciler, desired, observed, running, lastResultAt } = place;
  const who = reconciler === undefined ? "" : ` (${RECONCILERS[reconciler]})`;
  const isAhead = desired !== undefined && (observed === undefined || !sameRevision(desired, observed));
  const runs = running.slice(0, DIGESTS_SHOWN).map((digest) => code(tagOf(digest, release) ?? digest));
  const facts = [
    ...(isAhead ? [`wants ${code(desired.id)}`] : []),
    ...(observed === undefined ? [] : [`has ${code(observed.id)}`]),
    ...(runs.length === 0 ? [] : [`runs ${listOf([...new Set(runs)])}`]),
    ...(lastResultAt === undefined ? [] : [`last reconciled ${formatTime(lastResultAt)}`]),
  ];
  return trusted(
    `${linkedPlace(place)}${who}: ${facts.length === 0 ? "nothing is known at present" : facts.join("; ")}`,
  );
}

function tagOf(digest: string, { versions }: Release): string | undefined {
  return versions.find((version) => version.digest === digest)?.tag;
}
