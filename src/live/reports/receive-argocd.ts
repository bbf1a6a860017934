// Notifications of Argo CD, sent with the template of `docs/live-reports.md` or another one that has `app.name`. Argo CD
// cannot sign: it sends a header that it was given. What it tells is a hint, and it is asked itself.

import { nameObject } from "../../domain/object-reference.ts";
import { bearerOf, hashOf, isSecret } from "./check-sender.ts";
import { nameIn, objectIn, readPush } from "./read-push.ts";
import type { LiveDelivery, LiveReceived } from "./receiver.ts";

/** Argo CD gives its messages no id, and the same one may be true twice. */
const SAME_FOR = 60_000;

const NEEDED = "the header `Authorization: Bearer <secret>` with the secret of this source";

export async function receiveArgocd(delivery: LiveDelivery): Promise<LiveReceived> {
  const { body, settings, now } = delivery;
  const given = bearerOf(delivery);
  if (given === undefined) return { kind: "unauthenticated", reason: "missing", needed: NEEDED };
  if (!isSecret(given, settings.secrets)) return { kind: "unauthenticated", reason: "signature", needed: NEEDED };
  const push = readPush(body);
  if (push === undefined)
    return { kind: "nothing", why: "the body is not a JSON object; see the template in the documentation" };
  const app = objectIn(push, "app");
  const metadata = objectIn(app, "metadata");
  const name = nameIn(app, "name") ?? nameIn(metadata, "name");
  const namespace = nameIn(app, "namespace") ?? nameIn(metadata, "namespace");
  if (name === undefined) return { kind: "nothing", why: "the body names no Application in `app.name`" };
  return {
    kind: "understood",
    delivery: `${hashOf(body)}/${Math.floor(now / SAME_FOR)}`,
    what: nameObject({ kind: "Application", name, ...(namespace !== undefined && { namespace }) }),
  };
}
