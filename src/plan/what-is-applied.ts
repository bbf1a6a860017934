// Decides whether a place has applied a release as a whole: by the commit, where its reconciler names one of this
// repository or of one that is promoted, and by the digests that run where it names none. Says nothing about health.

import { isGitSource } from "../domain/git-source.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { Release } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import type { LiveContext } from "./live-verdict.ts";
import { type CommitMatch, matchCommits } from "./match-commits.ts";
import { matchImages, type Running } from "./match-images.ts";
import { matchRevisions, type RevisionContext } from "./match-revision.ts";

export interface Applied {
  /** The release is applied as a whole. */
  readonly holds: boolean;
  /** The commit that runs, where it is known. */
  readonly commit?: string;
  /** Why it does not hold. */
  readonly why: string;
  /** Running pods contradict: `old pods still run`. */
  readonly contradiction?: string;
}

export function whatIsApplied(state: LiveState, context: LiveContext): Answer<Applied> {
  const { environment, observed, reached } = context;
  const { release } = reached;
  const { match, rest } = matchCommits(state.observed, { release, observed });
  const revision = matchRevisions(rest?.length === 0 ? undefined : rest, revisionContext(context));
  if (revision.kind === "unknown") return revision;
  const images = matchImages(state, { release, environment, observed });
  if (images.kind === "unknown") return images;
  const running = images.value;
  const contradiction = running.kind === "other" ? { contradiction: running.why } : {};
  if (match.kind === "other") return { kind: "known", value: { holds: false, why: match.why } };
  switch (revision.value.kind) {
    case "holds":
      return { kind: "known", value: { holds: true, commit: revision.value.commit, why: "", ...contradiction } };
    case "other":
    case "astray":
      return { kind: "known", value: { holds: false, commit: revision.value.commit, why: revision.value.why } };
    case "unnamed":
      return { kind: "known", value: provenElsewhere(release, { match, running, why: revision.value.why }) };
  }
}

/** By what it names of other repositories and by what runs: of a release that has both, both. */
function provenElsewhere(
  { versions }: Release,
  { match, running, why }: { readonly match: CommitMatch; readonly running: Running; readonly why: string },
): Applied {
  const contradiction = running.kind === "other" ? { contradiction: running.why } : {};
  const repositories = versions.filter(({ image }) => isGitSource(image));
  if (repositories.length === 0) return provenByImages(running.kind, { ...contradiction, why });
  if (match.kind !== "holds") return { holds: false, why: `${why}, and no commit of the repository that is promoted` };
  if (repositories.length === versions.length) return { holds: true, why: "" };
  return provenByImages(running.kind, { ...contradiction, why: "it has applied the promoted commit" });
}

function provenByImages(
  running: "runs" | "other" | "unseen",
  { contradiction, why }: { readonly contradiction?: string; readonly why: string },
): Applied {
  if (running === "runs") return { holds: true, why: "" };
  return {
    holds: false,
    why: contradiction ?? `${why}, and nothing was seen whose digest or version could be compared`,
  };
}

export function revisionContext(context: LiveContext): RevisionContext {
  const { observed, key, reached, branch, readDeclaredAt } = context;
  return { observed, key, release: reached.release, broughtBy: reached.commit, branch, readDeclaredAt };
}
