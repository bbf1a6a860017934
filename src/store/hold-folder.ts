// Who may use the folder of the embedded database: a lock file beside it names the process that holds it. A live holder
// is never robbed; a dead one is followed at once. On another host, where no process can be looked up, a holder counts
// as alive while it keeps touching its file.

import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

interface Holder {
  readonly pid: number;
  /** When that process started, as the kernel counts; `undefined` where the system does not say. */
  readonly started?: string;
  readonly host: string;
  readonly token: string;
}

const touchedEvery = 5_000;
const silentAfter = 30_000;

export class FolderInUse extends Error {
  constructor(folder: string, holder: Pick<Holder, "pid" | "host">) {
    super(
      `The data folder ${folder} is in use by process ${holder.pid} on ${holder.host}. Only one process may use it. ` +
        `Stop that one first, or set STAGECOACH_DATA to another folder, or DATABASE_URL to run several.`,
    );
    this.name = "FolderInUse";
  }
}

/** Takes the folder, or throws `FolderInUse`. Gives the function that lets it go. */
export function holdFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  const started = readStart(process.pid);
  const me: Holder = {
    pid: process.pid,
    ...(started === undefined ? {} : { started }),
    host: hostname(),
    token: randomUUID(),
  };
  const text = JSON.stringify(me);
  if (!create(file, text)) {
    followDeadHolder({ file, folder });
    if (!create(file, text)) {
      throw new FolderInUse(folder, readHolder(file)?.holder ?? { pid: 0, host: "this host" });
    }
  }
  const touch = setInterval(() => touchFile(file), touchedEvery).unref();
  return () => {
    clearInterval(touch);
    if (readHolder(file)?.text === text) {
      rmSync(file, { force: true });
    }
  };
}

function followDeadHolder({ file, folder }: { readonly file: string; readonly folder: string }): void {
  const found = readHolder(file);
  if (found === undefined) {
    return;
  }
  if (found.holder !== undefined && isAlive(found.holder, file)) {
    throw new FolderInUse(folder, found.holder);
  }
  // Moved away before it is judged again: of two processes that follow the same dead one, only one moves its file.
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) {
      return;
    }
    throw error;
  }
  if (readFileSync(aside, "utf8") !== found.text) {
    giveBack(aside, file);
  }
  rmSync(aside, { force: true });
}

function giveBack(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
  }
}

function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

function readHolder(file: string): { readonly text: string; readonly holder: Holder | undefined } | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return { text, holder: parseHolder(text) };
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const holder = value as Partial<Holder> | null;
    return typeof holder?.pid === "number" && typeof holder.host === "string" ? (holder as Holder) : undefined;
  } catch {
    // A process that died between creating and filling the file holds nothing.
    return undefined;
  }
}

function isAlive(holder: Holder, file: string): boolean {
  if (holder.host !== hostname()) {
    return Date.now() - statSync(file).mtimeMs < silentAfter;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") {
      return false;
    }
  }
  const started = readStart(holder.pid);
  return started === undefined || holder.started === undefined || started === holder.started;
}

/** Field 22 of `/proc/<pid>/stat`; the name before it, in parentheses, may itself hold spaces and parentheses. */
function readStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function touchFile(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
