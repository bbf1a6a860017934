// What became of a source repository between two commits of it, and what a promotion tells of that. The words of commits
// are strangers'. Types only.

import type { Visibility } from "./repository.ts";

export interface SourceHistory {
  /** Who may read the source repository. */
  readonly visibility: Visibility;
  /** Commits that came. */
  readonly ahead: number;
  /** Commits that are not in it any more: all that is told of a way back. */
  readonly behind: number;
  /** The newest first, without merges, no more than is asked of GitHub. */
  readonly commits: readonly SourceCommit[];
  /** Where GitHub shows both side by side. */
  readonly page?: string;
}

export interface SourceCommit {
  readonly id: string;
  /** The first line of its message. */
  readonly title: string;
  /** Login, or the author's name where GitHub knows no account; absent: nobody is named. */
  readonly by?: string;
  /** Number of the merged pull request in the source repository that it came with. */
  readonly pullRequest?: number;
}

/** What a promotion tells of where its versions come from. */
export interface ToldSource {
  /** `owner/repository` */
  readonly repository: string;
  /** The commits that its images say they were built from, each once, in the order of the images. */
  readonly revisions: readonly string[];
  readonly changes: readonly SourceChange[];
  /** Why there is no more: sentences without a full stop. */
  readonly gaps: readonly string[];
}

export interface SourceChange {
  /** Names of the images that it is about. */
  readonly images: readonly string[];
  readonly base: string;
  readonly head: string;
  readonly history: SourceHistory;
}

export interface SourceRange {
  /** `owner/repository` */
  readonly source: string;
  /** The commit of what runs now. */
  readonly base: string;
  readonly head: string;
}

/** Names of repositories are the same in any case. */
export function rangeKey({ source, base, head }: SourceRange): string {
  return `${source.toLowerCase()} ${base} ${head}`;
}
