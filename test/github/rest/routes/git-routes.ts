// Git's own objects by the API: blobs, trees, commits, refs.

import { commitAt } from "../../git/git-repository.ts";
import { readObject, writeObject } from "../../git/object-store.ts";
import { editTree, isMode, listTree, readTree, type TreeChange } from "../../git/tree.ts";
import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readFlag, readNullableText, readObjects, readText, readTexts } from "../../http/read-body.ts";
import { created, fail, invalid, noContent, notFound, ok, type Reply } from "../../http/reply.ts";
import { identifyGitNode } from "../../model/identify-node.ts";
import { type MoveOutcome, moveReferences } from "../../model/move-reference.ts";
import { showGitCommit, showReference, showTreeEntry } from "../views/show-commit.ts";
import { repositoryUrl } from "../views/show-repository.ts";
import { writeApiCommit } from "../write-api-commit.ts";

const contents = { permission: "contents" };

export const gitRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", contents, ({ model, repository, parameters }) => {
    const oid = parameters.file_sha ?? "";
    const blob = readObject(repository.git.objects, oid);
    if (blob?.type !== "blob") return notFound();
    return ok({
      sha: oid,
      node_id: identifyGitNode("blob", { repositoryId: repository.id, name: oid }),
      url: `${repositoryUrl(model, repository)}/git/blobs/${oid}`,
      size: blob.body.length,
      content: blob.body.toString("base64"),
      encoding: "base64",
    });
  }),
  repositoryRoute("POST /repos/{owner}/{repo}/git/blobs", contents, ({ model, repository, body }) => {
    const encoding = readText(body, "encoding") === "base64" ? "base64" : "utf8";
    const oid = writeObject(repository.git.objects, {
      type: "blob",
      body: Buffer.from(readText(body, "content") ?? "", encoding),
    });
    return created({ sha: oid, url: `${repositoryUrl(model, repository)}/git/blobs/${oid}` });
  }),
  repositoryRoute("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", contents, (call) => {
    const { repository, parameters, query } = call;
    const tree = findTree(call, parameters.tree_sha ?? "");
    if (tree === undefined || readTree(repository.git.objects, tree) === undefined) return notFound();
    return ok(showTree(call, { tree, recursive: query.has("recursive") }));
  }),
  repositoryRoute("POST /repos/{owner}/{repo}/git/trees", contents, createTree),
  repositoryRoute(
    "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
    contents,
    ({ model, repository, parameters }) => {
      const commit = commitAt(repository.git, parameters.commit_sha ?? "");
      return commit === undefined ? notFound() : ok(showGitCommit(model, { repository, commit }));
    },
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/git/commits", contents, makeCommit),
  repositoryRoute("GET /repos/{owner}/{repo}/git/ref/{ref}", contents, ({ model, repository, parameters }) => {
    const name = `refs/${parameters.ref}`;
    const oid = repository.git.refs.get(name);
    return oid === undefined ? notFound() : ok(showReference(model, { repository, name, oid }));
  }),
  repositoryRoute("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", contents, (call) => {
    const { model, repository, parameters } = call;
    const items = [...repository.git.refs].filter(([name]) => name.startsWith(`refs/${parameters.ref}`)).toSorted();
    return paginate(call, { items, show: ([name, oid]) => showReference(model, { repository, name, oid }) });
  }),
  repositoryRoute("POST /repos/{owner}/{repo}/git/refs", contents, (call) => {
    const { model, repository, actor, body } = call;
    const name = readText(body, "ref") ?? "";
    const oid = readText(body, "sha") ?? "";
    if (!isReferenceName(name))
      return fail(422, "Reference name must start with 'refs/' and contain at least two slashes");
    const outcome = moveReferences(model, { repository, actor, moves: [{ name, before: undefined, after: oid }] });
    return outcome.kind === "moved" ? created(showReference(model, { repository, name, oid })) : refuseMove(outcome);
  }),
  repositoryRoute("PATCH /repos/{owner}/{repo}/git/refs/{ref}", contents, (call) => {
    const { model, repository, actor, body, parameters } = call;
    const name = `refs/${parameters.ref}`;
    const oid = readText(body, "sha") ?? "";
    const force = readFlag(body, "force") ?? false;
    const outcome = moveReferences(model, { repository, actor, moves: [{ name, before: "any", after: oid, force }] });
    return outcome.kind === "moved" ? ok(showReference(model, { repository, name, oid })) : refuseMove(outcome);
  }),
  repositoryRoute(
    "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
    contents,
    ({ model, repository, actor, parameters }) => {
      const outcome = moveReferences(model, {
        repository,
        actor,
        moves: [{ name: `refs/${parameters.ref}`, before: "any", after: undefined }],
      });
      return outcome.kind === "moved" ? noContent() : refuseMove(outcome);
    },
  ),
];

