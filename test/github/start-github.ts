// Starts the stand-in for GitHub: its state in a folder, its API on a port of this machine, one app installed on every
// account that owns a repository. Tests hold the object that it answers with; main.ts runs it alone.

import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Api } from "./http/api.ts";
import type { FaultRule } from "./http/faults.ts";
import { compileRoutes } from "./http/match-route.ts";
import { createPastStates, forgetStates, rememberState } from "./http/past-states.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import type { LoggedRequest } from "./http/request-log.ts";
import { startServer, stopServer } from "./http/start-server.ts";
import type { App, Installation, Permissions } from "./model/identity.ts";
import { ensureApp, ensureUser, findUser, installApp } from "./model/manage-accounts.ts";
import { watchAutoMerges } from "./model/merge-automatically.ts";
import { createModel, type Model, type Settings } from "./model/model.ts";
import { listRoutes } from "./rest/all-routes.ts";
import { repositoryNamed } from "./stories/find-repository-named.ts";
import type { RepositoryStory } from "./stories/tell-of-repositories.ts";
import { type Stories, tellStories } from "./stories/tell-stories.ts";
import { type PublishedImage, publishPackage } from "./webhooks/publish-package.ts";
import { startWebhooks, type Webhooks } from "./webhooks/start-webhooks.ts";

export interface GithubOptions {
  /** where repositories are kept; a temporary folder, removed by close(), when not given */
  readonly dataFolder?: string;
  readonly port?: number;
  readonly host?: string;
  readonly now?: () => Date;
  /** the clock for tokens; the machine's when not given, because clients sign with that */
  readonly credentialsNow?: () => Date;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly appId?: number;
  readonly appSlug?: string;
  /** PEM; made when not given */
  readonly privateKey?: string;
  readonly publicKey?: string;
  /** what every installation grants */
  readonly permissions?: Permissions;
}

export interface Github extends Stories {
  readonly url: string;
  readonly appId: number;
  readonly app: App;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly model: Model;
  readonly settings: Settings;
  /** deliveries: lose, double, hold, wait until all are settled */
  readonly webhooks: Webhooks;
  /** an image came into GitHub's container registry */
  publishPackage(image: PackageStory): void;
  /** the app's installation on that account */
  installation(account: string): Installation;
  /** every request since the start or since they were forgotten */
  requests(): readonly LoggedRequest[];
  forgetRequests(): void;
  /** requests and answers that differ from GitHub's description, and what is not modelled: empty when all is well */
  deviations(): readonly string[];
  /** switches a fault on; the answer switches it off again */
  break(rule: FaultRule): () => void;
  mend(): void;
  setWebhookUrl(url: string | undefined): void;
  close(): Promise<void>;
}

export type PackageStory = Omit<PublishedImage, "repository" | "sender"> & {
  /** `owner/name` of the repository that the package is linked to */
  readonly repository: string;
  readonly by?: string;
};

/** What Stagecoach asks for, and nothing more. */
export const stagecoachPermissions: Permissions = {
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  deployments: "write",
  statuses: "read",
  merge_queues: "read",
  packages: "read",
  metadata: "read",
  members: "read",
  attestations: "read",
};

const stagecoachEvents = [
  "push",
  "pull_request",
  "pull_request_review",
  "issue_comment",
  "issues",
  "check_run",
  "check_suite",
  "status",
  "merge_group",
  "repository",
  "deployment_status",
  "registry_package",
];

export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "github-"));
  mkdirSync(dataFolder, { recursive: true });
  const keys =
    options.privateKey && options.publicKey
      ? { privateKey: options.privateKey, publicKey: options.publicKey }
      : makeKeys();
  const webhookSecret = options.webhookSecret ?? "a secret for the webhooks of tests";
  const model = createModel({
    dataFolder,
    now: options.now ?? (() => new Date()),
    ...(options.credentialsNow && { credentialsNow: options.credentialsNow }),
    webhook: { url: options.webhookUrl, secret: webhookSecret },
  });
  const app = registerApp(model, { ...options, publicKey: keys.publicKey });
  const api = createApi(model);
  const webhooks = startWebhooks(model);
  watchAutoMerges(model);
  const server = await startServer(api, { port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  const stories = tellStories(model);
  return {
    ...stories,
    createRepository(story: RepositoryStory) {
      findInstallation(model, { app, account: story.owner });
      return stories.createRepository(story);
    },
    url: model.url,
    appId: app.id,
    app,
    privateKey: keys.privateKey,
    webhookSecret,
    model,
    settings: model.settings,
    webhooks,
    publishPackage: ({ repository, by = "ann", ...image }) =>
      publishPackage(
        { model, webhooks },
        { ...image, repository: repositoryNamed(model, repository), sender: ensureUser(model, { login: by }) },
      ),
    installation: (account) => findInstallation(model, { app, account }),
    ...controlsOf(api),
    setWebhookUrl(url) {
      model.settings.webhook.url = url;
    },
    async close() {
      webhooks.stop();
      await webhooks.settled();
      await stopServer(server);
      if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

function registerApp(
  model: Model,
  {
    appSlug = "stagecoach",
    appId = 4711,
    publicKey,
    permissions = stagecoachPermissions,
  }: GithubOptions & { readonly publicKey: string },
): App {
  // the account that GitHub commits with
  ensureUser(model, { login: "web-flow" });
  return ensureApp(model, {
    slug: appSlug,
    id: appId,
    owner: "stagecoach-makers",
    publicKey,
    permissions,
    events: stagecoachEvents,
  });
}

function createApi(model: Model): Api {
  const limits = createRateLimits();
  return {
    model,
    limits,
    routes: compileRoutes(listRoutes(limits)),
    faults: [],
    past: createPastStates(),
    requests: [],
    deviations: [],
  };
}

function controlsOf(api: Api): Pick<Github, "requests" | "forgetRequests" | "deviations" | "break" | "mend"> {
  return {
    requests: () => [...api.requests],
    forgetRequests() {
      api.requests.length = 0;
    },
    deviations: () => [...api.deviations],
    break(rule) {
      const fault = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      api.faults.push(fault);
      if (rule.fault.kind === "lag") rememberState(api.past, api.model);
      return () => {
        api.faults = api.faults.filter((other) => other !== fault);
      };
    },
    mend() {
      api.faults = [];
      forgetStates(api.past);
    },
  };
}

/** The app is installed on an account the first time a story needs it there. */
function findInstallation(
  model: Model,
  { app, account }: { readonly app: App; readonly account: string },
): Installation {
  const owner = findUser(model, account);
  const known = [...model.installations.values()].find((one) => one.app === app && one.account === owner);
  return known ?? installApp(model, { app, account });
}

let keysOfThisProcess: { readonly privateKey: string; readonly publicKey: string } | undefined;

/** One pair for all stand-ins of a process: making one takes longer than most tests. */
function makeKeys(): { readonly privateKey: string; readonly publicKey: string } {
  keysOfThisProcess ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return keysOfThisProcess;
}
