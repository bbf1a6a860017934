// The receiver for our own format: `{ "image": "ghcr.io/acme/checkout", "tag": "1.8.0" }`, from build
// jobs, and from senders whose body can be templated: signed over the raw bytes, with the secret as a bearer, or with the
// token that GitHub Actions or GitLab gives a job. Documented in `docs/webhooks.md`.

import {
  isDigest,
  isReferrerTag,
  isTag,
  normaliseImageName,
  registryOf,
  repositoryOf,
} from "../../domain/image-name.ts";
import { readBearer, sentAsBearer, signedWithTheSecret } from "./check-sender.ts";
import { refuseToken } from "./check-token.ts";
import { notSpokenFor, prefixesOfHost } from "./judge-push.ts";
import { malformed, nameDelivery, readBody } from "./read-body.ts";
import type { Delivery, Ignored, Received } from "./receiver.ts";

const SIGNATURE_HEADER = "X-Stagecoach-Signature-256";
const UNPROVEN: Received = {
  kind: "unauthenticated",
  why: `the header \`${SIGNATURE_HEADER}: sha256=<hex>\` is missing or is not the HMAC-SHA256 of the body with a secret of this webhook, and no header \`Authorization: Bearer …\` stands in for it`,
};
const KEYS: ReadonlySet<string> = new Set(["image", "tag", "digest", "delivery"]);

export async function readGeneric(delivery: Delivery): Promise<Received> {
  const refused = await checkSender(delivery);
  if (refused !== undefined) return refused;
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  return readEvent(body.value, delivery);
}

/** What is signed has to be signed well, whatever stands beside it. */
async function checkSender(delivery: Delivery): Promise<Received | undefined> {
  const signature = delivery.headers[SIGNATURE_HEADER.toLowerCase()];
  const bySecret = signature === undefined ? sentAsBearer(delivery) : signedWithTheSecret(delivery, signature);
  if (bySecret) return undefined;
  const { settings, proofs, now } = delivery;
  const token = readBearer(delivery);
  if (signature !== undefined || token === undefined || settings.token === undefined) return UNPROVEN;
  return refuseToken({ token, expected: settings.token, proofs, now });
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
  const host = registryOf(name);
  const images = prefixesOfHost(settings, host).map((prefix) => `${prefix}/${repositoryOf(name)}`);
  if (images.length === 0) return ignore(notSpokenFor(host));
  if (tag !== undefined && isReferrerTag(tag)) {
    return ignore("It is a signature, an attestation or another note to an image");
  }
  const said = { ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
  return { ...understood, events: images.map((each) => ({ image: each, ...said })), ignored: [] };
}
