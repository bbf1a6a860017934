// The writes on an open pull request that may be given twice without harm: its text, its end, its labels. After a lost
// answer each of them reads whether it happened.

import { type Github, read, write } from "./call-github.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";
import type { PullRequestText } from "./write-request.ts";

interface Numbered {
  readonly at: RepositoryReference;
  readonly number: number;
}

const DONE: Outcome = { kind: "done", value: undefined };
const ALREADY_SO: Outcome = { kind: "already-so", value: undefined };

export interface PullRequestNow {
  readonly node: string;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly merged: boolean;
  readonly head: string;
  readonly labels: readonly string[];
  /** `undefined` while GitHub computes it. */
  readonly mergeable: boolean | undefined;
}

export async function describePullRequest(
  github: Github,
  { at, number, title, body }: Numbered & PullRequestText,
): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `edit the text of #${number}`,
    ask: ({ octokit, where }) => octokit.rest.pulls.update({ ...where, pull_number: number, title, body }),
  });
  if (written.kind === "ok") return DONE;
  if (written.kind === "answered") return { kind: "refused", why: written.sentence };
  const now = await readPullRequest(github, { at, number });
  if (now.title === title && sameText(now.body, body)) return ALREADY_SO;
  throw written.error;
}

export async function closePullRequest(github: Github, { at, number }: Numbered): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `close #${number}`,
    ask: ({ octokit, where }) => octokit.rest.pulls.update({ ...where, pull_number: number, state: "closed" }),
  });
  if (written.kind === "answered") return { kind: "refused", why: written.sentence };
  const merged = written.kind === "ok" ? written.value.data.merged : undefined;
  if (merged === false) return DONE;
  const now = await readPullRequest(github, { at, number });
  if (now.merged) return { kind: "moved-on", why: `#${number} was merged` };
  if (!now.open) return ALREADY_SO;
  throw written.kind === "unsure" ? written.error : new Error(`GitHub did not close #${number}.`);
}

export async function addLabels(
  github: Github,
  { at, number, labels }: Numbered & { readonly labels: readonly string[] },
): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `label #${number}`,
    ask: ({ octokit, where }) => octokit.rest.issues.addLabels({ ...where, issue_number: number, labels: [...labels] }),
  });
  if (written.kind === "ok") return DONE;
  if (written.kind === "answered") return { kind: "refused", why: written.sentence };
  const now = await readPullRequest(github, { at, number });
  if (labels.every((label) => now.labels.includes(label))) return ALREADY_SO;
  throw written.error;
}

export async function readPullRequest(github: Github, { at, number }: Numbered): Promise<PullRequestNow> {
  const { data } = await read(github, {
    at,
    doing: `read #${number}`,
    ask: ({ octokit, where }) => octokit.rest.pulls.get({ ...where, pull_number: number }),
  });
  return {
    node: data.node_id,
    title: data.title,
    body: data.body ?? "",
    open: data.state === "open",
    merged: data.merged,
    head: data.head.sha,
    labels: data.labels.map(({ name }) => name),
    mergeable: data.mergeable ?? undefined,
  };
}

/** GitHub may keep a text with other line ends. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll("\r\n", "\n").trimEnd() === b.replaceAll("\r\n", "\n").trimEnd();
}
