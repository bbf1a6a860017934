// Our own format, signed or with the secret as a bearer. Its other rows, and tokens of build jobs, have tables of their own.

import { asBearer, asHeader, asHmac, DIGEST, inPath, one, type Vendor } from "./vendor.ts";

const image = "ghcr.io/shop/checkout";
const pushed = { image, tag: "1.8.0", digest: DIGEST };

export const generic: Vendor = {
  name: "generic",
  kind: "generic",
  settings: { registry: "ghcr.io" },
  prove: asHmac("x-stagecoach-signature-256", { before: "sha256=" }),
  noProofs: [inPath, asHeader("authorization"), asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag", { ...pushed, delivery: "run-4711" }, { events: [pushed], delivery: /^run-4711$/ }),
    multiArch: one("a multi-arch push is one event", pushed, { events: [pushed] }),
    digestOnly: one(
      "a digest alone says where to look",
      { image, digest: DIGEST },
      { events: [{ image, digest: DIGEST }] },
    ),
    deletion: one("a delete has no form", { ...pushed, action: "delete" }, { malformed: /may only have/ }),
    foreign: one("a body of Distribution", { events: [] }, { malformed: /may only have/ }),
  },
  more: [one("T5: another registry", { image: "docker.io/a/b" }, { events: [], ignored: [/does not speak for/] })],
};

export const genericBearer: Vendor = {
  ...generic,
  name: "generic, with a bearer",
  prove: asBearer,
  noProofs: [inPath],
  more: [],
};
