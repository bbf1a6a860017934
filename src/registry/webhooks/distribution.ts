// The receiver for the distribution project's registry (registry:2, registry:3, GitLab's, Debian's docker-registry) and
// everything that speaks its notification format. It cannot sign; it sends a fixed header.
// Source: https://distribution.github.io/distribution/about/notifications/

import { isRecord } from "../parse-json.ts";
import { sentTheSecret, unauthenticated } from "./check-sender.ts";
import { judgePushes, type Push, prefixesOf } from "./judge-push.ts";
import { type Json, MOST_EVENTS, malformed, readBody, recordAt } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

export function readDistribution(delivery: Delivery): Received {
  if (!sentTheSecret(delivery)) return unauthenticated("the header `Authorization: Bearer <secret>`");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const list = body.value.events;
  if (!Array.isArray(list) || list.length > MOST_EVENTS || !list.every(isRecord)) {
    return malformed("the body has no list `events` as the distribution registry sends it");
  }
  const ids = list.map(({ id }) => (typeof id === "string" ? id : ""));
  const id = ids.length > 0 && ids.every((each) => each !== "") ? ids.join(".") : undefined;
  return judgePushes(delivery, { id, pushes: list.map((event) => pushOf(event, delivery)) });
}

function pushOf(event: Json, { settings }: Delivery): Push {
  const target = recordAt(event, "target");
  const references = Array.isArray(target.references) ? target.references.filter(isRecord) : [];
  // The host in the event is what the pusher typed: it only chooses among what the operator lists (T5).
  const { host } = recordAt(event, "request");
  return {
    action: event.action,
    prefixes: prefixesOf(settings, { name: host, otherwise: settings.registry }),
    place: host,
    repository: target.repository,
    tag: target.tag,
    digest: target.digest,
    mediaTypes: [target, ...references].map(({ mediaType }) => mediaType),
  };
}
