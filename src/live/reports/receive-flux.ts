// Events of Flux's notification-controller, from a provider of the type `generic-hmac`. It signs the body and nothing
// else, so an old event can be sent again: its own time and the hash of its body stand against that (T3). At the end of
// every round Flux says that it has finished: that is news the first time for a revision.

import { nameObject } from "../../domain/object-reference.ts";
import { hashOf, isSigned } from "./check-sender.ts";
import { time } from "./json-shape.ts";
import { type JsonObject, nameIn, objectIn, readPush } from "./read-push.ts";
import type { LiveDelivery, LiveReceived } from "./receiver.ts";

const OLDEST = 15 * 60_000;
const MOST_AHEAD = 5 * 60_000;
const NEEDED = "the header `X-Signature: sha256=<hex>`, the HMAC of the body with the secret of this source";

export async function receiveFlux({ body, headers, settings, now }: LiveDelivery): Promise<LiveReceived> {
  const signature = headers["x-signature"];
  if (typeof signature !== "string") return { kind: "unauthenticated", reason: "missing", needed: NEEDED };
  if (!isSigned({ parts: [body], signature, secrets: settings.secrets })) {
    return { kind: "unauthenticated", reason: "signature", needed: NEEDED };
  }
  const push = readPush(body);
  if (push === undefined) return { kind: "nothing", why: "the body is not a JSON object" };
  const object = objectIn(push, "involvedObject");
  const kind = nameIn(object, "kind");
  const name = nameIn(object, "name");
  const namespace = nameIn(object, "namespace");
  if (kind === undefined || name === undefined)
    return { kind: "nothing", why: "the body names no object in `involvedObject`" };
  const at = time.read(push.timestamp, "timestamp");
  if (at.kind === "faulty") return { kind: "nothing", why: at.why };
  if (at.value < now - OLDEST) return { kind: "nothing", why: "the event is older than 15 minutes" };
  if (at.value > now + MOST_AHEAD)
    return { kind: "nothing", why: "the event is more than 5 minutes in the future; compare the clocks" };
  const what = nameObject({ kind, name, ...(namespace !== undefined && { namespace }) });
  return { kind: "understood", delivery: hashOf(isRoutine(push) ? identify(push) : body), what };
}

/** It says how long the round took, so that no two of them are the same. */
function isRoutine({ reason, message }: JsonObject): boolean {
  return (
    reason === "ReconciliationSucceeded" &&
    typeof message === "string" &&
    /^Reconciliation finished in \S+, next run in \S+$/.test(message)
  );
}

/** The object and the revision, and nothing that another round would change. */
function identify(push: JsonObject): Uint8Array {
  const { kind, namespace, name, uid } = objectIn(push, "involvedObject");
  const metadata = objectIn(push, "metadata");
  const revisions = Object.keys(metadata)
    .filter((key) => /(?:^|\/)(?:originRevision|revision)$/.test(key))
    .sort();
  const facts = ["finished", kind, namespace, name, uid, ...revisions.map((key) => [key, metadata[key]])];
  return Buffer.from(JSON.stringify(facts));
}
