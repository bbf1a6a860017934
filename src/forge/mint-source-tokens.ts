// Mints tokens for source repositories: those of the installation's own, by name, for reading alone (T23). What the
// installation was not given stays closed; nobody else's installation is ever asked.

import type { Github, SourceIdentity } from "./call-github.ts";
import { classifyError } from "./classify-error.ts";
import { clientWithToken, type GithubConnection, MARGIN, type RepositoryClient } from "./connect-github.ts";

const READ = { contents: "read", pull_requests: "read", metadata: "read" } as const;

interface Minted {
  readonly client: RepositoryClient;
  readonly expiresAt: number;
}

export function mintSourceTokens(connection: GithubConnection): Github["clientForSource"] {
  const minted = new Map<string, Promise<Minted | undefined>>();
  return async (at) => {
    const key = `${at.installation}/${at.name.toLowerCase()}`;
    const kept = await minted.get(key);
    if (kept !== undefined && kept.expiresAt - MARGIN > connection.now()) return kept.client;
    const minting = mint(at, connection);
    minted.set(key, minting);
    minting.catch(() => minted.delete(key));
    return (await minting)?.client;
  };
}

async function mint(
  { installation, name }: SourceIdentity,
  { app, now }: GithubConnection,
): Promise<Minted | undefined> {
  const mintedAt = now();
  try {
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: installation,
      repositories: [name],
      permissions: READ,
    });
    const octokit = clientWithToken(app, { token: data.token, installation });
    return { client: { octokit, mintedAt }, expiresAt: Date.parse(data.expires_at) };
  } catch (cause) {
    const doing = `sign in to the repository ${name}`;
    const failure = classifyError(cause, { doing, installation, now: mintedAt });
    if (failure.kind === "answered" && (failure.status === 404 || failure.status === 422)) return undefined;
    throw failure.error;
  }
}
