// Opens another repository of the same installation for one purpose: a token for that repository alone, which may read one
// thing there. What GitHub refuses is a value; tokens are kept while they are good.

import type { Octokit } from "@octokit/rest";
import { classifyError } from "./classify-error.ts";

export interface NarrowRequest {
  readonly installation: number;
  /** Its name without the owner: the installation is of one. */
  readonly name: string;
  readonly permission: "attestations";
}

export type NarrowClient<Client> =
  | { readonly kind: "opened"; readonly octokit: Client }
  /** The owners have not granted it. */
  | { readonly kind: "not-granted" }
  /** The installation does not have the repository. */
  | { readonly kind: "not-there" };

interface Kept<Client> {
  readonly client: NarrowClient<Client>;
  readonly until: number;
}

const MARGIN = 5 * 60_000;
/** Owners may grant it, or add the repository, at any moment. */
const REFUSED_FOR = 5 * 60_000;
const MOST_KEPT = 1_000;

interface Parts<Client> {
  /** Signed in as the app itself. */
  readonly app: Pick<Octokit, "rest">;
  readonly now: () => number;
  readonly open: (token: { readonly token: string; readonly installation: number }) => Client;
}

export function createNarrowClients<Client>(
  parts: Parts<Client>,
): (request: NarrowRequest) => Promise<NarrowClient<Client>> {
  const kept = new Map<string, Kept<Client>>();
  return async (request) => {
    const key = `${request.installation}/${request.name.toLowerCase()} ${request.permission}`;
    const found = kept.get(key);
    if (found !== undefined && found.until > parts.now()) return found.client;
    const opened = await openNarrow(request, parts);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, opened);
    return opened.client;
  };
}

async function openNarrow<Client>(
  { installation, name, permission }: NarrowRequest,
  { app, now, open }: Parts<Client>,
): Promise<Kept<Client>> {
  // The types that come with Octokit do not know every permission yet.
  const permissions: Readonly<Record<string, "read">> = { [permission]: "read", metadata: "read" };
  try {
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: installation,
      repositories: [name],
      permissions,
    });
    const octokit = open({ token: data.token, installation });
    return { client: { kind: "opened", octokit }, until: Date.parse(data.expires_at) - MARGIN };
  } catch (cause) {
    const failure = classifyError(cause, { doing: `sign in to read ${permission}`, installation, now: now() });
    if (failure.kind !== "answered" || (failure.status !== 404 && failure.status !== 422)) throw failure.error;
    const kind = /permission/i.test(failure.sentence) ? "not-granted" : "not-there";
    return { client: { kind }, until: now() + REFUSED_FOR };
  }
}
