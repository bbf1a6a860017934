// Writes a comment of ours, or edits it. A new one whose answer was lost is not written again: the next pass finds it by
// its mark.

import { type Github, write } from "./call-github.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";

export interface CommentRequest {
  readonly at: RepositoryReference;
  readonly number: number;
  readonly comment?: number;
  readonly body: string;
}

export async function writeComment(
  github: Github,
  { at, number, comment, body }: CommentRequest,
): Promise<Outcome<{ readonly id: number }>> {
  const written = await write(github, {
    at,
    doing: comment === undefined ? `comment on #${number}` : `edit our comment on #${number}`,
    ask: ({ octokit, where }) =>
      comment === undefined
        ? octokit.rest.issues.createComment({ ...where, issue_number: number, body }).then(idOf)
        : octokit.rest.issues.updateComment({ ...where, comment_id: comment, body }).then(idOf),
  });
  if (written.kind === "ok") return { kind: "done", value: { id: written.value } };
  if (written.kind === "unsure") throw written.error;
  if (comment !== undefined && written.status === 404) {
    return { kind: "moved-on", why: `our comment on #${number} is gone` };
  }
  return { kind: "refused", why: written.sentence };
}

function idOf({ data }: { readonly data: { readonly id: number } }): number {
  return Number(data.id);
}
