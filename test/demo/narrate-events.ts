// Turns what happens on GitHub into lines of the story. It hears what the stand-in announces, as a person would see it on
// the site; nothing is told because the program meant to do it.

import type { Announcement, PullRequestAnnouncement, PushAnnouncement } from "../github/model/announcement.ts";
import type { PullRequest } from "../github/model/repository.ts";
import type { Github } from "../github/start-github.ts";
import { CONFIG_REPOSITORY } from "./config-repository.ts";
import { frameMarkdown } from "./frame-markdown.ts";
import { INDENT, indent, type Narrator, nameOf } from "./narrator.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { showChange } from "./show-change.ts";
import type { Terminal } from "./terminal.ts";

/** How much is shown of a pull request: the whole body, the lines that change, or only which version moves where. */
export type Detail = "body" | "lines" | "places";

export interface Telling {
  readonly github: Github;
  readonly narrator: Narrator;
  /** Asked for each pull request that opens. */
  readonly detail: () => Detail;
}

const LEDGER_REF = "refs/heads/stagecoach-ledger";
/** What the ledger remembers because of a person, and what goes no further. */
const TOLD = /declined|rolled back|brought back|came back|is stopped/i;
/** Why something is stopped is told where it happens. */
const REASON = /(?<=is stopped in \S+): .*$/;

export function narrateEvents(telling: Telling): void {
  telling.github.model.listeners.add((announcement: Announcement) => {
    if (announcement.event === "pull_request") tellOfPullRequest(announcement, telling);
    else if (announcement.event === "push") tellOfPush(announcement, telling);
  });
}

function tellOfPullRequest(announcement: PullRequestAnnouncement, { narrator, detail }: Telling): void {
  const { action, pullRequest, sender, changes } = announcement;
  const { title, mergedAt } = pullRequest;
  const who = nameOf(sender.login);
  const number = narrator.terminal.paint("bold", `#${pullRequest.number}`);
  if (action === "opened") {
    narrator.say({ who, text: `opens ${number}: ${title}` });
    narrator.show(describe(pullRequest, { narrator, detail: detail() }));
  }
  if (action === "edited" && changes?.title !== undefined) {
    narrator.say({ who, text: `edits ${number} in place: ${title} (it was ${versionIn(changes.title)})` });
    narrator.show(describe(pullRequest, { narrator, detail: "lines" }));
  }
  if (action === "closed")
    narrator.say({ who, text: `${mergedAt === undefined ? "closes" : "merges"} ${number}: ${title}` });
}

/** Of the ledger its beginning and what a person caused; of the default branch what came by no pull request. */
function tellOfPush({ ref, before, after, sender }: PushAnnouncement, { github, narrator }: Telling): void {
  const [commit] = /^0+$/.test(after) ? [] : github.log({ repository: CONFIG_REPOSITORY, ref: after });
  if (commit === undefined) return;
  const lines = commit.message.split("\n").map((line) => line.replace(/^- /, ""));
  const who = nameOf(sender.login);
  if (ref === LEDGER_REF && /^0+$/.test(before))
    narrator.say({ who, text: "begins its ledger, the branch stagecoach-ledger: what Git tells nowhere else" });
  else if (ref === LEDGER_REF)
    for (const line of lines.filter((each) => TOLD.test(each) && !each.endsWith("…")))
      narrator.say({ who, text: `writes into its ledger: ${line.replace(REASON, "")}` });
  const merged = github.pullRequests({ repository: CONFIG_REPOSITORY }).some((pull) => pull.mergeCommitOid === after);
  if (ref === "refs/heads/main" && !merged) narrator.say({ who, text: `pushes to main: ${lines[0] ?? ""}` });
}

function describe(
  pull: PullRequest,
  { narrator, detail }: { readonly narrator: Narrator; readonly detail: Detail },
): readonly string[] {
  const { terminal } = narrator;
  const inner = { ...terminal, width: terminal.width - INDENT.length };
  const change = () => indent(showChange(pull, inner));
  if (detail === "body") return ["", ...frameMarkdown(pull.body ?? "", terminal), "", ...change()];
  if (detail === "lines") return [...indent(wayFrom(pull, inner)), ...change()];
  return indent(placesFrom(pull, inner));
}

/** Of later descriptions only why it may go on, and where the version has been. */
function wayFrom({ body }: PullRequest, terminal: Terminal): readonly string[] {
  const gates = [...(body ?? "").matchAll(PASSED)].map(
    ([, name = "", why = ""]) => `✅ ${name}: ${why.replace(DAY_AND_TIME, "at $1")}`,
  );
  const way = /^\*\*The way so far:\*\* (.*?)(?:, on .*)?$/m.exec(body ?? "")?.[1];
  const lines = [...gates, ...(way === undefined ? [] : [`So far: ${way}`])];
  return lines.flatMap((line) => renderMarkdown(line, { ...terminal, unfold: false }));
}

/** The time alone will do in a story of a minute. */
const DAY_AND_TIME = /on \d{4}-\d\d-\d\d (\d\d:\d\d) UTC$/;
/** A row of the description's table of gates. */
const PASSED = /^\| ([^|]+) \| ✅ passed \| ([^|]+?) \|/gm;
const PLACE = /^- `(.+:\d+)`: `(.*)` → `(.*)`$/gm;

/** The places as the description lists them, one line each: `services/web/dev/deployment.yaml:16  5.0.3 → 5.1.0`. */
function placesFrom({ body }: PullRequest, { paint }: Terminal): readonly string[] {
  return (
    [...(body ?? "").matchAll(PLACE)]
      .map(([, place = "", from = "", to = ""]) => ({ place, from: tagOf(from), to: tagOf(to) }))
      // The digest beside a tag moves with it.
      .filter(({ to }) => !to.startsWith("sha256:"))
      .map(({ place, from, to }) => `${paint("dim", place)}  ${from} → ${to}`)
  );
}

/** Of `registry/image:tag@digest` the tag; what is only a tag or a digest stays. */
function tagOf(value: string): string {
  return /^.+\/[^/:]+:([^@]+)/.exec(value)?.[1] ?? value;
}

function versionIn(title: string): string {
  return /^Promote \S+ (\S+) to /.exec(title)?.[1] ?? title;
}
