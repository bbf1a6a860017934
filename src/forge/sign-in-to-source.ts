// The client with which a config repository reads another repository. GitHub decides what it may see: a repository of
// the same account by a token of the same installation for it alone, to read; everything else with the config
// repository's own token, which opens of others what is public. No other installation is ever signed in to (T23, T25).

import type { SourceRepository } from "../domain/source-repository.ts";
import { classifyError } from "./classify-error.ts";
import { clientWithToken, type GithubConnection, type Octokit } from "./connect-github.ts";
import type { RepositoryReference } from "./forge.ts";

export interface SourceClient {
  readonly octokit: Octokit;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** By installation and name. */
export type SourceClients = Map<string, Promise<SourceClient>>;

export interface SourceRequest {
  readonly at: RepositoryReference;
  readonly source: SourceRepository;
}

interface Signing extends GithubConnection {
  readonly sources: SourceClients;
}

const MARGIN = 5 * 60_000;
/** Somebody may install the app on it at any time. */
const REFUSAL_HOLDS = 10 * 60_000;

export async function signInToSource(github: Signing, { at, source }: SourceRequest): Promise<Octokit> {
  const own = async () => (await github.clientFor(at)).octokit;
  const isOwn = isNamed(at, source);
  if (isOwn || at.owner.toLowerCase() !== source.owner.toLowerCase()) return own();
  const key = keyOf({ at, source });
  const known = await github.sources.get(key);
  if (known !== undefined && known.until > github.now()) return known.octokit;
  const asked = mint(github, { at, source, own });
  github.sources.set(key, asked);
  asked.catch(() => github.sources.delete(key));
  return (await asked).octokit;
}

/** GitHub refuses the token. */
export function forgetSource(github: Signing, request: SourceRequest): void {
  github.sources.delete(keyOf(request));
}

async function mint(
  github: Signing,
  { at, source, own }: SourceRequest & { readonly own: () => Promise<Octokit> },
): Promise<SourceClient> {
  const { app, now } = github;
  try {
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: at.installation,
      repositories: [source.name],
      permissions: { contents: "read", metadata: "read" },
    });
    const octokit = clientWithToken(app, { token: data.token, installation: at.installation });
    return { octokit, until: Date.parse(data.expires_at) - MARGIN };
  } catch (cause) {
    const doing = `sign in to ${source.owner}/${source.name}`;
    const failure = classifyError(cause, { doing, installation: at.installation, now: now() });
    const notThere = failure.kind === "answered" && (failure.status === 404 || failure.status === 422);
    if (!notThere) throw failure.error;
    // The app is not installed there: what is public can be read all the same.
    return { octokit: await own(), until: now() + REFUSAL_HOLDS };
  }
}

function isNamed(at: RepositoryReference, { owner, name }: SourceRepository): boolean {
  return `${at.owner}/${at.name}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
}

function keyOf({ at, source }: SourceRequest): string {
  return `${at.installation}/${source.name.toLowerCase()}`;
}
