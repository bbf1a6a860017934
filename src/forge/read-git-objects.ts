// Trees, texts and commits of a local clone, by their ids. What the clone does not have, or what is no text, is unknown
// with the reason.

import type { HeadFile } from "../domain/observed.ts";
import { type Seen, unknown } from "../domain/seen.ts";
import { decodeBlob, LARGEST_BLOB } from "./decode-blob.ts";
import type { TreeEntry } from "./forge.ts";
import { askGit } from "./run-git.ts";

export interface CloneCommit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Epoch milliseconds. */
  readonly committedAt: number;
  readonly author: string;
}

export async function readCommit(clone: string, oid: string): Promise<CloneCommit> {
  const format = "--format=%H%x00%T%x00%P%x00%ct%x00%an";
  const output = await askGit({ clone, arguments: ["log", "-1", "--no-show-signature", format, oid, "--"] });
  const [id = "", tree = "", parents = "", committed = "", author = ""] = output.toString("utf8").trimEnd().split("\0");
  return {
    oid: id,
    tree,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    committedAt: Number(committed) * 1_000,
    author,
  };
}

export async function listTree(clone: string, tree: string): Promise<readonly TreeEntry[]> {
  const output = await askGit({ clone, arguments: ["ls-tree", "-r", "-z", "-l", "--full-tree", tree, "--"] });
  return records(output).flatMap((record) => {
    const [, mode, oid, size, path] = /^(\d{6}) [a-z]+ ([0-9a-f]+) +(\d+|-|BAD)\t([\s\S]+)$/.exec(record) ?? [];
    if (mode === undefined || oid === undefined || path === undefined) return [];
    return [{ path, mode, oid, ...(/^\d/.test(size ?? "") && { size: Number(size) }) }];
  });
}

/** How many bytes of texts are asked for at once. */
const BATCH = 32 * 1024 * 1024;

export async function readTexts(clone: string, oids: readonly string[]): Promise<ReadonlyMap<string, Seen<string>>> {
  const texts = new Map<string, Seen<string>>();
  let batch: { readonly oid: string; readonly size: number }[] = [];
  let weight = 0;
  const flush = async (): Promise<void> => {
    for (const [oid, bytes] of await readBytes(clone, batch)) texts.set(oid, decodeBlob(oid, bytes));
    batch = [];
    weight = 0;
  };
  for (const { oid, size } of await readSizes(clone, [...new Set(oids)])) {
    if (size === undefined) texts.set(oid, unknown("this clone does not have its content"));
    else if (size > LARGEST_BLOB)
      texts.set(oid, unknown(`it has ${size} bytes, more than the ${LARGEST_BLOB} that are read`));
    else {
      batch.push({ oid, size });
      weight += size;
    }
    if (weight > BATCH) await flush();
  }
  await flush();
  return texts;
}

async function readSizes(
  clone: string,
  oids: readonly string[],
): Promise<readonly { readonly oid: string; readonly size: number | undefined }[]> {
  if (oids.length === 0) return [];
  const call = { clone, arguments: ["cat-file", "--batch-check"], input: `${oids.join("\n")}\n` };
  const lines = (await askGit(call)).toString("utf8").split("\n");
  return oids.map((oid, index) => {
    const [, size] = / blob (\d+)$/.exec(lines[index] ?? "") ?? [];
    return { oid, size: size === undefined ? undefined : Number(size) };
  });
}

async function readBytes(
  clone: string,
  wanted: readonly { readonly oid: string; readonly size: number }[],
): Promise<readonly (readonly [string, Buffer])[]> {
  if (wanted.length === 0) return [];
  const input = `${wanted.map(({ oid }) => oid).join("\n")}\n`;
  const output = await askGit({ clone, arguments: ["cat-file", "--batch"], input });
  let at = 0;
  return wanted.map(({ oid, size }) => {
    const start = output.indexOf(0x0a, at) + 1;
    at = start + size + 1;
    return [oid, output.subarray(start, start + size)] as const;
  });
}

export async function listChanges(
  clone: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly HeadFile[]> {
  const output = await askGit({ clone, arguments: ["diff-tree", "-r", "-z", "--no-renames", from, to, "--"] });
  const fields = records(output);
  return fields.flatMap((field, index) => {
    const [, blob, status] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) ([A-Z])$/.exec(field) ?? [];
    const path = fields[index + 1];
    if (blob === undefined || path === undefined) return [];
    return [{ path, ...(status !== "D" && { blob }) }];
  });
}

function records(output: Buffer): readonly string[] {
  return output.toString("utf8").split("\0").slice(0, -1);
}
