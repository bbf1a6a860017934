// The receiver for CDEvents: an artifact that was packaged or published, named by a package URL, inside a CloudEvent or
// alone. CDEvents have no proof of their own, so a secret stands in a header or in the path.
// Source: https://github.com/cdevents/spec/blob/v0.4.1/continuous-integration.md

import { parseImageReference, registryOf, repositoryOf } from "../../domain/image-name.ts";
import { isRecord } from "../parse-json.ts";
import { answerHandshake, sentToEvents } from "./check-event-sender.ts";
import { unauthenticated } from "./check-sender.ts";
import { judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type Json, type Malformed, malformed, readBody } from "./read-body.ts";
import { readCloudEvents } from "./read-cloud-events.ts";
import { readPurl } from "./read-purl.ts";
import type { Delivery, Ignored, Received } from "./receiver.ts";

const BRINGS = /^dev\.cdevents\.artifact\.(?:published|packaged)\.\d/;
const NO_EVENT = "it is no CDEvent: `context` with `id` and `type`, and `subject` with `id`, are needed";

export function readCdEvents(delivery: Delivery): Received {
  if (delivery.method === "OPTIONS") return answerHandshake(delivery);
  if (!sentToEvents(delivery)) return unauthenticated("the header `Authorization: Bearer <secret>`");
  const unwrapped = unwrap(delivery);
  if (unwrapped.kind === "malformed") return unwrapped;
  const ids: string[] = [];
  const pushes: Push[] = [];
  const ignored: Ignored[] = [];
  for (const { context, subject } of unwrapped.bodies) {
    if (!isRecord(context) || !isRecord(subject)) return malformed(NO_EVENT);
    const { id, type } = context;
    if (typeof id !== "string" || typeof type !== "string") return malformed(NO_EVENT);
    ids.push(id);
    const read = readArtifact(type, { subject, delivery });
    if ("why" in read) ignored.push(read);
    else pushes.push(read);
  }
  const judged = judgePushes(delivery, { id: ids.join("."), pushes });
  return { ...judged, ignored: [...judged.ignored, ...ignored] };
}

type Unwrapped = { readonly kind: "bodies"; readonly bodies: readonly Json[] } | Malformed;

/** The CDEvent itself, or the data of CloudEvents, as CDEvents' own binding has it. */
function unwrap({ headers, body }: Delivery): Unwrapped {
  const alone = headers["ce-specversion"] === undefined ? readBody(body) : undefined;
  if (alone?.kind === "object" && isRecord(alone.value.context)) return { kind: "bodies", bodies: [alone.value] };
  const read = readCloudEvents({ headers, body });
  if (read.kind === "malformed") return alone?.kind === "object" ? malformed(NO_EVENT) : read;
  const data = read.events.map((event) => event.data);
  return data.every(isRecord) ? { kind: "bodies", bodies: data } : malformed(NO_EVENT);
}

function readArtifact(
  type: string,
  { subject, delivery }: { readonly subject: Json; readonly delivery: Delivery },
): Push | Ignored {
  const ignore = (why: string): Ignored => ({ what: "event of an artifact", why });
  if (!BRINGS.test(type)) return ignore("Only an artifact that was packaged or published can bring a new version");
  const purl = readPurl(subject.id);
  if (purl.kind === "other") return ignore(purl.why);
  const image = parseImageReference(purl.repository)?.image;
  if (image === undefined) return ignore("The `repository_url` of its package URL is not the name of an image");
  const host = registryOf(image);
  return {
    ...{ action: "push", prefixes: prefixesOfHost(delivery.settings, host), place: host },
    ...{ repository: repositoryOf(image), tag: purl.tag, digest: purl.digest },
  };
}
