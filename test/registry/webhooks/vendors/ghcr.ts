// GitHub's packages as webhooks of repositories and organisations tell of them.

import { AMD64, ARM64, asBearer, asHmac, DIGEST, INDEX, inPath, MANIFEST, type Vendor } from "./vendor.ts";

const REVISION = "0e2a89b191332bb87b4f2fefef2f597eba2197b3";
const SOURCE = "https://github.com/Acme/checkout";
const labelled = {
  "org.opencontainers.image.revision": REVISION,
  "org.opencontainers.image.source": SOURCE,
  "org.opencontainers.image.version": "1.8.0",
};
const platforms = {
  "github.internal.platforms": JSON.stringify([{ digest: AMD64, architecture: "amd64", os: "linux" }]),
};

const packageOf = ({
  tag = "1.8.0",
  digest = DIGEST,
  labels = labelled as object,
  host = "ghcr.io",
  ...rest
} = {}) => ({
  ...{ id: 9056324, name: "checkout", namespace: "Acme", description: "", ecosystem: "CONTAINER" },
  ...{ package_type: "CONTAINER", owner: { login: "Acme", id: 1000001, type: "Organization" } },
  package_version: {
    ...{ id: 564296960, version: digest, name: digest, target_commitish: "main", target_oid: "b".repeat(40) },
    created_at: "0001-01-01T00:00:00Z",
    container_metadata: {
      tag: { name: tag, digest },
      labels: { description: "", source: "", revision: "", licenses: "", all_labels: labels },
      manifest: { digest, media_type: labels === platforms ? INDEX : MANIFEST, size: 1782, layers: [] },
    },
    package_url: `${host}/Acme/checkout:${tag}`,
  },
  ...rest,
});
const body = (given: Parameters<typeof packageOf>[0] & object = {}, action = "published") => ({
  action,
  package: packageOf(given),
  repository: { id: 7, full_name: "Acme/checkout", owner: { login: "Acme" } },
  sender: { login: "ci" },
});
const headers = (event = "package") => ({
  "x-github-event": event,
  "x-github-delivery": "40731f00-2623-11ec-8a58-45788bc19979",
});
const row = (name: string, given: unknown, expect: Vendor["more"][number]["expect"], event?: string) => ({
  ...{ name, deliveries: [{ body: given, headers: headers(event) }], expect },
});
/** Whoever set up the hook could sign anything, so it only tells where to look (T5). */
const pushed = { image: "ghcr.io/acme/checkout", tag: "1.8.0" };

export const ghcr: Vendor = {
  name: "GHCR by hooks of repositories and organisations",
  kind: "ghcr",
  settings: { registry: "ghcr.io" },
  prove: asHmac("x-hub-signature-256", { before: "sha256=" }),
  noProofs: [
    asBearer,
    inPath,
    asHmac("x-hub-signature-256"),
    asHmac("x-hub-signature", { hash: "sha1", before: "sha1=" }),
  ],
  rows: {
    push: row(
      "a push by tag, without what the image says of itself; the account's capitals are not the image's",
      body(),
      {
        events: [pushed],
        delivery: /^40731f00-/,
      },
    ),
    multiArch: {
      name: "a multi-arch push: a child for each platform, an attestation, and the index with the tag",
      deliveries: [
        { body: body({ tag: "", digest: AMD64 }), headers: headers() },
        { body: body({ tag: "", digest: ARM64 }), headers: headers() },
        { body: body({ tag: `sha256-${"4f".repeat(32)}` }), headers: headers() },
        { body: body({ labels: platforms }), headers: headers() },
      ],
      expect: {
        events: [pushed],
        ignored: [/It names no tag/, /It names no tag/, /a signature/],
      },
    },
    digestOnly: row("a push by digest", body({ tag: "" }), { events: [], ignored: [/It names no tag/] }),
    deletion: row("a delete", body({}, "deleted"), { events: [], ignored: [/Only a push/] }),
    foreign: row("a body of Harbor", { type: "PUSH_ARTIFACT", event_data: {} }, { malformed: /no `package`/ }),
  },
  more: [
    row(
      "the same under the name that Apps get",
      { action: "updated", registry_package: packageOf() },
      { events: [pushed] },
      "registry_package",
    ),
    row(
      "a ping",
      { zen: "Keep it logically awesome.", hook_id: 1 },
      { events: [], ignored: [/about no package/] },
      "ping",
    ),
    row("an npm package", body({ package_type: "npm" } as object), { events: [], ignored: [/no container image/] }),
    row("T5: a registry that is not the webhook's", body({ host: "ghcr.io.attacker.example" }), {
      events: [],
      ignored: [/does not speak for `ghcr\.io\.attacker\.example`/],
    }),
    row(
      "labels that are nothing a commit or an address could be",
      body({
        labels: {
          "org.opencontainers.image.revision": "main",
          "org.opencontainers.image.source": "javascript:alert(1)",
        },
      }),
      {
        events: [pushed],
      },
    ),
    {
      ...row("a GitHub of one's own", body({ host: "containers.github.acme.example" }), {
        events: [{ ...pushed, image: "containers.github.acme.example/acme/checkout" }],
      }),
      settings: { registry: "containers.github.acme.example" },
    },
  ],
};
