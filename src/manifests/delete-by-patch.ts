// Patches of a kustomization that delete whole objects (`$patch: delete`): the objects are in the files, and are not
// applied. What such a patch means by a pattern or a label is not guessed.

import { groupOf } from "../domain/object-key.ts";
import { type DeclaredObject, type ObjectProblem, type ReadingMemory, readDocuments } from "./find-objects.ts";
import { isRecord, type PlainRecord, textAt } from "./plain-value.ts";
import type { KustomizationPatch } from "./read-kustomization.ts";

export function deleteByPatch(
  objects: readonly DeclaredObject[],
  { patches, memory }: { readonly patches: readonly KustomizationPatch[]; readonly memory?: ReadingMemory | undefined },
): { readonly objects: readonly DeclaredObject[]; readonly problems: readonly ObjectProblem[] } {
  const problems: ObjectProblem[] = [];
  const deleted = new Set<DeclaredObject>();
  const deleting = patches.filter(({ text = "" }) => MAY_DELETE.test(text));
  for (const { text = "", path = "", target } of deleting.slice(0, MOST_PATCHES)) {
    for (const { value, line } of readDocuments({ path, text, memory }).documents) {
      if (isDeletingTransformer(value))
        problems.push({ kind: "unreadable", path, line, column: 1, why: BY_TRANSFORMER });
      if (value.$patch !== "delete") continue;
      const wanted = target ?? identityOf(value);
      if (isPattern(wanted)) problems.push({ kind: "unreadable", path, line, column: 1, why: BY_PATTERN });
      else for (const object of objects) if (isMeant(object, wanted)) deleted.add(object);
    }
  }
  if (deleting.length > MOST_PATCHES)
    problems.push({ kind: "unreadable", path: deleting[0]?.path ?? "", line: 1, column: 1, why: TOO_MANY });
  return { objects: deleted.size === 0 ? objects : objects.filter((object) => !deleted.has(object)), problems };
}

/** The word itself, or an escape that may stand for a part of it. */
const MAY_DELETE = /\$patch|\\[xuU]/;
const MOST_PATCHES = 50;
const TOO_MANY = "More than 50 patches of one kustomization delete objects, which is too many to follow.";
const BY_PATTERN =
  "A patch deletes objects by a pattern or a label, so nobody can say which. Name each object in a patch of its own.";

const BY_TRANSFORMER =
  "A transformer deletes objects, so nobody can say which. Delete each object by a patch of its own.";

function isDeletingTransformer({ kind, patch, patches }: PlainRecord): boolean {
  if (kind !== "PatchTransformer" && kind !== "PatchStrategicMergeTransformer") return false;
  return [patch, patches].some((text) => typeof text === "string" && MAY_DELETE.test(text));
}

function identityOf(value: PlainRecord): PlainRecord {
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  const group = groupOf(textAt(value, "apiVersion") ?? "");
  return { kind: value.kind, name: metadata.name, namespace: metadata.namespace, ...(group && { group }) };
}

function isPattern(target: PlainRecord): boolean {
  const { kind, name, labelSelector, annotationSelector } = target;
  if (labelSelector !== undefined || annotationSelector !== undefined) return true;
  return [kind, name].some((text) => typeof text !== "string" || /[\\^$*+?()[\]{}|]/.test(text));
}

function isMeant(object: DeclaredObject, target: PlainRecord): boolean {
  const group = textAt(target, "group");
  const namespace = textAt(target, "namespace");
  return (
    object.kind === textAt(target, "kind") &&
    object.name === textAt(target, "name") &&
    (group === undefined || group === groupOf(object.apiVersion)) &&
    (namespace === undefined || object.namespace === undefined || namespace === object.namespace)
  );
}
