// Whether an Application was last compared with the source and the destination that its spec names now. Where it was not,
// its status speaks of something else than what people have asked for.

import { type Fields, fieldsAt, isFields, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { sourcesOf } from "./read-revisions.ts";

/** The same parameters from another place, or other parameters. */
export type SourceChange = "switching-source" | "spec-changed";

export function changedSince(application: unknown): SourceChange | "never-compared" | undefined {
  const compared = valueAt(application, "status.sync.comparedTo");
  const before = sourcesOf(compared);
  if (before.length === 0) return "never-compared";
  const spec = valueAt(application, "spec");
  const change = compareSources(before, sourcesOf(spec));
  if (change !== undefined) return change;
  return sameDestination(fieldsAt(compared, "destination"), fieldsAt(spec, "destination")) ? undefined : "spec-changed";
}

export function compareSources(before: readonly Fields[], now: readonly Fields[]): SourceChange | undefined {
  const places = [before, now].map((sources) => sources.map(placeOf).join("\n"));
  if (places[0] !== places[1]) return "switching-source";
  return canonical(before) === canonical(now) ? undefined : "spec-changed";
}

function placeOf(source: Fields): string {
  return ["repoURL", "targetRevision", "path", "chart", "ref"].map((key) => textAt(source, key) ?? "").join(" ");
}

/** A cluster has a name and an address, and the controller may add the one that the spec leaves out. */
function sameDestination(before: Fields, now: Fields): boolean {
  const texts = (key: string): readonly (string | undefined)[] => [textAt(before, key), textAt(now, key)];
  const [namespaceBefore, namespaceNow] = texts("namespace");
  if (namespaceBefore !== namespaceNow) return false;
  const both = [texts("server"), texts("name")].filter(([one, other]) => one !== undefined && other !== undefined);
  const neither = [...texts("server"), ...texts("name")].every((text) => text === undefined);
  return neither || (both.length > 0 && both.every(([one, other]) => one === other));
}

/** As text, with keys in order and without what is empty: Argo CD writes some of that in one place and not in the other. */
function canonical(value: unknown, depth = 0): string {
  if (depth > 64) return "…";
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, canonical(inner, depth + 1)] as const)
    .filter(([, text]) => !EMPTY.has(text))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(",")}}`;
}

const EMPTY: ReadonlySet<string> = new Set(['""', "null", "[]", "{}", "false"]);
