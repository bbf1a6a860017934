// The words by which a review approves that objects are removed: a line of its own, `approve removal <pipeline>/<environment>`,
// in any case of letters. What is quoted, code, a comment in HTML or part of a longer line approves nothing, and a real
// Markdown parser tells which is which, as GitHub shows it to the people who read it.

import type { Paragraph } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/** Environments, as `pipeline/environment` in small letters. */
export function readRemovalApprovals(text: string): ReadonlySet<string> {
  if (text.length > LONGEST || !/approve removal/i.test(text)) return new Set();
  const lines = fromMarkdown(text).children.flatMap((node) => (node.type === "paragraph" ? linesOf(node) : []));
  return new Set(lines.flatMap((line) => APPROVAL.exec(line)?.[1]?.toLowerCase() ?? []));
}

/** As GitHub takes them; a longer text is none of GitHub's. */
const LONGEST = 65_536;
const NAME = "[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?";
const APPROVAL = new RegExp(`^approve removal (${NAME}/${NAME})$`, "i");

function linesOf({ children }: Paragraph): readonly string[] {
  const text = children.map((child) => {
    if (child.type === "text") return child.value;
    // Whatever else stands in a line, the line is no longer these words alone.
    return child.type === "break" ? "\n" : "\0";
  });
  return text
    .join("")
    .split("\n")
    .map((line) => line.trim());
}
