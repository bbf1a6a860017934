// CDEvents: an artifact by its package URL.

import { asBearer, asHeader, asHmac, DIGEST, NO_TAG, one, type Vendor } from "./vendor.ts";

const IMAGE = "ghcr.io/shop/checkout";
const purl = (tag?: string, image = IMAGE) =>
  `pkg:oci/checkout@${encodeURIComponent(DIGEST)}?repository_url=${image}${tag === undefined ? "" : `&tag=${tag}`}`;
const event = (id: string, type = "published.0.2.0") => ({
  context: {
    ...{ version: "0.4.1", id: "271069a8-fc18-44f1-b38f-9d70a1695819", source: "/ci/shop" },
    ...{ type: `dev.cdevents.artifact.${type}`, timestamp: "2026-03-02T09:59:00Z" },
  },
  subject: { id, source: "/ci/shop", type: "artifact", content: {} },
});
const pushed = { image: IMAGE, tag: "1.8.0", digest: DIGEST };

export const cdevents: Vendor = {
  name: "cdevents",
  kind: "cdevents",
  settings: { registry: "ghcr.io" },
  prove: asBearer,
  noProofs: [asHeader("authorization"), asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("an artifact with a tag", event(purl("1.8.0")), { events: [pushed], delivery: /^271069a8-/ }),
    multiArch: one("a multi-arch push is one artifact", event(purl("1.8.0&arch=amd64")), { events: [pushed] }),
    digestOnly: one("an artifact without a tag", event(purl()), { events: [], ignored: [NO_TAG] }),
    deletion: one("an artifact that was deleted", event(purl("1.8.0"), "deleted.0.1.0"), {
      ...{ events: [], ignored: [/Only an artifact that was packaged or published/] },
    }),
    foreign: one("a body of Distribution", { events: [] }, { malformed: /is no CDEvent/ }),
  },
  more: [
    one(
      "inside a CloudEvent",
      { specversion: "1.0", id: "a", source: "/ci", type: "x", data: event(purl("1.8.0")) },
      {
        events: [pushed],
      },
    ),
    one("a package of Go", event("pkg:golang/acme.example/shop@1"), { events: [], ignored: [/another kind/] }),
    one("T5: another registry", event(purl("1.8.0", "evil.example/shop/checkout")), {
      ...{ events: [], ignored: [/does not speak for `evil\.example`/] },
    }),
  ],
};
