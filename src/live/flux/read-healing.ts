// What Flux does about changes by hand, as it is set: a Kustomization takes every declared field back at each run, a
// HelmRelease only where its drift detection says so; and which fields and objects it leaves alone.

import type { Healing } from "../../domain/live-state.ts";
import { nameObject } from "../../domain/object-reference.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { annotationOf, isTrueAt, listAt, textAt } from "../kubernetes/read-fields.ts";
import { referenceOf } from "../kubernetes/reference-of.ts";
import type { FluxSource } from "./find-source.ts";

const MOST_IGNORED = 200;

export function whySuspended(object: KubernetesObject, source: FluxSource): string | undefined {
  if (isTrueAt(object, "spec.suspend")) return `${nameObject(referenceOf(object))} is suspended (\`spec.suspend\`)`;
  return source.suspended;
}

export function readHealing(object: KubernetesObject, applied: readonly KubernetesObject[]): Healing {
  const isKustomization = object.kind === "Kustomization";
  const rules = listAt(object, isKustomization ? "spec.ignore" : "spec.driftDetection.ignore").flatMap(describeRule);
  const marked = applied.flatMap((one) => describeMarks(one, isKustomization ? KUSTOMIZE_MARKS : HELM_MARKS));
  const ignored = [...rules, ...marked].slice(0, MOST_IGNORED);
  if (isTrueAt(object, "spec.suspend")) return { on: false, how: "suspended", ignored };
  const every = `every ${textAt(object, "spec.interval") ?? "interval"}`;
  if (isKustomization) return { on: true, how: every, ignored };
  const mode = textAt(object, "spec.driftDetection.mode") ?? "disabled";
  const on = mode === "enabled";
  return { on, how: on ? `driftDetection.mode: enabled, ${every}` : `driftDetection.mode: ${mode}`, ignored };
}

/** `/spec/replicas of Deployment web`. */
function describeRule(rule: unknown): readonly string[] {
  const target = ["kind", "namespace", "name", "labelSelector", "annotationSelector"]
    .flatMap((field) => textAt(rule, `target.${field}`) ?? [])
    .join(" ");
  return listAt(rule, "paths").flatMap((path) => {
    const text = textAt({ path }, "path");
    return text === undefined ? [] : [target === "" ? text : `${text} of ${target}`];
  });
}

interface Mark {
  readonly key: string;
  /** The values that keep Flux away; others mean something else. */
  readonly values: readonly string[];
}

const KUSTOMIZE_MARKS: readonly Mark[] = [
  { key: "kustomize.toolkit.fluxcd.io/reconcile", values: ["disabled"] },
  { key: "kustomize.toolkit.fluxcd.io/ssa", values: ["merge", "ifnotpresent", "ignore"] },
];
const HELM_MARKS: readonly Mark[] = [{ key: "helm.toolkit.fluxcd.io/driftDetection", values: ["disabled"] }];

function describeMarks(object: KubernetesObject, marks: readonly Mark[]): readonly string[] {
  return marks.flatMap(({ key, values }) => {
    const value = annotationOf(object, key);
    if (value === undefined || !values.includes(value.toLowerCase())) return [];
    return [`${nameObject(referenceOf(object))}: ${key}: ${value}`];
  });
}
