// Azure Container Registry by its own webhooks and by Event Grid, in both of Event Grid's schemas, with both handshakes.

import {
  AMD64,
  asBearer,
  asHeader,
  asHmac,
  DIGEST,
  INDEX,
  inPath,
  MANIFEST,
  NO_TAG,
  one,
  type Vendor,
} from "./vendor.ts";

const HOST = "acmeshop.azurecr.io";
const RESOURCE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acmeShop";
const target = (changes: object = {}) => ({
  ...{ mediaType: INDEX, size: 524, digest: DIGEST, length: 524, repository: "shop/checkout", tag: "1.8.0" },
  ...changes,
});
const body = (changes: object = {}, action = "push") => ({
  ...{ id: "cb8c3971-9adc-488b-bdd8-43cbb4974ff5", timestamp: "2026-03-02T10:00:01.3431453Z", action },
  target: target(changes),
  request: { id: "3cbb6949-7549-4fa1-86cd-a6d5451dffc7", host: HOST, method: "PUT", useragent: "docker/29" },
});
const grid = (changes: object = {}) => ({
  ...{ id: "831e1650-001e-001b-66ab-eeb76e069631", topic: RESOURCE, subject: "shop/checkout:1.8.0" },
  ...{ eventType: "Microsoft.ContainerRegistry.ImagePushed", eventTime: "2026-03-02T10:00:00Z", dataVersion: "2.0" },
  data: { id: "31c51664-e5bd-416a-a5df-e5206bc47ed0", action: "push", target: target() },
  ...changes,
});
const { eventType: type, topic: source, ...rest } = grid();
const cloudEvent = { ...rest, specversion: "1.0", type, source };
const pushed = { image: `${HOST}/shop/checkout`, tag: "1.8.0", digest: DIGEST };

export const acr: Vendor = {
  name: "Azure Container Registry",
  kind: "acr",
  settings: { registry: HOST },
  prove: asHeader("authorization"),
  noProofs: [asHeader("x-ms-signature"), asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag", body(), { events: [pushed], delivery: /^cb8c3971-/ }),
    multiArch: {
      name: "a multi-arch push: children without a tag, then the index",
      deliveries: [{ body: body({ mediaType: MANIFEST, digest: AMD64, tag: undefined }) }, { body: body() }],
      expect: { events: [pushed], ignored: [NO_TAG] },
    },
    digestOnly: one("a push by digest, its tag empty", body({ tag: "" }), { events: [], ignored: [NO_TAG] }),
    deletion: one("a delete, which has no tag", body({ tag: undefined }, "delete"), {
      events: [],
      ignored: [/^delete of shop\/checkout: Only a push/],
    }),
    foreign: one("a body of Quay", { docker_url: HOST, updated_tags: [] }, { malformed: /neither a webhook of Azure/ }),
  },
  more: [
    one("its button “Ping”", { action: "ping" }, { events: [], ignored: [/^ping: A ping asks for nothing/] }),
    one("a chart in the old way", body({}, "chart_push"), { events: [], ignored: [/^chart_push of .*Only a push/] }),
    one("Event Grid, the host from the name of the registry", [grid()], { events: [pushed], delivery: /^831e1650-/ }),
    one("Event Grid as CloudEvents", cloudEvent, { events: [pushed], delivery: /^831e1650-/ }),
    one(
      "several events of Event Grid at once",
      [grid(), grid({ eventType: "Microsoft.ContainerRegistry.ImageDeleted" })],
      {
        events: [pushed],
        ignored: [/^delete of/],
        delivery: /^sha256:/,
      },
    ),
    one("another event of Event Grid", [grid({ eventType: "Microsoft.Storage.BlobCreated", data: {} })], {
      events: [],
      ignored: [/^event of \?: Only a push/],
    }),
    one("no events", [], { events: [] }),
    one(
      "the handshake of Event Grid; `validationUrl` is nobody's business",
      [
        {
          ...grid({ eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", topic: RESOURCE }),
          data: { validationCode: "0e2a89b1-9133", validationUrl: "https://169.254.169.254/validate" },
        },
      ],
      { answer: { validationResponse: "0e2a89b1-9133" } },
    ),
    one(
      "a handshake without a code",
      [grid({ eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", data: {} })],
      {
        malformed: /no `validationCode`/,
      },
    ),
    {
      name: "the handshake of CloudEvents",
      deliveries: [{ method: "OPTIONS", body: "", headers: { "webhook-request-origin": "eventgrid.azure.net" } }],
      expect: {
        answer: "",
        headers: { "webhook-allowed-origin": "eventgrid.azure.net", "webhook-allowed-rate": "*" },
      },
    },
    {
      name: "a handshake of nobody",
      deliveries: [{ method: "OPTIONS", body: "", headers: { "webhook-request-origin": "a\r\nset-cookie: b" } }],
      expect: { malformed: /WebHook-Request-Origin/ },
    },
    one(
      "T5: a host that is not the webhook's",
      { ...body(), request: { host: "other.azurecr.io" } },
      {
        events: [],
        ignored: [/does not speak for `other\.azurecr\.io`/],
      },
    ),
  ],
};

/** Event Grid and those who like it better may put the secret elsewhere. */
export const acrInPath: Vendor = {
  ...acr,
  name: "Azure Container Registry, with the secret in the path",
  prove: inPath,
  more: [],
};
export const acrBearer: Vendor = {
  ...acr,
  name: "Azure Container Registry, with a bearer token",
  prove: asBearer,
  more: [],
};
