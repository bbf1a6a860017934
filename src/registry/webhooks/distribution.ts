// The receiver for the distribution project's registry (registry:2, registry:3, GitLab's, Debian's docker-registry) and
// everything that speaks its notification format. It cannot sign; it sends a fixed header.
// Source: https://distribution.github.io/distribution/about/notifications/

import { isDigest, isReferrerTag, isTag, normaliseImageName, registryOf } from "../../domain/image-name.ts";
import { isRecord } from "../parse-json.ts";
import { sentTheSecret } from "./check-sender.ts";
import { nameDelivery, readBody } from "./read-body.ts";
import type { Delivery, Ignored, ImageEvent, Received } from "./receiver.ts";

type Json = Readonly<Record<string, unknown>>;

/** The registry sends one event at a time; the format allows more. */
const MOST_EVENTS = 1000;
const NOTES: readonly unknown[] = ["application/vnd.dev.cosign.simplesigning.v1+json", "application/vnd.in-toto+json"];

export function readDistribution(delivery: Delivery): Received {
  if (!sentTheSecret(delivery)) {
    return {
      kind: "unauthenticated",
      why: "the header `Authorization: Bearer <secret>` is missing or its secret is not one of this webhook's",
    };
  }
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const list = body.value.events;
  if (!Array.isArray(list) || list.length > MOST_EVENTS || !list.every(isRecord)) {
    return { kind: "malformed", why: "the body has no list `events` as the distribution registry sends it" };
  }
  const events: ImageEvent[] = [];
  const ignored: Ignored[] = [];
  for (const entry of list) {
    const read = readEvent(entry, delivery.settings.registry);
    if ("image" in read) events.push(read);
    else ignored.push(read);
  }
  const ids = list.map(({ id }) => (typeof id === "string" ? id : ""));
  const id = ids.length > 0 && ids.every((each) => each !== "") ? ids.join(".") : undefined;
  return { kind: "understood", delivery: nameDelivery(id, delivery.body), events, ignored };
}

function readEvent(event: Json, registry: string): ImageEvent | Ignored {
  const target = isRecord(event.target) ? event.target : {};
  const ignore = (why: string): Ignored => ({ what: describe(event, target), why });
  if (event.action !== "push") return ignore("Only a push can bring a new version");
  if (target.mediaType === "application/octet-stream") return ignore("It is a layer or a configuration, not an image");
  if (target.tag === undefined || target.tag === "") {
    return ignore("It has no tag; a platform's part of an image is followed by the image itself");
  }
  const { tag, repository, digest } = target;
  if (typeof tag === "string" && isDigest(tag)) return ignore("Its tag is a digest");
  if (typeof tag !== "string" || !isTag(tag)) return ignore("What it calls a tag is none");
  if (isReferrerTag(tag) || isNote(target))
    return ignore("It is a signature, an attestation or another note to an image");
  // The host in the event is what the pusher typed; the operator says which registry this is (T5).
  const image = typeof repository === "string" ? normaliseImageName(`${registry}/${repository}`) : undefined;
  if (image === undefined || registryOf(image) !== registry)
    return ignore("Its repository is not the name of an image");
  return { image, tag, ...(typeof digest === "string" && isDigest(digest) && { digest }) };
}

/** Sigstore's bundles and their older forms, told by what the manifest refers to where the registry lists that. */
function isNote(target: Json): boolean {
  const references = Array.isArray(target.references) ? target.references.filter(isRecord) : [];
  return [target, ...references].some(
    ({ mediaType }) =>
      NOTES.includes(mediaType) ||
      (typeof mediaType === "string" && mediaType.startsWith("application/vnd.dev.sigstore.bundle")),
  );
}

function describe(event: Json, target: Json): string {
  const { repository, tag } = target;
  const action = typeof event.action === "string" && /^[a-z]{1,20}$/.test(event.action) ? event.action : "event";
  const name =
    typeof repository === "string" && normaliseImageName(`docker.io/${repository}`) !== undefined ? repository : "?";
  return `${action} of ${name}${typeof tag === "string" && isTag(tag) ? `:${tag}` : ""}`;
}
