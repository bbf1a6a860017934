// Which of the things that a sender tells of may be a new version: the rules about noise, and what an image is called by
// the operator's words, in one place for all senders. A receiver only finds where its sender writes what.

import type { ToldImage } from "../../domain/hint.ts";
import { isDigest, isReferrerTag, isTag, normaliseImageName, registryOf } from "../../domain/image-name.ts";
import type { WebhookSettings } from "../../domain/settings.ts";
import { nameDelivery } from "./read-body.ts";
import type { Delivery, Ignored, ImageEvent, Understood } from "./receiver.ts";

/** One thing that happened, as its sender tells it: nothing of it is checked yet. */
export interface Push {
  /** `push`, or what else it was, which is ignored then. */
  readonly action: unknown;
  /** What names of its images begin with, by `prefixesOf` or `prefixesOfHost`; empty: this webhook does not speak for it. */
  readonly prefixes: readonly string[];
  /** The sender's word for where it happened, for the sentence. */
  readonly place?: unknown;
  /** Behind the prefix: `acme/checkout`. */
  readonly repository: unknown;
  readonly tag: unknown;
  readonly digest?: unknown;
  /** Of the manifest and of what it refers to, as far as the sender tells. */
  readonly mediaTypes?: readonly unknown[];
  /** The tag may be spelt otherwise than it was pushed, so that it only tells where to look. */
  readonly tagIsRough?: boolean;
  /** GHCR alone. */
  readonly told?: ToldImage;
}

const NOTES: readonly unknown[] = ["application/vnd.dev.cosign.simplesigning.v1+json", "application/vnd.in-toto+json"];
const SHOWN = /^[\w.:[\]-]{1,255}$/;

/** What a delivery comes to; `id` is the sender's name for it. */
export function judgePushes(
  { body }: Pick<Delivery, "body">,
  { id, pushes }: { readonly id: unknown; readonly pushes: readonly Push[] },
): Understood {
  const judged = pushes.map(judge);
  return {
    kind: "understood",
    delivery: nameDelivery(id, body),
    events: judged.flatMap(({ events }) => events),
    ignored: judged.flatMap(({ ignored }) => ignored),
  };
}

/** A delivery that is about something else altogether. `what` is of our own words: `ping`. */
export function ignoreDelivery(
  { body }: Pick<Delivery, "body">,
  { id, what, why }: Ignored & { readonly id: unknown },
): Understood {
  return { kind: "understood", delivery: nameDelivery(id, body), events: [], ignored: [{ what, why }] };
}

/** What images begin with for the sender's own word; where the operator lists nothing for it, `otherwise`. */
export function prefixesOf(
  { repositories = [] }: WebhookSettings,
  { name, otherwise }: { readonly name: unknown; readonly otherwise: string },
): readonly string[] {
  const word = typeof name === "string" ? name.toLowerCase() : "";
  const listed = repositories.filter((each) => each.name.toLowerCase() === word).map(({ image }) => image);
  if (listed.length > 0) return listed;
  return otherwise === "" ? [] : [otherwise];
}

/** A host that the sender names counts only if it is the webhook's own or listed (T5); where it names none, it means its own. */
export function prefixesOfHost(settings: WebhookSettings, host: unknown): readonly string[] {
  const isOwn = host === undefined || (typeof host === "string" && host.toLowerCase() === settings.registry);
  return prefixesOf(settings, { name: host, otherwise: isOwn ? settings.registry : "" });
}

function judge(push: Push): Pick<Understood, "events" | "ignored"> {
  const why = whyNoise(push);
  const ignore = (reason: string) => ({ events: [], ignored: [{ what: describe(push), why: reason }] });
  if (why !== undefined) return ignore(why);
  if (push.prefixes.length === 0) return ignore(notSpokenFor(push.place));
  const events = push.prefixes.flatMap((prefix) => eventOf(push, prefix));
  return events.length > 0 ? { events, ignored: [] } : ignore("Its repository is not the name of an image");
}

function whyNoise({ action, tag, mediaTypes = [] }: Push): string | undefined {
  if (action !== "push") return "Only a push can bring a new version";
  if (mediaTypes[0] === "application/octet-stream") return "It is a layer or a configuration, not an image";
  if (tag === undefined || tag === null || tag === "") {
    return "It has no tag; a platform's part of an image is followed by the image itself";
  }
  if (typeof tag === "string" && isDigest(tag)) return "Its tag is a digest";
  if (typeof tag !== "string" || !isTag(tag)) return "What it calls a tag is none";
  if (isReferrerTag(tag) || mediaTypes.some(isNote))
    return "It is a signature, an attestation or another note to an image";
  return undefined;
}

/** Sigstore's bundles and their older forms, told by what the manifest refers to where the sender lists that. */
function isNote(mediaType: unknown): boolean {
  const isBundle = typeof mediaType === "string" && mediaType.startsWith("application/vnd.dev.sigstore.bundle");
  return isBundle || NOTES.includes(mediaType);
}

function eventOf(push: Push, prefix: string): readonly ImageEvent[] {
  const { repository, tag, told, digest = told?.digest, tagIsRough = false } = push;
  const image = typeof repository === "string" ? normaliseImageName(`${prefix}/${repository}`) : undefined;
  // A host without a dot or a port would be taken for a part of docker.io.
  if (image === undefined || registryOf(image) !== prefix.split("/", 1)[0]) return [];
  const named = typeof tag === "string" && !tagIsRough ? { tag } : {};
  const claimed = typeof digest === "string" && isDigest(digest) ? { digest } : {};
  return [{ image, ...named, ...claimed, ...(told !== undefined && { told }) }];
}

export function notSpokenFor(place: unknown): string {
  const shown = typeof place === "string" && SHOWN.test(place) ? `\`${place}\`` : "where it happened";
  return `This webhook does not speak for ${shown}; its settings say for what, with \`registry\` and \`repositories\``;
}

/** Of checked names alone. */
function describe({ action, repository, tag }: Push): string {
  const known = typeof action === "string" && /^[a-z_]{1,20}$/.test(action) ? action : "event";
  const name =
    typeof repository === "string" && normaliseImageName(`docker.io/${repository}`) !== undefined ? repository : "?";
  return `${known} of ${name}${typeof tag === "string" && isTag(tag) ? `:${tag}` : ""}`;
}
