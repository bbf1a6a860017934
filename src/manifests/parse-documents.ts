// Text of one chunk -> YAML documents, the same way for finding and for proving. Judges nothing but whether it is YAML.
// `uniqueKeys` stays off: the library's check is quadratic (40,000 keys take 13 s). Doubled keys are found in the outline,
// and only matter where an image is.

import { type Document, parseAllDocuments, type Tags } from "yaml";

export type YamlVersion = "1.1" | "1.2";

export type Parsed =
  | { readonly kind: "documents"; readonly documents: readonly Document.Parsed[] }
  /** `offset` counts from the start of the text that was given. */
  | { readonly kind: "broken"; readonly offset: number; readonly why: string };

// Reading these is quadratic in the library, too, and no manifest has them: they are read as what they are made of.
const UNWANTED_TAGS = ["omap", "pairs", "set"].map((name) => `tag:yaml.org,2002:${name}`);

const OPTIONS = {
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
  resolveKnownTags: false,
  customTags: (tags: Tags): Tags => tags.filter((tag) => typeof tag === "string" || !UNWANTED_TAGS.includes(tag.tag)),
} as const;

const TOO_DEEP = "It is nested too deeply";

export function parseDocuments(text: string, version: YamlVersion): Parsed {
  let documents: readonly Document.Parsed[];
  try {
    documents = [...parseAllDocuments(text, { ...OPTIONS, version })];
  } catch (error) {
    // The library's own limit of nesting does not know every way to nest (`- - - -`); the stack ends these.
    if (error instanceof RangeError) return { kind: "broken", offset: 0, why: TOO_DEEP };
    throw error;
  }
  for (const { errors } of documents) {
    const first = errors[0];
    if (!first) continue;
    const why = first.code === "RESOURCE_EXHAUSTION" ? TOO_DEEP : first.message.replace(/\s+/g, " ");
    return { kind: "broken", offset: first.pos[0], why };
  }
  return { kind: "documents", documents };
}
