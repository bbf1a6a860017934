// Decides whether somebody's pull request may take objects out of environments. A reconciler that prunes deletes what is no
// longer in Git, so a removal needs an approving review that names the environment, on the very head that removes it, or
// the word of somebody who may override this guard. A change that would leave an environment without any object is refused whoever approves.

import type { CheckSubject, CheckView } from "../domain/check-view.ts";
import { countOf, listOf } from "../domain/count-words.ts";
import type { Override } from "../domain/ledger.ts";
import { type Observed, removalsKey } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { ApprovingReview, GuardedHead } from "../domain/promotion.ts";
import type { Removal } from "../domain/removal.ts";
import { overriddenBy } from "./guard-overrides.ts";
import { readRemovalApprovals } from "./read-removal-approval.ts";

export type RemovalVerdict =
  /** It has to be known first. */
  | { readonly kind: "needs"; readonly need: Need }
  | { readonly kind: "nothing-removed"; readonly notes: readonly string[] }
  | { readonly kind: "check"; readonly check: Omit<CheckView, "fingerprint"> };

type Pull = GuardedHead & { readonly number: number };

export function guardRemovals(
  pull: Pull,
  {
    observed,
    configuration,
    overrides,
  }: {
    readonly observed: Observed;
    readonly configuration: Configuration;
    readonly overrides: readonly Override[];
  },
): RemovalVerdict {
  const { number, head, base } = pull;
  if (!holdsEnvironments(base, { observed, configuration })) return { kind: "nothing-removed", notes: [] };
  const seen = observed.removals[removalsKey(pull)];
  if (seen === undefined) return { kind: "needs", need: { kind: "removals", number, head, base } };
  if (seen.kind === "unknown") return waits(`Not known yet whether this removes objects: ${seen.why}`);
  const removals = seen.value.filter(({ objects, emptied }) => objects.length > 0 || emptied);
  const notes = seen.value.flatMap((removal) => removal.notes);
  if (removals.length === 0) return { kind: "nothing-removed", notes };
  if (removals.some(({ emptied }) => emptied)) return { kind: "check", check: refuseEmptying(removals, notes) };
  const reviews = observed.reviews[number];
  if (reviews === undefined) return { kind: "needs", need: { kind: "reviews", number } };
  if (reviews.kind === "unknown") {
    return waits(`Objects are removed, and the reviews could not be read: ${reviews.why}`, { removals, notes });
  }
  const overriding = overriddenBy("removals", { head, overrides });
  const hasButton = !pull.fork && configuration.mode !== "observe";
  const judging = { notes, reviews: reviews.value, head, overriding, hasButton };
  return { kind: "check", check: askForApproval(removals, judging) };
}

function holdsEnvironments(
  base: string,
  { observed, configuration }: { readonly observed: Observed; readonly configuration: Configuration },
): boolean {
  const { defaultBranch } = observed.repository;
  return configuration.pipelines.some(({ environments }) =>
    environments.some(({ branch }) => (branch ?? defaultBranch) === base),
  );
}

/** Unknown is never a success, and never somebody's fault. */
function waits(
  title: string,
  { removals, notes }: { readonly removals: readonly Removal[]; readonly notes: readonly string[] } = {
    removals: [],
    notes: [],
  },
): RemovalVerdict {
  const subject: CheckSubject = { kind: "removals", removals, approvals: [], notes: [title, ...notes] };
  return { kind: "check", check: { state: "in-progress", title, subject } };
}

function refuseEmptying(removals: readonly Removal[], notes: readonly string[]): Omit<CheckView, "fingerprint"> {
  const emptied = removals.filter((removal) => removal.emptied).map(({ key }) => key);
  const named = listOf(emptied.map((key) => `\`${key}\``));
  const why = [
    `Nothing would be declared for ${named} any more; a reconciler that prunes would delete everything there, so no approval lets this pass`,
    "Put the files back, or, to give an environment up, first take it out of the pipeline file in a pull request of its own",
  ];
  const subject: CheckSubject = { kind: "removals", removals, approvals: [], notes: [...why, ...notes] };
  return { state: "failure", title: `This would empty ${named}`, subject };
}

interface Judging {
  readonly notes: readonly string[];
  readonly reviews: readonly ApprovingReview[];
  readonly head: string;
  /** Logins of those who let this head past. */
  readonly overriding: readonly string[];
  readonly hasButton: boolean;
}

const BY_OVERRIDE =
  "Or somebody who may override guards presses the button of this check, or writes `/override removals <reason>` here";

function askForApproval(
  removals: readonly Removal[],
  { notes, reviews, head, overriding, hasButton }: Judging,
): Omit<CheckView, "fingerprint"> {
  const approvals = removals.map(({ key }) => ({
    key,
    by: [...new Set([...approversOf(key, { reviews, head }), ...overriding])],
  }));
  const open = approvals.filter(({ by }) => by.length === 0).map(({ key }) => key);
  const count = removals.reduce((sum, { objects }) => sum + objects.length, 0);
  const places = listOf(removals.map(({ key }) => `\`${key}\``));
  if (open.length === 0) {
    const people = [...new Set(approvals.flatMap(({ by }) => by))].map((by) => `\`${by}\``);
    const title = `The removal of ${countOf(count, "object")} from ${places} is approved by ${listOf(people)}`;
    return { state: "success", title, subject: { kind: "removals", removals, approvals, notes } };
  }
  const stale = reviews.filter((review) => review.head !== head && readRemovalApprovals(review.text).size > 0);
  const hints = [
    `To approve, somebody with write access approves this head in a review with the line ${listOf(open.map((key) => `\`approve removal ${key}\``))}, each on a line of its own`,
    ...stale.map(({ by }) => `The review by \`${by}\` was given on an earlier head and does not count`),
    ...(hasButton ? [BY_OVERRIDE] : []),
  ];
  const title = `${countOf(count, "object")} would be removed from ${places}; nobody has approved that for ${listOf(open.map((key) => `\`${key}\``))}`;
  const subject: CheckSubject = { kind: "removals", removals, approvals, notes: [...hints, ...notes] };
  return { state: "failure", title, subject, ...(hasButton && { actions: ["approve-deletion"] }) };
}

function approversOf(
  key: EnvironmentKey,
  { reviews, head }: { readonly reviews: readonly ApprovingReview[]; readonly head: string },
): readonly string[] {
  const given = reviews.filter(
    (review) => review.head === head && readRemovalApprovals(review.text).has(key.toLowerCase()),
  );
  return [...new Set(given.map(({ by }) => by))];
}
