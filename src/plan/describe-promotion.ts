// Gathers what people are told about a promotion: everything its title, body, commit, check and merge message are made
// of. Facts only; `report/` finds the form. Nothing here may change while the world stands still.

import { leadOf } from "../commands/command-table.ts";
import type { Button } from "../domain/button.ts";
import type { CheckView } from "../domain/check-view.ts";
import type { GateResult } from "../domain/gate.ts";
import type { ImageMove } from "../domain/image-move.ts";
import type { Hold } from "../domain/ledger.ts";
import { nameInEnvironment } from "../domain/pipeline.ts";
import type { Edit } from "../domain/place.ts";
import type { PromotionView } from "../domain/plan.ts";
import { type Release, sameRelease } from "../domain/release.ts";
import { applyOverrides, demandProof } from "./apply-overrides.ts";
import type { EnvironmentContext, Offer } from "./environment-context.ts";
import { describeLoan, findLoan, howItEnds } from "./find-loan.ts";
import { fingerprint } from "./fingerprint.ts";
import { hoursOf } from "./gate-context.ts";
import { driftGates } from "./gate-drift.ts";
import { judgeFreezes } from "./judge-hours.ts";
import { describeHold, evaluateGates, findHoldAgainst, isRollback, whyRefused } from "./judge-offer.ts";
import type { Declared } from "./read-declared.ts";
import { environmentsBefore, isRequested, overridesFor, reachedIn, requestedIn, whyKeptAway } from "./recall.ts";
import { code, shortDigest } from "./wording.ts";

const LABEL = "stagecoach";
/** GitHub refuses longer ones. */
const LONGEST_LABEL = 50;

function labelsOf({ environment }: EnvironmentContext): readonly string[] {
  return [LABEL, `env/${environment.name}`.slice(0, LONGEST_LABEL)];
}

interface Described {
  /** The release with this environment's tags. */
  readonly release: Release;
  readonly declared: Declared;
  readonly edit: Edit;
  readonly gates: readonly GateResult[];
  /** The commit of the base that the promotion's own commit stands on. */
  readonly standsOn: string;
}

export function describePromotion(described: Described, context: EnvironmentContext): PromotionView {
  const { release, declared, edit, gates, standsOn } = described;
  const { key, pipeline, environment } = context;
  const requested = requestedIn(environment.name, context);
  const facts: Omit<PromotionView, "fingerprint"> = {
    key,
    pipeline: pipeline.name,
    environment: environment.name,
    release,
    moves: release.versions.map((version) => describeMove(version, { declared, context })),
    places: edit.files.flatMap(({ path, changes }) => changes.map((change) => ({ path, ...change }))),
    gates,
    way: describeWay(release, context),
    merge: context.configuration.mode === "full" ? environment.merge : "manual",
    labels: labelsOf(context),
    saw: describeSaw(standsOn, context),
    ...(context.rollback && isRollback(release, context) && { rollback: context.rollback.reason }),
    ...(requested && isRequested(release, context) && { requestedBy: requested.by }),
    overriddenBy: [...new Set(overridesFor(release, context).map(({ by }) => by))],
  };
  // What the registry lets nobody read is no reason to write again when it cannot be asked at all.
  return { ...facts, ...describeUnread(release, context), fingerprint: fingerprint(facts) };
}

function describeMove(
  version: { readonly image: string; readonly tag: string; readonly digest: string },
  { declared, context }: { declared: Declared; context: EnvironmentContext },
): ImageMove {
  const pins = declared.images.find(({ image }) => image === version.image)?.pins ?? [];
  const complete = declared.release?.versions.find(({ image }) => image === version.image);
  const pin = pins.length === 1 ? pins[0] : undefined;
  const [tag, digest] = [pin?.tag ?? complete?.tag, pin?.digest ?? complete?.digest];
  return {
    image: nameInEnvironment(context.environment, version.image),
    ...(pin && { from: { ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) } }),
    to: { tag: version.tag, digest: version.digest },
  };
}

/** Whose word it is that a tag means this digest; where it has run, that is known by itself. */
function describeUnread(
  { versions }: Release,
  { environment, observed }: EnvironmentContext,
): Pick<PromotionView, "unread"> {
  if (environment.after.length > 0) return {};
  const unread = versions.flatMap(({ image, tag, digest }) => {
    const name = nameInEnvironment(environment, image);
    const state = observed.images[name];
    if (state?.kind !== "known" || state.value.toldAlone === undefined) return [];
    const told = Object.values(state.value.told ?? {}).some((each) => each.digest === digest);
    if (!told) return [];
    return [
      `that ${code(`${name}:${tag}`)} is ${code(shortDigest(digest))} is the word of GitHub's event alone: the registry answers nobody without credentials, and the operator's settings name none for it`,
    ];
  });
  return unread.length === 0 ? {} : { unread };
}

