// The shape of the house: who may import whom, what the pure floors never touch, and what a file looks like. Each test
// is one of the invariants of ARCHITECTURE.md, and its message says what to do instead.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  findCircles,
  listFiles,
  readProjectFile,
  readSources,
  type SourceFile,
  withoutComments,
} from "./architecture/read-sources.ts";

const sources = readSources("src");
const everything = [...sources, ...readSources("test")];

/** What other folders a folder may import: a folder, or single files where only the port is open. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  plan: ["domain", "commands"],
  config: ["domain"],
  manifests: ["domain"],
  report: ["domain"],
  commands: ["domain"],
  ledger: ["domain"],
  forge: ["domain", "wire"],
  wire: [],
  registry: ["domain", "wire"],
  endpoint: ["domain", "wire"],
  signing: ["domain"],
  live: ["domain", "wire", "store/store.ts"],
  store: ["domain", "forge/forge.ts"],
  http: ["domain", "forge/forge.ts", "store/store.ts", "registry/webhooks/receiver.ts", "live/reports/receiver.ts"],
  reconcile: [
    "domain",
    "plan",
    "config",
    "manifests",
    "report",
    "commands",
    "ledger",
    "forge/forge.ts",
    "forge/snapshot.ts",
    "registry/registry.ts",
    "endpoint/endpoint.ts",
    "signing/signatures.ts",
    "live/live.ts",
    "store/store.ts",
  ],
  cli: [
    "domain",
    "plan",
    "config",
    "manifests",
    "report",
    "commands",
    "ledger",
    "reconcile",
    "forge/forge.ts",
    "forge/history.ts",
    "forge/snapshot.ts",
    "registry/registry.ts",
    "registry/webhooks/sample.ts",
    "live/live.ts",
    "live/reporter/reporter.ts",
    "live/reports/report-schemas.ts",
    "store/store.ts",
  ],
};

const PURE = ["domain", "plan", "config", "manifests", "report", "commands", "ledger"];
const PORTS = [
  "endpoint/endpoint.ts",
  "forge/forge.ts",
  "forge/history.ts",
  "forge/snapshot.ts",
  "registry/registry.ts",
  "signing/signatures.ts",
  "live/live.ts",
  "store/store.ts",
];
/** What pushes are received with, and the formats that are published. */
const SHARED = [
  "registry/webhooks/receiver.ts",
  "registry/webhooks/sample.ts",
  "live/reporter/reporter.ts",
  "live/reports/receiver.ts",
  "live/reports/report-schemas.ts",
];

describe("the floors", () => {
  test("every folder of src/ has its floor", () => {
    const folders = new Set(sources.flatMap(({ path }) => (path === "src/index.ts" ? [] : [folderOf(path)])));
    assert.deepEqual(
      [...folders].filter((folder) => FLOORS[folder] === undefined),
      [],
    );
  });

  for (const [folder, allowed] of Object.entries(FLOORS)) {
    test(`${folder}/ imports ${allowed.length === 0 ? "nothing but itself" : `only ${allowed.join(", ")} and itself`}`, () => {
      const wrong = importsOf(folder).filter(
        ({ to }) => to.startsWith("src/") && folderOf(to) !== folder && !isAllowed(to.slice("src/".length), allowed),
      );
      assert.deepEqual(wrong.map(tell), []);
    });
  }

  test("nothing in src/ imports a test but the demo, which plays on the GitHub and the registry of the tests", () => {
    const wrong = sources
      .filter(({ path }) => path !== "src/cli/demo.ts")
      .flatMap(importsOfFile)
      .filter(({ to }) => to.startsWith("test/") || to.startsWith("../"));
    assert.deepEqual(wrong.map(tell), []);
  });

  test("only index.ts knows adapters", () => {
    const outside = ["forge", "registry", "endpoint", "live", "store", "http"];
    const wrong = sources
      .filter(({ path }) => path !== "src/index.ts")
      .flatMap(importsOfFile)
      .filter(({ file, to }) => outside.includes(folderOf(to)) && folderOf(to) !== folderOf(file))
      .filter(({ to }) => ![...PORTS, ...SHARED].includes(to.slice("src/".length)));
    assert.deepEqual(wrong.map(tell), []);
  });

  test("no files import each other in a circle, types included", () => {
    assert.deepEqual(findCircles(sources), []);
  });
});

