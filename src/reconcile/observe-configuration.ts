// Reads the pipeline files of the default branch at one commit. Whether they are right is `config/`'s to say.

import { createHash } from "node:crypto";
import { isConfigurationFile } from "../config/configuration-files.ts";
import { readConfiguration } from "../config/read-configuration.ts";
import type { Configuration } from "../domain/pipeline.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { isLink, type TreeIndex } from "../manifests/tree-index.ts";
import { readTexts } from "./read-files.ts";
import type { Shell } from "./shell.ts";

/** `undefined` inside: there is no pipeline file. Unknown when any of the files could not be read. */
export async function observeConfiguration(
  index: TreeIndex,
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<Seen<Configuration | undefined>> {
  const files = index.files.filter((file) => isConfigurationFile(file.path) && !isLink(file));
  if (files.length === 0) return known(undefined);
  const key = whatItDependsOn(files, index);
  const kept = shell.memory.configurations.get(key);
  if (kept) return known(kept);
  const texts = await readTexts(
    files.map(({ oid }) => oid),
    { at, shell },
  );
  const read: { readonly path: string; readonly text: string }[] = [];
  for (const { path, oid } of files) {
    const text = texts.get(oid);
    if (text?.kind !== "known") return unknown(`${path}: ${text?.why ?? "not read"}`);
    read.push({ path, text: text.value });
  }
  const configuration = readConfiguration({
    files: read,
    tree: index.files.map(({ path }) => path),
    floor: shell.floor,
    rules: shell.rules,
  });
  shell.memory.configurations.set(key, configuration);
  return known(configuration);
}

/** The files themselves, and the names of all others: `for-each` makes pipelines of folders. */
function whatItDependsOn(files: readonly { readonly path: string; readonly oid: string }[], index: TreeIndex): string {
  const hash = createHash("sha256");
  for (const { oid } of files) hash.update(`${oid}\n`);
  for (const { path } of index.files) hash.update(`${path}\0`);
  return hash.digest("hex");
}
