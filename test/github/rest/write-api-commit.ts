// Commits made through the API: whose they are, and which of them GitHub signs.

import type { Signature } from "../git/commit.ts";
import { createCommit } from "../git/git-repository.ts";
import type { RepositoryCall } from "../http/call.ts";
import { readPart, readText } from "../http/read-body.ts";
import { timestamp } from "../model/model.ts";
import { githubSignature, signatureOf } from "../model/sign-commit.ts";

/** Without an author and committer of its own an app's commit is the bot's, and GitHub signs it; a person's it does not. */
export function writeApiCommit(
  call: RepositoryCall,
  { tree, parents }: { readonly tree: string; readonly parents: readonly string[] },
): string {
  const { model, repository, body, by, actor } = call;
  const author = readSignature(call, "author");
  const committer = readSignature(call, "committer");
  const signed = actor.kind === "installation" && author === undefined && committer === undefined;
  const writer = author ?? signatureOf(model, by);
  return createCommit(repository.git, {
    tree,
    parents,
    author: writer,
    committer: committer ?? (signed ? githubSignature(model) : writer),
    message: readText(body, "message") ?? "",
    signed,
  });
}

function readSignature({ model, body }: RepositoryCall, name: string): Signature | undefined {
  const part = readPart(body, name);
  if (part === undefined) return undefined;
  const date = Date.parse(readText(part, "date") ?? "");
  return {
    name: readText(part, "name") ?? "",
    email: readText(part, "email") ?? "",
    date: Number.isNaN(date) ? timestamp(model) : new Date(date).toISOString(),
  };
}
