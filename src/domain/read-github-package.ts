// What GitHub says of a package in its own registry: which image and tag were pushed, and what the image says of itself,
// which a private package shows to nobody else. Total: from hostile text to values that are checked, or why there are none.
// Source: https://docs.github.com/webhooks/webhook-events-and-payloads#registry_package

import type { ToldImage } from "./hint.ts";
import { isDigest } from "./image-name.ts";

export type PackageReading =
  | { readonly kind: "pushed"; readonly pushed: PushedPackage }
  /** A clause: `it is about no container image`. */
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "shapeless" };

export interface PushedPackage {
  /** In small letters, as image names are; not believed. */
  readonly host: string;
  /** In small letters; not checked further. */
  readonly path: string;
  /** Not empty; not checked further. */
  readonly tag: string;
  readonly told?: ToldImage;
}

const USUAL_HOST = "ghcr.io";
/** The second is GitHub's older registry, which still sends events. */
const TYPES: readonly unknown[] = ["container", "docker"];
const REVISION = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SOURCE = /^https:\/\/[\w.-]{1,200}(?::[0-9]{1,5})?\/[\w./~-]{1,300}$/;
const LONGEST = 1024;

/** `body` is the event's whole body, `key` the part that is named as the event is. */
export function readGithubPackage(body: unknown, key: "package" | "registry_package"): PackageReading {
  if (!isRecord(valueAt(body, key))) return { kind: "shapeless" };
  const action = textAt(body, "action");
  if (action !== undefined && action !== "published" && action !== "updated") {
    return { kind: "nothing", why: "only a push can bring a new version" };
  }
  const type = textAt(body, key, "package_type")?.toLowerCase();
  if (!TYPES.includes(type)) return { kind: "nothing", why: "it is about no container image" };
  const metadata = valueAt(body, key, "package_version", "container_metadata");
  const tag = textAt(metadata, "tag", "name");
  // A multi-architecture image sends one event for each manifest; those without a tag are its parts.
  if (tag === undefined || tag === "") return { kind: "nothing", why: "it names no tag" };
  const place = placeOf(valueAt(body, key));
  if (place === undefined) return { kind: "nothing", why: "it names no image" };
  const told = toldOf(metadata, textAt(body, key, "package_version", "version"));
  return { kind: "pushed", pushed: { ...place, tag, ...(told !== undefined && { told }) } };
}

/** `ghcr.io/Acme/web:1.2.3`, or the account and the name; the account keeps its capitals. */
function placeOf(pack: unknown): Pick<PushedPackage, "host" | "path"> | undefined {
  const url = textAt(pack, "package_version", "package_url")?.toLowerCase() ?? "";
  const [, host, path] = /^([^@\s/]+\.[^@\s/]+)\/([^@\s:]+):[^/]*$/.exec(url) ?? [];
  if (host !== undefined && path !== undefined) return { host, path };
  const owner = textAt(pack, "owner", "login");
  const name = textAt(pack, "name");
  return owner && name ? { host: USUAL_HOST, path: `${owner}/${name}`.toLowerCase() } : undefined;
}

/** Of an index only the digest: its labels are those of its parts. The short forms beside `all_labels` are often empty. */
function toldOf(metadata: unknown, version: string | undefined): ToldImage | undefined {
  const digest = [textAt(metadata, "tag", "digest"), version].find((text) => text !== undefined && isDigest(text));
  if (digest === undefined) return undefined;
  const revision = textAt(metadata, "labels", "all_labels", "org.opencontainers.image.revision");
  const source = textAt(metadata, "labels", "all_labels", "org.opencontainers.image.source");
  return {
    digest,
    ...(revision !== undefined && REVISION.test(revision) && { revision }),
    ...(source !== undefined && SOURCE.test(source) && { source }),
  };
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" && found.length <= LONGEST ? found : undefined;
}

function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const step of path) {
    if (!isRecord(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
