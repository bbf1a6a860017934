// The receiver for CloudEvents of any sender: structured, binary or in a batch, with the image in the data or as the
// subject. It asks with OPTIONS first whether it may send.
// Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md

import { parseImageReference, registryOf, repositoryOf } from "../../domain/image-name.ts";
import { isRecord } from "../parse-json.ts";
import { answerHandshake, sentToEvents } from "./check-event-sender.ts";
import { unauthenticated } from "./check-sender.ts";
import { judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type CloudEvent, readCloudEvents } from "./read-cloud-events.ts";
import type { Delivery, Received } from "./receiver.ts";

/** Words at the end of a type that say that something other than a push happened. */
const OTHER =
  /(?:^|[._-])(?:delet(?:e|ed|ion)|remov(?:e|ed)|pull(?:ed)?|scan(?:ned)?|untag(?:ged)?|sign(?:ed)?|replicat(?:e|ed|ion)|quarantine)(?:[._-]v?\d[\w.-]*)?$/i;

export function readCloudEventsWebhook(delivery: Delivery): Received {
  if (delivery.method === "OPTIONS") return answerHandshake(delivery);
  if (!sentToEvents(delivery)) return unauthenticated("the header `Authorization: Bearer <secret>`");
  const read = readCloudEvents(delivery);
  if (read.kind === "malformed") return read;
  const id = read.events.map((event) => event.id).join(".");
  return judgePushes(delivery, { id, pushes: read.events.map((event) => pushOf(event, delivery)) });
}

function pushOf({ type, subject, data }: CloudEvent, { settings }: Delivery): Push {
  const action = OTHER.test(type) ? "event" : "push";
  const { image, repository, tag, digest, registry, registryUrl = registry } = isRecord(data) ? data : {};
  const reference = typeof image === "string" ? image : repository === undefined ? subject : undefined;
  const said = reference === undefined ? { host: bareHost(registryUrl), repository } : readReference(reference);
  const { host } = said;
  const prefixes = prefixesOfHost(settings, host);
  return {
    ...{ action, prefixes, place: host ?? settings.registry, repository: said.repository },
    ...{ tag: tag ?? said.tag, digest: digest ?? said.digest },
  };
}

function bareHost(written: unknown): string | undefined {
  return typeof written === "string" ? written.replace(/^https?:\/\//, "").replace(/\/$/, "") : undefined;
}

interface Said {
  /** `undefined`: it names none. */
  readonly host: string | undefined;
  readonly repository: unknown;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** `ghcr.io/acme/checkout:1.8.0`, or without the host, which then is the webhook's. */
function readReference(text: string): Said {
  const read = parseImageReference(text);
  if (read === undefined) return { host: undefined, repository: undefined };
  const { image, tag, digest } = read;
  const host = registryOf(image);
  if (text.toLowerCase().startsWith(`${host}/`)) return { host, repository: repositoryOf(image), tag, digest };
  const [named = ""] = text.split("@");
  return { host: undefined, repository: named.replace(/:[^:/]*$/, ""), tag, digest };
}
