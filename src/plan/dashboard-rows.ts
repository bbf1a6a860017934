// The rows of the dashboard that have boxes: what is held, what is blocked, which promotions are open. They rest on the
// ledger and on what is open alone, so it is known before anything is obeyed which boxes there are.

import type { BlockedRow, Box, HeldRow, OpenRow } from "../domain/dashboard.ts";
import type { Block, Hold, Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration } from "../domain/pipeline.ts";
import { describeRelease } from "../domain/release.ts";

export interface RowsContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  readonly ledger: Ledger;
}

export function offeredBoxes(context: RowsContext): ReadonlySet<Box> {
  const rows = [...heldRows(context), ...blockedRows(context), ...openRows(context)];
  return new Set(rows.flatMap(({ boxes }) => boxes));
}

/** What can stand in a mark. */
const BOX = /^[a-z]+ [A-Za-z0-9][A-Za-z0-9._/:-]{0,180}$/;

function boxesIn({ configuration }: RowsContext, boxes: readonly Box[]): readonly Box[] {
  if (configuration.mode === "observe") return [];
  return boxes.filter((box) => BOX.test(box) && !box.includes("--"));
}

function standingHolds({ ledger, observed }: RowsContext): readonly Hold[] {
  return ledger.holds.filter(({ until }) => until === undefined || until > observed.now);
}

function placeOf({ pipeline, environment }: Pick<Hold, "pipeline" | "environment">): string {
  return environment === undefined ? pipeline : `${pipeline}/${environment}`;
}

export function heldRows(context: RowsContext): readonly HeldRow[] {
  return standingHolds(context)
    .map((hold): HeldRow => {
      const { by, at, until, reason } = hold;
      const place = placeOf(hold);
      const boxes = boxesIn(context, [`resume ${place}`]);
      return { place, by, at, reason, boxes, ...(until !== undefined && { until }) };
    })
    .sort((a, b) => compareTexts(a.place, b.place));
}

/** What one command blocked stands in one row. */
export function blockedRows(context: RowsContext): readonly BlockedRow[] {
  const { blocks } = context.ledger;
  const groups = Map.groupBy(blocks, ({ tag, by, at, reason }) => JSON.stringify([tag, by, at, reason]));
  return [...groups.values()].flatMap((group): readonly BlockedRow[] => {
    const [first] = group;
    if (!first) return [];
    const { tag, by, at, reason } = first;
    const images = group.map(({ image }) => image).sort();
    return [{ tag, images, by, at, reason, boxes: boxesIn(context, [`unblock ${wordFor(group, blocks)}`]) }];
  });
}

/** A tag that was blocked more than once would end what another row shows, too. */
function wordFor(group: readonly Block[], all: readonly Block[]): string {
  const [first] = group;
  const others = all.filter(({ tag }) => tag === first?.tag).length > group.length;
  return (others ? first?.digest : first?.tag) ?? "";
}

export function openRows(context: RowsContext): readonly OpenRow[] {
  const held = new Set(standingHolds(context).map(placeOf));
  return context.observed.promotions
    .map(({ key, number, head }): OpenRow => {
      const isHeld = held.has(key) || held.has(key.split("/")[0] ?? "");
      const boxes = boxesIn(context, [...(isHeld ? [] : [`hold ${key}`]), `retry ${key}`]);
      return { key, number, release: head.release ? describeRelease(head.release) : "", boxes };
    })
    .sort((a, b) => compareTexts(a.key, b.key) || a.number - b.number);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
