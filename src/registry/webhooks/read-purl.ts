// Package URLs of container images: `pkg:oci/web@sha256%3A…?repository_url=ghcr.io/acme/web&tag=1.5.0`, parsed by
// `packageurl-js`. Everything in them is hostile until it was checked as what it is to be.
// Source: https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md

import { PackageURL } from "packageurl-js";
import { isDigest } from "../../domain/image-name.ts";

export type Purl =
  | { readonly kind: "image"; readonly repository: string; readonly tag?: string; readonly digest?: string }
  /** A clause about the package. */
  | { readonly kind: "other"; readonly why: string };

const LONGEST = 1024;

export function readPurl(text: unknown): Purl {
  const purl = typeof text === "string" && text.length <= LONGEST ? parse(text) : undefined;
  if (purl === undefined) return other("Its `subject.id` is no package URL");
  if (purl.type !== "oci") return other("It is a package of another kind than `pkg:oci`");
  const repository = own(purl.qualifiers, "repository_url")?.replace(/^https:\/\//, "");
  if (repository === undefined)
    return other("Its package URL has no `repository_url`, so nobody knows where the image is");
  if (repository.split("/").at(-1)?.toLowerCase() !== purl.name) {
    return other("The `repository_url` of its package URL does not end in the image's name");
  }
  const tag = own(purl.qualifiers, "tag");
  const { version } = purl;
  return {
    kind: "image",
    repository,
    ...(tag !== undefined && { tag }),
    ...(version !== undefined && isDigest(version) && { digest: version }),
  };
}

function parse(text: string): PackageURL | undefined {
  try {
    return PackageURL.fromString(text);
  } catch (error) {
    // The library throws for whatever is no package URL, and does nothing else that could go wrong.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function own(qualifiers: PackageURL["qualifiers"], name: string): string | undefined {
  const value: unknown = qualifiers && Object.hasOwn(qualifiers, name) ? qualifiers[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function other(why: string): Purl {
  return { kind: "other", why };
}
