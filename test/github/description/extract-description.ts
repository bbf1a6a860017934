// Makes rest.json and webhooks.json beside this file: the part of GitHub's OpenAPI descriptions that
// described-operations.ts lists, with everything reachable from it, without prose and examples.
// Run `node test/github/description/extract-description.ts`; it needs the npm registry and nothing else.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describedOperations, describedWebhooks } from "./described-operations.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const restPackage = "@octokit/openapi@23.0.2";
const webhooksPackage = "@octokit/openapi-webhooks@12.1.0";
const jsonMedia = "application/json";
const describedFile = "package/generated/api.github.com.json";
// Under these keys the next level is names that somebody chose, so "description" there is a property, not prose.
const mapsOfNames = new Set(["properties", "schemas", "parameters", "responses", "patternProperties"]);
const prose = new Set(["description", "summary", "example", "examples", "externalDocs", "title", "tags", "headers"]);

// The packages unpack to hundreds of megabytes, of which one file is wanted.
function fetchDescription(packageName: string): JsonObject {
  const folder = mkdtempSync(join(tmpdir(), "github-description-"));
  try {
    const archive = execFileSync("npm", ["pack", packageName, "--silent"], { cwd: folder, encoding: "utf8" }).trim();
    execFileSync("tar", ["-xzf", archive, describedFile], { cwd: folder });
    return asObject(JSON.parse(readFileSync(join(folder, describedFile), "utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asObject(value: Json | undefined): JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Error(`GitHub's description has ${JSON.stringify(value)} where an object was expected.`);
  }
  return value as JsonObject;
}

// Of the media types only JSON is spoken here; diff, patch and octet-stream variants go with the prose.
function tidy(value: Json, namesAreChosen = false): Json {
  if (Array.isArray(value)) return value.map((item) => tidy(item));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    ([key]) => namesAreChosen || !(prose.has(key) || key.startsWith("x-") || (key.includes("/") && key !== jsonMedia)),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, tidy(inner, !namesAreChosen && mapsOfNames.has(key))]));
}

function* referencesIn(value: Json): Generator<string> {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "$ref" && typeof inner === "string") yield inner;
    else yield* referencesIn(inner);
  }
}

function reachableComponents(from: Json, components: JsonObject): JsonObject {
  const found = new Map<string, Json>();
  const waiting = [...referencesIn(from)];
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    if (found.has(reference)) continue;
    const [kind = "", name = ""] = reference.replace("#/components/", "").split("/");
    const component = tidy(asObject(components[kind])[name] ?? null);
    if (component === null) throw new Error(`GitHub's description refers to ${reference} and does not have it.`);
    found.set(reference, component);
    waiting.push(...referencesIn(component));
  }
  const kept: Record<string, Record<string, Json>> = {};
  for (const reference of [...found.keys()].sort()) {
    const [kind = "", name = ""] = reference.replace("#/components/", "").split("/");
    kept[kind] = { ...kept[kind], [name]: found.get(reference) ?? null };
  }
  return kept;
}

function extractRest(description: JsonObject): JsonObject {
  const paths = asObject(description.paths);
  const kept = Object.entries(describedOperations).map(([path, methods]) => {
    const operations = asObject(paths[path]);
    return [path, Object.fromEntries(methods.map((method) => [method, tidy(asObject(operations[method]))]))] as const;
  });
  const extract = Object.fromEntries(kept);
  return { paths: extract, components: reachableComponents(extract, asObject(description.components)) };
}

function extractWebhooks(description: JsonObject): JsonObject {
  const webhooks = asObject(description.webhooks);
  const extract = Object.fromEntries(
    describedWebhooks.map((name) => {
      const post = asObject(asObject(webhooks[name]).post);
      return [name, { post: { requestBody: tidy(asObject(post.requestBody)) } }];
    }),
  );
  return { webhooks: extract, components: reachableComponents(extract, asObject(description.components)) };
}

// The webhooks' description repeats a pull request or a user in full wherever it occurs. What occurs again is stored
// once, as a component of its own, largest first; the meaning stays the same.
function storeRepeatedSchemasOnce(extract: JsonObject): JsonObject {
  const seen = new Map<string, number>();
  const count = (value: Json): void => {
    if (value === null || typeof value !== "object") return;
    if (isLargeSchema(value)) seen.set(JSON.stringify(value), (seen.get(JSON.stringify(value)) ?? 0) + 1);
    for (const inner of Object.values(value)) count(inner);
  };
  count(extract);
  const repeated = [...seen].filter(([, times]) => times > 1).map(([text]) => text);
  const names = new Map(repeated.sort((a, b) => b.length - a.length).map((text, index) => [text, `repeated-${index}`]));
  const replace = (value: Json, isItself = false): Json => {
    if (value === null || typeof value !== "object") return value;
    const name = isItself ? undefined : names.get(JSON.stringify(value));
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
    if (Array.isArray(value)) return value.map((item) => replace(item));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
  };
  const components = asObject(asObject(replace(extract)).components);
  const stored = [...names].map(([text, name]) => [name, replace(JSON.parse(text), true)] as const);
  const schemas = { ...asObject(components.schemas), ...Object.fromEntries(stored) };
  return { ...asObject(replace(extract)), components: { ...components, schemas } };
}

// A property may be called "type"; only a schema's own type is text or a list.
function isLargeSchema(value: Json): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const type = asObject(value).type;
  return (typeof type === "string" || Array.isArray(type)) && JSON.stringify(value).length > 240;
}

// One line for each path and component: compact, and a new version still shows what changed.
function print(value: Json, depth: number): string {
  if (depth === 0 || value === null || typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value);
  const rows = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${print(inner, depth - 1)}`);
  return `{\n${rows.join(",\n")}\n}`;
}

function write(file: string, source: string, description: JsonObject, extract: JsonObject): void {
  const head = {
    source: `${source}, generated/api.github.com.json`,
    licence: "MIT",
    openapi: description.openapi ?? null,
  };
  writeFileSync(join(import.meta.dirname, file), `${print({ ...head, ...extract }, 3)}\n`);
}

const rest = fetchDescription(restPackage);
write("rest.json", restPackage, rest, extractRest(rest));
const webhooks = fetchDescription(webhooksPackage);
write("webhooks.json", webhooksPackage, webhooks, storeRepeatedSchemasOnce(extractWebhooks(webhooks)));
