// Turns what happens on GitHub into lines of the story. It hears what the stand-in announces, as a person would see it on
// the site; nothing is told because the program meant to do it.

import type { Announcement, PullRequestAnnouncement, PushAnnouncement } from "../github/model/announcement.ts";
import type { PullRequest } from "../github/model/repository.ts";
import type { Github } from "../github/start-github.ts";
import { CONFIG_REPOSITORY } from "./config-repository.ts";
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
/** What the ledger remembers because of a person. */
const PERSONAL = /declined|rolled back|brought back|came back/i;
const BODY_MARGIN = "      ";

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
    for (const line of lines.filter((each) => PERSONAL.test(each)))
      narrator.say({ who, text: `writes into its ledger: ${line}` });
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
  if (detail === "body") return ["", ...frame(pull, narrator), "", ...change()];
  if (detail === "lines") return [...indent(wayFrom(pull, inner)), ...change()];
  return indent(placesFrom(pull, inner));
}

function frame({ body }: PullRequest, { terminal }: Narrator): readonly string[] {
  const { width, paint } = terminal;
  const bar = `${BODY_MARGIN}${paint("dim", "│")} `;
  const rendering = { ...terminal, width: width - BODY_MARGIN.length - 2, unfold: false };
  return renderMarkdown(body ?? "", rendering).map((line) => `${bar}${line}`.trimEnd());
}

/** Of later descriptions only where the version has been. */
function wayFrom({ body }: PullRequest, terminal: Terminal): readonly string[] {
  const way = /^\*\*The way so far:\*\* (.*?)(?:, on .*)?$/m.exec(body ?? "")?.[1];
  return way === undefined ? [] : renderMarkdown(`So far: ${way}`, { ...terminal, unfold: false });
}

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
