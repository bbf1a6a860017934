// Decides what becomes of the dashboard: it is opened where the pipeline file asks for one, written anew when it would say
// something else or a person wrote into it, and given up when the file no longer asks. A person who closes it has said
// that they do not want it.

import type { CloseDashboard, DashboardIssue, TellDashboard } from "../domain/dashboard.ts";
import { type DashboardContext, viewDashboard } from "./view-dashboard.ts";

export interface ToldDashboard {
  readonly actions: readonly (TellDashboard | CloseDashboard)[];
  readonly waits: readonly { readonly reason: string }[];
}

const NOTHING: ToldDashboard = { actions: [], waits: [] };

export interface TellingDashboard extends DashboardContext {
  /** What was ticked is settled. */
  readonly ticksSettled: boolean;
  /** Nothing has to be known first. */
  readonly complete: boolean;
}

export function tellDashboard(context: TellingDashboard): ToldDashboard {
  const { observed, configuration } = context;
  const { dashboard } = observed;
  if (!configuration.dashboard) return giveUp(context);
  switch (dashboard?.kind) {
    case "closed":
      return wait(
        `a person closed the dashboard, issue ${dashboard.number}, so none is kept; reopen it, or take \`dashboard\` out of the pipeline file for a while to get a new one`,
      );
    case "opened":
      return wait(`GitHub does not list the dashboard yet, which was opened as issue ${dashboard.number}`);
    case "open":
      return isKnown(context) ? edit(dashboard.issue, context) : NOTHING;
    case undefined:
      return isKnown(context) ? open(context) : NOTHING;
  }
}

function wait(reason: string): ToldDashboard {
  return { actions: [], waits: [{ reason }] };
}

/** While there is an error in the file, it may be the one that hides the word. */
function giveUp({ observed: { dashboard }, configuration }: TellingDashboard): ToldDashboard {
  const unread = configuration.broken.length > 0 || configuration.findings.some(({ severity }) => severity === "error");
  if (unread || dashboard === undefined || dashboard.kind === "opened") return NOTHING;
  const isOpen = dashboard.kind === "open";
  const issue = isOpen ? dashboard.issue.number : dashboard.number;
  const reason = "the pipeline file asks for no dashboard";
  return { actions: [{ kind: "close-dashboard", issue, open: isOpen, reason }], waits: [] };
}

/** What is not known would look like an absence. */
function isKnown({ observed: { ledger, issues }, complete, ticksSettled }: TellingDashboard): boolean {
  return complete && ticksSettled && ledger.kind === "known" && issues?.kind !== "unknown";
}

function open(context: TellingDashboard): ToldDashboard {
  const reason = "the pipeline file asks for a dashboard";
  return { actions: [{ kind: "tell-dashboard", view: viewDashboard(context), reason }], waits: [] };
}

function edit({ number, fingerprint, editors, body }: DashboardIssue, context: TellingDashboard): ToldDashboard {
  const view = viewDashboard(context);
  const byPerson = editors.some(({ kind }) => kind === "person");
  // A program that writes back what we write would do so for ever (T28).
  if (!byPerson && editors.length > 0 && fingerprint === undefined)
    return wait(
      `a program wrote into the dashboard, issue ${number}, and took its mark away; it is written anew once a person has edited it`,
    );
  if (!byPerson && fingerprint === view.fingerprint) return NOTHING;
  const reason = byPerson ? "a person wrote into the dashboard" : "the dashboard has to say something else";
  return { actions: [{ kind: "tell-dashboard", issue: number, present: body, view, reason }], waits: [] };
}
