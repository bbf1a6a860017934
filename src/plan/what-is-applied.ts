// Decides whether a place has applied a release as a whole: by the commit, where its reconciler names one of this
// repository, and by the digests that run where it names none. Says nothing about health.

import type { LiveState } from "../domain/live-state.ts";
import type { Answer } from "./answer.ts";
import type { LiveContext } from "./live-verdict.ts";
import { matchImages } from "./match-images.ts";
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
  const revision = matchRevisions(state.observed, revisionContext(context));
  if (revision.kind === "unknown") return revision;
  const images = matchImages(state, { release, environment, observed });
  if (images.kind === "unknown") return images;
  const running = images.value;
  const contradiction = running.kind === "other" ? { contradiction: running.why } : {};
  switch (revision.value.kind) {
    case "holds":
      return { kind: "known", value: { holds: true, commit: revision.value.commit, why: "", ...contradiction } };
    case "other":
    case "astray":
      return { kind: "known", value: { holds: false, commit: revision.value.commit, why: revision.value.why } };
    case "unnamed":
      return { kind: "known", value: provenByImages(running.kind, { ...contradiction, why: revision.value.why }) };
  }
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
