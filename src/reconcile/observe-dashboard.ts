// How the dashboard stands: as the first question of a pass shows it, and whether we have just opened one that GitHub does
// not list yet.

import type { DashboardState } from "../domain/dashboard.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Snapshot } from "../forge/snapshot.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

interface Opened {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What GitHub has not listed by then is gone. */
const LISTED_WITHIN = 5 * 60_000;

export async function observeDashboard(
  { dashboard, closedDashboard }: Pick<Snapshot, "dashboard" | "closedDashboard">,
  desk: Desk & { readonly wanted: boolean },
): Promise<DashboardState | undefined> {
  if (dashboard) return { kind: "open", issue: dashboard };
  if (closedDashboard) return { kind: "closed", number: closedDashboard.number };
  if (!desk.wanted) return undefined;
  const text = await readNote("dashboard-opened", desk);
  if (text === undefined || text === "") return undefined;
  const { number, at } = JSON.parse(text) as Opened;
  return desk.shell.now() - at < LISTED_WITHIN ? { kind: "opened", number } : undefined;
}

export async function noteDashboardOpened(opened: Opened, desk: Desk): Promise<void> {
  await writeNote("dashboard-opened", { text: JSON.stringify(opened), ...desk });
}

export async function forgetDashboardOpened(desk: Desk): Promise<void> {
  await writeNote("dashboard-opened", { text: "", ...desk });
}
