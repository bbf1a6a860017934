// One pass over one repository: observe, plan until nothing is missing, act, report. Whatever woke it is only a hint;
// the hints that were read are deleted after the report, so a pass that dies is simply made again.

import type { StoredHint } from "../domain/hint.ts";
import type { Observed } from "../domain/observed.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { RepositoryPlan } from "../plan/repository-plan.ts";
import { renderPassLine } from "../report/render-pass-line.ts";
import { type Acted, act } from "./act.ts";
import { decide } from "./decide.ts";
import { rememberDealtWith } from "./observe-comments.ts";
import { watchedNames } from "./observe-images.ts";
import { followedSources } from "./observe-live.ts";
import { paceLook } from "./pace-look.ts";
import type { Shell, Tally } from "./shell.ts";

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

export function runPass(options: PassOptions): Promise<Pass> {
  return options.shell.counting((tally) => runCounted({ ...options, tally }));
}

async function runCounted({ at, shell, signal, tally }: PassOptions & { readonly tally: () => Tally }): Promise<Pass> {
  const started = shell.now();
  const inTime = () => !signal.aborted && shell.now() - started < LONGEST_PASS;
  const hints = await shell.store.hints.of(at.repository);
  const { observed, plan, node, imagesLeft } = await decide({ hints, inTime, at, shell });
  const acted = await act(plan.actions, { at, node, shell, mayGoOn: inTime });
  const unanswered = plan.needs.length > 0 || imagesLeft > 0 || isLedgerUnknown(observed);
  const again = whenToAskAgain(hints, { observed, plan, acted, now: shell.now() });
  const asked = whenToLookAgain({ plan, acted, unanswered, again, now: shell.now() });
  const milliseconds = shell.now() - started;
  await report({ at, shell, hints, observed, plan, acted, milliseconds, requests: tally().requests });
  const nextLook = asked === undefined ? undefined : paceLook(asked, { left: tally().left, now: shell.now() });
  return { observed, plan, acted, ...(nextLook !== undefined && { nextLook }) };
}

const SOON = 60_000;
/** Where GitHub has moved on and nothing could be done: parts of it may not have heard of it yet. */
const BREATH = 2_000;

/** Without a pipeline file nobody reads it. */
function isLedgerUnknown({ configuration, ledger }: Observed): boolean {
  return ledger.kind === "unknown" && configuration.kind === "known" && configuration.value !== undefined;
}

/** What was done changes the world, so it is looked at again at once: nothing waits for an event that may be lost. */
function whenToLookAgain({
  plan,
  acted,
  unanswered,
  again,
  now,
}: {
  plan: RepositoryPlan;
  acted: Acted;
  unanswered: boolean;
  again: readonly number[];
  now: number;
}): number | undefined {
  if (acted.outcomes.some(({ kind }) => kind === "done")) return now;
  const movedOn = acted.outcomes.some(({ kind }) => kind === "moved-on");
  const times = [
    ...(acted.unfinished ? [now + (movedOn ? BREATH : SOON)] : []),
    ...(plan.lookAgainAt === undefined ? [] : [plan.lookAgainAt]),
    ...(unanswered ? [now + SOON] : []),
    ...again,
  ];
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}

/** Hints that the registry did not let us answer are tried again: soon at first, and ever more rarely. */
function whenToAskAgain(
  hints: readonly StoredHint[],
  { now, ...known }: Known & { readonly now: number },
): readonly number[] {
  return hints.filter((hint) => !wasAnswered(hint, known)).map(({ storedAt }) => now + Math.max(SOON, now - storedAt));
}

interface Report {
  readonly at: RepositoryReference;
  readonly shell: Shell;
  readonly hints: readonly StoredHint[];
  readonly observed: Observed;
  readonly plan: RepositoryPlan;
  readonly acted: Acted;
  readonly milliseconds: number;
  readonly requests: number;
}

async function report({ at, shell, hints, observed, plan, acted, milliseconds, requests }: Report): Promise<void> {
  const line = renderPassLine({ repository: at.repository, plan, outcomes: acted.outcomes, requests, milliseconds });
  shell.log[line.level](line.fields, line.message);
  const { configuration } = observed;
  await rememberDealtWith(observed, { unanswered: plan.unanswered, at, shell });
  if (configuration.kind === "known") {
    const images = configuration.value ? watchedNames(configuration.value) : [];
    await shell.store.repositories.saveImages(at.repository, images);
    await shell.store.repositories.saveSources(
      at.repository,
      configuration.value ? followedSources(configuration.value) : [],
    );
  }
  await shell.store.hints.remove(
    hints.filter((hint) => wasAnswered(hint, { observed, plan, acted })).map(({ id }) => id),
  );
  const outcome = acted.outcomes.some(({ kind }) => kind === "moved-on")
    ? "moved-on"
    : acted.outcomes.length > 0
      ? "acted"
      : "quiet";
  shell.metrics.passFinished({ milliseconds, outcome });
}

interface Known {
  readonly observed: Observed;
  readonly plan: RepositoryPlan;
  readonly acted: Acted;
}

/**
 * A hint about an image stays until the registry has said everything about it, or nobody wants to know. One about a
 * button is told nowhere else, and stays until what it asked for is done or refused.
 */
function wasAnswered({ id, subject }: StoredHint, { observed, plan, acted }: Known): boolean {
  if (subject.kind === "button") return !acted.unfinished && !plan.pressed?.includes(id);
  if (subject.kind !== "image") return true;
  const image = observed.images[subject.image];
  if (image === undefined) return plan.needs.length === 0;
  if (image.kind === "unknown" || plan.needs.some((need) => "image" in need && need.image === subject.image))
    return false;
  const { digests, created } = image.value;
  return ![...Object.values(digests), ...Object.values(created)].some(({ kind }) => kind === "unknown");
}
