// The handshake of CloudEvents over HTTP: before it sends, a sender asks with OPTIONS whether it may. The secret has been
// checked by then; the origin is repeated because the answer has to, and only if it looks like one.
// Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md, section 4

import { malformed } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const ORIGIN = /^[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?$/i;

export function allowOrigin({ headers }: Delivery): Received {
  const origin = headers["webhook-request-origin"];
  if (typeof origin !== "string" || !ORIGIN.test(origin)) {
    return malformed("the header `WebHook-Request-Origin` does not name who wants to send");
  }
  return {
    kind: "handshake",
    answer: "",
    headers: { "webhook-allowed-origin": origin, "webhook-allowed-rate": "*" },
    said: "A sender of CloudEvents asked whether it may send",
  };
}
