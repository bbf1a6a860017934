// Turns what Stagecoach remembers into the files of the ledger branch: always the same bytes for the same memory, for
// people to read with `git log -p`. Every file is read back before it leaves, so that nothing is ever written that the
// next pass could not read.

import { stringify } from "yaml";
import { type EnvironmentMemory, type Ledger, REACHED_KEPT } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import {
  BLOCK,
  BLOCKS_FILE,
  DECLINED,
  environmentFile,
  type Fields,
  FORMAT_VERSION,
  HOLD,
  HOLDS_FILE,
  REACHED,
  README_FILE,
  ROLLED_BACK,
  rowsOf,
  STOPPED,
  VERSION_FILE,
} from "./ledger-format.ts";
import { readLedger } from "./read-ledger.ts";

const README = `# The ledger of Stagecoach

This branch is what Stagecoach remembers of this repository and cannot read anywhere else: which version each environment
has had and when it was healthy there, what people declined, what was rolled back or stopped, and which holds and blocks
stand.

Please do not edit it, and do not merge it into another branch. Stagecoach believes it only while every commit here is its
own; after any other commit it promotes nothing until that commit is gone. To change what is remembered, give a
command in a comment on a pull request, such as \`/resume\` or \`/unblock\`.

\`git log -p\` shows who asked for what, and when. All times are UTC.
`;

/** By path. Throws when an entry is not of its form, or a file would be too large to be read again. */
export function writeLedger(ledger: Ledger): ReadonlyMap<string, string> {
  const keys = (Object.keys(ledger.environments) as EnvironmentKey[]).sort();
  const files = new Map<string, string>();
  files.set(README_FILE, README);
  for (const [path, text] of proveReadable(keys.map((key) => writeEnvironment(key, ledger.environments[key]))))
    files.set(path, text);
  for (const [path, text] of [writeHolds(ledger), writeBlocks(ledger)]) files.set(path, text);
  files.set(VERSION_FILE, `version: ${FORMAT_VERSION}\n`);
  return files;
}

type WrittenFile = readonly [path: string, text: string];

export function writeEnvironment(key: EnvironmentKey, memory: EnvironmentMemory | undefined): WrittenFile {
  const { reached = [], declined = [], rolledBack = [], stopped = [] } = memory ?? {};
  return [
    environmentFile(key),
    writeYaml({
      reached: reached.slice(0, REACHED_KEPT).map((entry) => writeEntry(entry, REACHED)),
      declined: declined.map((entry) => writeEntry(entry, DECLINED)),
      "rolled-back": rolledBack.map((entry) => writeEntry(entry, ROLLED_BACK)),
      ...(stopped.length > 0 && { stopped: stopped.map((entry) => writeEntry(entry, STOPPED)) }),
    }),
  ];
}

export function writeHolds({ holds }: Ledger): WrittenFile {
  return proveOne([HOLDS_FILE, writeYaml({ holds: sorted(holds.map((hold) => writeEntry(hold, HOLD))) })]);
}

export function writeBlocks({ blocks }: Ledger): WrittenFile {
  return proveOne([BLOCKS_FILE, writeYaml({ blocks: sorted(blocks.map((block) => writeEntry(block, BLOCK))) })]);
}

export function proveReadable(files: readonly WrittenFile[]): readonly WrittenFile[] {
  const reading = readLedger({ files: new Map([[VERSION_FILE, `version: ${FORMAT_VERSION}\n`], ...files]) });
  if (reading.kind === "unreadable")
    throw new Error(`The ledger is not written, because it could not be read again: ${reading.why}.`);
  return files;
}

function proveOne(file: WrittenFile): WrittenFile {
  proveReadable([file]);
  return file;
}

function writeEntry<T extends object>(entry: T, fields: Fields<T>): Readonly<Record<string, unknown>> {
  const written: Record<string, unknown> = {};
  for (const [property, { key, codec }] of rowsOf(fields)) {
    const value = (entry as Readonly<Record<string, unknown>>)[property];
    if (value !== undefined) written[key] = codec.write(value);
  }
  return written;
}

/** The order of holds and blocks says nothing, so it must not make a difference either. */
function sorted(entries: readonly Readonly<Record<string, unknown>>[]): readonly Readonly<Record<string, unknown>>[] {
  const named = entries.map((entry) => ({ entry, name: JSON.stringify(entry) }));
  return named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ entry }) => entry);
}

/** Strings in quotes, so that a reader of YAML 1.1 does not take `1.10` for a number or `on` for a truth. */
function writeYaml(data: Readonly<Record<string, unknown>>): string {
  return stringify(data, {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
