// The Kubernetes objects that a text declares: every document of it, lists taken apart. What is no object (values of a
// chart, a Kustomization, configuration of tools) is left out; what cannot be read is a problem with its line. Says
// nothing about whether anybody applies them: that is `build-objects.ts`.

import type { Document } from "yaml";
import type { PlaceProblem } from "../domain/place.ts";
import { indexLines, type LineIndex, positionAt } from "./line-index.ts";
import { LARGEST_DOCUMENT, LARGEST_FILE, LARGEST_READING } from "./manifest-path.ts";
import { outlineDocument } from "./outline.ts";
import { parseDocuments } from "./parse-documents.ts";
import { isRecord, type PlainRecord, readPlainValue, textAt, textsAt } from "./plain-value.ts";
import { type Chunk, splitDocuments } from "./split-documents.ts";

export interface DeclaredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The whole document as plain data; hostile. */
  readonly value: PlainRecord;
  readonly path: string;
  readonly line: number;
  /** Something is done to it before it is applied (patches, images, a prefix), so that its fields prove nothing. */
  readonly rendered: boolean;
}

export interface ObjectProblem extends PlaceProblem {
  /** `templated`: objects are made of it that nobody can name before it is rendered. */
  readonly kind: "templated" | "unreadable";
}

export interface DocumentsReading {
  readonly documents: readonly { readonly value: PlainRecord; readonly line: number }[];
  readonly problems: readonly ObjectProblem[];
}

/** What was read of texts, by text: reading YAML is slow, and many environments may name the same file. */
export type ReadingMemory = Map<string, DocumentsReading>;

interface File {
  readonly path: string;
  readonly text: string;
  readonly memory?: ReadingMemory | undefined;
}

export function findObjects(file: File): {
  readonly objects: readonly DeclaredObject[];
  readonly problems: readonly ObjectProblem[];
} {
  const { documents, problems } = readDocuments(file);
  const objects: DeclaredObject[] = [];
  const unnamed: ObjectProblem[] = [];
  for (const { value, line } of documents) {
    for (const item of takeApart(value)) {
      const object = readObject(item, { path: file.path, line });
      if (object === undefined) continue;
      if (isTemplated(object)) unnamed.push({ kind: "templated", path: file.path, line, column: 1, why: TEMPLATED });
      else objects.push(object);
    }
  }
  return { objects, problems: [...problems, ...unnamed] };
}

const TEMPLATED = "The file holds template expressions ({{ }}), so nobody can say which objects it makes";
const BUILDS = /^(?:kustomize\.config\.k8s\.io)\//;

/** `kind: List`, and the lists that `kubectl get -o yaml` writes. */
function takeApart(value: PlainRecord): readonly PlainRecord[] {
  const { kind, items } = value;
  const isList = typeof kind === "string" && kind.endsWith("List") && Array.isArray(items);
  return isList ? items.filter(isRecord) : [value];
}

function readObject(
  value: PlainRecord,
  at: { readonly path: string; readonly line: number },
): DeclaredObject | undefined {
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  const [apiVersion, kind] = [textAt(value, "apiVersion"), textAt(value, "kind")];
  const [name, namespace] = [textAt(metadata, "name"), textAt(metadata, "namespace")];
  if (!apiVersion || !kind || !name || BUILDS.test(apiVersion)) return undefined;
  const annotations = textsAt(metadata, "annotations");
  // Tools read it, and no reconciler applies it.
  if (annotations["config.kubernetes.io/local-config"] === "true") return undefined;
  return { apiVersion, kind, ...(namespace && { namespace }), name, annotations, value, ...at, rendered: false };
}

function isTemplated({ apiVersion, kind, namespace = "", name }: DeclaredObject): boolean {
  return [apiVersion, kind, namespace, name].some((text) => text.includes("{{"));
}

/** The documents of a file that are maps, as a reader of YAML 1.1 (as Kubernetes' is) understands them. */
export function readDocuments({ path, text, memory }: File): DocumentsReading {
  const known = memory?.get(text) ?? readText({ path, text });
  memory?.set(text, known);
  // The same text may stand at several paths.
  return { ...known, problems: known.problems.map((problem) => ({ ...problem, path })) };
}

function readText({ path, text }: Pick<File, "path" | "text">): DocumentsReading {
  const lines = indexLines(text);
  const at = { path, lines };
  if (Buffer.byteLength(text) > LARGEST_FILE) return { documents: [], problems: [unreadable(at, 0, LARGE_FILE)] };
  const documents: DocumentsReading["documents"][number][] = [];
  const problems: ObjectProblem[] = [];
  let length = 0;
  for (const chunk of splitDocuments(text)) {
    length += chunk.end - chunk.start;
    if (length > LARGEST_READING) {
      problems.push(unreadable(at, chunk.start, LARGE_READING));
      break;
    }
    const read = readChunk(text.slice(chunk.start, chunk.end), { chunk, ...at });
    documents.push(...read.documents);
    problems.push(...read.problems);
  }
  return { documents, problems };
}

const LARGE_FILE = 'The file is larger than 5 MiB and is not read. Split it, or exclude it with "!".';
const LARGE_READING = 'The file is longer than 2 MiB and is not read on. Split it, or exclude it with "!".';
const LARGE_DOCUMENT = 'The document is larger than 1 MiB and is not read. Split it, or exclude the file with "!".';

interface At {
  readonly path: string;
  readonly lines: LineIndex;
}

function readChunk(text: string, at: At & { readonly chunk: Chunk }): DocumentsReading {
  const { start, index } = at.chunk;
  if (Buffer.byteLength(text) > LARGEST_DOCUMENT) {
    return { documents: [], problems: [unreadable(at, start, LARGE_DOCUMENT)] };
  }
  const parsed = parseDocuments(text, "1.1");
  if (parsed.kind === "broken") {
    const offset = start + parsed.offset;
    if (text.includes("{{")) return { documents: [], problems: [templated(at, offset)] };
    return {
      documents: [],
      problems: [unreadable(at, offset, `The file is not valid YAML: ${parsed.why}. Correct it.`)],
    };
  }
  const documents: DocumentsReading["documents"][number][] = [];
  const problems: ObjectProblem[] = [];
  parsed.documents.forEach((document, position) => {
    const offset = start + (document.contents?.range[0] ?? 0);
    const value = readDocument(document, { text, start, index: index + position });
    if (value === "templated") problems.push(templated(at, offset));
    else if (value === "too-much") problems.push(unreadable(at, offset, TOO_MUCH));
    else if (isRecord(value)) documents.push({ value, line: positionAt(at.lines, offset).line });
  });
  return { documents, problems };
}

const TOO_MUCH = 'The document is nested or repeated by aliases too often and is not read. Exclude the file with "!".';

function readDocument(
  document: Document.Parsed,
  at: { readonly index: number; readonly text: string; readonly start: number },
): unknown {
  const outlined = outlineDocument(document, at);
  if (outlined.kind === "templated") return "templated";
  if (outlined.kind === "too-deep") return "too-much";
  const read = readPlainValue(document);
  return read.kind === "value" ? read.value : "too-much";
}

function templated(at: At, offset: number): ObjectProblem {
  return { kind: "templated", path: at.path, ...positionAt(at.lines, offset), why: TEMPLATED };
}

function unreadable(at: At, offset: number, why: string): ObjectProblem {
  return { kind: "unreadable", path: at.path, ...positionAt(at.lines, offset), why };
}
