// Our own format from a build job that proves itself by the token which GitHub Actions or GitLab gives it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known } from "../../../src/domain/seen.ts";
import type { KeySetRequest, Proofs } from "../../../src/registry/webhooks/proofs.ts";
import { receive } from "./receive.ts";
import { bytesOf, check } from "./receiver-row.ts";
import { REFUSED_PROOFS } from "./refuse-proofs.ts";
import { createIssuer } from "./sign-token.ts";

const NOW = Date.parse("2026-03-02T10:00Z");
const SECONDS = NOW / 1000;
const image = "ghcr.io/acme/checkout";
const GITHUB = "https://token.actions.githubusercontent.com";
const issuer = await createIssuer();
const own = {
  ...{ iss: GITHUB, aud: "stagecoach", sub: "repo:acme/checkout:ref:refs/heads/main" },
  ...{ repository: "acme/checkout", repository_owner: "acme", repository_owner_id: "4711", ref: "refs/heads/main" },
  ...{ iat: SECONDS - 5, nbf: SECONDS - 5, exp: SECONDS + 300 },
};

interface Sent {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly demanded?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly keys?: string;
}

async function send({ claims = {}, demanded = { repository_owner: "acme" }, headers = {}, keys }: Sent) {
  const asked: KeySetRequest[] = [];
  const keySet: Proofs["keySet"] = async (request) => {
    asked.push(request);
    return known(issuer.keys);
  };
  const token = { issuer: GITHUB, audience: "stagecoach", claims: demanded, ...(keys !== undefined && { keys }) };
  const settings = { id: "ci", kind: "generic", registry: "ghcr.io", secrets: [], token } as const;
  const authorization = `Bearer ${await issuer.sign({ ...own, ...claims })}`;
  const body = bytesOf({ image, tag: "1.8.0" });
  const proofs = { ...REFUSED_PROOFS, keySet };
  return {
    received: await receive({ body, headers: { authorization, ...headers }, settings, now: NOW, proofs }),
    asked,
  };
}

describe("generic, from a build job", () => {
  test("a token of the owner's is enough; its issuer says where its keys are", async () => {
    const { received, asked } = await send({});
    check(received, { name: "", body: {}, expect: { events: [{ image, tag: "1.8.0" }] } });
    assert.deepEqual(
      asked.map(({ from }) => from),
      [{ kind: "issuer", address: GITHUB }],
    );
  });

  test("the operator may say where the keys are", async () => {
    const { asked } = await send({ keys: "https://gitlab.acme.example/oauth/discovery/keys" });
    assert.deepEqual(
      asked.map(({ from }) => from),
      [{ kind: "keys", address: "https://gitlab.acme.example/oauth/discovery/keys" }],
    );
  });

  test("of several claims that are demanded each has to be there", async () => {
    const demanded = { repository_owner: "acme", ref: "refs/heads/main" };
    assert.equal((await send({ demanded })).received.kind, "understood");
    const { received } = await send({ demanded, claims: { ref: "refs/heads/else" } });
    check(received, { name: "", body: {}, expect: { kind: "unauthenticated", why: /does not have the `ref`/ } });
  });

  const refused: readonly (Sent & { readonly name: string; readonly why: RegExp })[] = [
    {
      name: "T2: of somebody else's repository",
      claims: { repository_owner: "evil" },
      why: /does not have the `repository_owner`/,
    },
    { name: "T2: of an owner who looks alike", claims: { repository_owner: "Acme" }, why: /`repository_owner`/ },
    { name: "of no owner", claims: { repository_owner: undefined }, why: /`repository_owner`/ },
    { name: "of a list of owners", claims: { repository_owner: ["acme"] }, why: /`repository_owner`/ },
    { name: "for somebody else", claims: { aud: "https://github.com/acme" }, why: /for another audience/ },
    { name: "of another issuer", claims: { iss: "https://gitlab.com" }, why: /of another issuer/ },
    { name: "that has expired", claims: { exp: SECONDS - 60 }, why: /has expired/ },
    { name: "T2: of nobody in particular: a good signature allows nobody", demanded: {}, why: /could be anybody's/ },
    {
      name: "of whom settings demand an empty claim",
      demanded: { repository_owner: "" },
      claims: { repository_owner: "" },
      why: /`repository_owner`/,
    },
    { name: "of whom settings demand what every object has", demanded: { constructor: "acme" }, why: /`constructor`/ },
  ];
  for (const { name, why, ...sent } of refused) {
    test(`a token is refused: ${name}`, async () => {
      check((await send(sent)).received, { name, body: {}, expect: { kind: "unauthenticated", why } });
    });
  }

  test("a wrong signature beside a good token is a wrong signature", async () => {
    const { received, asked } = await send({ headers: { "x-stagecoach-signature-256": `sha256=${"0".repeat(64)}` } });
    assert.equal(received.kind, "unauthenticated");
    assert.deepEqual(asked, []);
  });
});