describe("the pure floors", () => {
  test("domain/ uses no package", () => {
    assert.deepEqual(
      importsOf("domain")
        .filter(({ to }) => !to.startsWith("src/"))
        .map(tell),
      [],
    );
  });

  test("none of them reaches a file, a network, a process or the time of day", () => {
    // Hashing is arithmetic. The templates are read once, at the start, by the one file that says so in its name.
    const allowed = new Set(["node:crypto"]);
    const reads = PURE.flatMap((folder) => importsOf(folder))
      .filter(({ to }) => to.startsWith("node:") && !allowed.has(to))
      .filter(({ file }) => file !== "src/report/load-templates.ts");
    assert.deepEqual(reads.map(tell), []);
  });

  const CLOCKS = [
    /\bDate\.now\b/,
    /\bnew Date\(\s*\)/,
    /\bMath\.random\b/,
    /\brandom(?:UUID|Bytes|Int)\b/,
    /\basync\b/,
    /\bawait\b/,
    /\bPromise\b/,
    /\bconsole\b/,
    /\bset(?:Timeout|Interval|Immediate)\b/,
    /\bprocess\./,
    /\bperformance\b/,
    /\bfetch\(/,
    /\bTemporal\.Now\b/,
  ];

  for (const folder of PURE) {
    test(`${folder}/ has no clock, no randomness, no log and no promise`, () => {
      const found = sources
        .filter(({ path }) => folderOf(path) === folder)
        .flatMap((source) => findLines(source, CLOCKS));
      assert.deepEqual(found, []);
    });
  }
});

describe("every file", () => {
  test("of src/ has at most 250 lines", () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > 250)
      .map(({ path, lines }) => `${path} has ${lines}`);
    assert.deepEqual(long, []);
  });

  test("opens with a comment that says what it is for", () => {
    const silent = sources.filter(({ text }) => !/^(?:#![^\n]*\n)?\/\/ \S/.test(text)).map(({ path }) => path);
    assert.deepEqual(silent, []);
  });

  test("has a name that says what is in it", () => {
    const vague = everything
      .map(({ path }) => path)
      .filter((path) => /(?:^|\/)(?:utils?|helpers?|common|misc|types|shared|index)\.ts$/.test(path));
    assert.deepEqual(vague, ["src/index.ts"]);
    const odd = everything
      .map(({ path }) => path)
      .filter((path) => !/^(?:[a-z0-9-]+\/)*[a-z0-9-]+(?:\.test)?\.ts$/.test(path));
    assert.deepEqual(odd, []);
  });

  test("has something of its own: none only passes on what others export", () => {
    const barrels = sources
      .filter(({ text }) => /^export\s+(?:type\s+)?(?:\{[^}]*\}|\*[^"]*)\s*from\b/m.test(withoutComments(text)))
      .map(({ path }) => path);
    assert.deepEqual(barrels, []);
  });

  test("exports by name", () => {
    const nameless = everything.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path);
    assert.deepEqual(nameless, []);
  });

  test("of the tests runs: none is left out, none runs alone", () => {
    const set = everything
      .filter(({ path }) => path !== "test/architecture.test.ts")
      .flatMap((source) =>
        findLines(source, [/\b(?:test|it|describe)\.(?:only|todo|skip)\b/, /\{ (?:only|todo): true/]),
      );
    assert.deepEqual(set, []);
  });
});

describe("the project", () => {
  const manifest = JSON.parse(readProjectFile("package.json")) as Readonly<
    Record<"dependencies" | "optionalDependencies" | "devDependencies", Readonly<Record<string, string>>>
  >;
  const lock = JSON.parse(readProjectFile("package-lock.json")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };

  test("has a decision record for every dependency", () => {
    const records = listFiles("docs/decisions", ".md").map(readProjectFile).join("\n");
    const wanted = [manifest.dependencies, manifest.optionalDependencies, manifest.devDependencies]
      .flatMap(Object.keys)
      // Types follow the package that they describe.
      .filter((name) => !name.startsWith("@types/"));
    assert.deepEqual(
      wanted.filter((name) => !records.includes(`\`${name}\``)),
      [],
    );
  });

  test("names every package that src/ imports among its dependencies", () => {
    const imported = new Set(sources.flatMap(importsOfFile).map(({ to }) => to));
    // Types alone: nothing of it is loaded.
    const named = new Set([...Object.keys(manifest.dependencies), "mdast"]);
    const missing = [...imported].filter((to) => !/^(?:src|test)\/|^node:|^package\.json$/.test(to) && !named.has(to));
    assert.deepEqual(missing, []);
  });

  test("uses every dependency, at a version that is written out", () => {
    const imported = new Set(everything.flatMap(importsOfFile).map(({ to }) => to));
    assert.deepEqual(
      Object.keys(manifest.dependencies).filter((name) => !imported.has(name)),
      [],
    );
    const versions = Object.values({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
    assert.deepEqual(
      versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  test("says nothing of the machine on which it was written", () => {
    const paths = [/\/(?:home|Users|root|work)\/[a-z]/, /\/tmp\/[a-z]/, /[A-Z]:\\\\Users/];
    const texts = ["src", "test", "docs", "templates", "bin"]
      .flatMap((folder) =>
        [".ts", ".js", ".md", ".json", ".yml", ".yaml"].flatMap((ending) => listFiles(folder, ending)),
      )
      .filter((path) => path !== "test/architecture.test.ts" && !path.startsWith("test/github/description/"))
      .concat(
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "app.yml",
        "package.json",
        "package-lock.json",
      )
      .map((path) => ({ path, text: readProjectFile(path), imports: [] }));
    assert.deepEqual(
      texts.flatMap((file) => findLines(file, paths)),
      [],
    );
  });

  test("locks what other machines need too, or `npm ci` refuses the lockfile", () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
      ),
    );
    assert.deepEqual(missing, []);
  });

  test("installs without running anybody's scripts, and from whichever registry npm is set to", () => {
    const packages = Object.entries(lock.packages);
    assert.ok(packages.length > 100);
    assert.deepEqual(
      packages.flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [path] : [])),
      [],
    );
    assert.deepEqual(
      packages.flatMap(([path, { resolved }]) => (resolved === undefined ? [] : [path])),
      [],
    );
  });
});

interface LockedPackage {
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Found {
  readonly file: string;
  readonly to: string;
  readonly line: number;
}

function importsOfFile({ path, imports }: SourceFile): readonly Found[] {
  return imports.map(({ from, line }) => ({ file: path, to: from, line }));
}

function importsOf(folder: string): readonly Found[] {
  return sources.filter(({ path }) => folderOf(path) === folder).flatMap(importsOfFile);
}

function folderOf(path: string): string {
  return path.startsWith("src/") ? (path.split("/")[1] ?? "") : "";
}

function isAllowed(path: string, allowed: readonly string[]): boolean {
  return allowed.includes(path) || allowed.includes(path.split("/")[0] ?? "");
}

function tell({ file, to, line }: Found): string {
  return `${file}:${line} imports ${to}`;
}

function findLines({ path, text }: SourceFile, patterns: readonly RegExp[]): readonly string[] {
  return withoutComments(text)
    .split("\n")
    .flatMap((line, index) =>
      patterns.some((pattern) => pattern.test(line)) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
    );
}
