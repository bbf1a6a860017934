// zot: CloudEvents in binary mode.

import { asBearer, asHmac, DIGEST, inPath, MANIFEST, type Vendor } from "./vendor.ts";

const HOST = "zot.acme.example";
const headers = (type = "image.updated") => ({
  ...{ "ce-specversion": "1.0", "ce-source": "zotregistry.dev", "ce-type": `zotregistry.${type}` },
  ...{ "ce-id": "0f7d3a52-5f0c-4d38-8f3e-1b1d5c8a2f10", "ce-time": "2026-03-02T10:00:00.749Z" },
});
const body = (changes: object = {}) => ({
  ...{ name: "shop/checkout", reference: "1.8.0", digest: DIGEST, mediaType: MANIFEST },
  ...{ manifest: '{"schemaVersion":2}', actor: { name: "ci" }, request: { addr: "10.0.0.5:51234", method: "PUT" } },
  ...changes,
});
const pushed = { image: `${HOST}/shop/checkout`, tag: "1.8.0", digest: DIGEST };
const row = (name: string, given: unknown, expect: Vendor["more"][number]["expect"], type?: string) => ({
  ...{ name, deliveries: [{ body: given, headers: headers(type) }], expect },
});

export const zot: Vendor = {
  name: "zot",
  kind: "zot",
  settings: { registry: HOST },
  prove: asBearer,
  noProofs: [inPath, asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: row("a push by tag; it tells no host", body(), { events: [pushed], delivery: /^0f7d3a52-/ }),
    multiArch: {
      name: "a multi-arch push: the children have their digests as references",
      deliveries: [DIGEST, "1.8.0"].map((reference) => ({ body: body({ reference }), headers: headers() })),
      expect: { events: [pushed], ignored: [/Its tag is a digest/] },
    },
    digestOnly: row("a push by digest", body({ reference: DIGEST }), { events: [], ignored: [/Its tag is a digest/] }),
    deletion: row("a delete", body(), { events: [], ignored: [/^deleted of .*Only a push/] }, "image.deleted"),
    foreign: row("a body of Distribution", { events: [] }, { malformed: /no `name` and `reference`/ }),
  },
  more: [
    row(
      "a new repository",
      { name: "shop/checkout" },
      { events: [], ignored: [/about no image/] },
      "repository.created",
    ),
    row("a manifest that did not lint", body(), { events: [], ignored: [/Only a push/] }, "image.lint_failed"),
    { name: "no event at all", deliveries: [{ body: body() }], expect: { malformed: /`Ce-Type` is missing/ } },
  ],
};

export const zotAsUser: Vendor = {
  ...zot,
  name: "zot, with a user and a password",
  prove: (_, secret) => ({ headers: { authorization: `Basic ${Buffer.from(`zot:${secret}`).toString("base64")}` } }),
  more: [],
};
