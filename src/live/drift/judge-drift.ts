// Decides what became of suspects and of a report's claim, once the cluster itself was looked at: a verdict for each
// object and field. Claims only say where to look; what is confirmed, and the values shown, come from `differences`,
// which the caller read live. Reads nothing itself.

import type { DriftClaim, DriftField, DriftFinding, DriftSuspect, DriftVerdict } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import { nameObject, type ObjectReference } from "../../domain/object-reference.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import { refuseClaim, whyNotNow } from "./refuse-claim.ts";

export interface DriftEvidence {
  /** What a reading noticed at first sight. */
  readonly suspects: readonly DriftSuspect[];
  readonly claim?: DriftClaim | undefined;
  /** Whether the commit that the claim names is on the environment's branch; absent: it names none, or that is not known. */
  readonly claimOnBranch?: boolean | undefined;
  /** The reconciler's state, as fresh as it can be had. */
  readonly target: Seen<LiveState>;
  /** What differs from Git right now, read live for every object that a suspect or the claim names. */
  readonly differences: Seen<readonly DriftSuspect[]>;
  /** The rule that allows a difference, in words; `field` is absent for the object as a whole. */
  readonly ruleFor: (object: ObjectReference, field: DriftField | undefined) => string | undefined;
  /** Why an object or a field could not be looked at, although the rest could. */
  readonly unseen?: ((object: ObjectReference, field: DriftField | undefined) => string | undefined) | undefined;
}

/** More are not told; those that are confirmed come first. */
export const MOST_FINDINGS = 200;

/** Where nobody names an object and it could not be looked, nothing is known: that is not the same as no difference. */
export function findDrift(evidence: DriftEvidence): Seen<readonly DriftFinding[]> {
  const why = whyNotLooked(evidence);
  if (why !== undefined && questionsOf(evidence).length === 0) return unknown(why);
  return known(judgeDrift(evidence));
}

function whyNotLooked({ target, differences }: DriftEvidence): string | undefined {
  return whyNotNow(target) ?? (differences.kind === "unknown" ? differences.why : undefined);
}

export function judgeDrift(evidence: DriftEvidence): readonly DriftFinding[] {
  const { differences, target, claim } = evidence;
  const questions = questionsOf(evidence);
  const why = whyNotLooked(evidence);
  if (why !== undefined || differences.kind === "unknown" || target.kind === "unknown") {
    return inOrder(questions.map((question) => settle(question, "unverifiable", why ?? "it could not be read")));
  }
  const refusal = claim && refuseClaim({ claim, onBranch: evidence.claimOnBranch, state: target.value });
  const seen = differences.value.flatMap(spread);
  const own = seen.map((difference) => {
    const asked = questions.filter((question) => !(refusal && question.claimedBy) && covers(question, difference));
    return judgeDifference(difference, { asked, ruleFor: evidence.ruleFor });
  });
  const gone = questions
    // What the claim says besides is said by the finding itself.
    .filter((question) => !seen.some((difference) => covers(question, difference)))
    .map((question) => {
      if (refusal && question.claimedBy !== undefined) return settle(question, refusal.verdict, refusal.why);
      return judgeAbsence(question, { seen, unseen: evidence.unseen });
    });
  return inOrder([...own, ...gone]);
}

/** One object, or one field of it. */
interface Item {
  readonly object: ObjectReference;
  readonly change: DriftSuspect["change"];
  readonly field?: DriftField;
}

interface Question extends Item {
  readonly claimedBy?: string;
}

/** Each object and field once; what a reading noticed itself is not put down to the claim. */
function questionsOf({ suspects, claim }: DriftEvidence): readonly Question[] {
  const asked = new Map<string, Question>();
  for (const item of suspects.flatMap(spread)) asked.set(keyOf(item), item);
  for (const item of claim?.suspects.flatMap(spread) ?? []) {
    if (!asked.has(keyOf(item))) asked.set(keyOf(item), { ...item, ...(claim && { claimedBy: claim.by }) });
  }
  return [...asked.values()];
}

