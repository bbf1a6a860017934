// The guard `unproven`: a version is set by hand where it would not have come by itself, because it has not completed its
// gates in the environments before, or because it was blocked, stopped or rolled back.

import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { environmentKey } from "../domain/pipeline.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import type { Answer } from "./answer.ts";
import type { ChangedPlace } from "./changed-places.ts";
import { proofsOf } from "./choose-candidate.ts";
import { blame, doubt, type GuardContext, levelOf } from "./guard-context.ts";
import { isDeclared } from "./is-declared.ts";
import { whyKeptAway } from "./recall.ts";
import { nameRelease, nameTime } from "./wording.ts";

export function guardUnproven(
  changed: readonly ChangedPlace[],
  { context, release }: { readonly context: GuardContext; readonly release: Answer<Release> },
): readonly GuardVerdict[] {
  const guard = "unproven";
  const [first] = changed;
  if (levelOf(guard, context) === "off" || first === undefined) return [];
  const at = { path: first.place.path, line: first.place.line };
  const unusable = whyLedgerSaysNothing(context);
  if (unusable !== undefined || release.kind === "unknown") {
    const why = `nobody can say what this version has proven: ${unusable ?? (release.kind === "unknown" ? release.why : "")}`;
    return [doubt({ guard, at, why, cure: "Wait until it is known" }, context)];
  }
  // Another way to write what is there already sets nothing.
  const present = context.declaredIn(context.environment.name);
  if (present.kind === "known" && isDeclared(release.value, present.value)) return [];
  const why = whyUnproven(release.value, context);
  if (why === undefined) return [];
  return [blame({ guard, at, why, cure: "Let Stagecoach promote it, or take one that is proven" }, context)];
}

function whyLedgerSaysNothing({ observed: { ledger } }: GuardContext): string | undefined {
  if (ledger.kind === "unknown") return ledger.why;
  return ledger.value.kind === "untrusted" ? ledger.value.why : undefined;
}

function whyUnproven(release: Release, context: GuardContext): string | undefined {
  const { environment, pipeline, ledger } = context;
  const kept = whyKeptAway(release, context);
  if (kept) return kept.reason;
  const memory = ledger.environments[environmentKey(pipeline, environment)];
  const back = memory?.rolledBack.find((entry) => sameRelease(entry.release, release));
  if (back) return `${nameRelease(release)} was rolled back here to ${back.to} on ${nameTime(back.at)}`;
  const open = proofsOf(release, context).find(({ state }) => state !== "passed");
  return open && `${nameRelease(release)} is not proven, ${open.name}: ${open.reason}`;
}
