// Harbor in its default format and as CloudEvents.

import { AMD64, ARM64, asHeader, asHmac, DIGEST, inPath, one, type Vendor } from "./vendor.ts";

const HOST = "harbor.acme.example";
const resource = (tag: string, digest = DIGEST) => ({
  digest,
  tag,
  resource_url: `${HOST}/shop/web/checkout${tag.startsWith("sha256:") ? "@" : ":"}${tag}`,
});
const data = (resources: readonly object[]) => ({
  resources,
  repository: {
    ...{ date_created: 1700000000, name: "web/checkout", namespace: "shop" },
    ...{ repo_full_name: "shop/web/checkout", repo_type: "private" },
  },
});
const body = (resources: readonly object[], type = "PUSH_ARTIFACT") => ({
  ...{ type, occur_at: 1772445600, operator: "robot$ci", event_data: data(resources) },
});
const cloudEvent = (type: string) => ({
  ...{ specversion: "1.0", requestid: "2eedfab8-61d3-4f3c-8ec3-8f82d1ec4c84", operator: "robot$ci", type },
  ...{ id: "4b2f89a6-548d-4c12-9993-a1f5790b97d2", source: "/projects/1/webhook/policies/3" },
  ...{ datacontenttype: "application/json", time: "2026-03-02T10:00:00Z", data: data([resource("1.8.0")]) },
});
const pushed = { image: `${HOST}/shop/web/checkout`, tag: "1.8.0", digest: DIGEST };

export const harbor: Vendor = {
  name: "Harbor",
  kind: "harbor",
  settings: { registry: HOST },
  prove: asHeader("authorization"),
  noProofs: [inPath, asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag, in a project with folders", body([resource("1.8.0")]), { events: [pushed] }),
    multiArch: {
      name: "a multi-arch push: the children have their digests as tags",
      deliveries: [body([resource(AMD64, AMD64)]), body([resource(ARM64, ARM64)]), body([resource("1.8.0")])].map(
        (each) => ({ body: each }),
      ),
      expect: { events: [pushed], ignored: [/Its tag is a digest/, /Its tag is a digest/] },
    },
    digestOnly: one("a push by digest", body([resource(DIGEST)]), { events: [], ignored: [/Its tag is a digest/] }),
    deletion: one("a delete", body([resource("1.8.0")], "DELETE_ARTIFACT"), {
      events: [],
      ignored: [/^delete of shop\/web\/checkout:1\.8\.0: Only a push/],
    }),
    foreign: one("a body of Docker Hub", { push_data: { tag: "1.8.0" } }, { malformed: /no `type`/ }),
  },
  more: [
    one("a push as a CloudEvent", cloudEvent("harbor.artifact.pushed"), { events: [pushed], delivery: /^4b2f89a6-/ }),
    one("a pull as a CloudEvent", cloudEvent("harbor.artifact.pulled"), { events: [], ignored: [/Only a push/] }),
    one("Harbor 1's word for it", body([resource("1.8.0")], "pushImage"), { events: [pushed] }),
    one("a finished scan", body([resource("1.8.0")], "SCANNING_COMPLETED"), { events: [], ignored: [/Only a push/] }),
    one(
      "a replication, which has no resources",
      { type: "REPLICATION", event_data: { replication: {} } },
      {
        events: [],
        ignored: [/Only a push/],
      },
    ),
    one("a push without resources", { type: "PUSH_ARTIFACT", event_data: {} }, { malformed: /no list `resources`/ }),
    {
      ...one(
        "T5: a host that is not the webhook's",
        body([{ ...resource("1.8.0"), resource_url: "ghcr.io/shop/web/checkout:1.8.0" }]),
        {
          events: [],
          ignored: [/does not speak for `ghcr\.io`/],
        },
      ),
    },
    {
      ...one(
        "an internal host that the operator lists",
        body([{ ...resource("1.8.0"), resource_url: "harbor.internal:8443/shop/web/checkout:1.8.0" }]),
        {
          events: [pushed],
        },
      ),
      settings: { repositories: [{ name: "harbor.internal:8443", image: HOST }] },
    },
  ],
};
