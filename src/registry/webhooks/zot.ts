// The receiver for zot with its extension `events`: CloudEvents whose attributes are headers. It sends a bearer token or a
// user with a password, and no host.
// Source: https://zotregistry.dev/, "Event notifications"

import { sentAsBearer, sentAsPassword, unauthenticated } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, prefixesOf } from "./judge-push.ts";
import { malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

/** `zotregistry` unless its settings say otherwise. */
const IMAGE_EVENT = /^[\w.-]{1,200}\.image\.([a-z_]{1,20})$/;

export function readZot(delivery: Delivery): Received {
  const { headers, settings } = delivery;
  if (!sentAsBearer(delivery) && !sentAsPassword(delivery)) {
    return unauthenticated("the header `Authorization: Bearer <secret>`, or `Basic` with the secret as the password,");
  }
  const { "ce-type": type, "ce-id": id } = headers;
  if (typeof type !== "string") return malformed("the header `Ce-Type` is missing, which zot sends");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const happened = IMAGE_EVENT.exec(type)?.[1];
  if (happened === undefined) return ignoreDelivery(delivery, { id, what: "event", why: "It is about no image" });
  const { name, reference, digest, mediaType } = body.value;
  if (typeof name !== "string" || typeof reference !== "string") {
    return malformed("the body has no `name` and `reference` as zot sends them");
  }
  const push = {
    action: happened === "updated" ? "push" : happened,
    prefixes: prefixesOf(settings, { name: settings.registry, otherwise: settings.registry }),
    place: settings.registry,
    repository: name,
    tag: reference,
    digest,
    mediaTypes: [mediaType],
  };
  return judgePushes(delivery, { id, pushes: [push] });
}
