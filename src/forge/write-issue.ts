// Opens, edits and closes issues of ours. A new one whose answer was lost is not opened again: the next pass finds it by
// its label and mark. Labels are given once and then left to people.

import { type Github, type Written, write } from "./call-github.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";
import type { IssueText } from "./write-request.ts";

export interface IssueRequest extends IssueText {
  readonly at: RepositoryReference;
  readonly issue?: number;
  readonly labels: readonly string[];
}

interface IssueNow {
  readonly number: number;
  readonly state: string;
}

export async function writeIssue(
  github: Github,
  { at, issue, title, body, labels }: IssueRequest,
): Promise<Outcome<{ readonly number: number }>> {
  if (issue === undefined) {
    const written = await write(github, {
      at,
      doing: "open an issue",
      ask: ({ octokit, where }) => octokit.rest.issues.create({ ...where, title, body, labels: [...labels] }),
    });
    if (written.kind === "ok") return { kind: "done", value: { number: Number(written.value.data.number) } };
    if (written.kind === "unsure") throw written.error;
    return { kind: "refused", why: written.sentence };
  }
  const written = await write(github, {
    at,
    doing: `edit issue #${issue}`,
    ask: ({ octokit, where }) => octokit.rest.issues.update({ ...where, issue_number: issue, title, body }),
  });
  return judge(written, { issue, wanted: "open" });
}

export async function closeIssue(
  github: Github,
  { at, issue }: { readonly at: RepositoryReference; readonly issue: number },
): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `close issue #${issue}`,
    ask: ({ octokit, where }) =>
      octokit.rest.issues.update({ ...where, issue_number: issue, state: "closed", state_reason: "completed" }),
  });
  const outcome = judge(written, { issue, wanted: "closed" });
  return outcome.kind === "done" ? { kind: "done", value: undefined } : outcome;
}

export async function removeLabel(
  github: Github,
  { at, number, label }: { readonly at: RepositoryReference; readonly number: number; readonly label: string },
): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `take a label off #${number}`,
    ask: ({ octokit, where }) => octokit.rest.issues.removeLabel({ ...where, issue_number: number, name: label }),
  });
  if (written.kind === "ok") return { kind: "done", value: undefined };
  if (written.kind === "unsure") throw written.error;
  if (written.status === 404) return { kind: "already-so", value: undefined };
  return { kind: "refused", why: written.sentence };
}

/** An issue may have been closed, deleted or moved to another repository, which GitHub answers without an error. */
function judge(
  written: Written<{ readonly data: IssueNow }>,
  { issue, wanted }: { readonly issue: number; readonly wanted: "open" | "closed" },
): Exclude<Outcome<{ readonly number: number }>, { readonly kind: "already-so" }> {
  if (written.kind === "unsure") throw written.error;
  if (written.kind === "answered") {
    const gone = written.status === 404 || written.status === 410;
    return gone
      ? { kind: "moved-on", why: `issue #${issue} is gone: ${written.sentence}` }
      : { kind: "refused", why: written.sentence };
  }
  const { number, state } = written.value.data;
  if (Number(number) !== issue) return { kind: "moved-on", why: `issue #${issue} is not here any more` };
  if (state !== wanted) return { kind: "moved-on", why: `issue #${issue} is ${state}` };
  return { kind: "done", value: { number: issue } };
}
