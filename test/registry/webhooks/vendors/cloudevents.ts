// CloudEvents of anybody: structured, in a batch, or binary.

import { asBearer, asHeader, asHmac, DIGEST, inPath, NO_TAG, one, type Vendor } from "./vendor.ts";

const HOST = "registry.acme.example";
const data = { repository: "shop/checkout", tag: "1.8.0", digest: DIGEST, registryUrl: HOST };
const event = (changes: object = {}, told: object = data) => ({
  ...{ specversion: "1.0", id: "evt-1", type: "container.image.push", source: `https://${HOST}`, data: told },
  ...changes,
});
const pushed = { image: `${HOST}/shop/checkout`, tag: "1.8.0", digest: DIGEST };
const child = event({}, { ...data, tag: undefined });

export const cloudevents: Vendor = {
  name: "cloudevents",
  kind: "cloudevents",
  settings: { registry: HOST },
  prove: asBearer,
  noProofs: [asHeader("authorization"), asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag", event(), { events: [pushed], delivery: /^evt-1$/ }),
    multiArch: one("a multi-arch push in a batch", [child, child, event()], {
      ...{ events: [pushed], ignored: [NO_TAG, NO_TAG], delivery: /^evt-1\.evt-1\.evt-1$/ },
    }),
    digestOnly: one("a digest alone", event({}, { image: `${HOST}/shop/checkout@${DIGEST}` }), {
      ...{ events: [], ignored: [NO_TAG] },
    }),
    deletion: one("a delete", event({ type: "container.image.deleted" }), { events: [], ignored: [/Only a push/] }),
    foreign: one("a body of Distribution", { events: [] }, { malformed: /no CloudEvent 1\.0/ }),
  },
  more: [
    {
      name: "binary",
      deliveries: [
        {
          body: data,
          headers: {
            ...{ "ce-specversion": "1.0", "ce-id": "evt-2", "ce-type": "container.image.push", "ce-source": "/ci" },
            "content-type": "application/json",
          },
        },
      ],
      expect: { events: [pushed], delivery: /^evt-2$/ },
    },
    {
      name: "a sender asks whether it may send",
      deliveries: [{ body: "", method: "OPTIONS", headers: { "webhook-request-origin": "events.acme.example" } }],
      expect: {
        answer: "",
        headers: { "webhook-allowed-origin": "events.acme.example", "webhook-allowed-rate": "*" },
      },
    },
    one("T5: another host", event({}, { image: "ghcr.io/shop/checkout:1.8.0" }), {
      ...{ events: [], ignored: [/does not speak for `ghcr\.io`/] },
    }),
  ],
};

export const cloudeventsInPath: Vendor = {
  ...cloudevents,
  name: "cloudevents, with the secret in the path",
  prove: inPath,
  more: [],
};
