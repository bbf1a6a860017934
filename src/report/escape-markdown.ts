// Makes text safe for GitHub's Markdown. Whatever people see passes through one of the functions here, and the view
// models of the templates take `SafeMarkdown` only.
//
// The planner's sentences are our words, with every value from outside in backticks. `sentence` does not rely on that:
// a word that could be anything but a word (mention, reference, link, HTML, emphasis, mathematics, emoji code) becomes a
// code span, because GitHub looks for nothing inside code. The list is of what is plain, never of what is dangerous.

import { redactSecrets } from "./redact-secrets.ts";

declare const safe: unique symbol;

/** Text that GitHub renders as text or code, on one line, unless it says otherwise. */
export type SafeMarkdown = string & { readonly [safe]: true };

export const NOTHING = trusted("");

const PLAIN_WORD = /^[\p{L}\p{M}\p{N}.,;:!?'"’“”‘()/%+=–—…→·×-]*$/u;
const NOT_A_WORD = /:\/\/|www\.|\bgh-\d|:[\w+-]+:|^(?:https?|ftp|mailto|xmpp):/i;
const PLAIN_NAME = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

/** For text that this program wrote itself, and nobody else. */
export function trusted(text: string): SafeMarkdown {
  return text as SafeMarkdown;
}

/** What a person can see of a text: one line, no control, bidirectional or invisible characters, no credentials. */
export function visibleText(value: string, longest = 600): string {
  return shorten(visibleLine(value, longest).replace(/\s+/g, " ").trim(), longest);
}

/** Like `visibleText`, where spaces carry meaning. */
export function visibleLine(value: string, longest: number): string {
  // Cut before the work, so that hostile lengths cost nothing, but not so early that half a credential stays.
  const text = redactSecrets(value.slice(0, longest + 4_000).toWellFormed())
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, "");
  return shorten(text, longest);
}

/** A value from outside, as code. */
export function code(value: string, longest = 300): SafeMarkdown {
  const text = visibleText(value, longest);
  if (text === "") return trusted("(empty)");
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return trusted(`${fence}${pad}${text}${pad}${fence}`);
}

/** A pipeline or environment, in bold where its name is a plain word. */
export function name(value: string): SafeMarkdown {
  return PLAIN_NAME.test(value) && isWord(value) ? trusted(`**${value}**`) : code(value);
}

/** A sentence of the planner or of a finding: words stay words, spans in backticks stay code, the rest becomes code. */
export function sentence(value: string, longest = 1_000): SafeMarkdown {
  let line = "";
  const addCode = (text: string) => {
    if (text.trim() === "") return;
    // Two spans that touch would be one span with other ends.
    line += `${line.endsWith("`") ? " " : ""}${code(text, longest)}`;
  };
  for (const part of splitSpans(visibleText(value, longest))) {
    if (part.code) addCode(part.text);
    else for (const word of part.text.split(/( )/)) addWord(word);
  }
  function addWord(word: string): void {
    const { before, core, after } = trimPunctuation(word);
    const startsBlock = line === "" && (!/^["'(“‘]*[\p{L}\p{N}]/u.test(word) || /^\d+[.)]$/.test(word));
    if (word === "" || word === " " || (isWord(word) && !startsBlock)) line += word;
    // `:tada:` is what it is only with its punctuation.
    else if (startsBlock || isWord(core)) addCode(word);
    else {
      line += before;
      addCode(core);
      line += after;
    }
  }
  return trusted(line);
}

/** A sentence without a full stop, made one that stands by itself. */
export function wholeSentence(value: string, longest = 1_000): SafeMarkdown {
  const text = sentence(value, longest);
  if (text === "") return NOTHING;
  const [first = ""] = text;
  return trusted(`${/\p{Ll}/u.test(first) ? first.toUpperCase() : first}${text.slice(first.length)}.`);
}

/** The same sentence where no Markdown is rendered: titles, logs, the terminal. */
export function plainSentence(value: string, longest = 1_000): string {
  return splitSpans(visibleText(value, longest))
    .map(({ text }) => text)
    .join("");
}

/** A block of lines as they are, without empty ones. Must stand on lines of its own. */
export function fenced(lines: readonly string[], longest = 2_000): SafeMarkdown {
  const visible = lines.map((line) => visibleLine(line, longest).trimEnd()).filter((line) => line !== "");
  const fence = "`".repeat(Math.max(3, longestRun(visible.join("\n")) + 1));
  return trusted([`${fence}text`, ...visible, fence].join("\n"));
}

/** Makes finished Markdown fit between the pipes of a table. */
export function cell(markdown: SafeMarkdown): SafeMarkdown {
  // A backslash before the pipe would escape our backslash: a space keeps them apart.
  return trusted(markdown.replaceAll("\\|", "\\ |").replaceAll("|", "\\|"));
}

/** A pull request or issue of this repository, as a link. Only for numbers that GitHub gave us. */
export function reference(number: number): SafeMarkdown {
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${number} is not the number of a pull request.`);
  return trusted(`#${number}`);
}

/** What an address may be made of; without brackets, quotes and backslashes it cannot end a link before its end. */
const ADDRESS = /^https:\/\/[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\/[A-Za-z0-9._~!$&'*+,;=:@%/?#-]{0,500}$/;

/** The address as a link has it, where it is one that people may be sent to; `undefined` where not. */
export function safeAddress(address: string): string | undefined {
  const url = URL.parse(address.slice(0, 1_000));
  if (url === null || url.username !== "" || url.password !== "" || redactSecrets(url.href) !== url.href)
    return undefined;
  return ADDRESS.test(url.href) ? url.href : undefined;
}

/** `address`: as `safeAddress` gave it. */
export function link(label: SafeMarkdown, address: string): SafeMarkdown {
  if (safeAddress(address) !== address) throw new Error("A link was to lead to an address that was not checked.");
  return trusted(`[${label}](${address.replaceAll("&", "&amp;")})`);
}

/** Whether a word can stand in Markdown, a title or a commit message without becoming a mention, reference or link. */
export function isWord(text: string): boolean {
  return PLAIN_WORD.test(text) && !NOT_A_WORD.test(text);
}

function shorten(text: string, longest: number): string {
  // A cut may part a pair of surrogates.
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** By CommonMark's rule: a run of backticks opens a span that the next run of the same length closes. */
function splitSpans(text: string): readonly { readonly code: boolean; readonly text: string }[] {
  const parts: { code: boolean; text: string }[] = [];
  let rest = text;
  for (;;) {
    const open = /`+/.exec(rest);
    if (!open) break;
    const after = rest.slice(open.index + open[0].length);
    const close = [...after.matchAll(/`+/g)].find(([run]) => run.length === open[0].length);
    if (!close) break;
    parts.push({ code: false, text: rest.slice(0, open.index) }, { code: true, text: after.slice(0, close.index) });
    rest = after.slice(close.index + close[0].length);
  }
  return [...parts, { code: false, text: rest }];
}

function trimPunctuation(word: string): { readonly before: string; readonly core: string; readonly after: string } {
  const before = /^["'(“‘]*/.exec(word)?.[0] ?? "";
  const rest = word.slice(before.length);
  const after = /["'),.;:!?”’]*$/.exec(rest)?.[0] ?? "";
  return { before, core: rest.slice(0, rest.length - after.length), after };
}
