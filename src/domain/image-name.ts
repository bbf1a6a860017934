// Image references: which repository in which registry, under which tag, with which digest.
// Normalises names as container runtimes do (`nginx` is `docker.io/library/nginx`), so that one image has one name
// everywhere. Grammar: the distribution project's reference documentation. Resolves nothing.

export interface ImageReference {
  /** Registry host and repository, normalised: `ghcr.io/acme/checkout`. */
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
}

const DOMAIN =
  /^(?:localhost|\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const REFERRER_TAG = /^sha256-[0-9a-f]{64}(?:[.-]|$)/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const DIGEST_START = /^sha256:[0-9a-f]{12,64}$/;

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Signatures, attestations and other notes that cosign, and registries without a referrers API, keep as tags. */
export function isReferrerTag(tag: string): boolean {
  return REFERRER_TAG.test(tag);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** A digest, or the beginning of one that is long enough to mean it, as people see it in our words. */
export function isDigestStart(text: string): boolean {
  return DIGEST_START.test(text);
}

/** Reads `host/repository[:tag][@digest]`; `undefined` when the text is not an image reference. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > 512) return undefined;
  const [named = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) return undefined;
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !isTag(tag)) return undefined;
  const image = normaliseImageName(hasTag ? named.slice(0, colon) : named);
  if (image === undefined) return undefined;
  return { image, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** `nginx` -> `docker.io/library/nginx`; `undefined` when the text is no image name. */
export function normaliseImageName(name: string): string | undefined {
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  const namesHost =
    first.includes(".") || first.includes(":") || first === "localhost" || first !== first.toLowerCase();
  const host = namesHost ? first.toLowerCase() : "docker.io";
  const path = namesHost ? name.slice(slash + 1) : name;
  if (!DOMAIN.test(host) || path.length === 0 || path.length > 255) return undefined;
  if (!path.split("/").every((component) => COMPONENT.test(component))) return undefined;
  if (host === "index.docker.io" || host === "registry-1.docker.io") return normaliseImageName(`docker.io/${path}`);
  return `${host}/${host === "docker.io" && !path.includes("/") ? `library/${path}` : path}`;
}

export function registryOf(image: string): string {
  return image.slice(0, image.indexOf("/"));
}

export function repositoryOf(image: string): string {
  return image.slice(image.indexOf("/") + 1);
}
