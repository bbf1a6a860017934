// Judges the gates that only time opens: windows and freezes. Each says what it waits for itself; when to expect it is told
// across all of them, because the merge needs them at once.

import type { GateResult, WindowGate } from "../domain/gate.ts";
import { findOpening } from "./find-opening.ts";
import type { GateContext, Hours } from "./gate-context.ts";
import { judgeWindow } from "./judge-window.ts";
import { nameTime } from "./wording.ts";

export function judgeHours(window: WindowGate, { hours, now }: Pick<GateContext, "hours" | "now">): GateResult {
  const name = `window ${nameWindow(window)}`;
  const state = judgeWindow(window, now);
  if (state.kind === "open")
    return { name, state: "passed", reason: `it is open until ${nameTime(state.until)}`, changesAt: state.until };
  if (state.opens === undefined) return { name, state: "waiting", reason: "it does not open within a year" };
  const opening = findOpening(hours, now);
  const reason = `it opens at ${nameTime(state.opens)}${afterAll(opening, state.opens)}`;
  return { name, state: "waiting", reason, ...(opening !== undefined && { expectedAt: opening }) };
}

/** One for each freeze that binds now. */
export function judgeFreezes(hours: Hours, now: number): readonly GateResult[] {
  const opening = findOpening(hours, now);
  return hours.freezes
    .filter(({ from, to }) => from <= now && now < to)
    .map(({ to, why }) => ({
      name: "freeze",
      word: "freeze",
      state: "waiting",
      reason: `frozen until ${nameTime(to)}${afterAll(opening, to)}: ${why}`,
      ...(opening !== undefined && { expectedAt: opening }),
    }));
}

function afterAll(opening: number | undefined, own: number): string {
  if (opening === own) return "";
  if (opening === undefined) return ", but windows and freezes together leave no moment open within a year";
  return ` (with the other windows and freezes first at ${nameTime(opening)})`;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function nameWindow({ days, from, to, zone, except }: WindowGate): string {
  const named = days.map((day) => WEEKDAYS[day - 1] ?? "").join(" ");
  return `${named} ${clock(from)}–${clock(to)} ${zone}${except.length > 0 ? ", not on holidays" : ""}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