/** Each refusal in GitHub's words. */
export function refuseMove(outcome: Exclude<MoveOutcome, { readonly kind: "moved" }>): Reply {
  switch (outcome.kind) {
    case "exists":
      return fail(422, "Reference already exists");
    case "missing":
      return fail(422, "Reference does not exist");
    case "elsewhere":
      return fail(409, `is at a different commit than expected: ${outcome.name}`);
    case "not-fast-forward":
      return fail(422, "Update is not a fast forward");
    case "no-object":
      return fail(422, "Object does not exist");
    case "no-commit":
      return fail(422, "Object is not a commit");
    case "name-taken":
      return fail(422, "Reference update failed");
    case "rule":
      return fail(422, `Repository rule violations found\n\n${outcome.message}\n\n`);
    case "workflow":
      return fail(
        403,
        `refusing to allow a GitHub App to create or update workflow \`${outcome.message}\` without \`workflows\` permission`,
      );
  }
}

/** @param name a tree, a commit, or a branch or tag */
function findTree({ repository: { git } }: RepositoryCall, name: string): string | undefined {
  const oid = git.refs.get(`refs/heads/${name}`) ?? git.refs.get(`refs/tags/${name}`) ?? git.refs.get(name) ?? name;
  return commitAt(git, oid)?.tree ?? oid;
}

function showTree(
  { model, repository }: RepositoryCall,
  { tree, recursive }: { readonly tree: string; readonly recursive: boolean },
) {
  const entries = listTree(repository.git.objects, { tree, recursive });
  const shown = recursive ? entries.slice(0, model.settings.treeLimit) : entries;
  return {
    sha: tree,
    url: `${repositoryUrl(model, repository)}/git/trees/${tree}`,
    tree: shown.map((entry) => showTreeEntry(model, { repository, entry })),
    truncated: shown.length < entries.length,
  };
}

function createTree(call: RepositoryCall): Reply {
  const { repository, body } = call;
  const { objects } = repository.git;
  const baseName = readText(body, "base_tree");
  const base = baseName === undefined ? undefined : findTree(call, baseName);
  if (base !== undefined && readTree(objects, base) === undefined) return notFound();
  const changes: TreeChange[] = [];
  for (const entry of readObjects(body, "tree") ?? []) {
    const path = readText(entry, "path") ?? "";
    const mode = readText(entry, "mode") ?? "";
    const sha = readNullableText(entry, "sha");
    const content = readText(entry, "content");
    if (sha === null) {
      changes.push({ path, put: undefined });
      continue;
    }
    if (!isMode(mode)) return fail(422, "Must supply a valid tree.mode");
    if (path === "" || path.startsWith("/") || path.split("/").some((part) => ["", ".", "..", ".git"].includes(part)))
      return fail(422, "tree.path contains a malformed path component");
    if ((sha === undefined) === (content === undefined))
      return fail(422, "Must supply either tree.sha or tree.content");
    const oid = sha ?? writeObject(objects, { type: "blob", body: Buffer.from(content ?? "") });
    if (mode !== "160000" && readObject(objects, oid)?.type !== (mode === "040000" ? "tree" : "blob"))
      return fail(422, `tree.sha ${oid} is not a valid ${mode === "040000" ? "tree" : "blob"}`);
    changes.push({ path, put: { mode, oid } });
  }
  if (changes.length === 0) return fail(422, "Invalid tree info");
  const edited = editTree(objects, { base, changes });
  if ("missing" in edited) return fail(422, "GitRPC::BadObjectState");
  return created(showTree(call, { tree: edited.tree, recursive: false }));
}

function makeCommit(call: RepositoryCall): Reply {
  const { model, repository, body } = call;
  const { git } = repository;
  const tree = readText(body, "tree") ?? "";
  const parents = readTexts(body, "parents") ?? [];
  if (readTree(git.objects, tree) === undefined) return fail(422, "Tree SHA does not exist");
  for (const parent of parents)
    if (commitAt(git, parent) === undefined) return fail(422, "Parent SHA does not exist or is not a commit object");
  if (readText(body, "message") === "")
    return invalid([{ resource: "Commit", field: "message", code: "missing_field" }]);
  const commit = commitAt(git, writeApiCommit(call, { tree, parents }));
  return commit === undefined ? notFound() : created(showGitCommit(model, { repository, commit }));
}

/** What git itself takes for the name of a ref. */
export function isReferenceName(name: string): boolean {
  if (!/^refs\/[^/]+\/.+$/.test(name) || /[\s~^:?*[\\\x7f]|\.\.|@\{|\/\/|\.$|\/$/.test(name)) return false;
  return name.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"));
}
