// A plan as people read it in a terminal (`stagecoach plan`) and as data for other programs. The order of the plan is
// kept within each pipeline; what belongs to no pipeline stands last.

import { countOf } from "../domain/count-words.ts";
import type { Plan } from "../domain/plan.ts";
import { describeAction, wordsOf } from "./describe-action.ts";
import { plainSentence } from "./escape-markdown.ts";
import { formatTime } from "./format-time.ts";

interface Line {
  readonly pipeline: string;
  readonly verb: string;
  readonly what: string;
  readonly reason: string;
}

const REPOSITORY = "the repository";

export function renderPlan(plan: Plan): string {
  const lines = [...plan.actions.map(lineOfAction), ...plan.waits.map(lineOfWait)];
  const pipelines = [...new Set(lines.map(({ pipeline }) => pipeline))].sort(
    (a, b) => Number(a === REPOSITORY) - Number(b === REPOSITORY),
  );
  const blocks = pipelines.map((pipeline) =>
    renderBlock(
      pipeline,
      lines.filter((line) => line.pipeline === pipeline),
    ),
  );
  return `${[headline(plan), ...blocks, ...ending(plan)].join("\n\n")}\n`;
}

function headline({ actions, waits }: Plan): string {
  if (actions.length + waits.length === 0) return "Nothing to do, and nothing to wait for.";
  return `${countOf(actions.length, "action")}, ${countOf(waits.length, "wait")}`;
}

function renderBlock(pipeline: string, lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ verb }) => verb.length));
  const reach = Math.min(40, Math.max(...lines.map(({ what }) => what.length)));
  const rows = lines.map(({ verb, what, reason }) =>
    `  ${verb.padEnd(width)}  ${what.padEnd(reach)}  ${reason}`.trimEnd(),
  );
  return [pipeline, ...rows].join("\n");
}

function lineOfAction(action: Plan["actions"][number]): Line {
  const { verb, key, object } = wordsOf(action);
  const { pipeline, environment } = partsOf(key);
  return { pipeline, verb, what: `${environment} ${object}`.trim(), reason: plainSentence(action.reason) };
}

function lineOfWait({ key, reason, until }: Plan["waits"][number]): Line {
  const { pipeline, environment } = partsOf(key);
  const when = until === undefined ? "" : ` (until ${formatTime(until)})`;
  return { pipeline, verb: "wait", what: environment, reason: `${plainSentence(reason)}${when}` };
}

function ending({ needs, lookAgainAt }: Plan): readonly string[] {
  return [
    ...(needs.length > 0 ? [`This plan is not final: ${countOf(needs.length, "fact")} not known yet.`] : []),
    ...(lookAgainAt === undefined ? [] : [`Look again at ${formatTime(lookAgainAt)}.`]),
  ];
}

function partsOf(key: string | undefined): { readonly pipeline: string; readonly environment: string } {
  if (key === undefined) return { pipeline: REPOSITORY, environment: "" };
  const slash = key.indexOf("/");
  return { pipeline: key.slice(0, slash), environment: key.slice(slash + 1) };
}

/** The plan for `--json`: names, reasons and times, without the files that an action writes. Times are ISO 8601, UTC. */
export function describePlan(plan: Plan) {
  return {
    actions: plan.actions.map((action) => {
      const { key } = wordsOf(action);
      return {
        action: action.kind,
        ...(key !== undefined && { environment: key }),
        ...("number" in action && { pullRequest: action.number }),
        ...("issue" in action && action.issue !== undefined && { issue: action.issue }),
        ...("view" in action && "release" in action.view && { versions: action.view.release.versions }),
        ...("head" in action && action.head !== undefined && { head: action.head }),
        summary: describeAction(action),
        reason: action.reason,
      };
    }),
    waits: plan.waits.map(({ key, reason, until }) => ({
      ...(key !== undefined && { environment: key }),
      reason,
      ...(until !== undefined && { until: new Date(until).toISOString() }),
    })),
    needs: plan.needs,
    ...(plan.lookAgainAt !== undefined && { lookAgainAt: new Date(plan.lookAgainAt).toISOString() }),
  };
}
