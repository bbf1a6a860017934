// The rule that allows a difference: the reconciler's own settings, annotations on the object, an autoscaler, and fields that
// controllers write as a matter of course. A rule that was itself put on the live object by hand allows nothing.

import type { DriftField } from "../../domain/drift.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { escapePointer } from "../kubernetes/field-paths.ts";
import { isController, whyAllowed } from "../kubernetes/judge-manager.ts";
import { annotationOf, type Fields } from "../kubernetes/read-fields.ts";
import { findIgnoreRule, type IgnoreRule } from "./flux-ignore.ts";

export interface Allowance {
  readonly live: KubernetesObject;
  readonly declared?: Fields | undefined;
  /** Pointers of fields that Git does not declare and that somebody wrote by hand. */
  readonly byHand: ReadonlySet<string>;
  readonly rules: readonly IgnoreRule[];
  /** Name of the autoscaler that sets the object's replicas. */
  readonly autoscaler?: string | undefined;
}

interface MarkedRule {
  readonly annotation: string;
  readonly says: RegExp;
  /** It only allows fields that Git does not declare. */
  readonly undeclaredOnly?: boolean;
}

const MARKS: readonly MarkedRule[] = [
  { annotation: "kustomize.toolkit.fluxcd.io/reconcile", says: /^disabled$/i },
  { annotation: "kustomize.toolkit.fluxcd.io/ssa", says: /^(?:IfNotPresent|Ignore)$/i },
  { annotation: "kustomize.toolkit.fluxcd.io/ssa", says: /^Merge$/i, undeclaredOnly: true },
  { annotation: "helm.toolkit.fluxcd.io/driftDetection", says: /^disabled$/i },
  { annotation: "client.lifecycle.config.k8s.io/mutation", says: /^ignore$/ },
  { annotation: "configmanagement.gke.io/managed", says: /^disabled$/ },
];

/** `field` is absent for the object as a whole. */
export function findRule(
  field: DriftField | undefined,
  { allowance, undeclared }: { readonly allowance: Allowance; readonly undeclared: boolean },
): string | undefined {
  const { live, rules, autoscaler } = allowance;
  const mark = findMark(allowance, undeclared);
  if (field === undefined) return mark;
  const { path, manager, subresource } = field;
  const marksItself = MARKS.some(({ annotation }) => path === annotationPath(annotation));
  if (mark !== undefined && !marksItself) return mark;
  const allowed = whyAllowed({ kind: live.kind, path }) ?? findIgnoreRule(rules, { object: live, path });
  if (allowed !== undefined) return allowed;
  if (path === "/spec/replicas" && autoscaler !== undefined)
    return `the autoscaler \`${autoscaler}\` sets the replicas`;
  if (subresource === "status") return "a status is written by the one who does the work";
  // Anybody may take a controller's name, so it excuses no change of what runs.
  if (/\/image$/.test(path)) return undefined;
  return manager !== undefined && isController(manager) ? `\`${manager}\` is a controller and writes it` : undefined;
}

function findMark({ live, declared, byHand }: Allowance, undeclared: boolean): string | undefined {
  for (const { annotation, says, undeclaredOnly } of MARKS) {
    if (undeclaredOnly && !undeclared) continue;
    const written = declared && annotationOf(declared, annotation);
    const found = written ?? (byHand.has(annotationPath(annotation)) ? undefined : annotationOf(live, annotation));
    if (found !== undefined && says.test(found)) return `the object carries \`${annotation}: ${found}\``;
  }
  return undefined;
}

function annotationPath(annotation: string): string {
  return `/metadata/annotations/${escapePointer(annotation)}`;
}
