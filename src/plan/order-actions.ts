// The order in which actions are performed: what people ordered and what has to be remembered first, then what makes room,
// and what is only told last.

import type { Action } from "../domain/plan.ts";

/** As they stand here; no kind can be forgotten. */
const ORDER: Readonly<Record<Action["kind"], true>> = {
  acknowledge: true,
  remember: true,
  retag: true,
  reconsider: true,
  close: true,
  dequeue: true,
  merge: true,
  "merge-sandbox": true,
  update: true,
  describe: true,
  label: true,
  "set-check": true,
  "answer-comment": true,
  "tell-refused": true,
  "call-for-attention": true,
  "tell-live": true,
  "tell-sandbox": true,
  "report-deployment": true,
  "tell-drift": true,
  "settle-drift": true,
  "propose-sandbox": true,
  open: true,
  "adopt-drift": true,
  "ask-to-sync": true,
  "delete-branch": true,
  "tell-dashboard": true,
  "close-dashboard": true,
};

const KINDS = Object.keys(ORDER);

export function inOrder(actions: readonly Action[]): readonly Action[] {
  return [...actions].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}
