// The receiver for Google's Artifact Registry (and the Container Registry before it): a Pub/Sub push subscription to the
// topic `gcr`, wrapped or unwrapped. The proof is a token that Google signs for the subscription's service account.
// Source: https://cloud.google.com/artifact-registry/docs/configure-notifications

import { parseImageReference, registryOf, repositoryOf } from "../../domain/image-name.ts";
import { isRecord, parseJson } from "../parse-json.ts";
import { readBearer } from "./check-sender.ts";
import { refuseToken } from "./check-token.ts";
import { judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type Json, malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

/** Google has always spelt it in both ways. */
const ISSUERS = ["https://accounts.google.com", "accounts.google.com"];
const KEYS = "https://www.googleapis.com/oauth2/v3/certs";

export async function readArtifactRegistry(delivery: Delivery): Promise<Received> {
  const refused = await checkSender(delivery);
  if (refused !== undefined) return refused;
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { message, id } = unwrap(body.value, delivery);
  if (message === undefined) {
    return malformed(
      "the body is neither what Pub/Sub pushes nor the message in it: JSON with `action`, `tag` or `digest`",
    );
  }
  return judgePushes(delivery, { id, pushes: [pushOf(message, delivery)] });
}

async function checkSender(delivery: Delivery): Promise<Received | undefined> {
  const { settings, proofs, now } = delivery;
  const token = readBearer(delivery);
  const expected = settings.token;
  if (token === undefined || expected?.email === undefined) {
    const why = "the header `Authorization: Bearer <token>` is missing: the subscription has to have a service account";
    return { kind: "unauthenticated", why };
  }
  const from = { kind: "keys", address: expected.keys ?? KEYS } as const;
  const issuers = ISSUERS.includes(expected.issuer) ? ISSUERS : [expected.issuer];
  return refuseToken({ token, expected, issuers, from, proofs, now });
}

/** Wrapped: the message stands base64 in `message.data`. Unwrapped: it is the body, and its id may be a header. */
function unwrap(body: Json, { headers }: Delivery): { readonly message: Json | undefined; readonly id: unknown } {
  if (isRecord(body.message)) {
    const { data, messageId, message_id: older } = body.message;
    const decoded = typeof data === "string" ? parseJson(Buffer.from(data, "base64")) : undefined;
    return { message: isMessage(decoded) ? decoded : undefined, id: messageId ?? older };
  }
  return { message: isMessage(body) ? body : undefined, id: headers["x-goog-pubsub-message-id"] };
}

function isMessage(value: unknown): value is Json {
  return isRecord(value) && typeof value.action === "string" && (value.tag !== undefined || value.digest !== undefined);
}

function pushOf({ action, tag, digest }: Json, { settings }: Delivery): Push {
  const tagged = typeof tag === "string" ? parseImageReference(tag) : undefined;
  const pinned = typeof digest === "string" ? parseImageReference(digest) : undefined;
  const image = tagged?.image ?? pinned?.image;
  const host = image === undefined ? "" : registryOf(image);
  return {
    action: action === "INSERT" ? "push" : action === "DELETE" ? "delete" : "event",
    prefixes: prefixesOfHost(settings, host),
    place: host,
    repository: image === undefined ? undefined : repositoryOf(image),
    tag: tagged === undefined ? tag : tagged.tag,
    // A digest of another image says nothing of this one.
    digest: pinned !== undefined && pinned.image === image ? pinned.digest : undefined,
  };
}
