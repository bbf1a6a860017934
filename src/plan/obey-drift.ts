// Obeys `/adopt` and `/ignore`: what a person decides about an environment that was changed by hand. Both put the label on
// its issue that people with triage rights could put there themselves; what follows is decided by the label.

import type { CommandTarget } from "../domain/command.ts";
import { environmentKey } from "../domain/pipeline.ts";
import { ADOPT_LABEL, IGNORE_LABEL } from "./drift-labels.ts";
import { findOneEnvironment } from "./find-targets.ts";
import { notFound, type Obeying } from "./obey-hold.ts";
import type { Obeyed } from "./order.ts";
import { code } from "./wording.ts";

export function obeyDrift(
  command: { readonly verb: "adopt" | "ignore"; readonly target: CommandTarget; readonly until?: number },
  { order, context }: Obeying,
): Obeyed {
  const { observed } = context;
  const found = findOneEnvironment(command.target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const key = environmentKey(found.pipeline, found.environment);
  if (observed.issues === undefined)
    return { kind: "waits", why: "issues about drift were not read yet", needs: [{ kind: "issues" }] };
  if (observed.issues.kind === "unknown")
    return { kind: "waits", why: `issues about drift could not be read: ${observed.issues.why}`, needs: [] };
  const issue = observed.issues.value.find((each) => each.key === key);
  if (!issue)
    return {
      kind: "noted",
      what: `nobody is known to have changed ${code(key)} by hand`,
      notes: ["`/refresh` looks again"],
    };
  const label = labelFor(command);
  if (issue.labels.includes(label))
    return { kind: "noted", what: `issue ${issue.number} has the label ${code(label)} already` };
  const reason = `${code(order.by.login)} said ${code(`/${command.verb}`)} about issue ${issue.number}`;
  return {
    kind: "acts",
    actions: [{ kind: "label", key, number: issue.number, labels: [label], reason }],
    what:
      command.verb === "adopt"
        ? `what runs in ${code(key)} is proposed to Git as a draft`
        : `what was changed in ${code(key)} holds nothing up${untilWhen(command.until)}`,
  };
}

function labelFor({ verb, until }: { readonly verb: "adopt" | "ignore"; readonly until?: number }): string {
  if (verb === "adopt") return ADOPT_LABEL;
  return until === undefined ? IGNORE_LABEL : `${IGNORE_LABEL}-until-${dayAfter(until)}`;
}

/** The label ends when its day begins. */
function dayAfter(until: number): string {
  return new Date(Math.ceil(until / DAY) * DAY).toISOString().slice(0, 10);
}

const DAY = 86_400_000;

function untilWhen(until: number | undefined): string {
  return until === undefined ? "" : ` until ${dayAfter(until)}`;
}
