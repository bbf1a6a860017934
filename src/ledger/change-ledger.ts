// What one pass commits to the ledger branch: the files that differ, and a message that says who and why. When, and on
// which head, is the caller's.

import type { Ledger } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import { proveReadable, SHARED_FILES, writeEnvironment, writeLedger } from "./write-ledger.ts";

export interface LedgerChange {
  /** What is known; absent when the branch does not exist yet. */
  readonly before: Ledger | undefined;
  readonly after: Ledger;
  /** A sentence for each thing that is new. */
  readonly news: readonly string[];
}

export interface LedgerCommitContent {
  readonly files: readonly { readonly path: string; readonly mode: string; readonly text: string }[];
  readonly message: string;
}

const LONGEST_SUBJECT = 72;
const LONGEST_MESSAGE = 20_000;

/** No files: there is nothing to commit. A file is never removed; an environment that is forgotten leaves an empty one. */
export function changeLedger({ before, after, news }: LedgerChange): LedgerCommitContent {
  const files = before === undefined ? [...writeLedger(after)] : changedFiles(before, after);
  return { files: files.map(([path, text]) => ({ path, mode: "100644", text })), message: writeMessage(news) };
}

function changedFiles(before: Ledger, after: Ledger): readonly (readonly [string, string])[] {
  const keys = [
    ...new Set([...Object.keys(before.environments), ...Object.keys(after.environments)]),
  ].sort() as EnvironmentKey[];
  const changed = keys.filter((key) => before.environments[key] !== after.environments[key]);
  const environments = changed
    .map(
      (key) =>
        [writeEnvironment(key, before.environments[key]), writeEnvironment(key, after.environments[key])] as const,
    )
    .filter(([[, textBefore], [, textAfter]]) => textBefore !== textAfter)
    .map(([, file]) => file);
  return [
    ...proveReadable(environments),
    ...SHARED_FILES.filter(({ of }) => before[of] !== after[of]).flatMap(({ write }) =>
      differing(write(before), write(after)),
    ),
  ];
}

function differing(
  before: readonly [string, string],
  after: readonly [string, string],
): readonly (readonly [string, string])[] {
  return before[1] === after[1] ? [] : [after];
}

function writeMessage(news: readonly string[]): string {
  const reasons = news.map(plainText).filter((text) => text !== "");
  const [only = "Remember what happened"] = reasons;
  const subject = reasons.length < 2 ? only : `Remember ${reasons.length} things`;
  if (reasons.length < 2 && subject.length <= LONGEST_SUBJECT) return subject;
  const title =
    subject.length <= LONGEST_SUBJECT ? subject : `${subject.slice(0, LONGEST_SUBJECT - 1).toWellFormed()}…`;
  return `${title}\n\n${reasons.map((text) => `- ${text}`).join("\n")}`.slice(0, LONGEST_MESSAGE);
}

/** One line that GitHub takes no mention, reference or link from. */
function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cn}`]/gu, "")
    .replace(/@/g, "(at)")
    .replace(/#(?=\d)/g, "no. ")
    .replace(/\b(gh)-(?=\d)/gi, "$1 ")
    .replaceAll("://", ": //")
    .trim();
}
