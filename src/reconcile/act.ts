// The third phase of a pass: performs the plan's actions in their order. Each names the state that it was decided on;
// where the world has moved, the rest of the plan rests on a state that is gone and is dropped. A refusal concerns one
// action only, unless it is the ledger's: what cannot be remembered is not done. Failures of the world are thrown.

import { promotionBranch } from "../domain/pipeline.ts";
import type { Edit } from "../domain/place.ts";
import type { Action, OpenPromotion, Remember, UpdatePromotion } from "../domain/plan.ts";
import { CommitRefused, type Outcome } from "../forge/forge.ts";
import { changeLedger } from "../ledger/change-ledger.ts";
import type { PassOutcome } from "../report/render-pass-line.ts";
import { performDashboard } from "./act-dashboard.ts";
import { type Actor, performLive } from "./act-live.ts";
import { performRetag } from "./act-retag.ts";
import { performSandbox } from "./act-sandbox.ts";
import { rememberHead } from "./answer-needs.ts";
import { acceptLedger, noteLedgerWritten } from "./observe-ledger.ts";
import { recallRefused, reconsider, rememberRefused } from "./refused-actions.ts";
import { rememberRefusal } from "./remember-refusal.ts";
import { writeLedgerCommit } from "./write-ledger-commit.ts";

export interface Acted {
  readonly outcomes: readonly PassOutcome[];
  /** Actions were left, because of the pass's limits or because the world has moved. */
  readonly unfinished: boolean;
}

/** Promotions opened, moved and merged, texts and checks written: GitHub's patience is for everybody. */
const WRITES_IN_A_PASS = 30;

export async function act(
  actions: readonly Action[],
  { mayGoOn, ...actor }: Actor & { readonly mayGoOn: () => boolean },
): Promise<Acted> {
  const outcomes: PassOutcome[] = [];
  let writes = 0;
  for (const action of actions) {
    if (isOutdated(action, outcomes)) continue;
    if (!mayGoOn() || (writes > 0 && writes + writesOf(action) > WRITES_IN_A_PASS))
      return { outcomes, unfinished: true };
    const refused = recallRefused(action, actor);
    const outcome = refused ?? (await attempt(action, actor));
    if (!refused) writes += writesOf(action);
    const { kind } = outcome;
    outcomes.push({ action, kind, ...("why" in outcome && { why: outcome.why }) });
    actor.shell.metrics.acted({ kind: action.kind, outcome: kind });
    if (kind === "moved-on" || (kind === "refused" && action.kind === "remember"))
      return { outcomes, unfinished: true };
  }
  return { outcomes, unfinished: false };
}

const MOVING: readonly Action["kind"][] = ["open", "update", "merge", "close"];

/** What was done just now changes what the dashboard says; the next pass, which follows at once, writes it. */
function isOutdated({ kind }: Action, outcomes: readonly PassOutcome[]): boolean {
  return (
    kind === "tell-dashboard" && outcomes.some((each) => each.kind === "done" && MOVING.includes(each.action.kind))
  );
}

/** A refusal is kept for a while, so that what GitHub does not want takes no place from what it takes. */
async function attempt(action: Action, actor: Actor): Promise<Outcome<unknown>> {
  const outcome = await performOrRefused(action, actor);
  if (outcome.kind === "refused") rememberRefused(action, { ...actor, why: outcome.why });
  return outcome;
}

async function performOrRefused(action: Action, actor: Actor): Promise<Outcome<unknown>> {
  try {
    return await perform(action, actor);
  } catch (error) {
    if (error instanceof CommitRefused) return { kind: "refused", why: error.why };
    throw error;
  }
}

function writesOf(action: Action): number {
  switch (action.kind) {
    case "remember":
      return action.on ? 1 : 3;
    case "open":
      return 6;
    case "update":
      return action.describe ? 5 : 4;
    case "propose-sandbox":
      return action.number === undefined ? 5 : 4;
    case "reconsider":
    case "retag":
      return 0;
    case "acknowledge":
    case "answer-comment":
    case "close":
    case "merge":
    case "dequeue":
    case "describe":
    case "label":
    case "set-check":
    case "delete-branch":
    case "tell-live":
    case "merge-sandbox":
    case "tell-sandbox":
    case "call-for-attention":
    case "tell-drift":
    case "settle-drift":
    case "tell-refused":
    case "tell-dashboard":
      return 1;
    case "ask-to-sync":
    case "close-dashboard":
      return 2;
    case "report-deployment":
      return action.deployment === undefined ? 2 : 1;
    case "adopt-drift":
      return 4;
  }
}

