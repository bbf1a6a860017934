// Decides whether one gate lets a release into an environment, and says why in a sentence.
// Gates that rest on facts which this version does not read yet wait, and say so: what is not known does not pass.

import { countOf, listOf } from "../domain/count-words.ts";
import type { ApprovalsGate, Gate, GateResult, WindowGate } from "../domain/gate.ts";
import type { Reached } from "../domain/ledger.ts";
import type { Release } from "../domain/release.ts";
import { sameRelease } from "../domain/release.ts";
import { judgeWindow } from "./judge-window.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import { code, nameRelease, nameTime } from "./wording.ts";

export interface GateContext {
  readonly release: Release;
  /** What the environment of that name has reached, newest first. */
  readonly reachedIn: (environment: string) => readonly Reached[];
  /** How far the present release of the environment of that name is; absent where it names no `live`. */
  readonly liveIn: (environment: string) => LiveVerdict | undefined;
  /** The environments before this one that name a `live`. */
  readonly observed: readonly string[];
  /** Current approving reviews by people with write access; none while there is no pull request. */
  readonly approvals: readonly { readonly by: string; readonly head: string }[];
  /** The promotion's head: an approval counts for what was seen. Absent while there is no pull request. */
  readonly head: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function evaluateGate(gate: Gate, context: GateContext): GateResult {
  switch (gate.kind) {
    case "merged":
      return merged(gate.environment, context);
    case "healthy":
      return healthy(gate.environment, context);
    case "soak":
      return soak(gate.duration, context);
    case "approvals":
      return approved(gate, context);
    case "checks":
      return notReadYet(
        `checks ${listOf(gate.names)}`,
        "other checks are not read yet; until they are, this gate stays closed",
      );
    case "window":
      return inWindow(gate, context);
    case "http":
      return notReadYet(
        `endpoint ${gate.endpoint}`,
        "endpoints are not asked yet; until they are, this gate stays closed",
      );
    case "signed":
      return notReadYet("signed", "signatures are not verified yet, and unverified is not signed");
  }
}

function merged(environment: string, context: GateContext): GateResult {
  const name = `merged in ${environment}`;
  const reached = context.reachedIn(environment).find(({ release }) => sameRelease(release, context.release));
  if (!reached)
    return { name, state: "waiting", reason: `${environment} has not had ${nameRelease(context.release)} yet` };
  if (reached.pushedBy !== undefined) {
    const reason = `${environment} got it by a commit of ${code(reached.pushedBy)} without a pull request, which proves nothing`;
    return { name, state: "waiting", reason };
  }
  const by = reached.pullRequest === undefined ? "by a commit" : `with pull request ${reached.pullRequest}`;
  return { name, state: "passed", reason: `${environment} took it ${by} on ${nameTime(reached.at)}` };
}

/** Proven once and for all, unless the environment shows the contrary at this moment. */
function healthy(environment: string, context: GateContext): GateResult {
  const name = `healthy in ${environment}`;
  const release = nameRelease(context.release);
  const reached = context.reachedIn(environment).find((each) => sameRelease(each.release, context.release));
  if (!reached) return { name, state: "waiting", reason: `${environment} has not had ${release} yet` };
  const present = presentIn(environment, context);
  if (present?.stage === "degraded")
    return { name, state: "waiting", reason: `${environment} is degraded with ${release}: ${present.reason}` };
  if (reached.healthyAt !== undefined)
    return { name, state: "passed", reason: `${environment} was healthy with it on ${nameTime(reached.healthyAt)}` };
  if (present) return { name, state: "waiting", reason: `${environment} is ${present.stage}: ${present.reason}` };
  return { name, state: "waiting", reason: `${environment} was never seen healthy with ${release}` };
}

/** The verdict on the environment, if it declares this release now. */
function presentIn(environment: string, { liveIn, release }: GateContext): LiveVerdict | undefined {
  const verdict = liveIn(environment);
  return verdict && sameRelease(verdict.reached.release, release) ? verdict : undefined;
}

function soak(duration: number, context: GateContext): GateResult {
  const name = `soak ${nameDuration(duration)}`;
  const results = context.observed.map((environment) => soakIn(environment, { name, duration, context }));
  return (
    results.find(({ state, expectedAt }) => state === "waiting" && expectedAt === undefined) ??
    results.filter(({ state }) => state === "waiting").sort((a, b) => (b.expectedAt ?? 0) - (a.expectedAt ?? 0))[0] ??
    results[0] ?? { name, state: "waiting", reason: "no environment before says where it runs" }
  );
}

function soakIn(
  environment: string,
  { name, duration, context }: { readonly name: string; readonly duration: number; readonly context: GateContext },
): GateResult {
  const release = nameRelease(context.release);
  const reached = context.reachedIn(environment).find((each) => sameRelease(each.release, context.release));
  if (!reached) return { name, state: "waiting", reason: `${environment} has not had ${release} yet` };
  if ((reached.soaked ?? 0) >= duration) {
    const reason = `${environment} was healthy with it for ${nameDuration(duration)} without a break`;
    return { name, state: "passed", reason };
  }
  const present = presentIn(environment, context);
  if (present?.healthy) {
    const { since } = present.healthy;
    const reason = `${environment} is healthy with it since ${nameTime(since)}, and ${nameDuration(duration)} are asked for`;
    return { name, state: "waiting", reason, expectedAt: since + duration };
  }
  const reason = present
    ? `${environment} is ${present.stage}, and only unbroken health counts: ${present.reason}`
    : `${environment} went on before it had been healthy with ${release} for ${nameDuration(duration)}`;
  return { name, state: "waiting", reason };
}

function inWindow(window: WindowGate, { now }: GateContext): GateResult {
  const name = `window ${nameWindow(window)}`;
  const state = judgeWindow(window, now);
  if (state.kind === "open")
    return { name, state: "passed", reason: `it is open until ${nameTime(state.until)}`, changesAt: state.until };
  if (state.opens === undefined) return { name, state: "waiting", reason: "it never opens" };
  return { name, state: "waiting", reason: `it opens at ${nameTime(state.opens)}`, expectedAt: state.opens };
}

/** Those that stand on this head, one for each person. */
function approved(gate: ApprovalsGate, { approvals, head }: GateContext): GateResult {
  const name = nameApprovals(gate);
  if (gate.teams.length > 0)
    return notReadYet(name, "who is in a team is not read yet; until it is, this gate stays closed");
  const people = [...new Set(approvals.filter((approval) => approval.head === head).map(({ by }) => by))];
  const by =
    people.length === 0 ? "nobody has approved this head yet" : `${listOf(people.map(code))} approved this head`;
  if (people.length >= gate.count) return { name, state: "passed", reason: by };
  const older = [...new Set(approvals.map(({ by: person }) => person))].filter((person) => !people.includes(person));
  const note = older.length === 0 ? "" : `; ${listOf(older.map(code))} approved another one`;
  return {
    name,
    state: "waiting",
    reason: `${by}${note}; ${countOf(gate.count, "approval")} of people with write access ${gate.count === 1 ? "is" : "are"} asked for`,
  };
}

function notReadYet(name: string, reason: string): GateResult {
  return { name, state: "waiting", reason };
}

function nameApprovals({ count, teams }: { readonly count: number; readonly teams: readonly string[] }): string {
  return teams.length === 0 ? countOf(count, "approval") : `${countOf(count, "approval")} from ${listOf(teams)}`;
}

const MINUTE = 60_000;

function nameDuration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes % 1440 === 0 && minutes > 0) return countOf(minutes / 1440, "day");
  if (minutes % 60 === 0 && minutes > 0) return countOf(minutes / 60, "hour");
  return countOf(minutes, "minute");
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function nameWindow(window: {
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly zone: string;
}): string {
  const days = window.days.map((day) => WEEKDAYS[day - 1] ?? "").join(" ");
  return `${days} ${clock(window.from)}–${clock(window.to)} ${window.zone}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
