// Reads the revisions that Flux writes: `main@sha1:<commit>`, `sha1:<commit>`, the old `main/<commit>`, the digest of an
// artifact `1.2.0@sha256:<digest>`, the version of a chart. What a revision is of decides its source, not its length.

import type { LiveRevision } from "../../domain/live-state.ts";

export interface SplitRevision {
  readonly reference?: string;
  readonly algorithm?: string;
  readonly id: string;
}

/** A branch may hold `/` and `@`, so the last one counts. */
export function splitRevision(text: string): SplitRevision | undefined {
  const colon = text.lastIndexOf(":");
  const id = colon === -1 ? text.slice(text.lastIndexOf("/") + 1) : text.slice(colon + 1);
  if (id === "") return undefined;
  if (colon === -1) {
    const reference = text.slice(0, Math.max(text.length - id.length - 1, 0));
    return { ...(isNamed(reference) && { reference }), id };
  }
  const before = text.slice(0, colon);
  const at = before.lastIndexOf("@");
  const reference = at === -1 ? "" : before.slice(0, at).replace(/^refs\/(?:heads|tags)\//, "");
  return { ...(isNamed(reference) && { reference }), algorithm: before.slice(at + 1), id };
}

function isNamed(reference: string): boolean {
  return reference !== "" && reference !== "HEAD";
}

export interface RevisionSource {
  /** `GitRepository`, `OCIRepository`, `HelmChart`, `Bucket`, `ExternalArtifact`. */
  readonly kind: string;
  /** `owner/name`. */
  readonly repository?: string | undefined;
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * What a revision of a source stands for. `origin` is the commit from which an artifact was built, where Flux knows it: it
 * comes first, since it is what Git has. Empty where nothing can be compared.
 */
export function describeRevision(
  text: string | undefined,
  { source, origin }: { readonly source: RevisionSource; readonly origin?: string | undefined },
): readonly LiveRevision[] | undefined {
  if (text === undefined) return undefined;
  const split = splitRevision(text);
  const repository = source.repository !== undefined && { repository: source.repository };
  if (split === undefined) return undefined;
  const reference = split.reference !== undefined && { reference: split.reference };
  const commit = origin === undefined ? undefined : splitRevision(origin);
  const built: readonly LiveRevision[] =
    commit !== undefined && COMMIT.test(commit.id)
      ? [
          {
            kind: "git",
            id: commit.id,
            ...repository,
            ...(commit.reference !== undefined && { reference: commit.reference }),
          },
        ]
      : [];
  switch (source.kind) {
    case "GitRepository":
      return COMMIT.test(split.id) ? [{ kind: "git", id: split.id, ...repository, ...reference }] : undefined;
    case "HelmChart":
      return [{ kind: "helm", id: text }];
    case "Bucket":
      return built.length === 0 ? undefined : built;
    default: {
      if (split.algorithm === "sha1") return [{ kind: "git", id: split.id, ...repository, ...reference }];
      const artifact: readonly LiveRevision[] =
        split.algorithm === "sha256" ? [{ kind: "oci", id: `sha256:${split.id}`, ...reference }] : [];
      const all = [...built, ...artifact];
      return all.length === 0 ? undefined : all;
    }
  }
}
