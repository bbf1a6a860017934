// `drift-report/v1`: somebody in a cluster claims that objects differ from Git. Published as a JSON Schema. It becomes a
// claim, which says where to look and never what is true; values of Secrets are dropped here, before anything is stored.

import type { DriftClaim, DriftField, DriftSuspect, DriftValue } from "../../domain/drift.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { showValue } from "../kubernetes/show-value.ts";
import { fits, flag, type JsonShape, listOf, objectOf, textLike, time, word } from "./json-shape.ts";
import {
  apiVersion,
  fieldPath,
  generation,
  namespace,
  objectKind,
  objectName,
  type ReportMaker,
  reportId,
  reportMaker,
  shortText,
  sourceId,
  uid,
} from "./object-shapes.ts";

export const DRIFT_REPORT = "drift-report/v1";

export interface DriftReport {
  readonly schema: typeof DRIFT_REPORT;
  readonly reportId: string;
  /** The id of the live source in the settings of Stagecoach. */
  readonly cluster: string;
  readonly reporter: ReportMaker;
  /** Epoch milliseconds; RFC 3339 on the wire. */
  readonly observedAt: number;
  readonly target: Target;
  readonly revision?: { readonly commit?: string; readonly path?: string };
  readonly resources: readonly Resource[];
  /** There were more resources than a report may have. */
  readonly truncated?: boolean;
}

interface Target extends ObjectReference {
  readonly reconciler: "argocd" | "flux-kustomization" | "flux-helmrelease" | "config-sync" | "kubernetes";
}

interface Resource extends ObjectReference {
  readonly change: DriftSuspect["change"];
  readonly fields: readonly Field[];
  readonly resourceVersion?: string;
}

interface Field {
  readonly path: string;
  /** The same place in the words of server-side apply. */
  readonly smdPath?: string;
  readonly desired?: unknown;
  readonly live?: unknown;
  readonly desiredHash?: string;
  readonly liveHash?: string;
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: number;
}

const commit = textLike(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, { most: 64, says: "a commit in full" });
const anything: JsonShape<unknown> = {
  schema: { description: "Any JSON. Values of Secrets have no place here; send hashes with a salt, or nothing." },
  read: (value) => fits(value),
};

const target = objectOf<Target>(
  {
    reconciler: word("argocd", "flux-kustomization", "flux-helmrelease", "config-sync", "kubernetes"),
    ...{ apiVersion, kind: objectKind, name: objectName },
  },
  { namespace, uid, generation },
);

const field = objectOf<Field>(
  { path: fieldPath },
  {
    ...{ smdPath: shortText, desired: anything, live: anything, desiredHash: shortText, liveHash: shortText },
    ...{ manager: shortText, operation: shortText, subresource: shortText, time },
  },
);

const resource = objectOf<Resource>(
  {
    ...{ apiVersion, kind: objectKind, name: objectName, fields: listOf(field) },
    change: word("modified", "missing", "extra", "undeclared-fields"),
  },
  { namespace, uid, generation, resourceVersion: shortText },
);

export const driftReport = objectOf<DriftReport>(
  {
    ...{ schema: word(DRIFT_REPORT), reportId, cluster: sourceId, reporter: reportMaker, observedAt: time, target },
    resources: listOf(resource),
  },
  { revision: objectOf({}, { commit, path: shortText }), truncated: flag },
  "What somebody in a cluster saw to differ from Git. It is looked at again before anything is told of it.",
);

export function claimOf(report: DriftReport): DriftClaim {
  const { reconciler: _, ...object } = report.target;
  const by = report.reporter.name;
  return {
    report: report.reportId,
    by,
    observedAt: report.observedAt,
    ...(report.revision?.commit !== undefined && { commit: report.revision.commit }),
    target: object,
    suspects: report.resources.map((each) => suspectOf(each, by)),
  };
}

function suspectOf({ change, fields, resourceVersion: _, ...object }: Resource, by: string): DriftSuspect {
  const { kind } = object;
  return { object, change, fields: fields.map((each) => fieldOf(each, kind)), evidence: `a report by ${by}` };
}

function fieldOf({ path, desired, live, desiredHash, liveHash, ...rest }: Field, kind: string): DriftField {
  const { smdPath: _, ...known } = rest;
  const wanted = claimedValue({ kind, path, value: desired, hash: desiredHash });
  const found = claimedValue({ kind, path, value: live, hash: liveHash });
  return { path, ...(wanted && { desired: wanted }), ...(found && { live: found }), ...known };
}

interface ClaimedValue {
  readonly kind: string;
  readonly path: string;
  readonly value: unknown;
  readonly hash: string | undefined;
}

function claimedValue({ hash, ...claimed }: ClaimedValue): DriftValue | undefined {
  if (claimed.value !== undefined) return showValue(claimed);
  return hash === undefined ? undefined : { kind: "hidden" };
}
