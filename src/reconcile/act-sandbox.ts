// Performs what a pass decided about lent environments: the pull request that changes one value, its merge, and the
// comment that tells of it.

import { sandboxBranch } from "../domain/sandbox.ts";
import type { MergeSandbox, ProposeSandbox, SandboxAction, TellSandbox } from "../domain/sandbox-actions.ts";
import type { Outcome } from "../forge/forge.ts";
import { type Actor, writeComment } from "./act-live.ts";
import { rememberHead } from "./answer-needs.ts";

const LABELS = ["stagecoach"];

export function performSandbox(action: SandboxAction, actor: Actor): Promise<Outcome<unknown>> {
  switch (action.kind) {
    case "propose-sandbox":
      return propose(action, actor);
    case "merge-sandbox":
      return merge(action, actor);
    case "tell-sandbox":
      return tell(action, actor);
  }
}

async function propose(action: ProposeSandbox, actor: Actor): Promise<Outcome<unknown>> {
  const { at, shell } = actor;
  const { base, key, number, view } = action;
  const moved = await writeEdit(action, actor);
  if (moved && moved.kind !== "done" && moved.kind !== "already-so") return moved;
  const text = shell.renderer.sandboxPull(view);
  if (number !== undefined) return shell.forge.describePullRequest(at, { number, ...text });
  const opened = await shell.forge.openPullRequest(at, { ...text, branch: sandboxBranch(key), base });
  if (opened.kind === "moved-on" || opened.kind === "refused") return opened;
  const labelled = await shell.forge.addLabels(at, { number: opened.value.number, labels: LABELS });
  return labelled.kind === "moved-on" || labelled.kind === "refused" ? labelled : opened;
}

/** One commit on the base that the plan was made on, and the branch straight from where it was to that commit. */
async function writeEdit(
  { key, edit, view, baseHead, baseTree, branchHead }: ProposeSandbox,
  { at, node, shell }: Actor,
): Promise<Outcome | undefined> {
  if (!edit) return undefined;
  const files = edit.files.map(({ path, mode, text }) => ({ path, mode, text }));
  const message = shell.renderer.sandboxCommit(view);
  const { oid } = await shell.forge.commit(at, { parent: baseHead, baseTree, files, message });
  await rememberHead(oid, { files: edit.files.map(({ path, after }) => ({ path, blob: after })), shell });
  const from = branchHead === undefined ? {} : { from: branchHead };
  return shell.forge.moveRefs(at, { node, moves: [{ branch: sandboxBranch(key), to: oid, ...from }] });
}

function merge({ number, head, method, view }: MergeSandbox, { at, shell }: Actor): Promise<Outcome> {
  return shell.forge.mergePullRequest(at, { number, head, method, ...shell.renderer.sandboxMerge(view, number) });
}

function tell({ number, key, view, comment }: TellSandbox, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const body = shell.renderer.sandbox(view);
  return writeComment(
    { number, body, ...(comment !== undefined && { comment }) },
    { topic: `sandbox/${key}`, fingerprint: view.fingerprint, at, shell },
  );
}
