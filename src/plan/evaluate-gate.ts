// Decides whether one gate lets a release into an environment, and says why in a sentence. What time, people, checks,
// endpoints and signatures say is judged in files of their own; what is not known does not pass.

import { countOf } from "../domain/count-words.ts";
import type { Gate, GateResult } from "../domain/gate.ts";
import { sameRelease } from "../domain/release.ts";
import type { GateContext } from "./gate-context.ts";
import { judgeApprovals } from "./judge-approvals.ts";
import { judgeChecks } from "./judge-checks.ts";
import { judgeEndpoint } from "./judge-endpoint.ts";
import { judgeHours } from "./judge-hours.ts";
import { judgeSignature } from "./judge-signature.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import { code, nameRelease, nameTime } from "./wording.ts";

export function evaluateGate(gate: Gate, context: GateContext): GateResult {
  switch (gate.kind) {
    case "merged":
      return merged(gate.environment, context);
    case "healthy":
      return healthy(gate.environment, context);
    case "soak":
      return soak(gate.duration, context);
    case "approvals":
      return judgeApprovals(gate, context);
    case "checks":
      return judgeChecks(gate, context);
    case "window":
      return judgeHours(gate, context);
    case "http":
      return judgeEndpoint(gate, context);
    case "signed":
      return judgeSignature(gate, context);
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

const MINUTE = 60_000;

function nameDuration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes % 1440 === 0 && minutes > 0) return countOf(minutes / 1440, "day");
  if (minutes % 60 === 0 && minutes > 0) return countOf(minutes / 60, "hour");
  return countOf(minutes, "minute");
}
