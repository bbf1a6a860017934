// Decides whether what a reconciler has applied is the promoted commit of a Git repository that the pipeline promotes: an
// Application or a GitRepository that follows that repository itself names its commits, not those of this repository.

import { parseGitSource } from "../domain/git-source.ts";
import { commitOf } from "../domain/identity.ts";
import type { LiveRevision } from "../domain/live-state.ts";
import type { Observed } from "../domain/observed.ts";
import type { Release } from "../domain/release.ts";
import { code, shortCommit } from "./wording.ts";

export type CommitMatch =
  /** Everything of a promoted repository that it names is the promoted commit. */
  | { readonly kind: "holds" }
  | { readonly kind: "other"; readonly why: string }
  /** It names no commit of a promoted repository. */
  | { readonly kind: "none" };

export interface CommitMatching {
  readonly match: CommitMatch;
  /** The revisions that are none of a promoted repository. */
  readonly rest: readonly LiveRevision[] | undefined;
}

interface Promoted {
  readonly repository: string;
  readonly commit: string;
}

export function matchCommits(
  revisions: readonly LiveRevision[] | undefined,
  { release, observed }: { readonly release: Release; readonly observed: Observed },
): CommitMatching {
  const promoted = promotedIn(release);
  if (revisions === undefined || promoted.length === 0) return { match: { kind: "none" }, rest: revisions };
  const own = `${observed.repository.owner}/${observed.repository.name}`.toLowerCase();
  const rest: LiveRevision[] = [];
  let match: CommitMatch = { kind: "none" };
  for (const revision of revisions) {
    const of = promoted.filter((each) => isOf(revision, each));
    // A pipeline may promote tags of the very repository that it stands in: its other commits mean something, too.
    const isOwn = of.some(({ repository }) => repository === own);
    const holds = of.some(({ commit }) => commit === revision.id);
    if (of.length === 0 || (isOwn && !holds)) rest.push(revision);
    else if (holds && match.kind === "none") match = { kind: "holds" };
    else if (!holds) match = { kind: "other", why: whyOther(revision, of) };
  }
  return { match, rest };
}

function promotedIn({ versions }: Release): readonly Promoted[] {
  return versions.flatMap(({ image, digest }) => {
    const [source, commit] = [parseGitSource(image), commitOf(digest)];
    return source && commit !== undefined ? [{ repository: `${source.owner}/${source.repository}`, commit }] : [];
  });
}

/** Where nobody says of which repository a commit is, only the promoted one itself counts: no other commit has its id. */
function isOf({ kind, id, repository }: LiveRevision, promoted: Promoted): boolean {
  return kind === "git" && (repository === undefined ? id === promoted.commit : repository === promoted.repository);
}

function whyOther({ id }: LiveRevision, [first]: readonly Promoted[]): string {
  const { repository = "", commit = "" } = first ?? {};
  return `it runs commit ${shortCommit(id)} of ${code(repository)}, not ${shortCommit(commit)}`;
}
