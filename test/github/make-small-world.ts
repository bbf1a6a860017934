// The smallest world in which the stand-in's parts can be tested without HTTP: one app, installed on one account with
// one repository, at one moment. Commits and branches are made directly.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { createCommit } from "./git/git-repository.ts";
import { writeObject } from "./git/object-store.ts";
import { editTree } from "./git/tree.ts";
import type { Actor, App, Installation, Permissions } from "./model/identity.ts";
import { ensureApp, installApp, mintToken } from "./model/manage-accounts.ts";
import { addRepository } from "./model/manage-repositories.ts";
import { createModel, type Model } from "./model/model.ts";
import { moveReferences } from "./model/move-reference.ts";
import { openPullRequest } from "./model/open-pull-request.ts";
import type { PullRequest, Repository } from "./model/repository.ts";

export interface SmallWorld {
  readonly model: Model;
  readonly app: App;
  readonly installation: Installation;
  /** the app through its installation */
  readonly actor: Actor;
  /** acme/config, empty */
  readonly repository: Repository;
  /** Answers with the id of a commit that has exactly these files. */
  readonly commit: (
    files: Readonly<Record<string, string | Buffer>>,
    more?: { readonly parent?: string; readonly signed?: boolean },
  ) => string;
  /** Puts a branch there, or removes it, whatever the rules say. */
  readonly move: (branch: string, oid: string | undefined) => void;
  /** main, and a branch `promote` one signed commit above it, with a pull request by the app */
  readonly openPromotion: () => { readonly pull: PullRequest; readonly base: string; readonly head: string };
}

const allPermissions: Permissions = {
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  deployments: "write",
  statuses: "read",
  merge_queues: "read",
  metadata: "read",
};

const signature = { name: "ann", email: "7+ann@users.noreply.github.com", date: "2026-03-02T09:00:00Z" };

export function makeSmallWorld({
  permissions = allPermissions,
  events = [],
  webhook = { url: undefined, secret: "" },
  listen = () => {},
}: {
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
  readonly webhook?: { readonly url: string | undefined; readonly secret: string };
  /** called before anything happens in the world */
  readonly listen?: (model: Model) => void;
} = {}): SmallWorld {
  const dataFolder = mkdtempSync(join(tmpdir(), "small-world-"));
  after(() => rmSync(dataFolder, { recursive: true, force: true }));
  const model = createModel({ dataFolder, now: () => new Date("2026-03-02T10:00:00Z"), webhook });
  listen(model);
  const app = ensureApp(model, { slug: "stagecoach", owner: "acme", publicKey: "", permissions, events });
  const installation = installApp(model, { app, account: "acme" });
  const actor: Actor = { kind: "installation", installation, token: mintToken(model, { installation }) };
  const repository = addRepository(model, { owner: "acme", name: "config" });
  const world = { model, app, installation, actor, repository };
  const commit: SmallWorld["commit"] = (files, more) => commitFiles(repository, { files, ...more });
  const move: SmallWorld["move"] = (branch, oid) => moveBranch(world, { branch, oid });
  return { ...world, commit, move, openPromotion: () => openPromotion({ ...world, commit, move }) };
}

function commitFiles(
  { git }: Repository,
  {
    files,
    parent,
    signed = false,
  }: {
    readonly files: Readonly<Record<string, string | Buffer>>;
    readonly parent?: string;
    readonly signed?: boolean;
  },
): string {
  const changes = Object.entries(files).map(([path, text]) => {
    const oid = writeObject(git.objects, { type: "blob", body: Buffer.from(text) });
    return { path, put: { mode: "100644" as const, oid } };
  });
  const edited = editTree(git.objects, { base: undefined, changes });
  assert.ok("tree" in edited);
  const parents = parent === undefined ? [] : [parent];
  const people = { author: signature, committer: signature };
  return createCommit(git, { tree: edited.tree, parents, ...people, message: "Say\n\nwhy", signed });
}

function moveBranch(
  { model, repository, actor }: Pick<SmallWorld, "model" | "repository" | "actor">,
  { branch, oid }: { readonly branch: string; readonly oid: string | undefined },
): void {
  const name = `refs/heads/${branch}`;
  const before = repository.git.refs.has(name) ? ("any" as const) : undefined;
  const moves = [{ name, before, after: oid, force: true }];
  assert.equal(moveReferences(model, { repository, actor, ignoreRules: true, moves }).kind, "moved");
}

function openPromotion({ model, app, repository, commit, move }: Omit<SmallWorld, "openPromotion">) {
  const base = commit({ "app/values.yaml": "tag: 1\n" });
  move("main", base);
  const head = commit({ "app/values.yaml": "tag: 2\n" }, { parent: base, signed: true });
  move("promote", head);
  const story = { title: "Promote", base: "main", head: "promote" };
  const opened = openPullRequest(model, { repository, author: app.bot, app, ...story });
  assert.ok(opened.kind === "opened");
  return { pull: opened.pull, base, head };
}
