// What README and documents say is true: their examples are read by the program's own readers, their texts are what it
// writes, their links lead somewhere, and app.yml asks for what the code uses.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { READING_RULES } from "../src/cli/reading-rules.ts";
import { MAIN_FILE } from "../src/config/configuration-files.ts";
import { readConfiguration } from "../src/config/read-configuration.ts";
import { readEnvironment } from "../src/config/read-environment.ts";
import { readSettings } from "../src/config/read-settings.ts";
import { environmentKey } from "../src/domain/pipeline.ts";
import { WEBHOOK_KINDS } from "../src/domain/settings.ts";
import { readGithubEvent } from "../src/forge/read-github-event.ts";
import { readTagPattern } from "../src/plan/tag-pattern.ts";
import { readVersionRange } from "../src/plan/version-range.ts";
import { createRenderer } from "../src/report/create-renderer.ts";
import { loadTemplates } from "../src/report/load-templates.ts";
import { listFiles, PROJECT, readProjectFile } from "./architecture/read-sources.ts";
import { at, gate, promotion } from "./report/build-view.ts";
import { compareCase } from "./report/compare-case.ts";

/** The fenced block that follows `<!-- name -->`. */
function blocks(path: string, name: string): readonly string[] {
  const pattern = new RegExp(`<!-- ${name} -->\\n\`{3,}\\w*\\n([\\s\\S]*?)\\n?\`{3,}\\n`, "g");
  return [...readProjectFile(path).matchAll(pattern)].map((match) => match[1] ?? "");
}

function validate(text: string) {
  const range = (written: string) => {
    const read = readVersionRange(written);
    return read.kind === "invalid" ? read.why : undefined;
  };
  const pattern = (written: string) => {
    const read = readTagPattern(written);
    return read.kind === "invalid" ? read.why : undefined;
  };
  return readConfiguration({ files: [{ path: MAIN_FILE, text }], tree: [], floor: [], rules: { range, pattern } });
}

