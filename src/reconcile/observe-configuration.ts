// Reads the pipeline files of the default branch at one commit, and the code owners where those are named. Whether they
// are right is `config/`'s to say.

import { createHash } from "node:crypto";
import { asksForOwners, isConfigurationFile } from "../config/configuration-files.ts";
import { CODEOWNERS_PATHS, LARGEST_CODEOWNERS } from "../config/read-codeowners.ts";
import { readConfiguration } from "../config/read-configuration.ts";
import type { Configuration } from "../domain/pipeline.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { isLink, type TreeFile, type TreeIndex } from "../manifests/tree-index.ts";
import { readTexts } from "./read-files.ts";
import type { Shell } from "./shell.ts";

/** `undefined` inside: there is no pipeline file. Unknown when any of the files could not be read. */
export async function observeConfiguration(
  index: TreeIndex,
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<Seen<Configuration | undefined>> {
  const files = index.files.filter((file) => isConfigurationFile(file.path) && !isLink(file));
  if (files.length === 0) return known(undefined);
  const owners = codeownersIn(index);
  const key = whatItDependsOn(owners === undefined ? files : [...files, owners], index);
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
  const written = read.map(({ text }) => text);
  const codeowners = asksForOwners(written, shell.floor) ? await readOwners(owners, { at, shell }) : known(undefined);
  if (codeowners.kind === "unknown") return codeowners;
  const configuration = readConfiguration({
    files: read,
    tree: index.files.map(({ path }) => path),
    floor: shell.floor,
    rules: shell.rules,
    codeowners: codeowners.value,
  });
  shell.memory.configurations.set(key, configuration);
  return known(configuration);
}

/** The first that exists counts; a link, or more than GitHub loads, counts for nothing, and no other stands in for it. */
function codeownersIn({ byPath }: TreeIndex): TreeFile | undefined {
  const [found] = CODEOWNERS_PATHS.flatMap((path) => byPath.get(path) ?? []);
  return found === undefined || isLink(found) || (found.size ?? 0) >= LARGEST_CODEOWNERS ? undefined : found;
}

async function readOwners(
  file: TreeFile | undefined,
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<Seen<string | undefined>> {
  if (file === undefined) return known(undefined);
  const text = (await readTexts([file.oid], { at, shell })).get(file.oid) ?? unknown("not read");
  return text.kind === "known" ? text : unknown(`${file.path}: ${text.why}`);
}

/** The files themselves, and the names of all others: `for-each` makes pipelines of folders. */
function whatItDependsOn(files: readonly { readonly path: string; readonly oid: string }[], index: TreeIndex): string {
  const hash = createHash("sha256");
  for (const { oid } of files) hash.update(`${oid}\n`);
  for (const { path } of index.files) hash.update(`${path}\0`);
  return hash.digest("hex");
}
