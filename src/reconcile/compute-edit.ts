// Computes the edit that would bring a release to an environment, from the files as they are on its branch.

import type { Observed } from "../domain/observed.ts";
import type { EditedFile, EditResult } from "../domain/place.ts";
import type { Need } from "../domain/plan.ts";
import type { ReleasePart } from "../domain/promotion.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { type FileText, planEdit } from "../manifests/plan-edit.ts";
import { lockBeside } from "../manifests/refresh-chart-lock.ts";
import { filesUnder, type TreeFile, type TreeIndex } from "../manifests/tree-index.ts";
import { findEnvironment } from "./find-environment.ts";
import { coverFiles } from "./observe-environments.ts";
import { readTexts } from "./read-files.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly indexOf: (tree: string) => Promise<TreeIndex>;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export function computeEdit(
  { key, release }: Extract<Need, { kind: "edit" }>,
  answering: Answering,
): Promise<Seen<EditResult>> {
  return computeOnTop({ key, release }, { before: new Map(), answering });
}

/** Each edit is made on what the ones before it have made of a file that they share. */
export async function computeJointEdit(parts: readonly ReleasePart[], answering: Answering): Promise<Seen<EditResult>> {
  const files = new Map<string, EditedFile>();
  for (const part of parts) {
    const result = await computeOnTop(part, { before: files, answering });
    if (result.kind === "unknown" || result.value.kind === "refused") return result;
    for (const file of result.value.edit.files) {
      const first = files.get(file.path);
      const changes = [...(first?.changes ?? []), ...file.changes];
      files.set(file.path, { ...file, before: first?.before ?? file.before, changes });
    }
  }
  const inOrder = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return known({ kind: "edit", edit: { files: inOrder } });
}

async function computeOnTop(
  { key, release }: ReleasePart,
  { before, answering }: { readonly before: ReadonlyMap<string, EditedFile>; readonly answering: Answering },
): Promise<Seen<EditResult>> {
  const { observed, indexOf, at, shell } = answering;
  const found = findEnvironment(key, observed);
  const declared = observed.environments[key];
  if (!found || declared?.kind !== "known") return unknown(`${key} is not fully known`);
  const { places } = declared.value;
  const index = await indexOf(found.branch.tree);
  const { selection } = coverFiles(found, { index });
  const charts = places.filter(({ form }) => form === "dependency").map(({ path }) => path);
  const covered = [...selection.files, ...besideCharts(charts, index)];
  const texts = await readTexts(
    covered.map(({ oid }) => oid),
    { at, shell },
  );
  const files = new Map<string, FileText>();
  for (const { path, mode, oid } of covered) {
    const text = texts.get(oid);
    if (text?.kind !== "known") return unknown(`${path}: ${text?.why ?? "not read"}`);
    const edited = before.get(path);
    files.set(path, edited ? { text: edited.text, mode, oid: edited.after } : { text: text.value, mode, oid });
  }
  const vendored = charts.flatMap((path) => filesUnder(index, path.replace(/Chart\.yaml$/, "charts")).files);
  const paths = vendored.map(({ path }) => path);
  return known(planEdit({ places, texts: files, release, environment: found.environment, vendored: paths }));
}

/** Locks are no manifests and stand in no `paths`, but have to fit to what is written. */
function besideCharts(charts: readonly string[], index: TreeIndex): readonly TreeFile[] {
  return [...new Set(charts.map(lockBeside))].flatMap((path) => index.byPath.get(path) ?? []);
}
