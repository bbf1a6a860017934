// Flux's own lists of fields that it leaves alone: `spec.ignore` of a Kustomization, `spec.driftDetection.ignore` of a
// HelmRelease. A target that cannot be read here is taken to mean every object: a false alarm is worse than none.

import { RE2JS, RE2JSException } from "re2js";
import { groupOf } from "../../domain/object-key.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { type Fields, isFields, listAt, textAt } from "../kubernetes/read-fields.ts";

export interface IgnoreRule {
  /** Where it is written: `spec.ignore`. */
  readonly at: string;
  /** JSON pointers. */
  readonly paths: readonly string[];
  readonly target?: Fields;
}

const PLACES = ["spec.ignore", "spec.driftDetection.ignore"];
const MOST_RULES = 200;

export function readIgnoreRules(reconciler: KubernetesObject): readonly IgnoreRule[] {
  return PLACES.flatMap((at) =>
    listAt(reconciler, at)
      .filter(isFields)
      .slice(0, MOST_RULES)
      .map(({ paths, target }) => ({
        at,
        paths: Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [],
        ...(isFields(target) && { target }),
      })),
  );
}

/** `spec.ignore: /spec/replicas`: the rule that leaves the field alone. */
export function findIgnoreRule(
  rules: readonly IgnoreRule[],
  { object, path }: { readonly object: KubernetesObject; readonly path: string },
): string | undefined {
  for (const { at, paths, target } of rules) {
    if (target && !isMeant(target, object)) continue;
    const found = paths.find((each) => path === each || path.startsWith(`${each}/`));
    if (found !== undefined) return `\`${at}\` leaves \`${found}\` alone`;
  }
  return undefined;
}

function isMeant(target: Fields, object: KubernetesObject): boolean {
  const group = groupOf(object.apiVersion);
  const { kind, metadata } = object;
  const given: Readonly<Record<string, string>> = {
    group,
    version: object.apiVersion.slice(group === "" ? 0 : group.length + 1),
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? "",
  };
  return (
    Object.entries(given).every(([key, value]) => fits(textAt(target, key), value)) &&
    selects(textAt(target, "labelSelector"), metadata.labels ?? {}) &&
    selects(textAt(target, "annotationSelector"), metadata.annotations ?? {})
  );
}

/** Patterns are matched against the whole text. RE2 takes no time without end. */
function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  try {
    return RE2JS.compile(pattern).matches(text);
  } catch (error) {
    if (error instanceof RE2JSException) return true;
    throw error;
  }
}

/** `app=web,tier=front`; other forms of selectors are taken to select. */
function selects(selector: string | undefined, labels: Readonly<Record<string, string>>): boolean {
  const pairs = (selector ?? "").split(",").map((part) => /^\s*([\w./-]+)\s*==?\s*([\w.-]*)\s*$/.exec(part));
  return pairs.every((pair) => pair === null || labels[pair[1] ?? ""] === pair[2]);
}
