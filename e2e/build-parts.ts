// Builds the parts of parts.ts with the machine's own Go, from the modules that parts/<folder>/go.mod pins. What is there
// in the right version is left alone. `node e2e/build-parts.ts` builds all, `node e2e/build-parts.ts etcd` one of them.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, definitionsFolder, PARTS, type Part, programPath } from "./parts.ts";
import { tellWithCauses } from "./tell-with-causes.ts";

type Named = (typeof PARTS)[number];

// A workspace of the person who builds, or flags of theirs, would change what is pinned here.
const environment = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly -buildvcs=false" };

function main(names: readonly string[]): void {
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = PARTS.map(({ name }) => name).join(", ");
    process.stderr.write(`There is no part called ${unknown.join(", ")}. The parts are ${known}.\n`);
    process.exitCode = 2;
    return;
  }
  requireGo();
  mkdirSync(join(cacheFolder(), "bin"), { recursive: true });
  for (const part of PARTS) if (names.length === 0 || names.includes(part.name)) ensurePart(part);
  process.stdout.write(`The parts are in ${join(cacheFolder(), "bin")}.\n`);
}

/** Asked in a folder that has a go.mod: a Go that may fetch the version named there answers as that one. */
function requireGo(): void {
  const cwd = join(import.meta.dirname, "parts", "etcd");
  const answer = spawnSync("go", ["version"], { cwd, encoding: "utf8" });
  const said = answer.error === undefined ? answer.stdout.trim() : "";
  if (Number(/go1\.(\d+)/.exec(said)?.[1] ?? 0) >= 26) return;
  const found = said === "" ? "`go` cannot be run here" : `This machine has ${said}`;
  throw new Error(`${found}. Install Go 1.26 or newer, or take a cluster from kind (see e2e/README.md).`);
}

function ensurePart(part: Named): void {
  const { version, source } = findModule(part);
  if (builtVersion(part) === version) {
    process.stdout.write(`${part.name} ${version} is there already\n`);
  } else {
    process.stdout.write(`${part.name} ${version} is being built ... `);
    const started = Date.now();
    buildPart(part, version);
    process.stdout.write(`done in ${Math.round((Date.now() - started) / 1000)} s\n`);
  }
  copyDefinitions(part, source);
}

/** What go.mod pins, and where Go keeps its source. Fetches the module where it is not there yet. */
function findModule(part: Part): { readonly version: string; readonly source: string } {
  const answer = JSON.parse(go(part, ["mod", "download", "-json", part.module])) as {
    readonly Version: string;
    readonly Dir: string;
  };
  return { version: answer.Version, source: answer.Dir };
}

/** The version that the program itself names, so that a changed go.mod builds it anew. */
function builtVersion(part: Named): string | undefined {
  const path = programPath(part.name);
  if (!existsSync(path)) return undefined;
  const lines = execFileSync("go", ["version", "-m", path], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => line.trim().split("\t"))
    .find(([kind, module]) => kind !== "path" && module === part.module)?.[2];
}

function buildPart(part: Named, version: string): void {
  const path = programPath(part.name);
  const unfinished = `${path}.unfinished`;
  const flags = ["-trimpath", "-ldflags", `-s -w ${versionFlags(part, version)}`];
  go(part, ["build", ...flags, "-o", unfinished, part.program]);
  renameSync(unfinished, path);
}

/** Kubernetes answers /version with what its own build script says; this is said here. */
function versionFlags(part: Part, version: string): string {
  if (part.folder !== "kubernetes") return "";
  const [major = "", minor = ""] = version.slice(1).split(".");
  return Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(" ");
}

function copyDefinitions(part: Named, source: string): void {
  const from = join(source, "config", "crd", "bases");
  if (!existsSync(from)) return;
  const to = definitionsFolder(part.name);
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  // Go keeps sources read-only, and the next copy has to be able to remove this one
  chmodSync(to, 0o755);
}

function go(part: Part, args: readonly string[]): string {
  const cwd = join(import.meta.dirname, "parts", part.folder);
  const result = spawnSync("go", args, { cwd, env: environment, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.error === undefined && result.status === 0) return result.stdout;
  throw new Error(`\`go ${args.join(" ")}\` failed in e2e/parts/${part.folder}:\n${result.stderr || result.stdout}`, {
    cause: result.error,
  });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${tellWithCauses(error)}\n`);
  process.exitCode = 1;
}
