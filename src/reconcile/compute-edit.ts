// Computes the edit that would bring a release to an environment, from the files as they are on its branch.

import type { EditResult, Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { type FileText, planEdit } from "../manifests/plan-edit.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";
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

export async function computeEdit(
  { key, release }: Extract<Need, { kind: "edit" }>,
  { observed, indexOf, at, shell }: Answering,
): Promise<Seen<EditResult>> {
  const found = findEnvironment(key, observed);
  const declared = observed.environments[key];
  if (!found || declared?.kind !== "known") return unknown(`${key} is not fully known`);
  const { selection } = coverFiles(found, { index: await indexOf(found.branch.tree) });
  const texts = await readTexts(
    selection.files.map(({ oid }) => oid),
    { at, shell },
  );
  const files = new Map<string, FileText>();
  for (const { path, mode, oid } of selection.files) {
    const text = texts.get(oid);
    if (text?.kind !== "known") return unknown(`${path}: ${text?.why ?? "not read"}`);
    files.set(path, { text: text.value, mode, oid });
  }
  return known(planEdit({ places: declared.value.places, texts: files, release, environment: found.environment }));
}