function describeWay(release: Release, context: EnvironmentContext): PromotionView["way"] {
  const before = environmentsBefore(context.environment, context.pipeline);
  // In the order of the way, so that what came at the same time stands as it came.
  return context.pipeline.environments
    .flatMap(({ name }) => (before.includes(name) ? [name] : []))
    .flatMap((environment) =>
      reachedIn(environment, context)
        .filter((reached) => sameRelease(reached.release, release))
        .map(({ at, pullRequest }) => ({ environment, at, ...(pullRequest !== undefined && { pullRequest }) })),
    )
    .sort((a, b) => a.at - b.at);
}

/** For a bug report. Only what changes with the promotion itself, so that the text stands still while the base moves. */
function describeSaw(
  standsOn: string,
  { environment, configuration, baseName, pipeline }: EnvironmentContext,
): readonly string[] {
  return [
    `base: ${baseName} at ${standsOn}`,
    `pipeline file: ${pipeline.at.file}, line ${pipeline.at.line}; environment in line ${environment.at.line}`,
    `mode: ${configuration.mode}; merge: ${environment.merge}; supersede: ${environment.supersede}`,
    ...pipeline.images.map(({ image, policy }) => `policy of ${image}: ${JSON.stringify(policy)}`),
    ...(environment.after.length > 0 ? [`after: ${environment.after.join(", ")}`] : []),
  ];
}

/** All gates that bind this promotion, those before the proposal first. */
export function gatesOf(
  release: Release,
  { context, moved }: { readonly context: EnvironmentContext; readonly moved: GateResult | undefined },
): readonly GateResult[] {
  const refused = whyRefused(release, context);
  const hold = findHoldAgainst(release, context);
  const gates = [
    ...(refused
      ? [{ name: "not refused", state: "failed", reason: refused.reason, ...unblockOf(refused, context) } as const]
      : []),
    ...(moved ? [moved] : []),
    ...(hold ? [closedByHold(hold, context)] : []),
    ...closedByLoan(context),
    ...refusedBefore(release, context),
    ...demandProof(evaluateGates("propose", { release, context }), { release, context }),
    ...evaluateGates("merge", { release, context }),
    ...driftGates(context, { isWayBack: isRollback(release, context) }),
    ...judgeFreezes(hoursOf(context), context.observed.now),
  ];
  return applyOverrides(gates, { release, context });
}

/** A person asked for it all the same: that it was taken back or stopped before is for another person to pass over. */
function refusedBefore(release: Release, context: EnvironmentContext): readonly GateResult[] {
  const kept = whyKeptAway(release, context);
  if (!kept || kept.kind === "blocked" || !isRequested(release, context)) return [];
  return [{ name: "not refused", word: "refused", state: "failed", reason: kept.reason }];
}

function closedByHold(hold: Hold, { configuration }: EnvironmentContext): GateResult {
  const { reason, until } = describeHold(hold);
  const place = hold.environment === undefined ? hold.pipeline : `${hold.pipeline}/${hold.environment}`;
  const unblock = `${leadOf(configuration.commandPrefix)}resume ${place}`;
  return { name: "hold", state: "waiting", reason, unblock, ...(until !== undefined && { expectedAt: until }) };
}

function unblockOf(refused: Offer, { configuration }: EnvironmentContext): Pick<GateResult, "unblock"> {
  if (refused.kind !== "nothing" || refused.situation !== "blocked") return {};
  return { unblock: `${leadOf(configuration.commandPrefix)}unblock ${refused.release?.versions[0]?.tag ?? ""}` };
}

function closedByLoan({ key, ledger }: EnvironmentContext): readonly GateResult[] {
  const loan = findLoan(key, ledger);
  return loan ? [{ name: "sandbox", state: "waiting", reason: `${describeLoan(loan)}; ${howItEnds(loan)}` }] : [];
}

export function checkOf(
  gates: readonly GateResult[],
  {
    view,
    notes,
    buttons = [],
  }: {
    readonly view: { readonly key: EnvironmentContext["key"]; readonly merge: "auto" | "manual" };
    readonly notes: readonly string[];
    /** None where the command would be about several environments. */
    readonly buttons?: readonly Button[];
  },
): CheckView {
  const failed = gates.find(({ state }) => state === "failed");
  const waiting = gates.find(({ state }) => state === "waiting");
  const passed = gates.filter(({ state }) => state === "passed").length;
  const closed = failed ?? waiting;
  const state = failed ? "failure" : waiting ? "in-progress" : "success";
  const ready = view.merge === "auto" ? "it merges by itself" : "a person merges it";
  const title = closed
    ? `${passed} of ${gates.length} gates passed: ${closed.pipeline === undefined ? "" : `${code(closed.pipeline)}: `}${closed.reason}`
    : `Every gate has passed; ${ready}`;
  const subject = { kind: "promotion", key: view.key, gates, notes } as const;
  const facts = { state, title, subject, ...(buttons.length > 0 && { actions: buttons }) } as const;
  return { ...facts, fingerprint: fingerprint(facts) };
}