describe("the README", () => {
  test("has a pipeline file of fifteen lines without a finding", () => {
    const [text = ""] = blocks("README.md", "pipeline");
    assert.equal(text.split("\n").length, 15);
    const { pipelines, findings } = validate(text);
    assert.deepEqual(findings, []);
    const merges = pipelines.flatMap((pipeline) =>
      pipeline.environments.map((environment) => [environmentKey(pipeline, environment), environment.merge]),
    );
    assert.deepEqual(merges, [
      ["checkout/integration", "auto"],
      ["checkout/staging", "manual"],
      ["checkout/live", "manual"],
    ]);
  });

  test("shows a pull request as it is written", () => {
    const view = promotion({
      gates: [
        gate("merged in integration", "passed", {
          reason: "integration took it with pull request 12 on 2026-03-02 10:02 UTC",
        }),
      ],
      way: [{ environment: "integration", at: at("2026-03-02T10:02"), pullRequest: 12 }],
    });
    const { title, body } = createRenderer(loadTemplates()).pullRequest(view);
    compareCase("readme.md", `Title: ${title}\n\n${body}`);
    const [shown = ""] = blocks("README.md", "pull request");
    assert.equal(shown, body.slice(0, body.indexOf("<details>")).trimEnd());
    assert.ok(readProjectFile("README.md").includes(`\`${title}\``));
  });

  test("names the two commands that it takes", () => {
    const { scripts } = JSON.parse(readProjectFile("package.json")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = [...readProjectFile("README.md").matchAll(/\bnpm (?:run )?(demo|test)\b/g)].map(
      (match) => match[1] ?? "",
    );
    assert.deepEqual(
      [...new Set(named)].filter((name) => scripts[name] === undefined),
      [],
    );
    assert.match(readProjectFile("README.md"), /npm ci && npm run demo\nnpm test/);
  });
});

const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", ...listFiles("docs", ".md")];

describe("the documents", () => {
  test("link to files and headings that exist", () => {
    const broken = DOCUMENTS.flatMap((path) =>
      [...withoutBlocks(readProjectFile(path)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => match[1] ?? "")
        .filter((link) => !/^(?:https?:|mailto:)/.test(link))
        .filter((link) => !leadsSomewhere(path, link))
        .map((link) => `${path}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  test("name files that exist", () => {
    const missing = DOCUMENTS.flatMap((path) =>
      [...readProjectFile(path).matchAll(/`((?:src|test|templates|bin|docs)\/[\w./-]*)`/g)]
        .map((match) => match[1] ?? "")
        .filter((name) => !existsSync(join(PROJECT, name)))
        .map((name) => `${path}: ${name}`),
    );
    assert.deepEqual(missing, []);
  });

  test("name types of domain/ in the dictionary by their files", () => {
    const missing = [...readProjectFile("docs/dictionary.md").matchAll(/`((?:domain|forge)\/[\w-]+\.ts)`/g)]
      .map((match) => match[1] ?? "")
      .filter((name) => !existsSync(join(PROJECT, "src", name)));
    assert.deepEqual(missing, []);
  });

  test("number the decisions without a gap, and say in each what was chosen, what not, and what follows", () => {
    const records = listFiles("docs/decisions", ".md").filter((path) => !path.endsWith("README.md"));
    for (const [index, path] of records.entries()) {
      const text = readProjectFile(path);
      assert.equal(
        path.slice("docs/decisions/".length, "docs/decisions/0000".length),
        String(index + 1).padStart(4, "0"),
      );
      assert.ok(text.startsWith(`# ${index + 1}. `), `${path} has another number in its title`);
      for (const part of ["**Chosen.**", "**Not chosen.**"]) assert.ok(text.includes(part), `${path} lacks ${part}`);
    }
  });

  test("give every invariant of the architecture the test that holds it", () => {
    const invariants = readProjectFile("ARCHITECTURE.md")
      .split("\n\n")
      .filter((paragraph) => paragraph.startsWith("**Architecture Invariant:"));
    assert.ok(invariants.length > 10);
    assert.deepEqual(
      invariants.filter((paragraph) => !/Held by `test\//.test(paragraph.replaceAll("\n", " "))),
      [],
    );
  });
});

describe("docs/charts.md", () => {
  test("has a pipeline file without a finding", () => {
    const [text = ""] = blocks("docs/charts.md", "pipeline");
    assert.deepEqual(validate(text).findings, []);
  });
});

describe("docs/live-state.md", () => {
  test("has settings that are read without a finding", () => {
    const [text = ""] = blocks("docs/live-state.md", "settings");
    const names = [...text.matchAll(/-env: (\w+)/g)].map((match) => match[1] ?? "");
    const variables = Object.fromEntries(names.map((name) => [name, "a-secret-of-sixteen-characters"]));
    assert.deepEqual(
      readSettings({ file: { path: "settings.yaml", text }, variables, rules: READING_RULES }).findings,
      [],
    );
  });

  test("has a pipeline file without a finding, whose sources are those of the settings", () => {
    const [text = ""] = blocks("docs/live-state.md", "pipeline");
    const { pipelines, findings } = validate(text);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error"),
      [],
    );
    const [settings = ""] = blocks("docs/live-state.md", "settings");
    const used = pipelines.flatMap(({ environments }) => environments.flatMap(({ live }) => live));
    assert.equal(used.length, 4);
    for (const { source } of used) assert.ok(settings.includes(`id: ${source}\n`), source);
  });
});

describe("docs/registries.md", () => {
  const texts = ["docs/registries.md", "docs/webhooks.md"].flatMap((path) => blocks(path, "webhook settings"));

  for (const text of texts) {
    test(`has settings that are read without a finding: ${/kind: (\w+)/.exec(text)?.[1]}`, () => {
      const names = [...text.matchAll(/-env: (\w+)/g)].map((match) => match[1] ?? "");
      const variables = Object.fromEntries(names.map((name) => [name, "a-secret-of-sixteen-characters"]));
      assert.deepEqual(
        readSettings({ file: { path: "settings.yaml", text }, variables, rules: READING_RULES }).findings,
        [],
      );
    });
  }

  test("has settings for every sender, and the fields that are read of it", () => {
    const [, table = ""] =
      /^\| `kind` \| What proves[^\n]*\n([\s\S]*?)\n\n/m.exec(readProjectFile("docs/registries.md")) ?? [];
    const missing = (kind: string) => !texts.some((text) => new RegExp(`kind: ${kind}\\b`).test(text));
    assert.deepEqual(WEBHOOK_KINDS.filter(missing), []);
    assert.deepEqual(
      WEBHOOK_KINDS.filter((kind) => kind !== "generic" && !table.includes(`\`${kind}\``)),
      [],
    );
  });
});

describe("docs/install.md", () => {
  test("has settings that are read without a finding", () => {
    const [text = ""] = blocks("docs/install.md", "settings");
    const names = [...text.matchAll(/-env: (\w+)/g)].map((match) => match[1] ?? "");
    const variables = Object.fromEntries(names.map((name) => [name, "a-secret-of-sixteen-characters"]));
    const result = readSettings({ file: { path: "settings.yaml", text }, variables, rules: READING_RULES });
    assert.deepEqual(result.findings, []);
  });

  test("names every variable that is read", () => {
    const read: string[] = [];
    const variables = new Proxy<Record<string, string>>(
      {},
      {
        getOwnPropertyDescriptor: (_, name) => {
          read.push(String(name));
          return { configurable: true, enumerable: true, value: "", writable: true };
        },
        get: () => "",
      },
    );
    readEnvironment(variables);
    const text = readProjectFile("docs/install.md");
    assert.ok(new Set(read).size > 10);
    assert.deepEqual(
      [...new Set(read)].filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });

  test("has rulesets that protect the ledger and nothing else", () => {
    const rulesets = blocks("docs/install.md", "ruleset").map((text) => JSON.parse(text) as Ruleset);
    for (const { target, enforcement, conditions } of rulesets) {
      assert.deepEqual([target, enforcement], ["branch", "active"]);
      assert.deepEqual(conditions.ref_name, { include: ["refs/heads/stagecoach-ledger"], exclude: [] });
    }
    const bypassed = rulesets.map(({ rules, bypass_actors }) => [rules.map(({ type }) => type), bypass_actors.length]);
    assert.deepEqual(bypassed, [
      [["creation", "update"], 1],
      [["deletion", "non_fast_forward"], 0],
    ]);
  });
});

interface Ruleset {
  readonly target: string;
  readonly enforcement: string;
  readonly conditions: { readonly ref_name: unknown };
  readonly rules: readonly { readonly type: string }[];
  readonly bypass_actors: readonly unknown[];
}

describe("app.yml", () => {
  const app = parse(readProjectFile("app.yml")) as {
    readonly name: string;
    readonly description: string;
    readonly url: string;
    readonly public: boolean;
    readonly default_permissions: Readonly<Record<string, string>>;
    readonly default_events: readonly string[];
  };

  test("asks for these permissions and no other", () => {
    assert.deepEqual(app.default_permissions, {
      contents: "write",
      pull_requests: "write",
      issues: "write",
      checks: "write",
      deployments: "write",
      statuses: "read",
      merge_queues: "read",
      packages: "read",
      metadata: "read",
      members: "read",
      attestations: "read",
    });
  });

  test("asks for everything that the program wants of a token", () => {
    const source = readProjectFile("src/forge/connect-github.ts");
    const wanted = [...source.matchAll(/\b(\w+): "(read|write)"/g)].map(
      (match) => [match[1] ?? "", match[2] ?? ""] as const,
    );
    assert.ok(wanted.length >= 7);
    assert.deepEqual(
      wanted.filter(([name, level]) => app.default_permissions[name] !== level),
      [],
    );
  });

  test("subscribes to every event that the program reads, and to no other", () => {
    const unasked = ["installation", "installation_repositories", "ping"];
    const doesNothing = (event: string) =>
      readGithubEvent({ event, payload: {} }).ignored?.includes("does nothing about") ?? false;
    assert.deepEqual(app.default_events.filter(doesNothing), []);
    assert.deepEqual(app.default_events, app.default_events.toSorted());
    const source = readProjectFile("src/forge/read-github-event.ts");
    const read = [...source.matchAll(/^ {2}\["(\w+)", /gm)].map((match) => match[1] ?? "");
    assert.deepEqual(read.toSorted(), [...app.default_events, ...unasked].toSorted());
  });

  test("is what the link in docs/install.md fills in", () => {
    const [link = ""] = blocks("docs/install.md", "registration");
    const url = new URL(link);
    const { searchParams: given } = url;
    assert.equal(url.origin + url.pathname, "https://github.com/organizations/ORGANIZATION/settings/apps/new");
    assert.deepEqual(given.getAll("events[]"), app.default_events);
    const facts = ["name", "description", "url", "public", "webhook_active", "webhook_url"];
    const permissions = [...given].filter(([key]) => key !== "events[]" && !facts.includes(key));
    assert.deepEqual(Object.fromEntries(permissions), app.default_permissions);
    assert.deepEqual(
      [given.get("name"), given.get("description"), given.get("url"), given.get("public")],
      [app.name, app.description, app.url, String(app.public)],
    );
    assert.equal(new URL(given.get("webhook_url") ?? "").pathname, "/api/github/webhooks");
  });
});

function withoutBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}

function leadsSomewhere(from: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(PROJECT, target))) return false;
  if (heading === undefined) return true;
  const headings = [...readProjectFile(target).matchAll(/^#+ (.*)$/gm)].map((match) => slugOf(match[1] ?? ""));
  return headings.includes(heading);
}

/** As GitHub makes an anchor of a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
