// Decides what is told about drift: one issue for each environment that was changed by hand, edited when it changes and
// closed when what differed is gone. Only confirmed findings are told; what is not known keeps the issue as it is.

import { countOf } from "../domain/count-words.ts";
import type { DriftIssueView } from "../domain/live-view.ts";
import { nameObject } from "../domain/object-reference.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Action } from "../domain/plan.ts";
import type { ToldIssue } from "../domain/told.ts";
import { answerDriftLabels } from "./answer-drift-labels.ts";
import { ADOPT_LABEL, IGNORE_LABEL, SYNC_LABEL } from "./drift-labels.ts";
import { fingerprint } from "./fingerprint.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import { joinTellings, NOTHING_TO_TELL, type Telling, type TellingContext } from "./telling.ts";
import { code } from "./wording.ts";

export function tellDrift(context: TellingContext): Telling {
  const { observed, pipeline, environment, verdict } = context;
  const { issues } = observed;
  if (issues === undefined) return { ...NOTHING_TO_TELL, needs: [{ kind: "issues" }] };
  const key = environmentKey(pipeline, environment);
  if (issues.kind === "unknown")
    return { ...NOTHING_TO_TELL, waits: [{ key, reason: `our issues about drift are not known: ${issues.why}` }] };
  const issue = issues.value.find((each) => each.key === key);
  const told = { ...NOTHING_TO_TELL, actions: decideIssue(issue, { ...context, verdict }) };
  return issue ? joinTellings([told, answerDriftLabels(issue, context)]) : told;
}

function decideIssue(issue: ToldIssue | undefined, context: TellingContext): readonly Action[] {
  const { pipeline, environment, verdict } = context;
  const key = environmentKey(pipeline, environment);
  // Only what was looked into everywhere is known to be gone.
  if (issue && !verdict.places.every(({ driftKnown }) => driftKnown)) return [];
  if (verdict.drift.length === 0) {
    if (!issue) return [];
    return [{ kind: "settle-drift", key, issue: issue.number, reason: `nothing differs from Git any more in ${key}` }];
  }
  const view = viewDrift(verdict, context);
  if (issue?.fingerprint === view.fingerprint) return [];
  const [first] = verdict.drift;
  const what = first ? code(nameObject(first.object)) : key;
  const reason = `${key} was changed by hand: ${what}${verdict.drift.length > 1 ? ` and ${countOf(verdict.drift.length - 1, "more")}` : ""}`;
  return [{ kind: "tell-drift", key, view, ...(issue && { issue: issue.number }), reason }];
}

function viewDrift(verdict: LiveVerdict, { pipeline, environment }: TellingContext): DriftIssueView {
  const times = verdict.drift.flatMap(({ field }) => field?.time ?? []);
  const healing = verdict.places.flatMap(({ reading, state }) =>
    state ? [describeHealing(reading.target.source, state)] : [],
  );
  const facts = {
    key: environmentKey(pipeline, environment),
    pipeline: pipeline.name,
    environment: environment.name,
    findings: verdict.drift,
    ...(times.length > 0 && { since: Math.min(...times) }),
    healing,
    ways: waysOut(),
    ...(verdict.reached.pullRequest !== undefined && { pullRequest: verdict.reached.pullRequest }),
    holds: environment.onDrift === "hold",
  };
  return { ...facts, fingerprint: fingerprint(facts) };
}

function describeHealing(
  source: string,
  { healing, suspended }: NonNullable<LiveVerdict["places"][number]["state"]>,
): string {
  const does =
    healing.on === undefined
      ? `whether ${source} takes changes back by itself is not known (${healing.how})`
      : healing.on
        ? `${source} takes changes back by itself (${healing.how})`
        : `${source} leaves changes as they are (${healing.how})`;
  const leaves = healing.ignored.length > 0 ? `; it leaves alone ${healing.ignored.map(code).join(", ")}` : "";
  return suspended === undefined ? `${does}${leaves}` : `${does}${leaves}; at present it does nothing: ${suspended}`;
}

function waysOut(): readonly string[] {
  return [
    "let the reconciler take it back, or undo it by hand; this issue closes by itself",
    `put the label ${code(SYNC_LABEL)} here, and the reconciler is asked to sync, where the operator allows that`,
    `put the label ${code(ADOPT_LABEL)} here, and a draft proposes to Git the version that runs, where a version was changed`,
    `put the label ${code(IGNORE_LABEL)} here, and it holds nothing up until the label is taken off, or ${code(`${IGNORE_LABEL}-until-<day>`)}, and it does not until that day (UTC) begins`,
  ];
}
