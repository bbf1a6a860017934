// Text of one chunk -> YAML documents, the same way for finding and for proving. Judges nothing but whether it is YAML.
// `uniqueKeys` stays off: the library's check is quadratic (40,000 keys take 13 s). Doubled keys are found in the outline,
// and only matter where an image is.

import { type Document, parseAllDocuments } from "yaml";

export type YamlVersion = "1.1" | "1.2";

export type Parsed =
  | { readonly kind: "documents"; readonly documents: readonly Document.Parsed[] }
  /** `offset` counts from the start of the text that was given. */
  | { readonly kind: "broken"; readonly offset: number; readonly why: string };

export function parseDocuments(text: string, version: YamlVersion): Parsed {
  try {
    const documents = [
      ...parseAllDocuments(text, { version, uniqueKeys: false, prettyErrors: false, logLevel: "silent" }),
    ];
    for (const { errors } of documents) {
      const first = errors[0];
      if (first) return { kind: "broken", offset: first.pos[0], why: first.message.replace(/\s+/g, " ") };
    }
    return { kind: "documents", documents };
  } catch (error) {
    // The composer recurses; a document that exhausts the stack is hostile or generated, and nobody's manifest.
    if (error instanceof RangeError) return { kind: "broken", offset: 0, why: "It is nested too deeply" };
    throw error;
  }
}
