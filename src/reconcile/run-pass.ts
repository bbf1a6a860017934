// One pass over one repository: observe, plan until nothing is missing, act, report. Whatever woke it is only a hint;
// the hints that were read are deleted after the report, so a pass that dies is simply made again.

import type { StoredHint } from "../domain/hint.ts";
import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { planRepository, type RepositoryPlan } from "../plan/plan-repository.ts";
import { renderPassLine } from "../report/render-pass-line.ts";
import { type Acted, act } from "./act.ts";
import { answerNeeds } from "./answer-needs.ts";
import { observe } from "./observe.ts";
import { trackedImages } from "./observe-images.ts";
import type { Shell } from "./shell.ts";

export interface Pass {
  readonly observed: Observed;
  readonly plan: RepositoryPlan;
  readonly acted: Acted;
  /** When to look again without being told to; epoch milliseconds. */
  readonly nextLook?: number;
}

export interface PassOptions {
  readonly at: RepositoryReference;
  readonly shell: Shell;
  /** Aborted when the pass has to stop writing. */
  readonly signal: AbortSignal;
}

/** After so long a pass ends and asks to run again; milliseconds. */
const LONGEST_PASS = 60_000;

export async function runPass({ at, shell, signal }: PassOptions): Promise<Pass> {
  const started = shell.now();
  const inTime = () => !signal.aborted && shell.now() - started < LONGEST_PASS;
  const hints = await shell.store.hints.of(at.repository);
  const { observed, plan, node, imagesLeft } = await decide({ hints, inTime, at, shell });
  const acted = await act(plan.actions, { at, node, shell, mayGoOn: inTime });
  const unanswered = plan.needs.length > 0 || imagesLeft > 0;
  const nextLook = whenToLookAgain({ plan, acted, unanswered, now: shell.now() });
  await report({ at, shell, hints, observed, plan, acted, milliseconds: shell.now() - started });
  return { observed, plan, acted, ...(nextLook !== undefined && { nextLook }) };
}

interface Deciding {
  readonly hints: readonly StoredHint[];
  readonly inTime: () => boolean;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

/** Facts lead to questions and answers to further questions; each round answers all that are open. */
const ROUNDS = 12;

async function decide({ hints, inTime, at, shell }: Deciding) {
  const hintedImages = new Set(hints.flatMap(({ subject }) => (subject.kind === "image" ? [subject.image] : [])));
  const observation = await observe({ hintedImages, at, shell });
  const { node, indexOf, imagesLeft } = observation;
  let { observed } = observation;
  let plan = planRepository(observed);
  let asked = new Set<string>();
  for (let round = 0; round < ROUNDS && plan.needs.length > 0 && inTime(); round += 1) {
    const names = new Set(plan.needs.map(nameNeed));
    // An answer that leaves the same questions open will not get better by asking again.
    if (names.isSubsetOf(asked)) break;
    asked = asked.union(names);
    observed = await answerNeeds(plan.needs, { observation: { observed, node, indexOf, imagesLeft }, at, shell });
    plan = planRepository(observed);
  }
  return { observed, plan, node, imagesLeft };
}

function nameNeed(need: Need): string {
  return JSON.stringify(need);
}

const SOON = 60_000;

/** What was done changes the world, so it is looked at again at once: nothing waits for an event that may be lost. */
function whenToLookAgain({
  plan,
  acted,
  unanswered,
  now,
}: {
  plan: RepositoryPlan;
  acted: Acted;
  unanswered: boolean;
  now: number;
}): number | undefined {
  if (acted.unfinished || acted.outcomes.some(({ kind }) => kind === "done")) return now;
  const times = [...(plan.lookAgainAt === undefined ? [] : [plan.lookAgainAt]), ...(unanswered ? [now + SOON] : [])];
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}

interface Report {
  readonly at: RepositoryReference;
  readonly shell: Shell;
  readonly hints: readonly StoredHint[];
  readonly observed: Observed;
  readonly plan: RepositoryPlan;
  readonly acted: Acted;
  readonly milliseconds: number;
}

async function report({ at, shell, hints, observed, plan, acted, milliseconds }: Report): Promise<void> {
  const line = renderPassLine({ repository: at.repository, plan, outcomes: acted.outcomes, requests: 0, milliseconds });
  shell.log[line.level](line.fields, line.message);
  const configuration = observed.configuration.kind === "known" ? observed.configuration.value : undefined;
  await shell.store.repositories.saveImages(at.repository, configuration ? trackedImages(configuration) : []);
  await shell.store.hints.remove(hints.filter((hint) => wasAnswered(hint, observed)).map(({ id }) => id));
  const outcome = acted.outcomes.some(({ kind }) => kind === "moved-on")
    ? "moved-on"
    : acted.outcomes.length > 0
      ? "acted"
      : "quiet";
  shell.metrics.passFinished({ milliseconds, outcome });
}

/** A hint about an image that the registry would not tell us about stays until it does. */
function wasAnswered({ subject }: StoredHint, observed: Observed): boolean {
  return subject.kind !== "image" || observed.images[subject.image]?.kind !== "unknown";
}
