// The last look at a finished body, with a real parser and GitHub's extensions: is there anything that GitHub would turn
// into a mention, a reference, a link, an image or HTML, other than what our templates write? It mends nothing; what it
// finds is a fault of the rendering before it.

import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** What may stand in our own text: the folded parts of the templates, and the marks. */
const OUR_HTML =
  /^(?:<details>\s*<summary>[A-Za-z0-9 ,.]+<\/summary>|<\/details>|<!-- stagecoach:(?:description|live|drift|answer|dashboard|do |sandbox\/|attention\/)[A-Za-z0-9._:@/~ -]+ -->)$/;

const SUSPICIOUS_TEXT: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a mention", pattern: /@[\p{L}\p{N}_-]/u },
  { what: "a reference", pattern: /\bgh-\d+/iu },
  { what: "a link", pattern: /:\/\/|\bwww\./iu },
  { what: "mathematics", pattern: /\$/u },
  { what: "an emoji code", pattern: /:[a-z0-9+-][\w+-]*:/iu },
];

/** What a text may have because it was checked before it was written. */
export interface Permitted {
  /** Numbers that may stand there as `#12`. */
  readonly references?: readonly number[];
  /** Addresses to which a link may lead. */
  readonly links?: readonly string[];
}

/** Sentences that say what is unsafe; empty when nothing is. */
export function findUnsafeMarkdown(markdown: string, permitted: Permitted = {}): readonly string[] {
  const problems: string[] = [];
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const remaining: Nodes[] = [tree];
  for (let node = remaining.pop(); node !== undefined; node = remaining.pop()) {
    problems.push(...judgeNode(node, permitted));
    if ("children" in node) remaining.push(...node.children);
  }
  return problems;
}

export function assertSafeMarkdown(markdown: string, permitted: Permitted = {}): void {
  const problems = findUnsafeMarkdown(markdown, permitted);
  if (problems.length > 0) throw new Error(`A rendered text is not safe to post: ${problems.slice(0, 5).join("; ")}.`);
}

function judgeNode(node: Nodes, permitted: Permitted): readonly string[] {
  switch (node.type) {
    case "text":
      return judgeText(node.value, permitted);
    case "html":
      return OUR_HTML.test(node.value) ? [] : [`HTML in line ${lineOf(node)}`];
    case "link":
      return permitted.links?.includes(node.url) && !node.title ? [] : [`a link in line ${lineOf(node)}`];
    case "linkReference":
    case "image":
    case "imageReference":
    case "definition":
    case "footnoteReference":
    case "footnoteDefinition":
    case "delete":
      return [`a ${node.type} in line ${lineOf(node)}`];
    default:
      return [];
  }
}

function judgeText(text: string, { references = [] }: Permitted): readonly string[] {
  const problems = SUSPICIOUS_TEXT.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what);
  for (const [, before = "", number] of text.matchAll(/([\p{L}\p{N}_-]*)#(\d+)/gu)) {
    if (before !== "" || !references.includes(Number(number))) problems.push(`a reference to ${number ?? ""}`);
  }
  return problems.map((what) => `${what} in "${text.slice(0, 40)}"`);
}

function lineOf(node: Nodes): string {
  return String(node.position?.start.line ?? "?");
}
