// What a registry would answer if certain images had been pushed: "what would happen if 1.8.0 came now". What is
// supposed stands before what the registry says; what the registry does not say stays unknown.

import { isGitSource, nameGitSource } from "../domain/git-source.ts";
import { commitOf, parseVersionReference } from "../domain/identity.ts";
import { isDigest, isTag, normaliseImageName } from "../domain/image-name.ts";
import { LINUX_ARCHITECTURES } from "../domain/platform.ts";
import type { ImageVersion } from "../domain/release.ts";
import { known, unknown } from "../domain/seen.ts";
import type { Revision, SourceRepository } from "../domain/source-repository.ts";
import type { Forge } from "../forge/forge.ts";
import type { Registry } from "../registry/registry.ts";

export type VersionReading =
  | { readonly kind: "version"; readonly version: ImageVersion }
  /** A sentence. */
  | { readonly kind: "wrong"; readonly why: string };

/** `ghcr.io/acme/checkout=1.8.0@sha256:…`, or `git:github.com/acme/web=v1.8.0@commit:…` */
export function readVersion(written: string): VersionReading {
  const [name = "", named, ...more] = written.split("=");
  const [tag = "", digest = "", ...others] = (named ?? "").split("@");
  const image = normaliseImageName(name);
  const revision = parseVersionReference(written.replace("=", ":"));
  if (revision?.tag !== undefined && revision.digest !== undefined && isGitSource(revision.image))
    return { kind: "version", version: { image: revision.image, tag: revision.tag, digest: revision.digest } };
  const isWrong = image === undefined || more.length + others.length > 0 || !isTag(tag) || !isDigest(digest);
  if (!isWrong) return { kind: "version", version: { image, tag, digest } };
  const shape = "image=tag@sha256:<64 hexadecimal digits>";
  return { kind: "wrong", why: `\`${written.slice(0, 200)}\` is not a release; it is written \`${shape}\`.` };
}

export interface Supposing {
  readonly registry: Registry;
  readonly versions: readonly ImageVersion[];
  /** The registry is not asked for anything. */
  readonly offline: boolean;
  readonly now: () => number;
}

/** Whoever supposes a release supposes that it can run. */
const ANY_PLATFORM = [
  ...LINUX_ARCHITECTURES.map((name) => `linux/${name}`),
  "linux/arm/v6",
  "linux/arm/v7",
  "windows/amd64",
];
const NOT_ASKED = unknown("no registry was asked (`--offline`)");

export function supposeReleases({ registry, versions, offline, now }: Supposing): Registry {
  const asked: Registry = offline
    ? {
        listTags: async () => NOT_ASKED,
        resolveTag: async () => NOT_ASKED,
        readCreated: async () => NOT_ASKED,
        readPlatforms: async () => NOT_ASKED,
        readOrigin: async () => NOT_ASKED,
        readChildren: async () => NOT_ASKED,
        mayName: registry.mayName,
        copyImage: registry.copyImage,
        readSignatures: async () => NOT_ASKED,
      }
    : registry;
  const of = (image: string) => versions.filter((version) => version.image === image);
  return {
    mayName: asked.mayName,
    copyImage: asked.copyImage,
    async listTags(request) {
      const supposed = of(request.image).map(({ tag }) => tag);
      const list = await asked.listTags(request);
      if (supposed.length === 0) return list;
      return known({ tags: [...new Set([...supposed, ...(list.kind === "known" ? list.value.tags : [])])] });
    },
    async resolveTag(request) {
      const version = of(request.image).find(({ tag }) => tag === request.tag);
      return version === undefined ? asked.resolveTag(request) : known(version.digest);
    },
    async readCreated(request) {
      const isSupposed = of(request.image).some(({ digest }) => digest === request.digest);
      return isSupposed ? known(now()) : asked.readCreated(request);
    },
    async readPlatforms(request) {
      const isSupposed = of(request.image).some(({ digest }) => digest === request.digest);
      return isSupposed ? known(ANY_PLATFORM) : asked.readPlatforms(request);
    },
    async readOrigin(request) {
      const isSupposed = of(request.image).some(({ digest }) => digest === request.digest);
      return isSupposed ? known({}) : asked.readOrigin(request);
    },
    async readChildren(request) {
      const isSupposed = of(request.image).some(({ digest }) => digest === request.digest);
      return isSupposed ? known([]) : asked.readChildren(request);
    },
    readSignatures: (request) => asked.readSignatures(request),
  };
}

/** The same for Git repositories; `host` is where the repositories are that a pipeline file names. */
export function supposeRevisions<F extends Pick<Forge, "listRevisions" | "readRevisions">>(
  forge: F,
  { versions, host }: Pick<Supposing, "versions"> & { readonly host: string },
): F {
  const of = ({ owner, name: repository }: SourceRepository): readonly Revision[] => {
    const image = nameGitSource({ host, owner, repository });
    return versions.flatMap((version) => {
      const commit = commitOf(version.digest);
      return version.image === image && commit !== undefined ? [{ name: version.tag, commit }] : [];
    });
  };
  return {
    ...forge,
    async listRevisions(at, wanted) {
      const supposed = of(wanted.source);
      const listed = await forge.listRevisions(at, wanted);
      if (supposed.length === 0) return listed;
      const { tags, total, isWhole } = listed.kind === "known" ? listed.value : { tags: [], total: 0, isWhole: true };
      const others = tags.filter(({ name }) => !supposed.some((each) => each.name === name));
      return known({ tags: [...supposed, ...others], total: total + supposed.length, isWhole });
    },
    async readRevisions(at, wanted) {
      const supposed = of(wanted.source).filter(({ name }) => wanted.names.includes(name));
      const names = wanted.names.filter((name) => !supposed.some((each) => each.name === name));
      const read = names.length > 0 ? await forge.readRevisions(at, { ...wanted, names }) : known(new Map());
      if (read.kind === "unknown") return read;
      return known(new Map([...read.value, ...supposed.map((each) => [each.name, each] as const)]));
    },
  };
}
