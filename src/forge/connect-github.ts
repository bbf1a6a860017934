// Signs in to GitHub through Probot's app authentication. Every repository gets a client of its own, whose token opens
// that repository alone and no more than Stagecoach needs there. Nothing is retried here: whoever writes reads first.

import type { Octokit as RestOctokit } from "@octokit/rest";
import type { Logger } from "pino";
import { createProbot, ProbotOctokit } from "probot";
import { classifyError } from "./classify-error.ts";
import { RepositoryGone, type RepositoryReference } from "./forge.ts";
import { createNarrowClients, type NarrowClient, type NarrowRequest } from "./narrow-client.ts";
import { type RequestSeen, watchRequests } from "./watch-requests.ts";

export type Octokit = Pick<RestOctokit, "rest" | "graphql" | "request" | "paginate">;

export interface GithubSettings {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** `https://api.github.com`, or where else the REST API is. */
  readonly baseUrl: string;
  readonly log: Logger;
  /** GitHub's advice to write at most once a second; off in tests. */
  readonly throttle: boolean;
  readonly onRequest?: (request: RequestSeen) => void;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
  readonly timeoutMilliseconds?: number;
  /** How long a read waits for a token that GitHub does not know everywhere yet. */
  readonly lagMilliseconds?: number;
}

export interface GithubConnection {
  /** Signed in as the app itself: for its own facts and its installations. */
  readonly app: Octokit;
  readonly settings: GithubSettings;
  readonly now: () => number;
  /** Opens one repository. Throws `RepositoryGone` when the installation does not have it (any more). */
  clientFor(at: RepositoryIdentity): Promise<RepositoryClient>;
  /** Opens everything of an installation, for reading which repositories there are. */
  clientForInstallation(installation: number): Promise<Octokit>;
  /** Opens another repository of the installation to read one thing in it. */
  narrowClientFor(request: NarrowRequest): Promise<NarrowClient<Octokit>>;
  /** Forgets a token that GitHub refuses. */
  forget(at: RepositoryIdentity): void;
}

export type RepositoryIdentity = Pick<RepositoryReference, "installation" | "repository">;

export interface RepositoryClient {
  readonly octokit: Octokit;
  /** Epoch milliseconds. */
  readonly mintedAt: number;
}

interface Token extends RepositoryClient {
  readonly expiresAt: number;
}

type Permissions = Readonly<Record<string, "read" | "write">>;

const NEEDED: Permissions = {
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  metadata: "read",
};
const WELCOME: Permissions = {
  ...NEEDED,
  deployments: "write",
  statuses: "read",
  merge_queues: "read",
  // Only for who is in a team.
  members: "read",
};

/** A token that ends within these milliseconds is not used for another request. */
export const MARGIN = 5 * 60_000;

/** Where the REST API of `GHE_HOST` is; without a host, GitHub's own. */
export function apiUrl({ host, protocol }: { readonly host?: string; readonly protocol?: string }): string {
  return host ? `${protocol ?? "https"}://${host}/api/v3` : "https://api.github.com";
}

/** Where the repositories are whose API that is. */
export function gitHostOf({ baseUrl }: { readonly baseUrl: string }): string {
  const { host } = new URL(baseUrl);
  return host === "api.github.com" ? "github.com" : host;
}

export async function connectGithub(settings: GithubSettings): Promise<GithubConnection> {
  if (settings.webhookSecret === "" || settings.webhookSecret === "development") {
    throw new Error("Stagecoach does not start without a webhook secret of its own. Set WEBHOOK_SECRET.");
  }
  const now = settings.now ?? Date.now;
  const app = await signIn(settings);
  const tokens = new Map<string, Promise<Token>>();

  function mint(at: RepositoryIdentity): Promise<Token> {
    const minted = mintToken({ app, at, now: now() });
    tokens.set(keyOf(at), minted);
    minted.catch(() => tokens.delete(keyOf(at)));
    return minted;
  }

  return {
    app,
    settings,
    now,
    clientFor: async (at) => {
      const known = await tokens.get(keyOf(at));
      return known !== undefined && known.expiresAt - MARGIN > now() ? known : mint(at);
    },
    clientForInstallation: async (installation) => {
      const permissions = { metadata: "read" } as const;
      const { data } = await app.rest.apps.createInstallationAccessToken({
        installation_id: installation,
        permissions,
      });
      return clientWithToken(app, { token: data.token, installation });
    },
    narrowClientFor: createNarrowClients({ app, now, open: (token) => clientWithToken(app, token) }),
    forget: (at) => {
      tokens.delete(keyOf(at));
    },
  };
}

