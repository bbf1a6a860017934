// Decides what the differences are that a place shows from Git: confirmed drift, explained, or not yet looked into.
// Nothing is called drift here that was not verified live.

import { countOf } from "../domain/count-words.ts";
import type { DriftFinding } from "../domain/drift.ts";
import type { LiveState } from "../domain/live-state.ts";
import { nameObject } from "../domain/object-reference.ts";
import { driftKey, type LiveReading, type Observed } from "../domain/observed.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { ToldIssue } from "../domain/told.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { ignoredUntil } from "./drift-labels.ts";
import { code } from "./wording.ts";

export interface DriftAt {
  readonly confirmed: readonly DriftFinding[];
  /** A person said that it is to be ignored for now. */
  readonly tolerated: boolean;
  /** Whatever may differ was looked at live. */
  readonly looked: boolean;
  /** A clause about what is confirmed. */
  readonly reason: string;
}

const NO_DRIFT: DriftAt = { confirmed: [], tolerated: false, looked: true, reason: "" };

export function judgeDriftAt(
  state: LiveState,
  {
    reading,
    context,
    commit,
  }: {
    readonly reading: LiveReading;
    readonly context: { readonly observed: Observed; readonly key: EnvironmentKey };
    readonly commit: string | undefined;
  },
): Answer<DriftAt> {
  const { observed, key } = context;
  const { target, claim } = reading;
  // What was told before is looked at until it is gone, also when nobody speaks of it any more.
  const issue = issueAbout(key, observed);
  const suspected =
    issue !== undefined || state.suspects.length > 0 || claim !== undefined || state.sync.cause === "drift";
  if (!suspected) return answer(NO_DRIFT);
  const findings = observed.drift[driftKey({ key, target })];
  if (findings === undefined)
    return noAnswer("it differs from Git, and that has not been verified yet", [
      { kind: "drift", key, target, ...(commit !== undefined && { commit }) },
    ]);
  // A mere claim that cannot be verified holds nothing up: whoever may report could stop every promotion.
  const claimed = state.sync.cause !== "drift" && (state.suspects.length === 0 || state.freshness.proof === "report");
  const until = ignoredUntil(issue?.labels ?? []);
  const tolerated = until !== undefined && until > observed.now;
  if (findings.kind === "unknown") {
    if (issue && !tolerated)
      return noAnswer(`it was changed by hand, and whether it still is could not be verified: ${findings.why}`);
    return claimed
      ? answer({ ...NO_DRIFT, looked: false })
      : noAnswer(`it differs from Git, which could not be verified: ${findings.why}`);
  }
  const confirmed = findings.value.filter(({ verdict }) => verdict === "confirmed");
  const open = findings.value.filter(({ verdict, claimedBy }) => verdict === "unverifiable" && claimedBy === undefined);
  const first = open[0];
  if (confirmed.length === 0 && first)
    return noAnswer(`it differs from Git, which could not be verified: ${first.why}`);
  const looked = findings.value.every(({ verdict }) => verdict !== "unverifiable");
  return answer({ confirmed, tolerated, looked, reason: describe(confirmed) });
}

function issueAbout(key: EnvironmentKey, { issues }: Observed): ToldIssue | undefined {
  return issues?.kind === "known" ? issues.value.find((issue) => issue.key === key) : undefined;
}

function describe(confirmed: readonly DriftFinding[]): string {
  const [first] = confirmed;
  if (!first) return "";
  const where = first.field && first.field.path !== "" ? ` at ${code(first.field.path)}` : "";
  const more = confirmed.length > 1 ? ` and ${countOf(confirmed.length - 1, "more difference")}` : "";
  return `${code(nameObject(first.object))} differs from Git${where}${more}`;
}
