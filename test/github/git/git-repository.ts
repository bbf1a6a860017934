// One bare repository on disk: its objects, its refs (held in memory too, moved by compare-and-swap) and the set of
// commits that GitHub signed. What a ref is allowed to do is decided elsewhere.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Commit, type NewCommit, readCommit, writeCommit } from "./commit.ts";
import type { ObjectStore } from "./object-store.ts";
import { runGit } from "./run-git.ts";

export interface GitRepository {
  readonly folder: string;
  readonly objects: ObjectStore;
  /** full name (refs/heads/main) -> commit id */
  readonly refs: Map<string, string>;
  readonly signed: Set<string>;
  /** answers of git about ids, which never change */
  readonly answers: Map<string, string>;
}

export const noOid = "0".repeat(40);

export interface RefMove {
  readonly name: string;
  /** the id that the ref has to have now; undefined = it must not exist */
  readonly before: string | undefined;
  /** undefined = delete */
  readonly after: string | undefined;
}

/** @param sharing a repository of the same fork network: both then see each other's objects, as on GitHub */
export function openGitRepository(folder: string, sharing?: GitRepository): GitRepository {
  const isNew = !existsSync(folder);
  if (isNew) {
    mkdirSync(folder, { recursive: true });
    runGit(folder, { args: ["init", "--quiet", "--bare", "--initial-branch=main", folder] });
    configure(folder);
    if (sharing !== undefined) {
      rmSync(join(folder, "objects"), { recursive: true });
      symlinkSync(join(sharing.folder, "objects"), join(folder, "objects"));
    }
  }
  const objects = sharing === undefined ? { folder, cache: new Map() } : sharing.objects;
  const signed = sharing === undefined ? new Set(readSigned(folder)) : sharing.signed;
  const git = { folder, objects, refs: new Map(), signed, answers: new Map() };
  if (!isNew) readRefs(git);
  return git;
}

/** Reads the refs from disk again, after somebody pushed by git. */
export function readRefs(git: GitRepository): void {
  const lines = runGit(git.folder, { args: ["for-each-ref", "--format=%(objectname) %(refname)"] }).output.toString(
    "utf8",
  );
  git.refs.clear();
  for (const line of lines.split("\n").filter((text) => text !== "")) git.refs.set(line.slice(41), line.slice(0, 40));
}

/** Moves all of the refs or none. The first ref that is not where it was expected is the answer otherwise. */
export function moveRefs(
  git: GitRepository,
  moves: readonly RefMove[],
):
  | { readonly kind: "moved" }
  | { readonly kind: "elsewhere"; readonly name: string; readonly now: string | undefined } {
  for (const { name, before } of moves) {
    if (git.refs.get(name) !== before) return { kind: "elsewhere", name, now: git.refs.get(name) };
  }
  const lines = moves.map(({ name, before = noOid, after }) =>
    after === undefined ? `delete ${name} ${before}\n` : `update ${name} ${after} ${before}\n`,
  );
  runGit(git.folder, { args: ["update-ref", "--stdin"], input: lines.join("") });
  for (const { name, after } of moves) {
    if (after === undefined) git.refs.delete(name);
    else git.refs.set(name, after);
  }
  return { kind: "moved" };
}

/**
 * Sets a ref that GitHub keeps by itself (refs/pull/7/head), by writing git's own small file: nobody else moves these,
 * and a process for each would cost more than everything else that a push causes.
 */
export function keepRef(git: GitRepository, { name, oid }: { readonly name: string; readonly oid: string }): void {
  const file = join(git.folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${oid}\n`);
  git.refs.set(name, oid);
}

export function createCommit(git: GitRepository, commit: NewCommit): string {
  const oid = writeCommit(git.objects, commit);
  if (commit.signed && !git.signed.has(oid)) {
    git.signed.add(oid);
    appendFileSync(join(git.objects.folder, "signed-commits"), `${oid}\n`);
  }
  return oid;
}

/** Signed by GitHub: made here with a signature. A header that somebody copied into another commit does not count. */
export function isSignedByGitHub(git: GitRepository, commit: Commit): boolean {
  return commit.signature !== undefined && git.signed.has(commit.oid);
}

export function commitAt(git: GitRepository, oid: string): Commit | undefined {
  return readCommit(git.objects, oid);
}

/** Asks git something whose answer depends on ids alone, once. */
export function askGit(
  git: GitRepository,
  { args, accept }: { readonly args: readonly string[]; readonly accept?: readonly number[] },
): string {
  const question = args.join("\0");
  const known = git.answers.get(question);
  if (known !== undefined) return known;
  const answer = runGit(git.folder, accept === undefined ? { args } : { args, accept });
  const text = answer.output.toString("utf8");
  git.answers.set(question, text);
  return text;
}

/**
 * Asked by git for each ref of a push, with its name, the old and the new id. REFUSED_REFS has a line for each ref that
 * rules forbid: name, `always` or `force`, and the reason, with tabs between.
 */
const updateHook = `#!/bin/sh
tab=$(printf '\\t')
while IFS="$tab" read -r ref kind reason; do
  [ "$ref" = "$1" ] || continue
  if [ "$kind" = force ]; then
    case "$2 $3" in *0000000000000000000000000000000000000000*) continue ;; esac
    git merge-base --is-ancestor "$2" "$3" && continue
  fi
  echo "error: GH013: Repository rule violations found for $1." >&2
  echo "- $reason" >&2
  exit 1
done <<END
$REFUSED_REFS
END
exit 0
`;

/** Every object stays loose, so that object-store.ts can read it, and nothing unreachable is ever removed. */
const settings = `[gc]
	auto = 0
[receive]
	autogc = false
	unpackLimit = 1000000
	hideRefs = refs/pull
[fetch]
	unpackLimit = 1000000
[http]
	receivepack = true
[uploadpack]
	allowReachableSHA1InWant = true
[core]
	logAllRefUpdates = false
`;

function configure(folder: string): void {
  appendFileSync(join(folder, "config"), settings);
  mkdirSync(join(folder, "hooks"), { recursive: true });
  writeFileSync(join(folder, "hooks", "update"), updateHook, { mode: 0o755 });
}

function readSigned(folder: string): readonly string[] {
  const file = join(folder, "signed-commits");
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}
