// The receiver for JFrog Artifactory. The header X-JFrog-Event-Auth is the secret itself, or the HMAC-SHA256 of the body
// where “Use secret for payload signing” is ticked: the settings say which, so that neither passes for the other.
// Source: https://jfrog.com/help/r/jfrog-platform-administration-documentation/webhooks

import { isRecord } from "../parse-json.ts";
import { sentInHeader, signedInHex, unauthenticated, unsigned } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, type Push, prefixesOf } from "./judge-push.ts";
import { type Json, malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const PROOF_HEADER = "X-JFrog-Event-Auth";
/** A promotion inside Artifactory brings a tag to another of its repositories. */
const PUSHES: readonly unknown[] = ["pushed", "promoted"];

export function readJfrog(delivery: Delivery): Received {
  const refused = refuse(delivery);
  if (refused !== undefined) return refused;
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { domain, event_type: type, data } = body.value;
  if (typeof domain !== "string" || typeof type !== "string") {
    return malformed("the body has no `domain` and `event_type` as Artifactory sends them");
  }
  if (domain !== "docker") {
    return ignoreDelivery(delivery, { id: undefined, what: "event", why: "It is not of the domain `docker`" });
  }
  if (!isRecord(data)) return malformed("the body has no `data` as Artifactory sends it");
  return judgePushes(delivery, { id: undefined, pushes: [pushOf(delivery, { type, data })] });
}

function refuse(delivery: Delivery): Received | undefined {
  const proof = PROOF_HEADER.toLowerCase();
  if (delivery.settings.signed) {
    const signature = delivery.headers[proof];
    return signedInHex(delivery, { signature, hash: "sha256" }) ? undefined : unsigned(PROOF_HEADER);
  }
  return sentInHeader(delivery, proof) ? undefined : unauthenticated(`the header \`${PROOF_HEADER}: <secret>\``);
}

/** `jpd_origin` is whatever its administrator typed, or empty, and is not looked at. */
function pushOf({ settings }: Delivery, { type, data }: { readonly type: string; readonly data: Json }): Push {
  const { repo_key: key, image_name: name, tag, sha256 } = data;
  const otherwise = settings.registry !== "" && typeof key === "string" ? `${settings.registry}/${key}` : "";
  return {
    action: PUSHES.includes(type) ? "push" : type,
    prefixes: prefixesOf(settings, { name: key, otherwise: otherwise.toLowerCase() }),
    place: key,
    repository: name,
    tag,
    digest: typeof sha256 === "string" ? `sha256:${sha256}` : undefined,
  };
}
