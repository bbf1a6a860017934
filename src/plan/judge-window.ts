// Decides whether a window is open at a moment, when it closes, and when it opens next, in the zone that it names: also on
// days that have 23 or 25 hours, and over the days that it leaves out.

import { Temporal } from "temporal-polyfill";
import type { WindowGate } from "../domain/gate.ts";

export type WindowState =
  | { readonly kind: "open"; readonly until: number }
  /** `opens` is absent for a window that does not within a year. */
  | { readonly kind: "closed"; readonly opens?: number };

type Hours = Pick<WindowGate, "days" | "from" | "to" | "zone" | "except">;

const DAYS_AHEAD = 366;

/** Times in epoch milliseconds. */
export function judgeWindow(window: Hours, now: number): WindowState {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(window.zone).toPlainDate();
  if (window.days.length === 0) return { kind: "closed" };
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = today.add({ days: ahead });
    if (!window.days.includes(day.dayOfWeek) || isLeftOut(day, window)) continue;
    const opens = at(day, { minutes: window.from, zone: window.zone });
    const closes = at(day, { minutes: window.to, zone: window.zone });
    if (now < opens) return { kind: "closed", opens };
    if (now < closes) return { kind: "open", until: closes };
  }
  return { kind: "closed" };
}

function isLeftOut(day: Temporal.PlainDate, { except }: Hours): boolean {
  if (except.length === 0) return false;
  const written = day.toString();
  return except.some(({ from, to }) => from <= written && written <= to);
}

function at(day: Temporal.PlainDate, { minutes, zone }: { readonly minutes: number; readonly zone: string }): number {
  const date = day.add({ days: Math.floor(minutes / 1440) });
  const plainTime = Temporal.PlainTime.from({ hour: Math.floor((minutes % 1440) / 60), minute: minutes % 60 });
  return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
}
