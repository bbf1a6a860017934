// Which revisions an Application speaks of: of its last comparison, of its last sync that succeeded, of the last attempt.
// Argo CD has one revision or, for several sources, a list in the order of the sources. Judges nothing.

import { chartNameOf } from "../../domain/chart.ts";
import type { LiveRevision } from "../../domain/live-state.ts";
import {
  type Fields,
  fieldsAt,
  isFields,
  isTrueAt,
  listAt,
  textAt,
  timeAt,
  valueAt,
} from "../kubernetes/read-fields.ts";
import { repositoryNameOf } from "../repository-name.ts";

export interface RevisionSet {
  readonly revisions: readonly LiveRevision[];
  readonly sources: readonly Fields[];
}

const MOST_SOURCES = 50;

/** What the last comparison was made with; `undefined`: there was none. */
export function comparedRevisions(application: unknown): RevisionSet | undefined {
  return revisionSet(valueAt(application, "status.sync"), valueAt(application, "status.sync.comparedTo"), application);
}

/**
 * What was applied completely. The history knows only whole syncs that succeeded, and it may be cut to nothing; a sync of
 * chosen objects, as self-heal makes them, and a dry run are no proof that a revision is applied.
 */
export function appliedRevisions(application: unknown): RevisionSet | undefined {
  const last = listAt(application, "status.history").at(-1);
  const recorded = revisionSet(last, last, application);
  const operation = valueAt(application, "status.operationState");
  if (textAt(operation, "phase") !== "Succeeded" || isPartial(operation)) return recorded;
  const later = (timeAt(operation, "finishedAt") ?? 0) > (timeAt(last, "deployedAt") ?? 0);
  return recorded !== undefined && !later ? recorded : (attemptedRevisions(application) ?? recorded);
}

/** What the last operation was for, whatever became of it. */
export function attemptedRevisions(application: unknown): RevisionSet | undefined {
  const result = valueAt(application, "status.operationState.syncResult");
  const asked = valueAt(application, "status.operationState.operation.sync");
  return revisionSet(result, result, application) ?? revisionSet(asked, asked, application);
}

export function isPartial(operation: unknown): boolean {
  return isTrueAt(operation, "operation.sync.dryRun") || listAt(operation, "operation.sync.resources").length > 0;
}

export function sameRevisions(one: RevisionSet | undefined, other: RevisionSet | undefined): boolean {
  if (one === undefined || other === undefined || one.revisions.length !== other.revisions.length) return false;
  return one.revisions.every(({ id }, index) => id === other.revisions[index]?.id);
}

/** The sources of a spec, of a comparison or of a sync: they are written alike. */
export function sourcesOf(holder: unknown): readonly Fields[] {
  const several = listAt(holder, "sources").filter(isFields).slice(0, MOST_SOURCES);
  if (several.length > 0) return several;
  const hydrated = hydratedSource(valueAt(holder, "sourceHydrator"));
  const one = fieldsAt(holder, "source");
  if (textAt(one, "repoURL") !== undefined) return [one];
  return hydrated === undefined ? [] : [hydrated];
}

/** With a source hydrator the controller compares with the branch that the hydrator writes, not with what people write. */
function hydratedSource(hydrator: unknown): Fields | undefined {
  const repoURL = textAt(hydrator, "drySource.repoURL");
  if (repoURL === undefined) return undefined;
  return {
    repoURL,
    path: textAt(hydrator, "syncSource.path"),
    targetRevision: textAt(hydrator, "syncSource.targetBranch"),
  };
}

function revisionSet(holder: unknown, sourceHolder: unknown, application: unknown): RevisionSet | undefined {
  const ids = idsOf(holder);
  if (ids === undefined) return undefined;
  const own = sourcesOf(sourceHolder);
  const sources = own.length > 0 ? own : sourcesOf(valueAt(application, "spec"));
  return { revisions: ids.map((id, index) => dryRevision(readRevision(id, sources[index]), application)), sources };
}

/** An empty id would be a guess, so that one makes the whole set unknown. */
function idsOf(holder: unknown): readonly string[] | undefined {
  const several = listAt(holder, "revisions");
  if (several.length === 0) {
    const one = textAt(holder, "revision");
    return one === undefined ? undefined : [one];
  }
  const ids = several.slice(0, MOST_SOURCES).map((id) => (typeof id === "string" && id.length <= 512 ? id : ""));
  return ids.includes("") ? undefined : ids;
}

function readRevision(id: string, source: Fields | undefined): LiveRevision {
  const address = textAt(source, "repoURL") ?? "";
  const reference = textAt(source, "targetRevision");
  const named = reference === undefined || reference === id ? {} : { reference };
  const chart = textAt(source, "chart");
  if (chart !== undefined)
    return { kind: "helm", id, ...artifactOf(chartNameOf(address, { chart, bare: true })), ...named };
  if (address.toLowerCase().startsWith("oci://") || id.startsWith("sha256:"))
    return { kind: "oci", id, ...artifactOf(chartNameOf(address)), ...named };
  const repository = repositoryNameOf(address);
  return { kind: "git", id, ...(repository !== undefined && { repository }), ...named };
}

function artifactOf(artifact: string | undefined): Pick<LiveRevision, "artifact"> {
  return artifact === undefined ? {} : { artifact };
}

/** A hydrated commit is nowhere on the branch that people merge to; the dry one that it was made from is. */
function dryRevision(revision: LiveRevision, application: unknown): LiveRevision {
  const done = valueAt(application, "status.sourceHydrator.lastSuccessfulOperation");
  const dry = textAt(done, "drySHA");
  if (dry === undefined || textAt(done, "hydratedSHA") !== revision.id) return revision;
  const reference = textAt(application, "spec.sourceHydrator.drySource.targetRevision");
  const { reference: _hydrated, ...rest } = revision;
  return { ...rest, id: dry, ...(reference !== undefined && { reference }) };
}
