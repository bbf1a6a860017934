// Secrets that stand in a file in plain text: values of Kubernetes Secrets, literals of a Kustomization's secret
// generators, and whatever looks like a credential by itself. Says where, never what: a value leaves this file only as a
// fingerprint, so that what was there before is not taken for new.

import { createHash } from "node:crypto";
import { indexLines, type LineIndex, positionAt } from "./line-index.ts";
import { isManifestPath, LARGEST_DOCUMENT } from "./manifest-path.ts";
import { childOf, type Entry, type Outline, offsetOf, outlineDocument, pointerOf } from "./outline.ts";
import { parseDocuments } from "./parse-documents.ts";
import { readScalar } from "./read-scalar.ts";
import { isPlaceholder, isSopsValue, nameCredential } from "./secret-patterns.ts";
import { splitDocuments } from "./split-documents.ts";

export interface FoundSecret {
  readonly line: number;
  /** `stringData.password`; empty where no key can be named. */
  readonly key: string;
  readonly what: string;
  /** The same for the same value, and of no use to anybody who does not have it. */
  readonly print: string;
}

export interface SecretsReading {
  readonly secrets: readonly FoundSecret[];
  /** Why its objects could not be looked at: a sentence without a full stop. */
  readonly problem?: string;
}

const MOST_TOLD = 50;
const LARGEST_FILE = 1024 * 1024;

export function findSecrets({ path, text }: { readonly path: string; readonly text: string }): SecretsReading {
  if (text.length > LARGEST_FILE) return { secrets: [], problem: "it is larger than 1 MiB" };
  const lines = indexLines(text);
  const objects = isManifestPath(path) ? inDocuments(text, lines) : { secrets: [] };
  const told = new Set(objects.secrets.map(({ line }) => line));
  // A block scalar begins on the line of its key, and the key in it on the next.
  const others = inLines(text).filter(({ line }) => !told.has(line) && !told.has(line - 1));
  const secrets = [...objects.secrets, ...others].sort((a, b) => a.line - b.line).slice(0, MOST_TOLD);
  return { ...objects, secrets };
}

function inLines(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const what = nameCredential(line);
    if (what === undefined) continue;
    // The first lines of two keys are the same: what follows tells them apart.
    const value = lines.slice(index, index + 4).join("\n");
    found.push({
      line: index + 1,
      key: keyIn(line) ?? keyIn(lines[index - 1] ?? "") ?? "",
      what,
      print: printOf(value),
    });
    if (found.length >= MOST_TOLD) break;
  }
  return found;
}

function keyIn(line: string): string | undefined {
  const key = /^[\s"'-]{0,200}([A-Za-z0-9_.-]{1,100})["']?\s{0,10}[:=]/.exec(line)?.[1];
  return key === undefined || nameCredential(key) !== undefined ? undefined : key;
}

function inDocuments(text: string, lines: LineIndex): SecretsReading {
  const secrets: FoundSecret[] = [];
  let problem: string | undefined;
  for (const { start, end, index } of splitDocuments(text)) {
    const source = text.slice(start, end);
    if (!MAY_HOLD.test(source)) continue;
    const parsed = source.length > LARGEST_DOCUMENT ? undefined : parseDocuments(source, "1.2");
    if (parsed?.kind !== "documents") {
      problem ??= source.includes("{{") ? undefined : "it is not valid YAML";
      continue;
    }
    for (const document of parsed.documents) {
      const outlined = outlineDocument(document, { index, text: source, start });
      if (outlined.kind === "outline") secrets.push(...inDocument(outlined.outline, lines));
      else if (outlined.kind === "too-deep") problem ??= "it is nested too deeply";
    }
  }
  return { secrets, ...(problem !== undefined && { problem }) };
}

/** The words that a Secret cannot do without; a double-quoted escape could hide them. */
const MAY_HOLD = /Secret|secretGenerator|\\[xuU]/;

function inDocument(outline: Outline, lines: LineIndex): readonly FoundSecret[] {
  const at = { outline, lines };
  const signed = textOf(childOf(childOf(outline.root, "sops"), "mac"), at) !== "";
  const items = childOf(outline.root, "items")?.children ?? [];
  const values = [outline.root, ...items].flatMap((object) => valuesOf(object, at));
  return values
    .filter(({ text }) => !isPlaceholder(text) && !(signed && isSopsValue(text)))
    .map(({ entry, text, what }) => ({
      line: positionAt(lines, offsetOf(outline, entry)).line,
      key: pointerOf(entry).map(String).map(hideCredential).join("."),
      what: nameCredential(text) ?? what,
      print: printOf(text),
    }));
}

interface At {
  readonly outline: Outline;
  readonly lines: LineIndex;
}

interface Value {
  readonly entry: Entry;
  /** What it says to a cluster. */
  readonly text: string;
  readonly what: string;
}

function valuesOf(object: Entry, at: At): readonly Value[] {
  const generated = (childOf(object, "secretGenerator")?.children ?? []).flatMap(
    (generator) => childOf(generator, "literals")?.children ?? [],
  );
  const literals = generated.map((entry) => {
    const text = textOf(entry, at);
    return { entry, text: text.slice(text.indexOf("=") + 1), what: "a literal of a secretGenerator" };
  });
  if (textOf(childOf(object, "kind"), at) !== "Secret" || textOf(childOf(object, "apiVersion"), at) !== "v1")
    return literals;
  const open = isRepository(object, at) ? DESCRIBES : new Set<string>();
  const written = ["stringData", "data"].flatMap((name) =>
    (childOf(object, name)?.children ?? [])
      .filter(({ key }) => !open.has(String(key)))
      .map((entry) => {
        const text = textOf(entry, at);
        return { entry, text: name === "data" ? decoded(text) : text, what: "a value of a Secret" };
      }),
  );
  return [...literals, ...written];
}

/** Argo CD keeps where a repository is in a Secret, too. */
const DESCRIBES = new Set(["type", "url", "name", "project", "server", "enableOCI"]);

function isRepository(object: Entry, at: At): boolean {
  const labels = childOf(childOf(object, "metadata"), "labels");
  return textOf(childOf(labels, "argocd.argoproj.io/secret-type"), at) !== "";
}

function textOf(entry: Entry | undefined, at: At): string {
  return entry === undefined ? "" : (readScalar(entry, at)?.text ?? "");
}

/** What is encrypted or a placeholder may stand in `data` as it is; all else is base64. */
function decoded(text: string): string {
  if (isPlaceholder(text) || isSopsValue(text)) return text;
  const bytes = Buffer.from(text, "base64").toString("utf8");
  return bytes === "" ? text : bytes;
}

function hideCredential(key: string): string {
  return nameCredential(key) === undefined ? key.slice(0, 100) : "…";
}

function printOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
