// The program's source files as the architecture test sees them: their text, and what each imports.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

export interface SourceFile {
  /** Below the project's folder: `src/plan/decide.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A file of the project (`src/domain/gate.ts`), a package (`semver`), or a part of Node (`node:fs`). */
  readonly from: string;
  readonly line: number;
}

export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT, path), "utf8");
}

export function listFiles(folder: string, ending: string): readonly string[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();
}

export function readSources(folder: string): readonly SourceFile[] {
  return listFiles(folder, ".ts").map((path) => {
    const text = readProjectFile(path);
    return { path, text, imports: findImports(path, text) };
  });
}

/** `import … from "x"`, `export … from "x"`, `import "x"` and `import("x")`. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;"']*?\bfrom\s*"([^"]+)"|(?:^|\n)\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/g;

function findImports(path: string, text: string): readonly Import[] {
  return [...withoutComments(text).matchAll(IMPORT)].map((match) => {
    const named = match[1] ?? match[2] ?? match[3] ?? "";
    return { from: resolve(path, named), line: text.slice(0, match.index + match[0].length).split("\n").length };
  });
}

function resolve(path: string, named: string): string {
  if (named.startsWith(".")) return normalize(join(dirname(path), named)).replaceAll("\\", "/");
  if (named.startsWith("node:")) return named;
  const [scope = "", name = ""] = named.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

/** Comments become empty; line breaks stay, so that lines keep their numbers. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/(^|\s)\/\/[^\n]*/g, (_, before: string) => before);
}

/** Files that import each other in a circle, each circle told once; type imports count too. */
export function findCircles(sources: readonly SourceFile[]): readonly string[] {
  const files = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const back = way.indexOf(path);
    if (back !== -1) circles.push([...way.slice(back), path].join(" -> "));
    if (back !== -1 || done.has(path)) return;
    for (const { from } of files.get(path)?.imports ?? []) if (files.has(from)) visit(from, [...way, path]);
    done.add(path);
  };
  for (const path of files.keys()) visit(path, []);
  return circles;
}