async function perform(action: Action, actor: Actor): Promise<Outcome<unknown>> {
  const { at, node, shell } = actor;
  const { forge, renderer } = shell;
  switch (action.kind) {
    case "remember":
      return rememberNews(action, actor);
    case "open":
      return open(action, actor);
    case "update":
      return update(action, actor);
    case "describe":
      return forge.describePullRequest(at, { number: action.number, ...renderer.pullRequest(action.view) });
    case "label":
      return forge.addLabels(at, { number: action.number, labels: action.labels });
    case "close":
      return forge.closePullRequest(at, { number: action.number });
    case "merge": {
      const text = renderer.merge(action.view, action.number);
      return forge.mergePullRequest(at, { number: action.number, head: action.head, method: action.method, ...text });
    }
    case "dequeue":
      return forge.dequeuePullRequest(at, { number: action.number, head: action.head });
    case "set-check":
      return forge.setCheck(at, {
        head: action.head,
        check: renderer.check(action.check),
        ...(action.run !== undefined && { run: action.run }),
      });
    case "delete-branch":
      return forge.moveRefs(at, { node, moves: [{ branch: action.branch, from: action.head }] });
    case "acknowledge":
      return forge.acknowledge(at, { nodes: action.nodes });
    case "answer-comment":
      return forge.answerComment(at, {
        conversation: action.conversation,
        comment: action.comment.node,
        body: renderer.answer(action.view),
        reaction: action.reaction,
      });
    case "reconsider":
      reconsider({ at, shell });
      // Nothing has changed yet: what comes of it is the outcome of the actions that are tried again.
      return { kind: "already-so", value: undefined };
    case "tell-live":
    case "call-for-attention":
    case "report-deployment":
    case "tell-drift":
    case "settle-drift":
    case "adopt-drift":
    case "ask-to-sync":
      return performLive(action, actor);
    case "retag":
      return performRetag(action, actor);
    case "propose-sandbox":
    case "merge-sandbox":
    case "tell-sandbox":
      return performSandbox(action, actor);
    case "tell-refused":
    case "tell-dashboard":
    case "close-dashboard":
      return performDashboard(action, actor);
  }
}

async function rememberNews(action: Remember, actor: Actor): Promise<Outcome<unknown>> {
  const { at, shell } = actor;
  const { on } = action;
  const change = changeLedger({ before: on && action.before, after: action.ledger, news: action.news });
  if (change.files.length === 0) return { kind: "already-so", value: undefined };
  const written = await writeLedgerCommit(change, { on, actor });
  if (written.kind === "done" || written.kind === "already-so") {
    shell.memory.ledgers.set(written.value.tree, { kind: "read", ledger: action.ledger });
    await acceptLedger(written.value.oid, { at, shell });
    await noteLedgerWritten({ at, shell });
  }
  if (written.kind === "refused") await rememberRefusal({ head: on?.head, why: written.why }, { at, shell });
  return written;
}

async function open(action: OpenPromotion, actor: Actor): Promise<Outcome<unknown>> {
  const { at, shell } = actor;
  const branch = promotionBranch(action.key);
  const head = await commitEdit(action, { ...actor, from: action.branchHead });
  if (head.kind !== "done") return head;
  const text = shell.renderer.pullRequest(action.view);
  const opened = await shell.forge.openPullRequest(at, { ...text, branch, base: action.base });
  if (opened.kind === "moved-on" || opened.kind === "refused") return opened;
  const labelled = await shell.forge.addLabels(at, { number: opened.value.number, labels: action.view.labels });
  const checked = await shell.forge.setCheck(at, { head: head.value, check: shell.renderer.check(action.check) });
  return firstSetback([labelled, checked]) ?? opened;
}

async function update(action: UpdatePromotion, actor: Actor): Promise<Outcome<unknown>> {
  const { at, shell } = actor;
  const head = await commitEdit(action, { ...actor, from: action.head });
  if (head.kind !== "done") return head;
  const text = shell.renderer.pullRequest(action.view);
  const described = action.describe
    ? await shell.forge.describePullRequest(at, { number: action.number, ...text })
    : head;
  const checked = await shell.forge.setCheck(at, { head: head.value, check: shell.renderer.check(action.check) });
  return firstSetback([described, checked]) ?? head;
}

/** One commit on the base that the plan was made on, and the branch straight from where it was to that commit. */
async function commitEdit(
  { key, edit, view, baseHead, baseTree }: Pick<OpenPromotion, "key" | "edit" | "view" | "baseHead" | "baseTree">,
  { at, node, shell, from }: Actor & { readonly from: string | undefined },
): Promise<Outcome<string>> {
  const files = edit.files.map(({ path, mode, text }) => ({ path, mode, text }));
  const message = shell.renderer.commitMessage(view);
  const { oid } = await shell.forge.commit(at, { parent: baseHead, baseTree, files, message });
  await rememberHead(oid, { files: blobsOf(edit), shell });
  const moved = await shell.forge.moveRefs(at, {
    node,
    moves: [{ branch: promotionBranch(key), to: oid, ...(from !== undefined && { from }) }],
  });
  return moved.kind === "done" || moved.kind === "already-so" ? { kind: "done", value: oid } : moved;
}

function blobsOf({ files }: Edit) {
  return files.map(({ path, after }) => ({ path, blob: after }));
}

function firstSetback(outcomes: readonly Outcome<unknown>[]): Outcome<unknown> | undefined {
  return outcomes.find(({ kind }) => kind === "moved-on" || kind === "refused");
}
