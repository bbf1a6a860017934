// The distribution project's registry, and GitLab's, which sends the same.

import { AMD64, ARM64, asBearer, asHmac, DIGEST, INDEX, inPath, MANIFEST, NO_TAG, one, type Vendor } from "./vendor.ts";

const HOST = "registry.acme.example:5000";
const event = (target: object, changes: object = {}) => ({
  ...{ id: "b380252b-53eb-4d29-997f-1ea10d2fec89", timestamp: "2026-03-02T10:00:00.517274457Z", action: "push" },
  target: {
    mediaType: INDEX,
    digest: DIGEST,
    size: 629,
    length: 629,
    repository: "shop/checkout",
    tag: "1.8.0",
    ...target,
  },
  request: { id: "f9862c2d-bf8d-4cef-961f-d03dea0df568", addr: "10.0.0.7:60372", host: "registry:5000", method: "PUT" },
  ...{ actor: { name: "ci" }, source: { addr: "registry-0:5000", instanceID: "5f404451-490c-4261-b833-4a091f35106e" } },
  ...changes,
});
const body = (target: object = {}, changes: object = {}) => ({ events: [event(target, changes)] });
const blob = { mediaType: "application/octet-stream", tag: undefined };
const pushed = { image: `${HOST}/shop/checkout`, tag: "1.8.0", digest: DIGEST };

export const distribution: Vendor = {
  name: "Distribution",
  kind: "distribution",
  settings: { registry: HOST },
  prove: asBearer,
  noProofs: [asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("T5: a push by tag; the host that the pusher typed is not believed", body(), { events: [pushed] }),
    multiArch: {
      name: "a multi-arch push, unfiltered: seven deliveries, one of them with a tag",
      deliveries: [
        ...Array.from({ length: 4 }, (_, index) => body({ ...blob, digest: `sha256:${`c${index}`.repeat(32)}` })),
        body({ mediaType: MANIFEST, digest: AMD64, tag: undefined }),
        body({ mediaType: MANIFEST, digest: ARM64, tag: undefined }),
        body(),
      ].map((each) => ({ body: each })),
      expect: { events: [pushed], ignored: [...Array.from({ length: 4 }, () => /a layer/), NO_TAG, NO_TAG] },
    },
    digestOnly: one("a push by digest", body({ tag: undefined }), { events: [], ignored: [NO_TAG] }),
    deletion: {
      name: "a delete by digest, which is told twice",
      deliveries: [{ tag: undefined }, { digest: undefined }].map((target) => ({
        body: body(target, { action: "delete" }),
      })),
      expect: { events: [], ignored: [/^delete of shop\/checkout: Only/, /^delete of shop\/checkout:1\.8\.0: Only/] },
    },
    foreign: one("a body of zot", { name: "shop/checkout", reference: "1.8.0" }, { malformed: /no list `events`/ }),
  },
  more: [
    {
      ...one("a registry with two names, which the operator lists", body(), {
        events: [pushed, { ...pushed, image: "registry.internal/shop/checkout" }],
      }),
      settings: {
        registry: "",
        repositories: [
          { name: "registry:5000", image: HOST },
          { name: "registry:5000", image: "registry.internal" },
        ],
      },
    },
    one(
      "a chart",
      body({ mediaType: MANIFEST, references: [{ mediaType: "application/vnd.cncf.helm.config.v1+json" }] }),
      {
        events: [pushed],
      },
    ),
  ],
};

export const distributionInPath: Vendor = {
  ...distribution,
  name: "Distribution, with the secret in the path",
  prove: inPath,
  more: [],
};
export const gitlab: Vendor = { ...distribution, name: "GitLab, self-managed", kind: "gitlab" };
