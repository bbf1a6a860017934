// Gathers what people are told about how far a release has come in its clusters. Facts only; `report/` finds the form.
// The fingerprint rests on what matters to people: a reconciler that only looked again is no reason to write.

import type { Reached } from "../domain/ledger.ts";
import type { LiveRevision, LiveState } from "../domain/live-state.ts";
import type { LivePlace, LiveView, Stage } from "../domain/live-view.ts";
import { type Environment, environmentKey, type Pipeline } from "../domain/pipeline.ts";
import { fingerprint } from "./fingerprint.ts";
import type { LiveVerdict, PlaceVerdict } from "./live-verdict.ts";

export interface LiveSubject {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly reached: Reached;
  readonly mergedAt: number;
  readonly stage: Stage;
  readonly reason: string;
}

const RUNNING_SHOWN = 4;

export function viewLive(
  { pipeline, environment, reached, mergedAt, stage, reason }: LiveSubject,
  verdict?: LiveVerdict,
): LiveView {
  const places = verdict?.places.map(viewPlace) ?? [];
  const drift = verdict?.drift ?? [];
  const facts = {
    key: environmentKey(pipeline, environment),
    pipeline: pipeline.name,
    environment: environment.name,
    release: reached.release,
    stage,
    reason,
    mergedAt,
    ...(reached.commit !== undefined && { commit: reached.commit }),
    ...(reached.shared && { shared: reached.shared }),
    ...(reached.healthyAt !== undefined && { healthyAt: reached.healthyAt }),
    places,
    drift,
  };
  return { ...facts, fingerprint: fingerprintOf(facts) };
}

/** It names the stage, so that a later look can tell what the comment says last. */
function fingerprintOf({ stage, reason, places, drift, healthyAt }: Omit<LiveView, "fingerprint">): string {
  const matters = places.map(mattersOf);
  return `${stage}.${fingerprint({ ...(stage !== "no-news" && { reason }), matters, drift, healthyAt })}`;
}

/** Whether a silent source refuses, is too slow or is gone may change with every look: it is the same silence. */
function mattersOf({ source, name, stage, reason, sync, health }: LivePlace): readonly unknown[] {
  const silent = stage === "no-news" && health === undefined;
  return silent ? [source, name, stage] : [source, name, stage, reason, sync, health];
}

export function stageOf(fingerprint: string): string {
  return fingerprint.split(".")[0] ?? "";
}

function viewPlace({ reading, state, stage, reason }: PlaceVerdict): LivePlace {
  const { source, name } = reading.target;
  return { source, name, stage, reason, running: [], ...(state && viewState(state)), ...overtaken(stage, state) };
}

/**
 * A later commit of others is on its way there. That is no matter of this release, which is in sync; and where many share
 * a repository, their comments would be edited twice with every commit.
 */
function overtaken(stage: Stage, state: LiveState | undefined): Pick<LivePlace, "sync"> {
  return stage === "healthy" && state?.sync.cause === "new-revision" ? { sync: "synced" } : {};
}

function viewState(state: LiveState): Partial<LivePlace> {
  const { reconciler, sync, health, lastResult, link } = state;
  const desired = commitOf(state.desired);
  const observed = commitOf(state.observed);
  const running = [...new Set(state.containers.flatMap(({ pods }) => pods.flatMap(({ digest }) => digest ?? [])))];
  return {
    reconciler,
    sync: sync.state,
    health: health.state,
    basis: health.basis,
    ...(health.since !== undefined && { since: health.since }),
    ...(desired && { desired }),
    ...(observed && { observed }),
    running: running.sort().slice(0, RUNNING_SHOWN),
    ...(lastResult?.at !== undefined && { lastResultAt: lastResult.at }),
    ...(link !== undefined && { link }),
  };
}

function commitOf(revisions: readonly LiveRevision[] | undefined): LiveRevision | undefined {
  return revisions?.find(({ kind }) => kind === "git") ?? revisions?.[0];
}
