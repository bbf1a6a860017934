// The order in which actions are performed: what people ordered and what has to be remembered first, then what makes room,
// and what is only told last.

import type { Action } from "../domain/plan.ts";

const ORDER: readonly Action["kind"][] = [
  "acknowledge",
  "remember",
  "reconsider",
  "close",
  "merge",
  "merge-sandbox",
  "update",
  "describe",
  "label",
  "set-check",
  "answer-comment",
  "tell-refused",
  "call-for-attention",
  "tell-live",
  "tell-sandbox",
  "report-deployment",
  "tell-drift",
  "settle-drift",
  "propose-sandbox",
  "open",
  "adopt-drift",
  "ask-to-sync",
  "delete-branch",
  "tell-dashboard",
  "close-dashboard",
];

export function inOrder(actions: readonly Action[]): readonly Action[] {
  return [...actions].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
