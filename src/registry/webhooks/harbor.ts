// The receiver for Harbor, in its own format and as CloudEvents. It sends a header `Authorization` exactly as somebody
// typed it, with or without a scheme. The host stands in `resource_url` alone, as Harbor's settings have it.
// Source: https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/

import { isRecord } from "../parse-json.ts";
import { sentAsBearer, sentInHeader, unauthenticated } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type Json, MOST_EVENTS, malformed, readBody, recordAt } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

/** Harbor 1 had another word. */
const PUSHES: readonly unknown[] = ["PUSH_ARTIFACT", "pushImage", "harbor.artifact.pushed"];
const DELETES: readonly unknown[] = ["DELETE_ARTIFACT", "deleteImage", "harbor.artifact.deleted"];

export function readHarbor(delivery: Delivery): Received {
  if (!sentInHeader(delivery, "authorization") && !sentAsBearer(delivery)) {
    return unauthenticated("the header `Authorization` with the secret");
  }
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { type, specversion, id } = body.value;
  if (typeof type !== "string") return malformed("the body has no `type` as Harbor sends it");
  if (!PUSHES.includes(type) && !DELETES.includes(type)) {
    return ignoreDelivery(delivery, { id, what: "event", why: "Only a push can bring a new version" });
  }
  const data = recordAt(body.value, specversion === undefined ? "event_data" : "data");
  const { resources } = data;
  if (!Array.isArray(resources) || resources.length > MOST_EVENTS || !resources.every(isRecord)) {
    return malformed("the body has no list `resources` as Harbor sends it");
  }
  const action = PUSHES.includes(type) ? "push" : "delete";
  const { repo_full_name: repository } = recordAt(data, "repository");
  const pushes = resources.map((resource) => pushOf(resource, { action, repository, delivery }));
  return judgePushes(delivery, { id: specversion === undefined ? undefined : id, pushes });
}

function pushOf(
  { resource_url: url, tag, digest }: Json,
  {
    action,
    repository,
    delivery,
  }: { readonly action: string; readonly repository: unknown; readonly delivery: Delivery },
): Push {
  const host = typeof url === "string" ? url.split("/", 1)[0] : undefined;
  return { action, prefixes: prefixesOfHost(delivery.settings, host), place: host, repository, tag, digest };
}
