// Turns what Stagecoach remembers into the files of the ledger branch: always the same bytes for the same memory, for
// people to read with `git log -p`. Every file is read back before it leaves, so that nothing is ever written that the
// next pass could not read.

import { stringify } from "yaml";
import { type EnvironmentMemory, type Ledger, REACHED_KEPT } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import { type Fields, rowsOf } from "./ledger-codecs.ts";
import {
  BLOCK,
  BLOCKS_FILE,
  COMMAND,
  COMMANDS_FILE,
  DECLINED,
  environmentFile,
  FORMAT_VERSION,
  HOLD,
  HOLDS_FILE,
  OVERRIDE,
  OVERRIDES_FILE,
  REACHED,
  README_FILE,
  REQUESTED,
  RETAG,
  RETAGS_FILE,
  ROLLED_BACK,
  SANDBOX,
  SANDBOXES_FILE,
  STOPPED,
  VERSION_FILE,
} from "./ledger-format.ts";
import { readLedger } from "./read-ledger.ts";

const README = `# The ledger of Stagecoach

This branch is what Stagecoach remembers of this repository and cannot read anywhere else: which version each environment
has had and when it was healthy there, what people declined, what was rolled back or stopped, and which holds and blocks
stand, which gates somebody overrode, which commands were carried out, which environments are lent to whom, and which names
of digests were ordered.

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
  for (const { of, onlyWithEntries, write } of SHARED_FILES) {
    if (!onlyWithEntries || ledger[of].length > 0) files.set(...write(ledger));
  }
  files.set(VERSION_FILE, `version: ${FORMAT_VERSION}\n`);
  return files;
}

type WrittenFile = readonly [path: string, text: string];

export function writeEnvironment(key: EnvironmentKey, memory: EnvironmentMemory | undefined): WrittenFile {
  const { reached = [], declined = [], rolledBack = [], stopped = [], requested } = memory ?? {};
  return [
    environmentFile(key),
    writeYaml({
      reached: reached.slice(0, REACHED_KEPT).map((entry) => writeEntry(entry, REACHED)),
      declined: declined.map((entry) => writeEntry(entry, DECLINED)),
      "rolled-back": rolledBack.map((entry) => writeEntry(entry, ROLLED_BACK)),
      ...(stopped.length > 0 && { stopped: stopped.map((entry) => writeEntry(entry, STOPPED)) }),
      ...(requested && { requested: [writeEntry(requested, REQUESTED)] }),
    }),
  ];
}

interface SharedFile {
  /** The part of the ledger that it holds. */
  readonly of: Exclude<keyof Ledger, "environments">;
  /** An older Stagecoach stops at it, so it comes only with its first entry. */
  readonly onlyWithEntries?: true;
  readonly write: (ledger: Ledger) => WrittenFile;
}

/** What is not an environment's own. The order of entries says nothing but for commands, which come newest first. */
export const SHARED_FILES: readonly SharedFile[] = [
  { of: "holds", write: ({ holds }) => listFile(HOLDS_FILE, { holds: sorted(holds.map(entryOf(HOLD))) }) },
  { of: "blocks", write: ({ blocks }) => listFile(BLOCKS_FILE, { blocks: sorted(blocks.map(entryOf(BLOCK))) }) },
  {
    of: "overrides",
    onlyWithEntries: true,
    write: ({ overrides }) => listFile(OVERRIDES_FILE, { overrides: sorted(overrides.map(entryOf(OVERRIDE))) }),
  },
  {
    of: "commands",
    onlyWithEntries: true,
    write: ({ commands }) => listFile(COMMANDS_FILE, { commands: commands.map(entryOf(COMMAND)) }),
  },
  {
    of: "sandboxes",
    onlyWithEntries: true,
    write: ({ sandboxes }) => listFile(SANDBOXES_FILE, { sandboxes: sorted(sandboxes.map(entryOf(SANDBOX))) }),
  },
  {
    of: "retags",
    onlyWithEntries: true,
    write: ({ retags }) => listFile(RETAGS_FILE, { retags: sorted(retags.map(entryOf(RETAG))) }),
  },
];

function listFile(path: string, data: Readonly<Record<string, readonly unknown[]>>): WrittenFile {
  return proveOne([path, writeYaml(data)]);
}

function entryOf<T extends object>(fields: Fields<T>): (entry: T) => Readonly<Record<string, unknown>> {
  return (entry) => writeEntry(entry, fields);
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
