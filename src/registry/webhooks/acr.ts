// The receiver for Azure Container Registry, by its own webhooks and by Event Grid. Neither signs: the secret is a header
// that somebody configured (`Authorization=<secret>`), or it is in the path. Bodies are told apart by what is in them.
// Source: https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference

import { allowOrigin } from "./allow-origin.ts";
import { sentInHeader, sentTheSecret, unauthenticated } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type Json, malformed, readBodyList, recordAt } from "./read-body.ts";
import { answerValidation, readGridEvent } from "./read-event-grid.ts";
import type { Delivery, Received } from "./receiver.ts";

export function readAcr(delivery: Delivery): Received {
  if (!sentInHeader(delivery, "authorization") && !sentTheSecret(delivery)) {
    return unauthenticated("the header `Authorization` with the secret, or the secret at the end of the address,");
  }
  if (delivery.method === "OPTIONS") return allowOrigin(delivery);
  const body = readBodyList(delivery.body);
  if (body.kind === "malformed") return body;
  const validation = answerValidation(body.values);
  if (validation !== undefined) return validation;
  const told = body.values.map((value) => readGridEvent(value) ?? value);
  if (told.some(({ action }) => typeof action !== "string")) {
    return malformed("the body is neither a webhook of Azure Container Registry nor events of Event Grid");
  }
  const [only] = told;
  if (told.length === 1 && only?.action === "ping") {
    return ignoreDelivery(delivery, { id: only.id, what: "ping", why: "A ping asks for nothing" });
  }
  const id = told.length === 1 ? only?.id : undefined;
  return judgePushes(delivery, { id, pushes: told.map((each) => pushOf(each, delivery)) });
}

function pushOf(event: Json, { settings }: Delivery): Push {
  const { repository, tag, digest, mediaType } = recordAt(event, "target");
  const { host } = recordAt(event, "request");
  return {
    action: event.action,
    prefixes: prefixesOfHost(settings, host),
    place: host,
    repository,
    tag,
    digest,
    mediaTypes: [mediaType],
  };
}
