// The client with which a config repository reads another repository. GitHub decides what it may see: a repository of
// the same account by a token of the same installation for it alone, to read; everything else with the config
// repository's own token, which opens of others what is public. No other installation is ever signed in to (T23, T25).

import type { SourceRepository } from "../domain/source-repository.ts";
import type { Github } from "./call-github.ts";
import type { Octokit } from "./connect-github.ts";
import type { RepositoryReference } from "./forge.ts";

export interface SourceRequest {
  readonly at: RepositoryReference;
  readonly source: SourceRepository;
}

export async function signInToSource(github: Github, { at, source }: SourceRequest): Promise<Octokit> {
  const isAccount = at.owner.toLowerCase() === source.owner.toLowerCase();
  const isOwn = isAccount && at.name.toLowerCase() === source.name.toLowerCase();
  const { installation } = at;
  const client = isAccount && !isOwn ? await github.clientForSource({ installation, name: source.name }) : undefined;
  // Where the app is not installed, what is public can be read all the same.
  return (client ?? (await github.clientFor(at))).octokit;
}
