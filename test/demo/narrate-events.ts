// Turns what happens on GitHub into lines of the story. It hears what the stand-in announces, as a person would see it on
// the site; nothing is told because the program meant to do it.

import type { Announcement, PullRequestAnnouncement } from "../github/model/announcement.ts";
import type { PullRequest } from "../github/model/repository.ts";
import type { Github } from "../github/start-github.ts";
import { CONFIG_REPOSITORY } from "./config-repository.ts";
import { indent, type Narrator, STAGECOACH } from "./narrator.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { showChange } from "./show-change.ts";

const LEDGER_REF = "refs/heads/stagecoach-ledger";
const BODY_MARGIN = "      ";

export interface Telling {
  readonly github: Github;
  readonly narrator: Narrator;
}

/** Answers how to stop. */
export function narrateEvents(telling: Telling): () => void {
  const { listeners } = telling.github.model;
  let bodiesShown = 0;
  const listener = (announcement: Announcement) => {
    if (announcement.event === "pull_request") {
      bodiesShown += tellOfPullRequest(announcement, { ...telling, showBody: bodiesShown === 0 }) ? 1 : 0;
    } else if (announcement.event === "push") tellOfPush(announcement, telling);
  };
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the body was shown. */
function tellOfPullRequest(
  { action, pullRequest, sender, changes }: PullRequestAnnouncement,
  { narrator, showBody }: Telling & { readonly showBody: boolean },
): boolean {
  const { terminal } = narrator;
  const who = nameOf(sender.login);
  const number = terminal.paint("bold", `#${pullRequest.number}`);
  if (action === "opened") {
    narrator.say({ who, text: `opens ${number} ${pullRequest.title}` });
    if (showBody) narrator.show(["", ...frame(pullRequest, narrator), ""]);
    narrator.show(indent(showChange(pullRequest, inset(terminal))));
    return showBody;
  }
  if (action === "closed") {
    const text =
      pullRequest.mergedAt === undefined
        ? `closes ${number} without merging it: ${pullRequest.title}`
        : `merges ${number} ${pullRequest.title}`;
    narrator.say({ who, text });
  }
  if (action === "edited" && changes?.title !== undefined) {
    narrator.say({ who, text: `edits ${number} in place: ${pullRequest.title} (it was ${versionIn(changes.title)})` });
    narrator.show(indent(showChange(pullRequest, inset(terminal))));
  }
  return false;
}

/** Of the ledger only what a person caused. */
function tellOfPush(
  { ref, after }: { readonly ref: string; readonly after: string },
  { github, narrator }: Telling,
): void {
  if (ref !== LEDGER_REF || /^0+$/.test(after)) return;
  const [newest] = github.log({ repository: CONFIG_REPOSITORY, ref: after });
  if (newest === undefined || !/declined/i.test(newest.message)) return;
  const [subject = ""] = newest.message.split("\n");
  narrator.say({ who: STAGECOACH, text: `writes it to its ledger, the branch stagecoach-ledger: ${subject}` });
}

function frame({ body }: PullRequest, { terminal }: Narrator): readonly string[] {
  const { width, paint } = terminal;
  const bar = `${BODY_MARGIN}${paint("dim", "│")} `;
  const rendering = { ...terminal, width: width - BODY_MARGIN.length - 2, unfold: false };
  return renderMarkdown(body ?? "", rendering).map((line) => `${bar}${line}`.trimEnd());
}

function inset(terminal: Narrator["terminal"]): Narrator["terminal"] {
  const [margin = ""] = indent([""]);
  return { ...terminal, width: terminal.width - margin.length };
}

function nameOf(login: string): string {
  return login === "stagecoach[bot]" ? STAGECOACH : login;
}

function versionIn(title: string): string {
  return /^Promote \S+ (\S+) to /.exec(title)?.[1] ?? title;
}
