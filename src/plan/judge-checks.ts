// Judges whether the checks that a gate names have succeeded on the promotion's head. Only success passes; what was skipped
// proves nothing. A status may be set by anybody who may write, so `name@app` asks who set it.

import { listOf } from "../domain/count-words.ts";
import type { ChecksGate, GateResult, GateState } from "../domain/gate.ts";
import type { HeadCheck, HeadChecks } from "../domain/promotion.ts";
import type { GateContext } from "./gate-context.ts";
import { code } from "./wording.ts";

interface Verdict {
  readonly state: GateState;
  readonly reason: string;
}

export function judgeChecks({ names }: ChecksGate, { promotion }: GateContext): GateResult {
  const name = `checks ${listOf(names)}`;
  if (!promotion) return { name, state: "waiting", reason: "there is no pull request yet on which they could run" };
  const verdicts = names.map((wanted) => judgeCheck(wanted, promotion.checks));
  const failed = verdicts.filter(({ state }) => state === "failed");
  const waiting = verdicts.filter(({ state }) => state === "waiting");
  if (failed.length + waiting.length === 0) {
    const reason = `${listOf(names.map(code))} succeeded on this head`;
    return { name, state: "passed", reason };
  }
  const state = failed.length > 0 ? "failed" : "waiting";
  return { name, state, reason: [...failed, ...waiting].map(({ reason }) => reason).join("; ") };
}

function judgeCheck(wanted: string, { total, found }: HeadChecks): Verdict {
  const [name = "", app] = wanted.split("@");
  const named = found.filter((check) => check.name === name);
  const reports = newestOfEach(named.filter((check) => app === undefined || check.app === app));
  const failed = reports.find(({ state }) => state === "failed");
  if (failed) return { state: "failed", reason: `${code(wanted)} has not succeeded: ${code(failed.word)}` };
  const running = reports.find(({ state }) => state === "running");
  if (running) return { state: "waiting", reason: `${code(wanted)} has not ended: ${code(running.word)}` };
  const empty = reports.find(({ state }) => state === "nothing");
  if (empty) return { state: "waiting", reason: `${code(wanted)} was ${code(empty.word)}, which proves nothing` };
  if (reports.length > 0) return { state: "passed", reason: `${code(wanted)} succeeded` };
  return { state: "waiting", reason: whyMissing(wanted, { named, isCut: total > found.length, total }) };
}

function whyMissing(
  wanted: string,
  { named, isCut, total }: { readonly named: readonly HeadCheck[]; readonly isCut: boolean; readonly total: number },
): string {
  if (isCut) return `${code(wanted)} was not found: this head has ${total} checks, and not all of them are read`;
  const [other] = named;
  if (!other) return `${code(wanted)} has not run on this head`;
  const by = other.app === undefined ? "a person" : code(other.app);
  return `${code(wanted)} has not run on this head; the check of that name by ${by} does not count`;
}

/** Of each app's runs the newest; one that has not begun is newer than any. */
function newestOfEach(checks: readonly HeadCheck[]): readonly HeadCheck[] {
  const newest = new Map<string, HeadCheck>();
  for (const check of checks) {
    const known = newest.get(check.app ?? "");
    if (!known || (check.at ?? Number.POSITIVE_INFINITY) >= (known.at ?? Number.POSITIVE_INFINITY))
      newest.set(check.app ?? "", check);
  }
  return [...newest.values()];
}
