// The dashboard: one issue that shows how a repository stands. A section for each question that people come with, the empty
// ones left out, and boxes whose hidden marks are commands. What GitHub has no room for is left out by whole sections.

import { countOf } from "../domain/count-words.ts";
import type { Box, DashboardView } from "../domain/dashboard.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { cell, code, NOTHING, reference, sentence, trusted, wholeSentence } from "./escape-markdown.ts";
import { assertSafeMarkdown, findUnsafeMarkdown } from "./find-unsafe-markdown.ts";
import { formatTime } from "./format-time.ts";
import { LONGEST_BODY, renderWithin, tellLeftOut } from "./render-within.ts";
import { viewRunning } from "./view-running.ts";
import { boxMark, dashboardMark } from "./write-marks.ts";

/** What the forge sets on an issue. */
export interface DashboardText {
  readonly title: string;
  readonly body: string;
}

/** The least important first. */
const SECTIONS = ["idle", "running", "waiting", "lent", "open", "drifting", "failing", "blocked", "held"] as const;
type Section = (typeof SECTIONS)[number];

const SECTION_NAMES: Readonly<Record<Section, string>> = {
  held: "what is held",
  blocked: "what is blocked",
  failing: "what fails",
  waiting: "what waits",
  drifting: "what drifts",
  lent: "what is lent",
  open: "open promotions",
  running: "what runs where",
  idle: "where there is nothing to do",
};

const TITLE = "Stagecoach dashboard";
const ROWS_SHOWN = 100;
const IDLE_SHOWN = 200;
const LONGEST_REASON = 300;

export function renderDashboard(view: DashboardView, templates: CompiledTemplates): DashboardText {
  const references = [...view.failing, ...view.lent, ...view.open].map(({ number }) => number);
  const permitted = { references: [...references, ...view.drifting.map(({ issue }) => issue)] };
  const body = renderWithin({
    limit: LONGEST_BODY,
    droppable: SECTIONS,
    render: (leftOut) => templates.dashboard(viewParts(view, leftOut)),
  });
  if (findUnsafeMarkdown(body, permitted).length === 0) return { title: TITLE, body };
  // Words that cannot be shown must not keep the rest of the pass from being done.
  const bare = templates.dashboard(viewParts({ ...view, alarms: [] }, new Set(SECTIONS)));
  assertSafeMarkdown(bare);
  return { title: TITLE, body: bare };
}

function viewParts(view: DashboardView, leftOut: ReadonlySet<Section>) {
  const rows = <Row>(section: Section, all: readonly Row[], most = ROWS_SHOWN) =>
    leftOut.has(section) ? [] : all.slice(0, most);
  const held = rows("held", view.held);
  const blocked = rows("blocked", view.blocked);
  const open = rows("open", view.open);
  const idle = rows("idle", view.idle, IDLE_SHOWN);
  return {
    opening: trusted("How Stagecoach stands in this repository. It writes this issue anew when something changes."),
    alarms: view.alarms.slice(0, 10).map((alarm) => wholeSentence(alarm, LONGEST_REASON)),
    held: held.map(viewHeld),
    heldBoxes: held.flatMap(viewBoxes),
    blocked: blocked.map(viewBlocked),
    blockedBoxes: blocked.flatMap(viewBoxes),
    failing: rows("failing", view.failing).map((row) => ({ ...viewPromotion(row), why: reasonCell(row.why) })),
    waiting: rows("waiting", view.waiting).map(({ key, why, until }) => ({
      key: cell(code(key)),
      why: reasonCell(why),
      until: timeCell(until),
    })),
    drifting: rows("drifting", view.drifting).map(({ key, issue }) => trusted(`${code(key)}: ${reference(issue)}`)),
    lent: rows("lent", view.lent).map(viewLent),
    open: open.map(viewPromotion),
    openBoxes: open.flatMap(viewBoxes),
    running: leftOut.has("running") ? [] : viewRunning(view.running),
    idle: trusted(idle.map((key) => code(key)).join(", ")),
    more: moreSentence(view),
    leftOut: tellLeftOut(leftOut, SECTION_NAMES),
    closing: view.mayTick ? trusted(CLOSING) : NOTHING,
    marker: dashboardMark(view.fingerprint),
  };
}

const CLOSING =
  "Tick a box, and Stagecoach does it as if you had written the command; it asks for the same rights, and empties the box. Commands in a comment work here, too.";

function moreSentence(view: DashboardView) {
  const long = [view.held, view.blocked, view.failing, view.waiting, view.drifting, view.lent, view.open];
  const hidden = long.reduce((sum, { length }) => sum + Math.max(0, length - ROWS_SHOWN), 0);
  return hidden > 0 ? trusted(`${countOf(hidden, "more row")} not shown here.`) : NOTHING;
}

function viewHeld({ place, by, at, until, reason }: DashboardView["held"][number]) {
  return {
    place: cell(code(place)),
    by: cell(code(by, 60)),
    since: trusted(formatTime(at)),
    until: timeCell(until),
    reason: reasonCell(reason, code),
  };
}

function viewBlocked({ tag, images, by, at, reason }: DashboardView["blocked"][number]) {
  return {
    version: cell(code(tag, 128)),
    images: cell(
      trusted(
        images
          .slice(0, 5)
          .map((image) => code(image, 128))
          .join(", "),
      ),
    ),
    by: cell(code(by, 60)),
    since: trusted(formatTime(at)),
    reason: reasonCell(reason, code),
  };
}

function viewLent({ key, number, by, at, ended }: DashboardView["lent"][number]) {
  const now = ended === undefined ? `since ${formatTime(at)}` : `is put back: ${sentence(ended, LONGEST_REASON)}`;
  return { key: cell(code(key)), pull: reference(number), by: cell(code(by, 60)), now: cell(trusted(now)) };
}

function viewPromotion({ key, release, number }: DashboardView["open"][number] | DashboardView["failing"][number]) {
  return { key: cell(code(key)), release: cell(code(release, 128)), pull: reference(number) };
}

function viewBoxes({ boxes }: { readonly boxes: readonly Box[] }) {
  return boxes.map((box) => {
    const [verb = "", ...rest] = box.split(" ");
    return { mark: boxMark(box), label: trusted(`${sentence(verb)} ${code(rest.join(" "))}`) };
  });
}

function reasonCell(reason: string, write: typeof code = sentence) {
  return cell(write(reason, LONGEST_REASON));
}

function timeCell(at: number | undefined) {
  return trusted(at === undefined ? "–" : formatTime(at));
}
