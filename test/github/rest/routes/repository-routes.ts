// A repository itself, who may do what in it, its files, its deployments.

import { readObject, writeObject } from "../../git/object-store.ts";
import { editTree, entryAt, entryType, readTree, type TreeEntry } from "../../git/tree.ts";
import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { readText } from "../../http/read-body.ts";
import { created, fail, notFound, ok, type Reply } from "../../http/reply.ts";
import { roleOf } from "../../model/decide-permission.ts";
import { findUser } from "../../model/manage-accounts.ts";
import { moveReferences } from "../../model/move-reference.ts";
import type { Repository, Role } from "../../model/repository.ts";
import { resolveCommit } from "../resolve-commit.ts";
import { showUser } from "../views/show-account.ts";
import { encodePath, showGitCommit } from "../views/show-commit.ts";
import { repositoryPage, repositoryUrl, showFullRepository } from "../views/show-repository.ts";
import { writeApiCommit } from "../write-api-commit.ts";
import { refuseMove } from "./git-routes.ts";

export const repositoryRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}", { permission: "metadata" }, (call) =>
    ok(showFullRepository(call.model, call)),
  ),
  repositoryRoute(
    "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    { permission: "metadata" },
    (call) => {
      const { model, repository, parameters } = call;
      const user = findUser(model, parameters.username ?? "");
      if (user === undefined) return notFound();
      const role = roleOf(model, { user, repository }) ?? (repository.private ? undefined : "read");
      const role_name = repository.customRoles.get(user.login.toLowerCase()) ?? role ?? "none";
      return ok({
        permission: role === undefined ? "none" : legacyPermission(role),
        role_name,
        user: { ...showUser(model, user), permissions: flagsOf(role), role_name },
      });
    },
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/contents/{path}", { permission: "contents" }, showContents),
  repositoryRoute("PUT /repos/{owner}/{repo}/contents/{path}", { permission: "contents" }, putContents),
];

/** GitHub's older field knows neither triage nor maintain. */
function legacyPermission(role: Role): string {
  if (role === "triage") return "read";
  return role === "maintain" ? "write" : role;
}

function flagsOf(role: Role | undefined) {
  const order: readonly (Role | undefined)[] = [undefined, "read", "triage", "write", "maintain", "admin"];
  const has = (needed: Role) => order.indexOf(role) >= order.indexOf(needed);
  return {
    admin: has("admin"),
    maintain: has("maintain"),
    push: has("write"),
    triage: has("triage"),
    pull: has("read"),
  };
}

function showContents(call: RepositoryCall): Reply {
  const { repository, parameters, query } = call;
  const name = query.get("ref") ?? repository.defaultBranch;
  const commit = resolveCommit(repository, name);
  if (commit === undefined)
    return query.has("ref") ? fail(404, `No commit found for the ref ${name}`) : fail(404, "This repository is empty.");
  const path = (parameters.path ?? "").replace(/\/$/, "");
  const { objects } = repository.git;
  const entry = path === "" ? undefined : entryAt(objects, { tree: commit.tree, path });
  if (path !== "" && entry === undefined) return notFound();
  const tree = entry === undefined ? commit.tree : entry.oid;
  if (entry !== undefined && entry.mode !== "040000") return ok(showFile(call, { path, entry, name, whole: true }));
  const entries = readTree(objects, tree) ?? [];
  return ok(
    entries.map((one) =>
      showFile(call, { path: path === "" ? one.name : `${path}/${one.name}`, entry: one, name, whole: false }),
    ),
  );
}

function showFile(
  { model, repository }: { readonly model: RepositoryCall["model"]; readonly repository: Repository },
  {
    path,
    entry,
    name,
    whole,
  }: { readonly path: string; readonly entry: TreeEntry; readonly name: string; readonly whole: boolean },
) {
  const object = readObject(repository.git.objects, entry.oid);
  const kind = entryType(entry.mode);
  const type = entry.mode === "120000" ? "symlink" : kind === "tree" ? "dir" : kind === "commit" ? "submodule" : "file";
  const url = `${repositoryUrl(model, repository)}/contents/${encodePath(path)}?ref=${encodeURIComponent(name)}`;
  const gitUrl = kind === "commit" ? null : `${repositoryUrl(model, repository)}/git/${kind}s/${entry.oid}`;
  const html = `${repositoryPage(model, repository)}/${kind}/${encodeURIComponent(name)}/${encodePath(path)}`;
  return {
    name: entry.name,
    path,
    sha: entry.oid,
    size: kind === "blob" ? (object?.body.length ?? 0) : 0,
    url,
    html_url: html,
    git_url: gitUrl,
    download_url:
      kind === "blob"
        ? `${repositoryPage(model, repository)}/raw/${encodeURIComponent(name)}/${encodePath(path)}`
        : null,
    type: whole && type === "submodule" ? "submodule" : type,
    ...(whole && type === "file" && { content: wrapBase64(object?.body ?? Buffer.alloc(0)), encoding: "base64" }),
    ...(whole && type === "symlink" && { target: object?.body.toString("utf8") ?? "" }),
    ...(whole && type === "submodule" && { submodule_git_url: null }),
    _links: { self: url, git: gitUrl, html },
  };
}

/** GitHub breaks the lines after 60 characters. */
function wrapBase64(body: Buffer): string {
  return body.toString("base64").replace(/.{60}/g, "$&\n").concat("\n");
}

function putContents(call: RepositoryCall): Reply {
  const { model, repository, actor, body, parameters } = call;
  const { git } = repository;
  const branch = readText(body, "branch") ?? repository.defaultBranch;
  const ref = `refs/heads/${branch}`;
  const head = resolveCommit(repository, ref);
  if (head === undefined) return fail(404, `Branch ${branch} not found`);
  const path = parameters.path ?? "";
  const present = entryAt(git.objects, { tree: head.tree, path });
  const sha = readText(body, "sha");
  if (present !== undefined && sha === undefined) return fail(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (present !== undefined && sha !== present.oid) return fail(409, `${path} does not match ${sha}`);
  const oid = writeObject(git.objects, { type: "blob", body: Buffer.from(readText(body, "content") ?? "", "base64") });
  const edited = editTree(git.objects, {
    base: head.tree,
    changes: [{ path, put: { mode: present?.mode ?? "100644", oid } }],
  });
  if ("missing" in edited) return fail(422, "GitRPC::BadObjectState");
  const commitOid = writeApiCommit(call, { tree: edited.tree, parents: [head.oid] });
  const outcome = moveReferences(model, {
    repository,
    actor,
    moves: [{ name: ref, before: head.oid, after: commitOid }],
  });
  if (outcome.kind !== "moved")
    return outcome.kind === "rule"
      ? fail(409, `Repository rule violations found\n\n${outcome.message}\n\n`)
      : refuseMove(outcome);
  const commit = resolveCommit(repository, commitOid);
  const entry: TreeEntry = { mode: present?.mode ?? "100644", name: path.split("/").at(-1) ?? path, oid };
  const reply = {
    content: showFile(call, { path, entry, name: branch, whole: false }),
    commit: commit === undefined ? {} : showGitCommit(model, { repository, commit }),
  };
  return present === undefined ? created(reply) : ok(reply);
}
