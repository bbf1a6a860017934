// Performs what a pass decided about the dashboard, and tells of refused buttons and boxes.

import type { TellRefused } from "../domain/conversation-actions.ts";
import type { CloseDashboard, TellDashboard } from "../domain/dashboard.ts";
import type { Outcome } from "../forge/forge.ts";
import { type Actor, writeComment } from "./act-live.ts";
import { forgetDashboardOpened, noteDashboardOpened } from "./observe-dashboard.ts";

/** The forge finds it again by the second. */
const LABELS = ["stagecoach", "stagecoach/dashboard"];

export async function performDashboard(
  action: TellDashboard | CloseDashboard | TellRefused,
  actor: Actor,
): Promise<Outcome<unknown>> {
  switch (action.kind) {
    case "tell-dashboard":
      return tellDashboard(action, actor);
    case "close-dashboard":
      return closeDashboard(action, actor);
    case "tell-refused": {
      const { number, view } = action;
      const body = actor.shell.renderer.refusal(view);
      const topic = `attention/${view.situation}`;
      return writeComment({ number, body }, { topic, fingerprint: "1", ...actor });
    }
  }
}

async function tellDashboard({ issue, present, view }: TellDashboard, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const text = shell.renderer.dashboard(view);
  if (present !== undefined && plain(present) === plain(text.body)) return { kind: "already-so", value: undefined };
  const labels = LABELS;
  const written = await shell.forge.writeIssue(at, { ...text, labels, ...(issue !== undefined && { issue }) });
  if (issue === undefined && written.kind === "done")
    await noteDashboardOpened({ number: written.value.number, at: shell.now() }, { at, shell });
  return written;
}

/** As GitHub's page writes it back. */
function plain(body: string): string {
  return body.replaceAll("\r\n", "\n").trim();
}

/** Without its label it is no dashboard any more: whoever asks for one later gets a new one. */
async function closeDashboard({ issue, open }: CloseDashboard, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const closed = open ? await shell.forge.closeIssue(at, { issue }) : undefined;
  await forgetDashboardOpened({ at, shell });
  if (closed?.kind === "refused" || closed?.kind === "moved-on") return closed;
  return shell.forge.removeLabel(at, { number: issue, label: "stagecoach/dashboard" });
}
