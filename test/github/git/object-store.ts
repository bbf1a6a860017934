// Reads and writes git's loose objects directly: they are zlib files named by their SHA-1, and a process per object is
// what would make the stand-in slow. Packed objects (nothing here packs) are asked from git itself.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { runGit } from "./run-git.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly body: Buffer;
}

export interface ObjectStore {
  /** the bare repository's folder */
  readonly folder: string;
  readonly cache: Map<string, GitObject>;
}

const maximumCached = 20_000;

export function readObject(store: ObjectStore, oid: string): GitObject | undefined {
  const known = store.cache.get(oid);
  if (known !== undefined) return known;
  if (!/^[0-9a-f]{40}$/.test(oid)) return undefined;
  const file = join(store.folder, "objects", oid.slice(0, 2), oid.slice(2));
  const found = existsSync(file) ? parseLoose(inflateSync(readFileSync(file))) : readPacked(store, oid);
  if (found !== undefined) remember(store, { oid, object: found });
  return found;
}

/** Answers with the object's id; writing what is there already changes nothing. */
export function writeObject(store: ObjectStore, object: GitObject): string {
  const raw = Buffer.concat([Buffer.from(`${object.type} ${object.body.length}\0`), object.body]);
  const oid = createHash("sha1").update(raw).digest("hex");
  if (store.cache.has(oid)) return oid;
  const folder = join(store.folder, "objects", oid.slice(0, 2));
  const file = join(folder, oid.slice(2));
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // git may look at the folder while we write, so the file appears complete or not at all
    const unfinished = join(folder, `tmp_obj_${oid.slice(2)}`);
    writeFileSync(unfinished, deflateSync(raw, { level: 1 }));
    renameSync(unfinished, file);
  }
  remember(store, { oid, object });
  return oid;
}

export function isObjectType(text: string): text is ObjectType {
  return text === "blob" || text === "tree" || text === "commit" || text === "tag";
}

function remember(store: ObjectStore, { oid, object }: { readonly oid: string; readonly object: GitObject }): void {
  if (object.body.length > 1_000_000) return;
  if (store.cache.size >= maximumCached) store.cache.clear();
  store.cache.set(oid, object);
}

function parseLoose(raw: Buffer): GitObject {
  const end = raw.indexOf(0);
  const type = raw.subarray(0, raw.indexOf(32)).toString("latin1");
  if (!isObjectType(type)) throw new Error(`An object of git starts with the unknown type ${JSON.stringify(type)}.`);
  return { type, body: raw.subarray(end + 1) };
}

function readPacked(store: ObjectStore, oid: string): GitObject | undefined {
  const type = runGit(store.folder, { args: ["cat-file", "-t", oid], accept: [0, 1, 128] });
  const name = type.output.toString("latin1").trim();
  if (type.code !== 0 || !isObjectType(name)) return undefined;
  return { type: name, body: runGit(store.folder, { args: ["cat-file", name, oid] }).output };
}
