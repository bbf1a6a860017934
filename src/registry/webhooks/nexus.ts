// The receiver for Sonatype Nexus 3. It signs with HMAC-SHA1, which is weak for much and still sound for this. It tells the
// name of its own repository and neither host nor digest; which host that is, the operator says.
// Source: https://help.sonatype.com/en/webhooks.html

import { isRecord } from "../parse-json.ts";
import { signedInHex, unsigned } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, prefixesOf } from "./judge-push.ts";
import { malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const SIGNATURE_HEADER = "X-Nexus-Webhook-Signature";
const PUSHES: readonly unknown[] = ["CREATED", "UPDATED"];

export function readNexus(delivery: Delivery): Received {
  const { headers, settings } = delivery;
  const signature = headers[SIGNATURE_HEADER.toLowerCase()];
  if (!signedInHex(delivery, { signature, hash: "sha1" })) return unsigned(SIGNATURE_HEADER, "SHA1");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { component, asset, action, repositoryName } = body.value;
  const id = headers["x-nexus-webhook-delivery"];
  if (isRecord(asset)) {
    const why = "It is one file of something; its component is told of as well, where the webhook says so";
    return ignoreDelivery(delivery, { id, what: "event of an asset", why });
  }
  if (!isRecord(component)) return malformed("the body has neither `component` nor `asset` as Nexus sends them");
  if (component.format !== "docker") {
    return ignoreDelivery(delivery, { id, what: "event of a component", why: "It is no image" });
  }
  const push = {
    action: PUSHES.includes(action) ? "push" : typeof action === "string" ? action.toLowerCase() : action,
    prefixes: prefixesOf(settings, { name: repositoryName, otherwise: settings.registry }),
    place: repositoryName,
    repository: component.name,
    tag: component.version,
  };
  return judgePushes(delivery, { id, pushes: [push] });
}
