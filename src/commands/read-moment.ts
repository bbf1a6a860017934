// Times as people write them in commands, in UTC: `2h`, `18:00`, `2026-12-01`, `2026-12-01 09:00`, `2026-12-01T09:00Z`.
// A time of day is the next such moment or the last, as the command looks ahead or back.

import { Temporal } from "temporal-polyfill";
import type { Word } from "./split-words.ts";

export interface TakenMoment {
  /** Epoch milliseconds. */
  readonly at: number;
  /** How many words it took. */
  readonly words: number;
}

export interface Looking {
  readonly from: number;
  /** A duration is a time only ahead: back it could be a version. */
  readonly direction: "ahead" | "back";
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const DAY = 86_400_000;
const LONGEST_DURATION = 365 * DAY;

export const TIME_FORMS = "`2h`, `18:00`, `2026-12-01` or `2026-12-01T09:00Z`, in UTC";

/** The longest time with which the words begin: `2026-12-01 09:00 UTC` before `2026-12-01`. */
export function takeMoment(words: readonly Word[], looking: Looking): TakenMoment | undefined {
  const plain = words.findIndex(({ form }) => form === "quoted");
  const usable = plain === -1 ? words : words.slice(0, plain);
  for (const count of [3, 2, 1]) {
    if (count > usable.length) continue;
    const written = usable
      .slice(0, count)
      .map(({ text }) => text)
      .join(" ");
    const at = readMoment(written.replace(/ UTC$/i, "Z"), looking);
    if (at !== undefined) return { at, words: count };
  }
  return undefined;
}

function readMoment(written: string, { from, direction }: Looking): number | undefined {
  if (/^(?:\d{1,6}[smhdw])+$/.test(written)) return direction === "ahead" ? endOfDuration(written, from) : undefined;
  const [, time] = /^((?:[01]\d|2[0-3]):[0-5]\d)Z?$/.exec(written) ?? [];
  if (time !== undefined) return timeOfDay(time, { from, direction });
  const [, day, rest, offset = "Z"] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(written) ?? [];
  if (day === undefined) return undefined;
  try {
    return Temporal.Instant.from(`${day}T${rest ?? "00:00"}${offset}`).epochMilliseconds;
  } catch {
    // The form is right, but there is no such day or hour.
    return undefined;
  }
}

function endOfDuration(written: string, from: number): number | undefined {
  const parts = written.match(/\d+[smhdw]/g) ?? [];
  const length = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0);
  return length > 0 && length <= LONGEST_DURATION ? from + length : undefined;
}

function timeOfDay(written: string, { from, direction }: Looking): number {
  const [hours = "", minutes = ""] = written.split(":");
  const today = Math.floor(from / DAY) * DAY + (Number(hours) * 60 + Number(minutes)) * 60_000;
  if (direction === "ahead") return today > from ? today : today + DAY;
  return today < from ? today : today - DAY;
}
