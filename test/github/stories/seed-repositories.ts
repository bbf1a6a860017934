// Makes a repository of every <owner>/<name> folder, with what is in it as the first commit.

import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { TreeMode } from "../git/tree.ts";
import type { Github } from "../start-github.ts";

/** Answers with the full names, in alphabetical order. */
export function seedRepositories(github: Github, folder: string): readonly string[] {
  const names = foldersIn(folder).flatMap((owner) => foldersIn(join(folder, owner)).map((name) => ({ owner, name })));
  for (const { owner, name } of names) {
    const files = Object.fromEntries(listFiles(join(folder, owner, name)));
    github.createRepository({ owner, name, files });
  }
  return names.map(({ owner, name }) => `${owner}/${name}`);
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== ".git")
    .map(({ name }) => name)
    .toSorted();
}

type SeedFile = readonly [path: string, file: { readonly mode: TreeMode; readonly content: Buffer | string }];

function listFiles(folder: string, prefix = ""): readonly SeedFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): readonly SeedFile[] => {
    const path = `${prefix}${entry.name}`;
    const place = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === ".git" ? [] : listFiles(place, `${path}/`);
    if (entry.isSymbolicLink()) return [[path, { mode: "120000", content: readlinkSync(place) }]];
    const executable = (lstatSync(place).mode & 0o111) !== 0;
    return [[path, { mode: executable ? "100755" : "100644", content: readFileSync(place) }]];
  });
}
