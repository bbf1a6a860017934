// Text to source nodes, with every limit that hostile text may try: size, number of tokens, depth, aliases. Nesting is
// counted while the text is still being cut into tokens, because composing it recurses; aliases are counted as if they
// were written out, without writing them out. Duplicate keys are found here with a set: the library's own check is
// quadratic (40,000 keys, 13 seconds). Knows nothing of what the keys mean.

import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser, type YAMLError } from "yaml";
import { convertNode } from "./convert-node.ts";
import type { Gathering } from "./gather-findings.ts";
import { DEEPEST_NESTING, LARGEST_FILE, MOST_TOKENS, nestedTooDeep } from "./parse-limits.ts";
import { type SourceFile, type SourceNode, sourceFile } from "./source.ts";

/** One slip makes the parser stumble over all that follows. */
const MOST_SYNTAX_ERRORS = 2;

/** The parser's stack also holds the document and the scalar in hand. */
const STACK_SLACK = 4;

export interface ParseOptions {
  readonly file: { readonly path: string; readonly text: string };
  readonly gathering: Gathering;
  /** How many tokens were looked at: the measure of the work that a text can cause. */
  readonly onTokens?: (count: number) => void;
}

/** `undefined` when the text cannot be used at all; the reason is then among the findings. */
export function parseSource({ file: written, gathering, onTokens }: ParseOptions): SourceNode | undefined {
  const file = sourceFile({ path: written.path, text: written.text });
  const complain = (at: { start: number; end?: number }, message: string, hint?: string): undefined => {
    gathering.add({ file, end: at.start + 1, ...at, path: "", message, ...(hint !== undefined && { hint }) });
  };

  const size = Buffer.byteLength(file.text, "utf8");
  if (size > LARGEST_FILE) {
    const hint = "Part the pipelines into several files in .github/stagecoach/, or use for-each.";
    return complain({ start: 0 }, `This file has ${size} bytes; the limit is ${LARGEST_FILE} (400 KiB).`, hint);
  }
  const cut = cutIntoTokens(file);
  onTokens?.(cut.count);
  if (cut.kind === "too-much") return complain({ start: cut.offset }, cut.message);

  const [document, second] = composeDocuments(cut.tokens);
  if (document === undefined || document.contents === null) return complain({ start: 0 }, "This file is empty.");
  if (document.errors.length > 0) {
    for (const error of document.errors.slice(0, MOST_SYNTAX_ERRORS))
      complain(rangeOf(error), yamlSentence(error), yamlHint(error));
    return undefined;
  }
  if (second !== undefined) {
    return complain(
      { start: second.range[0] },
      "A file holds one document; here a second one begins.",
      "Remove `---`.",
    );
  }
  if (/^%/m.test(file.text.slice(0, document.contents.range[0]))) {
    return complain({ start: 0 }, "YAML directives (lines that begin with %) are not supported.", "Remove them.");
  }
  return convertNode(document.contents, { file, gathering });
}

type Cut =
  | { readonly kind: "cut"; readonly tokens: readonly CST.Token[]; readonly count: number }
  | { readonly kind: "too-much"; readonly offset: number; readonly message: string; readonly count: number };

function cutIntoTokens(file: SourceFile): Cut {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(file.text)) {
    count += 1;
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST_NESTING + STACK_SLACK) {
      return { kind: "too-much", offset: parser.offset, message: nestedTooDeep(), count };
    }
    if (count > MOST_TOKENS) {
      const message = `This file has more than ${MOST_TOKENS} tokens; it cannot be a pipeline file.`;
      return { kind: "too-much", offset: parser.offset, message, count };
    }
  }
  tokens.push(...parser.end());
  return { kind: "cut", tokens, count };
}

function composeDocuments(tokens: readonly CST.Token[]): readonly Document.Parsed<ParsedNode, true>[] {
  const composer = new Composer<ParsedNode, true>({
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    logLevel: "silent",
  });
  const documents: Document.Parsed<ParsedNode, true>[] = [];
  for (const document of composer.compose(tokens)) {
    documents.push(document);
    // The second one is only there to be refused.
    if (documents.length === 2) break;
  }
  return documents;
}

function rangeOf(error: YAMLError): { start: number; end: number } {
  return { start: error.pos[0], end: error.pos[1] };
}

function yamlSentence(error: YAMLError): string {
  const message = error.message.replace(/\s+/g, " ").trim().slice(0, 200);
  return `This is not YAML: ${message}${/[.!?]$/.test(message) ? "" : "."}`;
}

function yamlHint(error: YAMLError): string | undefined {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "Indent with spaces; YAML does not allow tabs there.";
    case "BAD_SCALAR_START":
      return "Put the text in quotes.";
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
    case "BAD_INDENT":
      return "Check the indentation of this line and of the one before, and quote texts that contain `: `.";
    case "RESOURCE_EXHAUSTION":
      return "Make the file simpler.";
    case "ALIAS_PROPS":
    case "BAD_ALIAS":
    case "BAD_DIRECTIVE":
    case "BAD_DQ_ESCAPE":
    case "BAD_PROP_ORDER":
    case "BLOCK_IN_FLOW":
    case "DUPLICATE_KEY":
    case "IMPOSSIBLE":
    case "KEY_OVER_1024_CHARS":
    case "MISSING_CHAR":
    case "MULTIPLE_ANCHORS":
    case "MULTIPLE_DOCS":
    case "MULTIPLE_TAGS":
    case "NON_STRING_KEY":
    case "TAG_RESOLVE_FAILED":
    case "UNEXPECTED_TOKEN":
    case "BAD_COLLECTION_TYPE":
      return undefined;
  }
}
