// Decides whether a registry may be asked at all, and as whom. A repository names images; only the operator names
// hosts and credentials (T20): the first, most specific line that is for the asker counts, then the public registries
// without credentials, then nothing.

import { normaliseImageName, registryOf, repositoryOf } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { matchesName, type RegistryAuth, type RegistrySettings } from "../domain/settings.ts";
import type { ImageRequest } from "./registry.ts";

/** One repository of one registry, as one asker may read it. */
export interface Access {
  /** The host as people know it, for sentences. */
  readonly host: string;
  /** Where its API answers: `https://registry-1.docker.io`. */
  readonly origin: string;
  readonly repository: string;
  readonly auth?: RegistryAuth;
  readonly insecure: boolean;
  /** A host besides the registry's own that may hand out tokens. */
  readonly realm?: string;
  /** It is for writing; absent: for reading alone. */
  readonly writes?: {
    /** Another repository of this registry whose blobs are mounted. */
    readonly from?: string;
  };
}

export interface AccessRules {
  readonly registries: readonly RegistrySettings[];
  readonly publicHosts: readonly string[];
}

export function chooseAccess({ image, asker }: ImageRequest, rules: AccessRules): Seen<Access> {
  if (normaliseImageName(image) !== image) return unknown(`\`${image.slice(0, 80)}\` is not the name of an image`);
  const host = registryOf(image);
  const repository = repositoryOf(image);
  const line = chooseLine({ image, asker }, rules);
  const isPublic = rules.publicHosts.some((pattern) => matchesHost(pattern, host));
  if (line === undefined && !isPublic) return unknown(missingLine({ host, repository, asker }));
  return accessBy(line, image);
}

/** The most specific line for this image that is for this asker. */
export function chooseLine(
  { image, asker }: ImageRequest,
  { registries }: Pick<AccessRules, "registries">,
): RegistrySettings | undefined {
  const host = registryOf(image);
  const repository = repositoryOf(image);
  const [line] = registries
    .filter(
      (each) =>
        hostName(each.host) === host &&
        covers(each.prefix, repository) &&
        each.for.some((pattern) => matchesName(pattern, asker)),
    )
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return line;
}

export function accessBy(line: RegistrySettings | undefined, image: string): Seen<Access> {
  const host = registryOf(image);
  const repository = repositoryOf(image);
  const insecure = line?.insecure ?? false;
  const origin = originOf(host, insecure);
  if (origin === undefined) return unknown(`\`${host}\` is not the name of a host`);
  return known({
    host,
    origin,
    repository,
    insecure,
    ...(line?.auth !== undefined && { auth: line.auth }),
    ...(line?.realm !== undefined && { realm: line.realm }),
  });
}

/** `index.docker.io` and `registry-1.docker.io` are docker.io. */
function hostName(host: string): string {
  const name = host.toLowerCase();
  return name === "index.docker.io" || name === "registry-1.docker.io" ? "docker.io" : name;
}

function originOf(host: string, insecure: boolean): string | undefined {
  const url = URL.parse(`${insecure ? "http" : "https"}://${host === "docker.io" ? "registry-1.docker.io" : host}`);
  return url === null || url.username !== "" || url.pathname !== "/" ? undefined : url.origin;
}

/** `acme` and `acme/` cover `acme` and all below it, but not `acmecorp`. */
function covers(prefix: string, repository: string): boolean {
  const folder = prefix.replace(/\/+$/, "");
  return folder === "" || repository === folder || repository.startsWith(`${folder}/`);
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : hostName(pattern) === host;
}

function missingLine({ host, repository, asker }: { host: string; repository: string; asker: string }): string {
  const line = `{ host: "${host}", for: ["${asker}"] }`;
  return `no line of \`registries\` in the operator's settings lets ${asker} read ${repository} at ${host}; one like \`${line}\` would`;
}
