// The adapter on the stand-in for GitHub: one repository, signed in as the app, without throttling. Also what the
// tests say again and again: a promotion as the adapter opens one, and which requests were sent.

import { pino } from "pino";
import { connectGithub } from "../../src/forge/connect-github.ts";
import type { Forge, RepositoryReference } from "../../src/forge/forge.ts";
import { createGithubForge } from "../../src/forge/github-forge.ts";
import { type Github, type GithubOptions, startGithub } from "../github/start-github.ts";

export const REPOSITORY = "acme/platform";
export const DIGEST = `sha256:${"ab".repeat(32)}`;
export const MESSAGE = `Promote checkout 1.8.0 to staging

Pipeline: checkout
Environment: staging
Image: ghcr.io/acme/checkout:1.8.0@${DIGEST}`;
export const RELEASE = { versions: [{ image: "ghcr.io/acme/checkout", tag: "1.8.0", digest: DIGEST }] };
export const BODY = "What changes.\n\n<!-- stagecoach:description f1 -->";

export interface ForgeOnGithub {
  readonly github: Github;
  readonly forge: Forge;
  readonly at: RepositoryReference;
  /** A process that starts again: the same app, nothing remembered. */
  restart(): Promise<Forge>;
  /** Runs it, and gives its result with the requests that it sent (tokens aside). */
  count<T>(ask: () => Promise<T>): Promise<{ readonly value: T; readonly requests: readonly string[] }>;
  close(): Promise<void>;
}

export async function startForge(options: GithubOptions = {}): Promise<ForgeOnGithub> {
  const github = await startGithub(options);
  const repository = github.createRepository({
    owner: "acme",
    name: "platform",
    files: { "staging/app.yaml": "image: ghcr.io/acme/checkout:1.7.0\n", "README.md": "Hello\n" },
  });
  const installation = github.installation("acme").id;
  const at = { installation, repository: repository.id, owner: "acme", name: "platform" };
  const restart = async () => createGithubForge(await connectTo(github));
  return {
    github,
    forge: await restart(),
    at,
    restart,
    count: async (ask) => {
      github.forgetRequests();
      const value = await ask();
      const sent = github.requests().filter(({ kind }) => kind !== "token");
      return { value, requests: sent.map(({ method, route, operation }) => `${method} ${operation ?? route}`) };
    },
    close: () => github.close(),
  };
}

export function connectTo(github: Pick<Github, "url" | "appId" | "privateKey" | "webhookSecret">) {
  return connectGithub({
    appId: github.appId,
    privateKey: github.privateKey,
    webhookSecret: github.webhookSecret,
    baseUrl: github.url,
    log: pino({ level: "silent" }),
    throttle: false,
    lagMilliseconds: 1,
    timeoutMilliseconds: 5_000,
  });
}

/** What the adapter is asked to do for one promotion to `checkout/<environment>`. */
export async function openPromotion(
  { forge, at, github }: ForgeOnGithub,
  { environment = "staging", body = BODY }: { readonly environment?: string; readonly body?: string } = {},
): Promise<{ readonly number: number; readonly head: string; readonly branch: string; readonly base: string }> {
  const snapshot = await forge.observe(at, { branches: [] });
  const main = snapshot.branches.main;
  if (main?.kind !== "known" || main.value === undefined) throw new Error("There is no default branch.");
  const { head: base, tree } = main.value;
  const branch = `stagecoach/checkout/${environment}`;
  const text = "image: ghcr.io/acme/checkout:1.8.0\n";
  const message = MESSAGE.replaceAll("staging", environment);
  const files = [{ path: `${environment}/app.yaml`, mode: "100644", text }];
  const { oid: head } = await forge.commit(at, { parent: base, baseTree: tree, files, message });
  await forge.moveRefs(at, { node: snapshot.node, moves: [{ branch, to: head }] });
  const title = `Promote checkout 1.8.0 to ${environment}`;
  const opened = await forge.openPullRequest(at, { branch, base: "main", title, body });
  if (opened.kind !== "done") throw new Error(`Not opened: ${JSON.stringify(opened)}`);
  github.forgetRequests();
  return { number: opened.value.number, head, branch, base };
}
