// Tells where the versions of a promotion come from: how many commits and pull requests of which repository, the newest
// of them, and why there is no more. Words of commits and names of people are code; pull requests are those of another
// repository, so their numbers are told without making a reference.

import { countOf, listOf } from "../domain/count-words.ts";
import type { PromotionView } from "../domain/plan.ts";
import type { SourceChange, SourceCommit } from "../domain/source-history.ts";
import {
  code,
  link,
  NOTHING,
  name,
  type SafeMarkdown,
  safeAddress,
  trusted,
  wholeSentence,
} from "./escape-markdown.ts";

/** Of one range of commits. */
const COMMITS_SHOWN = 20;
const COMMITS_OPEN = 5;
/** GitHub is asked for no more: where so many came back there may be others. */
const MOST_READ = 100;
const GAPS_SHOWN = 10;

interface ChangeOf extends SourceChange {
  readonly repository: string;
  /** Names of pipelines, or of images where a part of them came from there. */
  readonly of: readonly string[];
}

/** `sources` and `sourceGaps` of the templates. */
export function viewSource(view: PromotionView, { withCommits }: { readonly withCommits: boolean }) {
  const gaps = gapsOf(view);
  const hidden = gaps.length - GAPS_SHOWN;
  return {
    sources: changesOf(view).map((change) => viewChange(change, { withCommits })),
    sourceGaps: [
      ...gaps.slice(0, GAPS_SHOWN),
      ...(hidden > 0 ? [trusted(`${countOf(hidden, "more reason")} like these.`)] : []),
    ],
  };
}

/** Where links of `viewSource` lead. */
export function sourcePages(view: PromotionView): readonly string[] {
  return changesOf(view).flatMap((change) => pageOf(change) ?? []);
}

/** Services that were built from one repository are told of together. */
function changesOf(view: PromotionView): readonly ChangeOf[] {
  const parts = view.parts ?? [view];
  const all = parts.flatMap(({ pipeline, source, moves }) =>
    (source?.changes ?? []).map((change): ChangeOf => {
      const some = change.images.length < moves.length ? change.images.map(shortImage) : [];
      return { ...change, repository: source?.repository ?? "", of: view.parts ? [pipeline] : some };
    }),
  );
  const grouped = Map.groupBy(all, ({ repository, base, head }) => `${repository} ${base} ${head}`.toLowerCase());
  return [...grouped.values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ ...group[0], of: [...new Set(group.flatMap(({ of }) => of))] }],
  );
}

function gapsOf(view: PromotionView): readonly SafeMarkdown[] {
  if (!view.parts) return (view.source?.gaps ?? []).map((gap) => wholeSentence(gap));
  return view.parts.flatMap(({ pipeline, source }) =>
    (source?.gaps ?? []).map((gap) => trusted(`${name(pipeline)}: ${wholeSentence(gap)}`)),
  );
}

function viewChange(change: ChangeOf, { withCommits }: { readonly withCommits: boolean }) {
  const { history } = change;
  const commits = withCommits ? history.commits.slice(0, COMMITS_SHOWN) : [];
  return {
    what: whatCame(change),
    fold: commits.length > COMMITS_OPEN,
    title: titleOf(commits.length, change),
    commits: commits.map(viewCommit),
  };
}

function whatCame(change: ChangeOf): SafeMarkdown {
  const { repository, base, head, of, history } = change;
  const { ahead, behind } = history;
  const page = pageOf(change);
  const compare = page === undefined ? "" : ` (${link(trusted("compare"), page)})`;
  const range = `of ${code(repository)}, from ${shortId(base)} to ${shortId(head)}${compare}`;
  const whose = of.length === 0 ? "" : `For ${listOf(of.map((each) => code(each)))}: `;
  if (ahead === 0) return trusted(`${whose}${countOf(behind, "commit")} ${range}, ${isOrAre(behind)} taken back.`);
  const back =
    behind === 0 ? "" : ` ${countOf(behind, "commit")} of what runs now ${isOrAre(behind)} not among what comes.`;
  return trusted(`${whose}${countCommits(change)} ${range}.${back}`);
}

function countCommits({ history: { ahead, commits } }: ChangeOf): string {
  const pulls = new Set(commits.flatMap(({ pullRequest }) => pullRequest ?? [])).size;
  if (pulls === 0) return countOf(ahead, "commit");
  const atLeast = commits.length < MOST_READ ? "" : "at least ";
  return `${countOf(ahead, "commit")} and ${atLeast}${countOf(pulls, "pull request")}`;
}

function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}

/** Stands in a summary, where only words may stand. Few commits that are all there are need none. */
function titleOf(shown: number, { history: { ahead, commits } }: ChangeOf): SafeMarkdown {
  if (shown === ahead) return shown > COMMITS_OPEN ? trusted("The commits") : NOTHING;
  const newest = shown === commits.length && shown < MOST_READ ? "" : "newest ";
  return trusted(`The ${newest}${countOf(shown, "commit")}, without merges`);
}

function viewCommit({ id, title, by, pullRequest }: SourceCommit): SafeMarkdown {
  const author = by === undefined ? "" : ` by ${code(by, 60)}`;
  const pull = pullRequest === undefined ? "" : `, pull request ${pullRequest}`;
  return trusted(`${shortId(id)} ${code(title, 120)}${author}${pull}`);
}

function shortId(id: string): SafeMarkdown {
  return code(id.slice(0, 7));
}

function shortImage(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

function pageOf({ history: { page } }: SourceChange): string | undefined {
  return page === undefined ? undefined : safeAddress(page);
}