async function signIn(settings: GithubSettings): Promise<Octokit> {
  const throttle = { enabled: settings.throttle, onRateLimit: () => false, onSecondaryRateLimit: () => false };
  const probot = createProbot({
    env: {},
    overrides: {
      appId: settings.appId,
      privateKey: settings.privateKey,
      secret: settings.webhookSecret,
      baseUrl: settings.baseUrl,
      log: withoutBodies(settings.log),
      request: { fetch: watchRequests(settings) },
      // Probot's own wishes come last in its options, so ours are laid over them here.
      Octokit: ProbotOctokit.defaults((options: { readonly throttle?: object }) => ({
        ...options,
        retry: { enabled: false },
        throttle: { ...options.throttle, ...throttle },
      })),
    },
  });
  return await probot.auth();
}

/** Whatever the operator's level is, Probot's own lines begin at `info`: at `debug` it writes whole bodies (T22). */
function withoutBodies(log: Logger): Logger {
  return log.child({}, { level: log.isLevelEnabled("debug") ? "info" : log.level });
}

async function mintToken({
  app,
  at,
  now,
}: {
  readonly app: Octokit;
  readonly at: RepositoryIdentity;
  readonly now: number;
}): Promise<Token> {
  const data = await requestToken({ app, at, now, permissions: WELCOME });
  const octokit = clientWithToken(app, { token: data.token, installation: at.installation });
  return { octokit, mintedAt: now, expiresAt: Date.parse(data.expires_at) };
}

async function requestToken({
  app,
  at,
  now,
  permissions,
}: {
  readonly app: Octokit;
  readonly at: RepositoryIdentity;
  readonly now: number;
  readonly permissions: Permissions;
}): Promise<{ readonly token: string; readonly expires_at: string }> {
  try {
    const answer = await app.rest.apps.createInstallationAccessToken({
      installation_id: at.installation,
      repository_ids: [at.repository],
      permissions,
    });
    return answer.data;
  } catch (cause) {
    const doing = `sign in to repository ${at.repository}`;
    const failure = classifyError(cause, { doing, installation: at.installation, now });
    if (failure.kind !== "answered") throw failure.error;
    const notGranted = failure.status === 422 && /permission/i.test(failure.sentence);
    // An installation that has not accepted a newer permission still gets on with the ones that it has.
    if (notGranted && permissions === WELCOME) {
      return requestToken({ app, at, now, permissions: await readGranted(app, { at, now }) });
    }
    if (notGranted) {
      const missing = `Installation ${at.installation} has not granted what Stagecoach needs: ${Object.keys(NEEDED).join(", ")}.`;
      throw new Error(`${missing} An owner accepts it in the settings of the installed GitHub Apps.`, { cause });
    }
    if (failure.status !== 404 && failure.status !== 422) throw failure.error;
    const message = `Installation ${at.installation} does not have repository ${at.repository} any more.`;
    throw new RepositoryGone(message, { repository: at.repository, cause });
  }
}

/** What it must have, and of the rest what its owners have granted. */
async function readGranted(
  app: Octokit,
  { at, now }: { readonly at: RepositoryIdentity; readonly now: number },
): Promise<Permissions> {
  try {
    const { data } = await app.rest.apps.getInstallation({ installation_id: at.installation });
    const granted = new Map(Object.entries(data.permissions));
    const welcome = Object.entries(WELCOME).filter(([name, access]) => {
      const given = granted.get(name);
      return given === access || given === "write";
    });
    return { ...Object.fromEntries(welcome), ...NEEDED };
  } catch (cause) {
    const doing = `read what installation ${at.installation} has granted`;
    throw classifyError(cause, { doing, installation: at.installation, now }).error;
  }
}

/** `octokit.auth({ type: "installation" })` would ask api.github.com whatever the base URL, and cannot narrow. */
export function clientWithToken(
  app: Octokit,
  { token, installation }: { readonly token: string; readonly installation: number },
): Octokit {
  const Client = app.constructor as new (options: object) => Octokit;
  return new Client({ auth: { token }, throttle: { id: String(installation) } });
}

function keyOf({ installation, repository }: RepositoryIdentity): string {
  return `${installation}/${repository}`;
}
