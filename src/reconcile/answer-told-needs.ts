// Answers what the planner wants to know about what was said on GitHub and what people's pull requests take out: our
// comments, deployments and issues, removed objects, reviews. What we said ourselves is kept; GitHub is asked once.

import { type Observed, type Origin, originKey, removalsKey } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { ApprovingReview } from "../domain/promotion.ts";
import type { ProposedChange } from "../domain/proposed-change.ts";
import type { Removal } from "../domain/removal.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { ToldOnPullRequest } from "../domain/told.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";
import { readProposedChange } from "./read-proposed-change.ts";
import { readRemovals } from "./read-removals.ts";
import { keepIssues, keepTold, recallIssues, recallTold } from "./remember-told.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly indexOf: (tree: string) => Promise<TreeIndex>;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type ToldNeed = Extract<Need, { kind: "told" | "issues" | "removals" | "change" | "origin" | "reviews" }>;

const TOLD: readonly Need["kind"][] = [
  "told",
  "issues",
  "removals",
  "change",
  "origin",
  "reviews",
] satisfies ToldNeed["kind"][];

export function isToldNeed(need: Need): need is ToldNeed {
  return TOLD.includes(need.kind);
}

export async function answerToldNeeds(needs: readonly ToldNeed[], answering: Answering): Promise<Partial<Observed>> {
  const { observed } = answering;
  const wanted = needs.flatMap((need) => (need.kind === "told" ? [need] : []));
  const told = { ...observed.told, ...(wanted.length > 0 && (await readTold(wanted, answering))) };
  const issues = needs.some(({ kind }) => kind === "issues") ? await readIssues(answering) : observed.issues;
  const removals: Record<string, Seen<readonly Removal[]>> = { ...observed.removals };
  const changes: Record<string, Seen<ProposedChange>> = { ...observed.changes };
  const origins: Record<string, Seen<Origin>> = { ...observed.origins };
  const reviews: Record<number, Seen<readonly ApprovingReview[]>> = { ...observed.reviews };
  for (const need of needs) {
    if (need.kind === "removals") removals[removalsKey(need)] = await readRemovals(need, answering);
    if (need.kind === "change") changes[removalsKey(need)] = await readProposedChange(need, answering);
    if (need.kind === "origin") origins[originKey(need)] = await answering.shell.forge.readOrigin(answering.at, need);
    if (need.kind === "reviews")
      reviews[need.number] = await answering.shell.forge.readReviews(answering.at, need.number);
  }
  return { told, removals, changes, origins, reviews, ...(issues && { issues }) };
}

async function readTold(
  wanted: readonly Extract<Need, { kind: "told" }>[],
  { at, shell }: Answering,
): Promise<Readonly<Record<number, Seen<ToldOnPullRequest>>>> {
  const kept = await recallTold(wanted, { at, shell });
  const missing = wanted.filter(({ number }) => !kept.has(number));
  const read =
    missing.length === 0 ? new Map<number, Seen<ToldOnPullRequest>>() : await shell.forge.readTold(at, missing);
  const fresh = [...read].flatMap(([number, seen]) => (seen.kind === "known" ? [[number, seen.value] as const] : []));
  await keepTold(new Map(fresh), { at, shell });
  return Object.fromEntries(
    wanted.map(({ number }) => {
      const told = kept.get(number);
      return [number, told ? known(told) : (read.get(number) ?? unknown("GitHub did not answer for it"))];
    }),
  );
}

async function readIssues({ at, shell }: Answering): Promise<NonNullable<Observed["issues"]>> {
  const kept = await recallIssues({ at, shell });
  if (kept) return known(kept);
  const issues = await shell.forge.readDriftIssues(at);
  if (issues.kind === "known") await keepIssues(issues.value, { at, shell });
  return issues;
}
