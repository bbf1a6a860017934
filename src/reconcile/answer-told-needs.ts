// Answers what the planner wants to know about what was said on GitHub and what people's pull requests take out: our
// comments, deployments and issues, removed objects, reviews. What we said ourselves is kept; GitHub is asked once.

import { type Observed, removalsKey } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { ApprovingReview } from "../domain/promotion.ts";
import type { Removal } from "../domain/removal.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { ToldOnPullRequest } from "../domain/told.ts";
import type { ChangedFiles, RepositoryReference } from "../forge/forge.ts";
import { removalsBetween } from "../manifests/find-removals.ts";
import { readTexts, readTreeIndex } from "./read-files.ts";
import { keepIssues, keepTold, recallIssues, recallTold } from "./remember-told.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type ToldNeed = Extract<Need, { kind: "told" | "issues" | "removals" | "reviews" }>;

export function isToldNeed(need: Need): need is ToldNeed {
  return need.kind === "told" || need.kind === "issues" || need.kind === "removals" || need.kind === "reviews";
}

export async function answerToldNeeds(needs: readonly ToldNeed[], answering: Answering): Promise<Partial<Observed>> {
  const { observed } = answering;
  const wanted = needs.flatMap((need) => (need.kind === "told" ? [need] : []));
  const told = { ...observed.told, ...(wanted.length > 0 && (await readTold(wanted, answering))) };
  const issues = needs.some(({ kind }) => kind === "issues") ? await readIssues(answering) : observed.issues;
  const removals: Record<string, Seen<readonly Removal[]>> = { ...observed.removals };
  const reviews: Record<number, Seen<readonly ApprovingReview[]>> = { ...observed.reviews };
  for (const need of needs) {
    if (need.kind === "removals") removals[removalsKey(need)] = await readRemovals(need, answering);
    if (need.kind === "reviews")
      reviews[need.number] = await answering.shell.forge.readReviews(answering.at, need.number);
  }
  return { told, removals, reviews, ...(issues && { issues }) };
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

/** What a head takes out of its base never changes, as long as the pipeline file stands. */
async function readRemovals(
  need: Extract<Need, { kind: "removals" }>,
  answering: Answering,
): Promise<Seen<readonly Removal[]>> {
  const { observed, at, shell } = answering;
  const main = observed.branches[observed.repository.defaultBranch];
  const file = main?.kind === "known" ? main.value.tree : "";
  const key = `${at.repository} ${need.head} ${need.base} ${file}`;
  const kept = shell.memory.removals.get(key);
  if (kept) return known(kept);
  const found = await findRemovals(need, answering);
  if (found.kind === "known") shell.memory.removals.set(key, found.value);
  return found;
}

async function findRemovals(
  { number, head, base }: Extract<Need, { kind: "removals" }>,
  { observed, at, shell }: Answering,
): Promise<Seen<readonly Removal[]>> {
  const { configuration, repository } = observed;
  if (configuration.kind === "unknown" || configuration.value === undefined)
    return unknown("the pipeline file is not known");
  const changed = await readChangedFiles({ number, head, base }, { at, shell });
  if (changed.kind === "unknown") return changed;
  if (changed.value.head !== head) return unknown("it has got another head meanwhile");
  const before = await readTreeIndex(changed.value.mergeBaseTree, { at, shell });
  const after = await readTreeIndex(changed.value.headTree, { at, shell });
  let texts: ReadonlyMap<string, Seen<string>> = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const reading = removalsBetween({
      configuration: configuration.value,
      branch: base,
      defaultBranch: repository.defaultBranch,
      before,
      after,
      texts,
    });
    if (reading.kind !== "wanted") return reading;
    texts = new Map([...texts, ...(await readTexts(reading.oids, { at, shell }))]);
  }
  return unknown("its kustomizations name one another too deeply");
}

const ROUNDS = 20;

async function readChangedFiles(
  { number, head, base }: { readonly number: number; readonly head: string; readonly base: string },
  { at, shell }: Omit<Answering, "observed">,
): Promise<Seen<ChangedFiles>> {
  const key = `${at.repository} ${number} ${base} ${head}`;
  const cached = (await shell.store.cache.read("changed-files", [key])).get(key);
  if (cached !== undefined) return known(JSON.parse(cached) as ChangedFiles);
  const changed = await shell.forge.readChangedFiles(at, number);
  if (changed.kind === "known" && changed.value.head === head)
    await shell.store.cache.write("changed-files", new Map([[key, JSON.stringify(changed.value)]]));
  return changed;
}
