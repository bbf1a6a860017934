// Quay: its own body, and one made by a template of its user.

import { asBearer, asHmac, DIGEST, inPath, NO_TAG, one, type Vendor } from "./vendor.ts";

const body = (changes: object = {}) => ({
  ...{ name: "checkout", repository: "acme/checkout", namespace: "acme", docker_url: "quay.io/acme/checkout" },
  ...{ homepage: "https://quay.io/repository/acme/checkout", updated_tags: ["1.8.0"] },
  ...changes,
});
const pushed = { image: "quay.io/acme/checkout", tag: "1.8.0" };

export const quay: Vendor = {
  name: "Quay",
  kind: "quay",
  settings: { registry: "quay.io" },
  prove: inPath,
  noProofs: [asBearer, asHmac("x-stagecoach-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag; it tells no digest", body(), { events: [pushed] }),
    multiArch: one("a multi-arch push, which is one event: children are not told", body(), { events: [pushed] }),
    digestOnly: one("a push by digest, which it does not tell: an empty list is nothing", body({ updated_tags: [] }), {
      events: [],
      ignored: [NO_TAG],
    }),
    deletion: one(
      "a delete, which it does not tell: whatever has no tags is foreign",
      body({ updated_tags: undefined, deleted_tags: ["1.8.0"] }),
      { malformed: /neither `docker_url`/ },
    ),
    foreign: one("a body of Distribution", { events: [] }, { malformed: /neither `docker_url`/ }),
  },
  more: [
    one("what its button “Test notification” sends", body({ updated_tags: ["latest", "foo"], pruned_image_count: 3 }), {
      events: [
        { image: "quay.io/acme/checkout", tag: "latest" },
        { image: "quay.io/acme/checkout", tag: "foo" },
      ],
    }),
    one("tags as a map, as in its first years", body({ updated_tags: { "1.8.0": "f3c0".repeat(16) } }), {
      events: [pushed],
    }),
    one(
      "a body made by its template in our own format",
      { image: "quay.io/acme/checkout", tag: "1.8.0", digest: DIGEST, delivery: "quay-1" },
      {
        events: [{ ...pushed, digest: DIGEST }],
        delivery: /^quay-1$/,
      },
    ),
    one("cosign's tag", body({ updated_tags: [`sha256-${"4f".repeat(32)}.sig`] }), {
      events: [],
      ignored: [/a signature/],
    }),
    one("T5: a host that is not the webhook's", body({ docker_url: "docker.io/acme/checkout" }), {
      events: [],
      ignored: [/does not speak for `docker\.io`/],
    }),
  ],
};
