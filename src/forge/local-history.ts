// The history of a clone by git's plumbing: commits along the first parents, the files that each changed, and the
// messages that tell of promotions. Nothing that the clone's settings say changes what is read.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import { blobIdOf } from "./decode-blob.ts";
import type { ChangesWanted, FileState, History, HistoryChange, StatedPromotion } from "./history.ts";
import { readParts } from "./read-trailers.ts";
import { askGit } from "./run-git.ts";

export function createLocalHistory({ clone }: { readonly clone: string }): History {
  return {
    isShallow: async () => {
      const answer = await askGit({ clone, arguments: ["rev-parse", "--is-shallow-repository"] });
      return answer.toString("utf8").trim() === "true";
    },
    readChanges: (wanted) => readChanges(clone, wanted),
    readBytes: async (oids) => {
      const objects = await readObjects(clone, oids);
      // A clone that was damaged, or made to deceive, has other bytes under an id than those that it was made from.
      const isSound = ([oid, { type, bytes }]: readonly [string, GitObject]) =>
        type === "blob" && blobIdOf(bytes, oid.length) === oid;
      return new Map([...objects].filter(isSound).map(([oid, { bytes }]) => [oid, bytes]));
    },
  };
}

async function readChanges(clone: string, { head, below, key }: ChangesWanted): Promise<readonly HistoryChange[]> {
  const paths = below.includes("") ? [] : below.map((path) => `:(top,literal)${path}`);
  const list = await askGit({ clone, arguments: ["rev-list", "--first-parent", head, "--", ...paths] });
  const oids = list.toString("utf8").split("\n").slice(0, -1);
  if (oids.length === 0) return [];
  const files = await readFiles(clone, { oids, paths });
  const commits = await readCommits(clone, oids);
  const merged = await readCommits(clone, secondParents(commits, key));
  const cut = await isCutOff(clone, commits.get(oids.at(-1) ?? ""));
  return oids.flatMap((oid, index) => {
    const commit = commits.get(oid);
    if (commit === undefined) return [];
    const { tree, committedAt, author, message } = commit;
    const promotion = promotionIn(commit, key) ?? promotionIn(merged.get(commit.parents[1] ?? ""), key);
    const [title = ""] = message.split("\n");
    const pullRequest = numberIn(title);
    return [
      {
        commit: oid,
        tree,
        committedAt,
        author,
        title,
        ...(pullRequest !== undefined && { pullRequest }),
        ...(promotion !== undefined && { promotion }),
        files: files.get(oid) ?? [],
        cutOff: cut && index === oids.length - 1,
      },
    ];
  });
}

/** Only the oldest commit of a shallow clone names a parent that is not there. */
async function isCutOff(clone: string, oldest: RawCommit | undefined): Promise<boolean> {
  const [parent] = oldest?.parents ?? [];
  return parent !== undefined && !(await readCommits(clone, [parent])).has(parent);
}

/** What each commit changed against its first parent; of a root, all that it has. */
async function readFiles(
  clone: string,
  { oids, paths }: { readonly oids: readonly string[]; readonly paths: readonly string[] },
): Promise<ReadonlyMap<string, readonly FileState[]>> {
  const how = ["--stdin", "-r", "-z", "--root", "-m", "--first-parent", "--no-renames", "--no-relative", "--raw"];
  const output = await askGit({
    clone,
    arguments: ["diff-tree", ...how, "--no-abbrev", "--", ...paths],
    input: `${oids.join("\n")}\n`,
  });
  const files = new Map<string, FileState[]>();
  let present: FileState[] = [];
  const records = output.toString("utf8").split("\0");
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] ?? "";
    const [, mode = "", oid = "", status] = /^:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])/.exec(record) ?? [];
    if (status === undefined) {
      present = [];
      files.set(record, present);
      continue;
    }
    index += 1;
    present.push({ path: records[index] ?? "", ...(status !== "D" && { now: { mode, oid } }) });
  }
  return files;
}

interface RawCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly committedAt: number;
  readonly author: string;
  readonly message: string;
}

/** A merge by GitHub's button says nothing of its own; what it merged does. */
function secondParents(commits: ReadonlyMap<string, RawCommit>, key: EnvironmentKey): readonly string[] {
  return [...commits.values()].flatMap((commit) =>
    commit.parents.length === 2 && promotionIn(commit, key) === undefined ? commit.parents.slice(1) : [],
  );
}

function promotionIn(commit: RawCommit | undefined, key: EnvironmentKey): StatedPromotion | undefined {
  if (commit === undefined) return undefined;
  const part = readParts(commit.message).find((each) => each.key === key);
  if (part === undefined) return undefined;
  const { release, trailers } = part;
  const valuesOf = (name: string) => trailers.filter((trailer) => trailer.key === name).map(({ value }) => value);
  return { release, requestedBy: valuesOf("Requested-By"), overriddenBy: valuesOf("Overridden-By") };
}

function numberIn(title: string): number | undefined {
  const [, squashed, merged] = /\(#(\d{1,9})\)$|^Merge pull request #(\d{1,9}) from /.exec(title) ?? [];
  const number = Number(squashed ?? merged ?? 0);
  return number > 0 ? number : undefined;
}

/** A commit that this clone does not have, or that is none, is not in the answer. */
async function readCommits(clone: string, oids: readonly string[]): Promise<ReadonlyMap<string, RawCommit>> {
  const commits = new Map<string, RawCommit>();
  for (const [oid, { type, bytes }] of await readObjects(clone, oids))
    if (type === "commit") commits.set(oid, parseCommit(bytes.toString("utf8")));
  return commits;
}

function parseCommit(text: string): RawCommit {
  const end = text.indexOf("\n\n");
  const head = end === -1 ? text : text.slice(0, end);
  const valuesOf = (name: string) =>
    [...head.matchAll(new RegExp(`^${name} (.*)$`, "gm"))].map(([, value = ""]) => value);
  const [, seconds = "0"] = / (\d{1,12}) [+-]\d+$/.exec(valuesOf("committer")[0] ?? "") ?? [];
  return {
    tree: valuesOf("tree")[0] ?? "",
    parents: valuesOf("parent"),
    committedAt: Number(seconds) * 1_000,
    author: (valuesOf("author")[0] ?? "").replace(/ <[^>]*> \d+ [+-]\d+$/, ""),
    message: end === -1 ? "" : text.slice(end + 2),
  };
}

interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

async function readObjects(clone: string, oids: readonly string[]): Promise<ReadonlyMap<string, GitObject>> {
  const objects = new Map<string, GitObject>();
  const wanted = [...new Set(oids)];
  if (wanted.length === 0) return objects;
  const output = await askGit({ clone, arguments: ["cat-file", "--batch"], input: `${wanted.join("\n")}\n` });
  let at = 0;
  for (const oid of wanted) {
    const end = output.indexOf(0x0a, at);
    const [, type, size = ""] = / ([a-z]+) (\d+)$/.exec(output.toString("utf8", at, end)) ?? [];
    at = end + 1;
    if (type === undefined) continue;
    objects.set(oid, { type, bytes: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return objects;
}
