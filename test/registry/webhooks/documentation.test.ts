// What docs/webhooks.md gives to build jobs, run as they run it: against a server that asks the receiver, and for GitHub Actions
// an issuer that gives the job its token.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { known } from "../../../src/domain/seen.ts";
import type { WebhookSettings } from "../../../src/domain/settings.ts";
import { findMissingParts, tellNotSeen } from "../find-missing-parts.ts";
import { receive } from "./receive.ts";
import { REFUSED_PROOFS } from "./refuse-proofs.ts";
import { createIssuer } from "./sign-token.ts";

const SECRET = "a secret with spaces & $igns, 'quoted'";
const NOW = Date.parse("2026-03-02T10:00Z");
const PUSHED = [{ image: "ghcr.io/acme/checkout", tag: "1.8.0" }];
const subject = "the lines for curl and openssl in docs/webhooks.md";
const missing = await findMissingParts(["sh", "curl", "openssl"]);
const text = await readFile(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
const issuer = await createIssuer();

interface Running {
  readonly script: string;
  readonly settings: WebhookSettings;
  readonly variables: (url: string) => Readonly<Record<string, string>>;
  /** What the job is given, where it asks for a token. */
  readonly token?: string;
}

async function run({ script, settings, variables, token }: Running) {
  const paths: string[] = [];
  const proofs = { ...REFUSED_PROOFS, keySet: async () => known(issuer.keys) };
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? "");
    if (request.method === "GET") {
      response.end(JSON.stringify({ count: 1, value: token }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = await receive({
      ...{ body: Buffer.concat(chunks), headers: request.headers, settings, proofs, now: NOW },
    });
    response.writeHead(received.kind === "understood" ? 202 : 401).end(JSON.stringify(received));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { PATH: process.env.PATH, STAGECOACH_URL: url, ...variables(url) };
    const { stdout } = await promisify(execFile)("sh", ["-e", "-c", script], { env, timeout: 10_000 });
    return { events: JSON.parse(stdout).events as unknown, paths };
  } finally {
    server.close();
  }
}

function jobOf(marker: string): Readonly<Record<string, unknown>> {
  const [, job = ""] = new RegExp(`<!-- ${marker} -->\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(text) ?? [];
  return parse(job)["tell-stagecoach"];
}

async function signFor(claims: Readonly<Record<string, string>>): Promise<string> {
  return issuer.sign({ aud: "stagecoach", iat: NOW / 1000 - 5, exp: NOW / 1000 + 300, ...claims });
}

if (missing.length > 0) tellNotSeen(subject, missing);
else {
  test(`${subject} are understood`, async () => {
    const settings = { id: "builds", kind: "generic", registry: "ghcr.io", secrets: [SECRET] } as const;
    const script = /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
    const { events, paths } = await run({ script, settings, variables: () => ({ BUILDS_SECRET: SECRET }) });
    assert.deepEqual(events, PUSHED);
    assert.deepEqual(paths, ["/hooks/registry/builds"]);
  });

  test("the job of GitHub Actions in docs/webhooks.md is understood", async () => {
    const iss = "https://token.actions.githubusercontent.com";
    const token = { issuer: iss, audience: "stagecoach", claims: { repository_owner: "acme" } };
    const settings = { id: "actions", kind: "generic", registry: "ghcr.io", secrets: [], token } as const;
    const { steps, permissions } = jobOf("job of GitHub Actions");
    assert.deepEqual(permissions, { "id-token": "write" });
    const [step] = steps as readonly { readonly run: string; readonly env: Readonly<Record<string, string>> }[];
    const { events, paths } = await run({
      ...{ script: step?.run ?? "", settings, token: await signFor({ iss, repository_owner: "acme" }) },
      variables: (url) => ({
        ...{ ...step?.env, TAG: "1.8.0", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-the-job" },
        ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
      }),
    });
    assert.deepEqual(events, PUSHED);
    assert.deepEqual(paths, ["/token?api-version=2.0&audience=stagecoach", "/hooks/registry/actions"]);
  });

  test("the job of GitLab in docs/webhooks.md is understood", async () => {
    const iss = "https://gitlab.com";
    const token = { issuer: iss, audience: "stagecoach", claims: { namespace_path: "acme" } };
    const settings = { id: "gitlab-jobs", kind: "generic", registry: "ghcr.io", secrets: [], token } as const;
    const { script, id_tokens: tokens } = jobOf("job of GitLab");
    assert.deepEqual(tokens, { STAGECOACH_TOKEN: { aud: "stagecoach" } });
    const STAGECOACH_TOKEN = await signFor({ iss, namespace_path: "acme" });
    const { events, paths } = await run({
      ...{ script: (script as readonly string[]).join("\n"), settings },
      variables: () => ({ STAGECOACH_TOKEN, CI_REGISTRY_IMAGE: "ghcr.io/acme/checkout", CI_COMMIT_TAG: "1.8.0" }),
    });
    assert.deepEqual(events, PUSHED);
    assert.deepEqual(paths, ["/hooks/registry/gitlab-jobs"]);
  });
}
