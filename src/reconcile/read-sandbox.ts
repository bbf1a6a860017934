// Reads the field of a sandbox from its environment's branch, with the edit that would write another value there.

import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { SandboxReading } from "../domain/sandbox.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { editField } from "../manifests/edit-field.ts";
import { selectFiles } from "../manifests/select-files.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";
import { findEnvironment } from "./find-environment.ts";
import { readTexts } from "./read-files.ts";
import type { Shell } from "./shell.ts";

export async function readSandbox(
  { key, value }: Extract<Need, { kind: "sandbox-field" }>,
  {
    observed,
    indexOf,
    at,
    shell,
  }: {
    readonly observed: Observed;
    readonly indexOf: (tree: string) => Promise<TreeIndex>;
    readonly at: RepositoryReference;
    readonly shell: Shell;
  },
): Promise<Seen<SandboxReading>> {
  const found = findEnvironment(key, observed);
  const sandbox = found?.environment.sandbox;
  if (!found || !sandbox) return unknown(`${key} is not fully known`);
  const { files, problems } = selectFiles({ paths: [], fields: [sandbox], index: await indexOf(found.branch.tree) });
  const [file] = files;
  if (!file) {
    const [problem] = problems;
    return known({ kind: "refused", path: sandbox.file, line: 1, column: 1, why: problem?.why ?? "It is not there." });
  }
  const text = (await readTexts([file.oid], { at, shell })).get(file.oid);
  if (text?.kind !== "known") return unknown(`${file.path}: ${text?.why ?? "not read"}`);
  const { mode, oid } = file;
  return known(editField({ file: file.path, path: sandbox.path, value }, { text: text.value, mode, oid }));
}
