// The receiver for our own format: `{ "image": "ghcr.io/acme/checkout", "tag": "1.8.0" }`, signed over the raw bytes. For
// build jobs, and for senders whose body can be templated. Documented in `docs/webhooks.md`.

import { isDigest, isReferrerTag, isTag, normaliseImageName, registryOf } from "../../domain/image-name.ts";
import { signedWithTheSecret } from "./check-sender.ts";
import { nameDelivery, readBody } from "./read-body.ts";
import type { Delivery, Ignored, Received } from "./receiver.ts";

const SIGNATURE_HEADER = "X-Stagecoach-Signature-256";
const KEYS: ReadonlySet<string> = new Set(["image", "tag", "digest", "delivery"]);

export function readGeneric(delivery: Delivery): Received {
  if (!signedWithTheSecret(delivery, delivery.headers[SIGNATURE_HEADER.toLowerCase()])) {
    return {
      kind: "unauthenticated",
      why: `the header \`${SIGNATURE_HEADER}: sha256=<hex>\` is missing or is not the HMAC-SHA256 of the body with a secret of this webhook`,
    };
  }
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  return readEvent(body.value, delivery);
}

function readEvent(body: Readonly<Record<string, unknown>>, { body: bytes, settings }: Delivery): Received {
  const { image, tag, digest } = body;
  if (Object.keys(body).some((key) => !KEYS.has(key))) {
    return malformed("the body may only have `image`, `tag`, `digest` and `delivery`");
  }
  const name = typeof image === "string" ? normaliseImageName(image) : undefined;
  if (name === undefined)
    return malformed("`image` is not the name of an image without tag, as `ghcr.io/acme/checkout`");
  if (tag !== undefined && (typeof tag !== "string" || !isTag(tag))) return malformed("`tag` is not a tag");
  if (digest !== undefined && (typeof digest !== "string" || !isDigest(digest))) {
    return malformed("`digest` is not of the form `sha256:<64 hexadecimal digits>`");
  }
  const understood = { kind: "understood", delivery: nameDelivery(body.delivery, bytes) } as const;
  const what = tag === undefined ? `event of ${name}` : `event of ${name}:${tag}`;
  const ignore = (why: string): Received => ({ ...understood, events: [], ignored: [{ what, why } satisfies Ignored] });
  if (registryOf(name) !== settings.registry) {
    return ignore(`This webhook speaks for ${settings.registry} alone`);
  }
  if (tag !== undefined && isReferrerTag(tag)) {
    return ignore("It is a signature, an attestation or another note to an image");
  }
  const event = { image: name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
  return { ...understood, events: [event], ignored: [] };
}

function malformed(why: string): Received {
  return { kind: "malformed", why };
}
