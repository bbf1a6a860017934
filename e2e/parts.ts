// The programs of which a cluster for tests is made, and where they are kept: in a cache folder outside the repository.
// Which versions they have stands in parts/<folder>/go.mod; build-parts.ts builds them.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Part {
  readonly name: string;
  /** the module of `parts/` that names its version and those of everything in it */
  readonly folder: string;
  /** the module that it is published in */
  readonly module: string;
  /** its main package */
  readonly program: string;
}

export const PARTS = [
  { name: "etcd", folder: "etcd", module: "go.etcd.io/etcd/server/v3", program: "go.etcd.io/etcd/server/v3" },
  ...kubernetes("kube-apiserver", "kube-controller-manager", "kubectl"),
  ...flux("source-controller", "kustomize-controller", "notification-controller"),
] as const satisfies readonly Part[];

export type PartName = (typeof PARTS)[number]["name"];

/** `STAGECOACH_E2E_CACHE`, or a folder of one's home. */
export function cacheFolder(): string {
  return process.env.STAGECOACH_E2E_CACHE ?? join(homedir(), ".cache", "stagecoach-e2e");
}

export function programPath(name: PartName): string {
  return join(cacheFolder(), "bin", name);
}

/** Where the definitions of a part's own kinds are, for parts that have some. */
export function definitionsFolder(name: PartName): string {
  return join(cacheFolder(), "definitions", name);
}

/** @throws with what to do, when one of these was not built yet */
export function requireParts(...names: readonly PartName[]): void {
  const missing = names.filter((name) => !existsSync(programPath(name)));
  if (missing.length === 0) return;
  throw new Error(
    `${missing.join(", ")} cannot be found in ${join(cacheFolder(), "bin")}. ` +
      "Build what is missing with `node e2e/build-parts.ts`, which needs Go (see e2e/README.md).",
  );
}

function kubernetes<const Names extends readonly string[]>(...names: Names) {
  return names.map((name: Names[number]) => ({
    name,
    folder: "kubernetes",
    module: "k8s.io/kubernetes",
    program: `k8s.io/kubernetes/cmd/${name}`,
  }));
}

function flux<const Names extends readonly string[]>(...names: Names) {
  return names.map((name: Names[number]) => ({
    name,
    folder: name,
    module: `github.com/fluxcd/${name}`,
    program: `github.com/fluxcd/${name}`,
  }));
}
