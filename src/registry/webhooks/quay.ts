// The receiver for quay.io and Red Hat Quay. It signs nothing and sends no header, so the secret is in the path. Its body
// may be templated: one in our own format is read as well. Three failures and Quay switches the webhook off.
// Source: https://docs.redhat.com/en/documentation/red_hat_quay, "Repository notifications"

import { isRecord } from "../parse-json.ts";
import { sentInPath, unauthenticated } from "./check-sender.ts";
import { judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type Json, malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

/** It sends one. More would be the same image again, which is looked at whole. */
const MOST_TAGS = 100;

export function readQuay(delivery: Delivery): Received {
  if (!sentInPath(delivery)) return unauthenticated("the secret at the end of the address");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { docker_url: url, image, delivery: id } = body.value;
  const name = url ?? image;
  const tags = url === undefined ? [body.value.tag] : tagsOf(body.value);
  if (typeof name !== "string" || tags === undefined) {
    return malformed("the body has neither `docker_url` and `updated_tags` as Quay sends them, nor `image` and `tag`");
  }
  const { digest } = body.value;
  const pushes = tags.map((tag) => pushOf(delivery, { name, tag, digest: url === undefined ? digest : undefined }));
  return judgePushes(delivery, { id: url === undefined ? id : undefined, pushes });
}

/** A list; a map from tags to images in its first years. */
function tagsOf({ updated_tags: tags }: Json): readonly unknown[] | undefined {
  if (Array.isArray(tags)) return tags.length === 0 ? [undefined] : tags.slice(0, MOST_TAGS);
  return isRecord(tags) ? Object.keys(tags).slice(0, MOST_TAGS) : undefined;
}

function pushOf(
  { settings }: Delivery,
  { name, tag, digest }: { readonly name: string; readonly tag: unknown; readonly digest: unknown },
): Push {
  const slash = name.indexOf("/");
  const host = name.slice(0, Math.max(slash, 0));
  return {
    action: "push",
    prefixes: prefixesOfHost(settings, host),
    place: host,
    repository: name.slice(slash + 1),
    tag,
    digest,
  };
}
