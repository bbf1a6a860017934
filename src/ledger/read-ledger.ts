// Turns the files of the ledger branch into what Stagecoach remembers, wholly or not at all. Whether the branch may be
// believed is decided in `trust-ledger.ts`.

import { EMPTY_LEDGER, type EnvironmentMemory, type Ledger } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Fields } from "./ledger-codecs.ts";
import {
  BLOCK,
  BLOCKS_FILE,
  COMMAND,
  COMMANDS_FILE,
  DECLINED,
  environmentOfFile,
  FORMAT_VERSION,
  HOLD,
  HOLDS_FILE,
  MOST_FILES,
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
import { type LedgerFile, type Read, readEntries, readMap, unreadable } from "./read-file.ts";

export type LedgerReading =
  | { readonly kind: "read"; readonly ledger: Ledger }
  /** A clause: `` `holds.yaml` lacks the key `holds` ``. */
  | { readonly kind: "unreadable"; readonly why: string };

export interface LedgerFiles {
  /** By path, every file of the branch. */
  readonly files: ReadonlyMap<string, string>;
}

type Shared = Omit<Ledger, "environments">;

interface Part extends Partial<Shared> {
  readonly environment?: readonly [EnvironmentKey, EnvironmentMemory];
}

export function readLedger(files: LedgerFiles): LedgerReading {
  return readWith(files, readFile);
}

/** A reader that parses a file again only when its text differs from the last time; for one repository. */
export function createLedgerReader(): (files: LedgerFiles) => LedgerReading {
  let known = new Map<string, { readonly text: string; readonly part: Read<Part> }>();
  return (files) => {
    const used: typeof known = new Map();
    const reading = readWith(files, (file) => {
      const before = known.get(file.path);
      const part = before?.text === file.text ? before.part : readFile(file);
      used.set(file.path, { text: file.text, part });
      return part;
    });
    known = used;
    return reading;
  };
}

function readWith({ files }: LedgerFiles, read: (file: LedgerFile) => Read<Part>): LedgerReading {
  if (files.size > MOST_FILES) return { kind: "unreadable", why: `it has more than ${MOST_FILES} files` };
  const version = readVersion(files.get(VERSION_FILE));
  if (version) return version;
  const environments: [EnvironmentKey, EnvironmentMemory][] = [];
  let shared: Shared = EMPTY_LEDGER;
  for (const [path, text] of [...files].sort(byPath)) {
    const part = read({ path, text });
    if (part.kind === "unreadable") return part;
    const { environment, ...rest } = part.value;
    if (environment) environments.push([...environment]);
    shared = { ...shared, ...rest };
  }
  return { kind: "read", ledger: { ...shared, environments: Object.fromEntries(environments) } };
}

/** Before anything else: of a newer format nothing is known, not even which keys are wrong. */
function readVersion(text: string | undefined): { readonly kind: "unreadable"; readonly why: string } | undefined {
  const file = { path: VERSION_FILE, text: text ?? "" };
  if (text === undefined) return { kind: "unreadable", why: `it has no \`${VERSION_FILE}\`` };
  const map = readMap(file, ["version"]);
  if (map.kind === "unreadable") return map;
  const { version } = map.value;
  if (version === FORMAT_VERSION) return undefined;
  if (typeof version !== "number") return unreadable(file, "names no version");
  return unreadable(
    file,
    `says version ${version}, and this Stagecoach knows version ${FORMAT_VERSION}: run a newer one`,
  );
}

function readFile(file: LedgerFile): Read<Part> {
  switch (file.path) {
    case VERSION_FILE:
    case README_FILE:
      return { kind: "read", value: {} };
    case HOLDS_FILE:
      return readOneList({ file, key: "holds", fields: HOLD }, (holds) => ({ holds }));
    case BLOCKS_FILE:
      return readOneList({ file, key: "blocks", fields: BLOCK }, (blocks) => ({ blocks }));
    case OVERRIDES_FILE:
      return readOneList({ file, key: "overrides", fields: OVERRIDE }, (overrides) => ({ overrides }));
    case COMMANDS_FILE:
      return readOneList({ file, key: "commands", fields: COMMAND }, (commands) => ({ commands }));
    case SANDBOXES_FILE:
      return readOneList({ file, key: "sandboxes", fields: SANDBOX }, (sandboxes) => ({ sandboxes }));
    case RETAGS_FILE:
      return readOneList({ file, key: "retags", fields: RETAG }, (retags) => ({ retags }));
  }
  const key = environmentOfFile(file.path);
  return key === undefined ? unreadable(file, "is a file that this version does not know") : readEnvironment(file, key);
}

function readOneList<T>(
  list: { readonly file: LedgerFile; readonly key: string; readonly fields: Fields<T> },
  place: (entries: readonly T[]) => Part,
): Read<Part> {
  const map = readMap(list.file, [list.key]);
  if (map.kind === "unreadable") return map;
  const entries = readEntries(map.value[list.key], list);
  return entries.kind === "unreadable" ? entries : { kind: "read", value: place(entries.value) };
}

function readEnvironment(file: LedgerFile, key: EnvironmentKey): Read<Part> {
  const map = readMap(file, ["reached", "declined", "rolled-back"], { optional: ["stopped", "requested"] });
  if (map.kind === "unreadable") return map;
  const reached = readEntries(map.value.reached, { file, key: "reached", fields: REACHED });
  if (reached.kind === "unreadable") return reached;
  const declined = readEntries(map.value.declined, { file, key: "declined", fields: DECLINED });
  if (declined.kind === "unreadable") return declined;
  const rolledBack = readEntries(map.value["rolled-back"], { file, key: "rolled-back", fields: ROLLED_BACK });
  if (rolledBack.kind === "unreadable") return rolledBack;
  // Older ledgers do not have it.
  const stopped = readEntries(map.value.stopped ?? [], { file, key: "stopped", fields: STOPPED });
  if (stopped.kind === "unreadable") return stopped;
  const requests = readEntries(map.value.requested ?? [], { file, key: "requested", fields: REQUESTED });
  if (requests.kind === "unreadable") return requests;
  const [requested, ...more] = requests.value;
  if (more.length > 0) return unreadable(file, "has more than one entry under `requested`");
  const memory = {
    reached: reached.value,
    declined: declined.value,
    rolledBack: rolledBack.value,
    stopped: stopped.value,
    ...(requested && { requested }),
  };
  return { kind: "read", value: { environment: [key, memory] } };
}

function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