function spread({ object, change, fields }: DriftSuspect): readonly Item[] {
  const named = fields.filter(({ path }) => path !== "");
  return named.length === 0 ? [{ object, change }] : named.map((field) => ({ object, change, field }));
}

function keyOf({ object, field }: Item): string {
  return `${objectKey(object)}\n${field?.path ?? ""}`;
}

/** A claim about a map is about what is in it, and the other way round. */
function covers(question: Question, difference: Item): boolean {
  if (objectKey(question.object) !== objectKey(difference.object)) return false;
  // What a reading noticed in an object that is gone by now is told with the object.
  if (difference.change === "missing" && question.claimedBy === undefined) return true;
  const [asked, found] = [question.field?.path, difference.field?.path];
  if (asked === undefined) return (question.change === "missing") === (difference.change === "missing");
  if (found === undefined) return false;
  return asked === found || found.startsWith(`${asked}/`) || asked.startsWith(`${found}/`);
}

function judgeDifference(
  difference: Item,
  { asked, ruleFor }: { readonly asked: readonly Question[] } & Pick<DriftEvidence, "ruleFor">,
): DriftFinding {
  const rule = ruleFor(difference.object, difference.field);
  const claimed = asked.every(({ claimedBy }) => claimedBy !== undefined) ? asked[0] : undefined;
  const found = { ...difference, ...(claimed?.claimedBy !== undefined && { claimedBy: claimed.claimedBy }) };
  if (rule !== undefined) return settle(found, "ignored", rule);
  const since = claimed && whatChanged(claimed, difference);
  if (since !== undefined) return settle(found, "changed-since", since);
  return settle(found, "confirmed", "it was read live, at the revision that the cluster runs");
}

function whatChanged(claimed: Question, difference: Item): string | undefined {
  const [before, now] = [claimed.object.uid, difference.object.uid];
  if (before !== undefined && now !== undefined && before !== now) {
    return `${nameObject(difference.object)} was deleted and made anew since the report`;
  }
  const [said, found] = [claimed.field, difference.field];
  // Hidden values cannot be compared, and then the path alone decides.
  if (said?.path !== found?.path || said?.live?.kind !== "shown" || found?.live?.kind !== "shown") return undefined;
  return said.live.text === found.live.text ? undefined : "the field has another value now than the report says";
}

function judgeAbsence(
  question: Question,
  { seen, unseen }: { readonly seen: readonly Item[] } & Pick<DriftEvidence, "unseen">,
): DriftFinding {
  const why = unseen?.(question.object, question.field);
  if (why !== undefined) return settle(question, "unverifiable", why);
  const same = seen.find(({ object }) => objectKey(object) === objectKey(question.object));
  if (same?.change === "missing" && question.change !== "missing") {
    return settle(question, "changed-since", `${nameObject(question.object)} is not there any more`);
  }
  return settle(question, "healed", "it is as Git has it now");
}

function settle(item: Question, verdict: DriftVerdict, why: string): DriftFinding {
  const { object, change, field, claimedBy } = item;
  // The values of a claim are another's words: they are not shown as if they had been seen.
  const shown = verdict === "confirmed" || verdict === "ignored" || verdict === "changed-since" || !claimedBy;
  return {
    object,
    change,
    ...(field && { field: shown ? field : { path: field.path } }),
    verdict,
    why,
    ...(claimedBy !== undefined && { claimedBy }),
  };
}

const ORDER: readonly DriftVerdict[] = [
  "confirmed",
  "changed-since",
  "unverifiable",
  "wrong-revision",
  "stale",
  "ignored",
  "healed",
];

function inOrder(findings: readonly DriftFinding[]): readonly DriftFinding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict)).slice(0, MOST_FINDINGS);
}
