// Amazon ECR by EventBridge: the event as it is, or the CloudEvent that an input transformer makes of it. What comes by SNS
// is signed, and stands with those who prove themselves by keys.

import { asBearer, asHeader, asHmac, DIGEST, INDEX, inPath, MANIFEST, NO_TAG, one, type Vendor } from "./vendor.ts";

const HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
export const ecrEvent = (detail: object = {}, rest: object = {}) => ({
  ...{ version: "0", id: "13cde686-328b-6117-af20-0e5566167482", "detail-type": "ECR Image Action", source: "aws.ecr" },
  ...{ account: "123456789012", time: "2026-03-02T09:59:58Z", region: "eu-west-1", resources: [] },
  detail: {
    ...{ result: "SUCCESS", "repository-name": "shop/checkout", "image-digest": DIGEST, "action-type": "PUSH" },
    ...{ "image-tag": "1.8.0", "manifest-media-type": INDEX, ...detail },
  },
  ...rest,
});
const pushed = { image: `${HOST}/shop/checkout`, tag: "1.8.0", digest: DIGEST };
const child = { "image-tag": undefined, "manifest-media-type": MANIFEST };
const cloudEvent = {
  ...{ specversion: "1.0", id: "evt-1", type: "com.amazon.ecr.image.push", time: "2026-03-02T10:00:00Z" },
  source: "urn:aws:ecr:eu-west-1:123456789012:repository/shop/checkout",
  data: { repositoryName: "shop/checkout", imageDigest: DIGEST, imageTag: "1.8.0", registryId: "123456789012" },
};

export const ecr: Vendor = {
  name: "ecr",
  kind: "ecr",
  settings: { registry: HOST },
  prove: asBearer,
  noProofs: [asHeader("authorization"), asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag", ecrEvent(), { events: [pushed], delivery: /^13cde686-/ }),
    multiArch: {
      name: "a multi-arch push: the children have no tag",
      deliveries: [ecrEvent(child), ecrEvent(child), ecrEvent()].map((body) => ({ body })),
      expect: { events: [pushed], ignored: [NO_TAG, NO_TAG] },
    },
    digestOnly: one("a push by digest", ecrEvent({ "image-tag": "" }), { events: [], ignored: [NO_TAG] }),
    deletion: one("a delete", ecrEvent({ "action-type": "DELETE" }), {
      events: [],
      ignored: [/^delete .*Only a push/],
    }),
    foreign: one("a body of Distribution", { events: [] }, { malformed: /neither an event “ECR Image Action”/ }),
  },
  more: [
    one("the documented CloudEvent", cloudEvent, { events: [pushed], delivery: /^evt-1$/ }),
    one("T5: another account", ecrEvent({}, { account: "210987654321" }), {
      events: [],
      ignored: [/does not speak for/],
    }),
  ],
};

export const ecrByKey: Vendor = { ...ecr, name: "ecr, with an API key", prove: asHeader("x-api-key"), more: [] };
export const ecrInPath: Vendor = { ...ecr, name: "ecr, with the secret in the path", prove: inPath, more: [] };
