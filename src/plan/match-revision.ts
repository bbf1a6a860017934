// Decides whether what a reconciler has applied holds a release: the commit that brought it or a descendant on the same
// branch, whose files say the same value. Time and status words prove nothing here; only commits do.

import type { LiveRevision } from "../domain/live-state.ts";
import { type DeclaredState, declaredKey, type Observed, revisionKey } from "../domain/observed.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { isDeclared } from "./is-declared.ts";
import type { Declared } from "./read-declared.ts";
import { code, nameRelease, shortCommit } from "./wording.ts";

export type Revision =
  | { readonly kind: "holds"; readonly commit: string }
  /** From before the release came, or it says something else. */
  | { readonly kind: "other"; readonly commit: string; readonly why: string }
  /** Not on the environment's branch. */
  | { readonly kind: "astray"; readonly commit: string; readonly why: string }
  /** The reconciler names no commit of this repository. */
  | { readonly kind: "unnamed"; readonly why: string };

export interface RevisionContext {
  readonly observed: Observed;
  readonly key: EnvironmentKey;
  readonly release: Release;
  /** The commit that brought the release; absent when that is not known. */
  readonly broughtBy?: string | undefined;
  /** Name and head of the environment's branch. */
  readonly branch: { readonly name: string; readonly head: string };
  /** What the environment's files at a commit say, from what was read of them. */
  readonly readDeclaredAt: (commit: string) => Answer<Declared>;
}

export function matchRevisions(
  revisions: readonly LiveRevision[] | undefined,
  context: RevisionContext,
): Answer<Revision> {
  if (revisions === undefined) return answer({ kind: "unnamed", why: "it does not say which commit it has applied" });
  const ours = revisions.filter((revision) => isOfThisRepository(revision, context));
  if (ours.length === 0) {
    const elsewhere = revisions.flatMap(({ repository }) => repository ?? [])[0];
    const why = elsewhere ? `it follows ${code(elsewhere)}, not this repository` : "it names no commit of Git";
    return answer({ kind: "unnamed", why });
  }
  let best: Revision | undefined;
  for (const { id } of ours) {
    const found = matchCommit(id, context);
    // Of several sources of one application one is enough: the others hold other things.
    if (found.kind === "unknown" || found.value.kind === "holds") return found;
    best ??= found.value;
  }
  return best ? answer(best) : answer({ kind: "unnamed", why: "it names no commit of Git" });
}

function isOfThisRepository({ kind, id, repository }: LiveRevision, { observed }: RevisionContext): boolean {
  const { owner, name } = observed.repository;
  if (kind !== "git" || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return false;
  return repository === undefined || repository === `${owner}/${name}`.toLowerCase();
}

function matchCommit(commit: string, context: RevisionContext): Answer<Revision> {
  const { observed, branch, broughtBy, release } = context;
  const named = shortCommit(commit);
  if (commit === branch.head) return answer({ kind: "holds", commit });
  const facts = observed.revisions[revisionKey({ commit, head: branch.head })];
  if (facts === undefined)
    return noAnswer(`where commit ${named} stands has not been read yet`, [
      { kind: "revision", commit, head: branch.head },
    ]);
  if (facts.kind === "unknown") return noAnswer(`where commit ${named} stands is not known: ${facts.why}`);
  const { onBranch, missing } = facts.value;
  if (!onBranch)
    return answer({ kind: "astray", commit, why: `it runs commit ${named}, which is not on ${code(branch.name)}` });
  if (broughtBy !== undefined && broughtBy !== commit) {
    if (missing === undefined)
      return answer({
        kind: "other",
        commit,
        why: `it runs commit ${named}, which is far behind ${code(branch.name)}`,
      });
    if (missing.includes(broughtBy))
      return answer({
        kind: "other",
        commit,
        why: `it still runs commit ${named}, from before ${nameRelease(release)}`,
      });
  }
  const declared = context.readDeclaredAt(commit);
  if (declared.kind === "unknown") return declared;
  if (isDeclared(release, declared.value)) return answer({ kind: "holds", commit });
  return answer({ kind: "other", commit, why: `it runs commit ${named}, which says another version` });
}

/** What was asked for at this commit, or the question. */
export function declaredStateAt(
  commit: string,
  { observed, key }: Pick<RevisionContext, "observed" | "key">,
): Answer<DeclaredState> {
  const state = observed.declaredAt[declaredKey({ commit, key })];
  if (state === undefined)
    return noAnswer(`the files at ${shortCommit(commit)} have not been read yet`, [
      { kind: "declared-at", commit, key },
    ]);
  if (state.kind === "unknown") return noAnswer(`the files at ${shortCommit(commit)} are not known: ${state.why}`);
  return answer(state.value);
}
