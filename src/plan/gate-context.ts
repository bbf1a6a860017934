// Puts together what the gates of an environment are judged on: its own facts, those of the environments before it, and
// who may not count as a second pair of eyes.

import type { WindowGate } from "../domain/gate.ts";
import type { Reached } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import {
  type Configuration,
  type Environment,
  type EnvironmentKey,
  environmentKey,
  type Freeze,
} from "../domain/pipeline.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import type { CandidateContext } from "./candidate-context.ts";
import type { LiveVerdict } from "./live-verdict.ts";
import { isRequested, reachedIn, requestedIn } from "./recall.ts";

export interface GateContext {
  readonly key: EnvironmentKey;
  readonly release: Release;
  /** What the environment of that name has reached, newest first. */
  readonly reachedIn: (environment: string) => readonly Reached[];
  /** How far the present release of the environment of that name is; absent where it names no `live`. */
  readonly liveIn: (environment: string) => LiveVerdict | undefined;
  /** The environments before this one that name a `live`. */
  readonly observed: readonly string[];
  /** The open pull request; approvals and checks count for its head. */
  readonly promotion: Promotion | undefined;
  /** Who asked for it: their own approval is not a second pair of eyes. */
  readonly requestedBy: readonly Asker[];
  readonly memberships: Observed["memberships"];
  readonly endpoints: Observed["endpoints"];
  readonly signatures: NonNullable<Observed["signatures"]>;
  /** `owner/repository` of the source code, where the pipeline names one. */
  readonly source: string | undefined;
  /** Everything that says when the environment takes something: whatever one of them says, the others bind too. */
  readonly hours: Hours;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Asker {
  readonly by: string;
  readonly byId: number;
}

export interface Hours {
  readonly windows: readonly WindowGate[];
  readonly freezes: readonly Freeze[];
}

/** Before the proposal there is no pull request, and one that is open may be about another release. */
export function gateContext(
  release: Release,
  { promotion, context }: { readonly promotion: Promotion | undefined; readonly context: CandidateContext },
): GateContext {
  const { environment, pipeline, liveIn, observed } = context;
  const before = pipeline.environments.filter(({ name, live }) => environment.after.includes(name) && live.length > 0);
  const requested = requestedIn(environment.name, context);
  return {
    key: environmentKey(pipeline, environment),
    release,
    promotion,
    requestedBy: requested && isRequested(release, context) ? [requested] : [],
    memberships: observed.memberships,
    endpoints: observed.endpoints,
    signatures: observed.signatures ?? {},
    source: pipeline.source,
    hours: hoursOf(context),
    now: observed.now,
    reachedIn: (name) => reachedIn(name, context),
    liveIn,
    observed: before.map(({ name }) => name),
  };
}

export function hoursOf({ environment, observed: { configuration } }: CandidateContext): Hours {
  const known = configuration.kind === "known" ? configuration.value : undefined;
  return {
    windows: environment.mergeWhen.filter((gate) => gate.kind === "window"),
    freezes: known ? freezesOf(environment, known) : [],
  };
}

/** Over, in force or to come. */
export function freezesOf({ name }: Environment, { freezes }: Pick<Configuration, "freezes">): readonly Freeze[] {
  return freezes.filter(({ environments }) => environments.length === 0 || environments.includes(name));
}
