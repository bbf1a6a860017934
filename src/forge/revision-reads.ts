// The part of the port to the forge that reads other repositories than the config repository: the tags and branches of
// those that pipelines promote, and what their sources brought.

import type { Seen } from "../domain/seen.ts";
import type { SourceHistory, SourceRange } from "../domain/source-history.ts";
import type { Revision, RevisionList, SourceRepository } from "../domain/source-repository.ts";

/** `At` names the config repository that asks. */
export interface RevisionReads<At> {
  /**
   * Tags of a repository whose versions a pipeline promotes, those with the newest commits first; at most `pages` of a
   * hundred. GitHub decides whether this config repository may see it.
   */
  listRevisions(
    at: At,
    wanted: { readonly source: SourceRepository; readonly pages: number },
  ): Promise<Seen<RevisionList>>;
  /** Single tags, and branches as `heads/main`; `undefined` inside for what is not there. One request. */
  readRevisions(
    at: At,
    wanted: { readonly source: SourceRepository; readonly names: readonly string[] },
  ): Promise<Seen<ReadonlyMap<string, Revision | undefined>>>;
  /**
   * What came between two commits of a source repository, read with this installation's own leave; two requests. Unknown
   * where GitHub does not show the repository, or one of the commits.
   */
  readSourceHistory(at: At, range: SourceRange): Promise<Seen<SourceHistory>>;
}
