// What Argo CD does by itself for an Application: whether it syncs, whether it undoes changes by hand, which fields it
// leaves alone, and why nothing happens at present.

import type { Healing, LiveSync } from "../../domain/live-state.ts";
import { annotationOf, isTrueAt, listAt, messageAt, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { isSkipped, SKIP_RECONCILE } from "./judge-freshness.ts";

const MOST_RULES = 50;

export function isAutomated(application: unknown): boolean {
  const automated = valueAt(application, "spec.syncPolicy.automated");
  return automated !== undefined && automated !== null && valueAt(automated, "enabled") !== false;
}

export function describeHealing(application: unknown): Healing {
  const ignored = describeIgnored(application);
  if (isSkipped(application)) return { on: false, how: `${SKIP_RECONCILE}: "true"`, ignored };
  if (!isAutomated(application)) return { on: false, how: "automated sync is off", ignored };
  const heals = isTrueAt(application, "spec.syncPolicy.automated.selfHeal");
  return { on: heals, how: `selfHeal: ${heals}`, ignored };
}

/**
 * Manual sync is a way of working, not a suspension: while everything is in sync nobody waits. It is told where something
 * has to be applied and nobody will do so unasked. Windows stand in the project, which is not read; a sync that one holds
 * back says so itself.
 */
export function findSuspended(application: unknown, { state }: LiveSync): string | undefined {
  if (isSkipped(application)) return `the annotation ${SKIP_RECONCILE} switches it off`;
  const message = messageAt(application, "status.operationState.message") ?? "";
  if (state === "progressing" && /blocked by sync window/i.test(message))
    return "a sync window of its project is closed";
  if (isAutomated(application) || (state !== "out-of-sync" && state !== "failed")) return undefined;
  const set = listAt(application, "metadata.ownerReferences").find(
    (owner) => textAt(owner, "kind") === "ApplicationSet",
  );
  const hope = set === undefined ? "" : `, unless the ApplicationSet ${textAt(set, "name") ?? ""} does`;
  return `automated sync is off, so somebody has to sync it${hope}`;
}

function describeIgnored(application: unknown): readonly string[] {
  const rules = listAt(application, "spec.ignoreDifferences").slice(0, MOST_RULES).map(describeRule);
  const extra = /IgnoreExtraneous/.test(annotationOf(application, "argocd.argoproj.io/compare-options") ?? "");
  return extra ? [...rules, "objects that Git does not declare (IgnoreExtraneous)"] : rules;
}

function describeRule(rule: unknown): string {
  const kind = [textAt(rule, "group"), textAt(rule, "kind") ?? "*"].filter((part) => part !== undefined).join("/");
  const name = [textAt(rule, "namespace"), textAt(rule, "name")].filter((part) => part !== undefined).join("/");
  const texts = (path: string): readonly string[] => listAt(rule, path).filter((item) => typeof item === "string");
  const fields = [...texts("jsonPointers"), ...texts("jqPathExpressions")];
  const managers = texts("managedFieldsManagers");
  const words = [
    ...(fields.length > 0 ? [fields.join(", ")] : []),
    ...(managers.length > 0 ? [`fields of ${managers.join(", ")}`] : []),
  ];
  return `${name === "" ? kind : `${kind} ${name}`}: ${words.join("; ")}`.slice(0, 500);
}
