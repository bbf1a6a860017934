// Sonatype Nexus 3.

import { asBearer, asHeader, asHmac, inPath, NO_TAG, one, type Vendor } from "./vendor.ts";

const HOST = "nexus.acme.example:8082";
const body = (changes: object = {}, action = "CREATED") => ({
  ...{ timestamp: "2026-03-02T10:00:00.664+0000", nodeId: "52905B51-085CCABB-CEBBEAAD", initiator: "ci/10.0.0.7" },
  ...{ repositoryName: "docker-hosted", action },
  component: {
    ...{ id: "08909bf0c86cf6c9600aade89e1c5e25", componentId: "ZG9ja2VyLWhvc3RlZDow", format: "docker" },
    ...{ name: "shop/checkout", group: "", version: "1.8.0" },
    ...changes,
  },
});
const pushed = { image: `${HOST}/shop/checkout`, tag: "1.8.0" };
const headers = {
  "x-nexus-webhook-id": "rm:repository:component",
  "x-nexus-webhook-delivery": "7f4a6dde-5c68-4999-bcc0-a62f3fb8ae48",
};

export const nexus: Vendor = {
  name: "Sonatype Nexus",
  kind: "nexus",
  settings: { registry: HOST },
  prove: asHmac("x-nexus-webhook-signature", { hash: "sha1" }),
  noProofs: [asBearer, inPath, asHeader("x-nexus-webhook-signature"), asHmac("x-nexus-webhook-signature")],
  rows: {
    push: {
      name: "a push by tag; it tells neither host nor digest",
      deliveries: [{ body: body(), headers }],
      expect: { events: [pushed], delivery: /^7f4a6dde-/ },
    },
    multiArch: {
      name: "a multi-arch push: a component, and an asset for each manifest and blob",
      deliveries: [
        { body: body() },
        {
          body: {
            ...body(),
            component: undefined,
            asset: { format: "docker", name: "v2/shop/checkout/manifests/1.8.0" },
          },
        },
      ],
      expect: { events: [pushed], ignored: [/one file of something/] },
    },
    digestOnly: one(
      "a push by digest, which it does not tell: without a version there is nothing",
      body({ version: "" }),
      {
        events: [],
        ignored: [NO_TAG],
      },
    ),
    deletion: one("a delete", body({}, "DELETED"), { events: [], ignored: [/^deleted of .*Only a push/] }),
    foreign: one("a body of JFrog", { domain: "docker", event_type: "pushed" }, { malformed: /neither `component`/ }),
  },
  more: [
    one("the same tag again", body({}, "UPDATED"), { events: [pushed] }),
    one("an npm package", body({ format: "npm" }), { events: [], ignored: [/It is no image/] }),
    {
      ...one("a repository with a port of its own", body(), {
        events: [{ ...pushed, image: "nexus.acme.example:8083/shop/checkout" }],
      }),
      settings: { repositories: [{ name: "docker-hosted", image: "nexus.acme.example:8083" }] },
    },
    {
      ...one("a repository that is not listed", body({}), {
        events: [],
        ignored: [/does not speak for `docker-hosted`/],
      }),
      settings: { registry: "", repositories: [{ name: "docker-live", image: HOST }] },
    },
  ],
};
