// Decides which of the wanted promotions are opened: the oldest wishes first, as far as the limits reach. A wish that
// cannot be written takes no place from the next one.

import { leadOf } from "../commands/command-table.ts";
import { countOf } from "../domain/count-words.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Need, OpenPromotion, Wait } from "../domain/plan.ts";
import { computeEdit, type Writing } from "./compute-edit.ts";
import { checkOf, describePromotion, gatesOf } from "./describe-promotion.ts";
import type { Opening, Situation } from "./environment-context.ts";
import { offerButtons } from "./offer-buttons.ts";
import { type OpenedGroup, openGroup } from "./open-group.ts";
import type { LeftOut } from "./stance.ts";
import { code, nameRelease, nameTime } from "./wording.ts";

export interface Openings {
  readonly actions: readonly OpenPromotion[];
  readonly waits: readonly Wait[];
  readonly needs: readonly Need[];
  /** What became of a wish that was not opened. */
  readonly situations: ReadonlyMap<EnvironmentKey, Situation>;
  readonly lookAgainAt?: number;
}

/** What is to be opened as one pull request. */
export interface Wish {
  /** Under which it is proposed. */
  readonly key: EnvironmentKey;
  /** One, or those of a group. */
  readonly openings: readonly Opening[];
  readonly joint: boolean;
}

export function wishFor(opening: Opening): Wish {
  return { key: opening.context.key, openings: [opening], joint: false };
}

/** For each wish that turned out not to be writable so many more are asked about: thousands of such take a few rounds. */
const ASKED_AHEAD = 3;

export function openPromotions(
  wishes: readonly Wish[],
  {
    observed,
    configuration,
    ledger,
  }: { readonly observed: Observed; readonly configuration: Configuration; readonly ledger: Ledger },
): Openings {
  const actions: OpenPromotion[] = [];
  const waits: Wait[] = [];
  const needs: Need[] = [];
  const situations = new Map<EnvironmentKey, Situation>();
  const room = roomForAll(wishes, { observed, configuration, ledger }) ?? roomFor({ observed, configuration });
  let asked = 0;
  let unwritable = 0;
  const stop = ({ context: { key }, situation, reason }: LeftOut, until?: number) => {
    situations.set(key, situation);
    waits.push({ key, reason, ...(until !== undefined && { until }) });
  };
  for (const wish of [...wishes].sort(oldestFirst)) {
    if (actions.length >= room.places || actions.length + asked >= room.places + ASKED_AHEAD * unwritable) {
      for (const { context, release } of wish.openings)
        stop({ context, situation: "over-limit", reason: `${nameRelease(release)} waits: ${room.reason}` }, room.until);
      continue;
    }
    const opened = openWish(wish);
    for (const left of opened.left) stop(left);
    if (opened.kind === "open") actions.push(opened.action);
    if (opened.kind !== "wait") continue;
    needs.push(...opened.needs);
    if (opened.needs.length > 0) asked += 1;
    else unwritable += 1;
  }
  const limited = [...situations.values()].includes("over-limit") && room.until !== undefined;
  return { actions, waits, needs, situations, ...(limited && room.until !== undefined && { lookAgainAt: room.until }) };
}

function oldestFirst(a: Wish, b: Wish): number {
  return sinceOf(a) - sinceOf(b) || (a.key < b.key ? -1 : 1);
}

function sinceOf({ openings }: Wish): number {
  return Math.min(...openings.map(({ since }) => since));
}

function openWish({ key, openings, joint }: Wish): OpenedGroup {
  const [opening] = openings;
  if (joint || !opening) return openGroup(openings, { key });
  const opened = openOne(opening);
  if (opened.kind === "open") return { ...opened, left: [] };
  const { situation, reason, needs } = opened;
  return { kind: "wait", left: [{ context: opening.context, situation, reason }], needs };
}

const HOUR = 3_600_000;

/** A change that reaches further than somebody has thought of waits for a person's word, which counts for an hour. */
function roomForAll(
  wishes: readonly Wish[],
  { observed, configuration, ledger }: { observed: Observed; configuration: Configuration; ledger: Ledger },
): Room | undefined {
  const most = configuration.limits.environments;
  const wanted = wishes.flatMap(({ openings }) => openings).length;
  if (most === undefined || wanted <= most) return undefined;
  const word = ledger.overrides.find(
    ({ gate, head, release, at }) =>
      gate === "environments" && head === undefined && release === undefined && observed.now - at < HOUR,
  );
  if (word) return undefined;
  const command = `${leadOf(configuration.commandPrefix)}override environments <reason>`;
  return {
    places: 0,
    reason: `${countOf(wanted, "environment")} would change at once, and the limit is ${most}; somebody who may has to write ${code(command)} on the dashboard`,
  };
}

interface Room {
  readonly places: number;
  readonly reason: string;
  readonly until?: number;
}

function roomFor({ observed, configuration }: { observed: Observed; configuration: Configuration }): Room {
  const { limits } = configuration;
  const open = observed.promotions.length;
  const since = observed.now - HOUR;
  const recent = [...observed.promotions, ...observed.past].map(({ openedAt }) => openedAt).filter((at) => at > since);
  const byOpen: Room = {
    places: limits.open - open,
    reason: `${countOf(open, "promotion")} are open, and the limit is ${limits.open}`,
  };
  if (recent.length === 0) return limits.hourly < byOpen.places ? { ...byOpen, places: limits.hourly } : byOpen;
  const next = Math.min(...recent) + HOUR;
  const byHour: Room = {
    places: limits.hourly - recent.length,
    reason: `${recent.length} were opened in the last hour, and the limit is ${limits.hourly}; the next may open at ${nameTime(next)}`,
    until: next,
  };
  return byHour.places < byOpen.places ? byHour : byOpen;
}

type Opened =
  | { readonly kind: "open"; readonly action: OpenPromotion }
  | { readonly kind: "wait"; readonly situation: Situation; readonly reason: string; readonly needs: readonly Need[] };

function openOne(opening: Opening): Opened {
  const named = nameRelease(opening.release);
  const writing = computeEdit(opening.release, opening.context);
  if (writing.kind === "unknown") {
    return { kind: "wait", situation: "candidate-unknown", reason: writing.why, needs: writing.needs };
  }
  switch (writing.value.kind) {
    case "refused":
      return cannotBeWritten(`${named} cannot be written: ${writing.value.reason}`);
    case "nothing-to-write":
      return cannotBeWritten(
        `${named} cannot be written: the places pin only a tag, and the tag stays; pin the digest too`,
      );
    case "writable":
      if (writing.value.moved) return cannotBeWritten(`nothing is proposed: ${writing.value.moved.reason}`);
      return { kind: "open", action: openingAction(writing.value, opening) };
  }
}

function cannotBeWritten(reason: string): Opened {
  return { kind: "wait", situation: "cannot-be-written", reason, needs: [] };
}

function openingAction(
  writing: Extract<Writing, { kind: "writable" }>,
  { context, declared, base, release, reason }: Opening,
): OpenPromotion {
  const { edit } = writing;
  const gates = gatesOf(release, { context, moved: writing.moved });
  const described = { release: writing.release, declared, edit, gates, standsOn: base.head };
  const view = describePromotion(described, context);
  const branchHead = context.stray?.head.oid;
  return {
    kind: "open",
    key: context.key,
    base: context.baseName,
    baseHead: base.head,
    baseTree: base.tree,
    edit,
    view,
    check: checkOf(gates, { view, notes: [], buttons: offerButtons(context) }),
    reason,
    ...(branchHead !== undefined && { branchHead }),
  };
}
