// Decides whether a promotion has to leave the merge queue: as soon as its check says that a gate is closed. Once the gates
// have passed it is put back.

import type { CheckView } from "../domain/check-view.ts";
import type { DequeuePromotion } from "../domain/dequeue-promotion.ts";
import type { Promotion } from "../domain/promotion.ts";

export function leaveQueue(promotion: Promotion, check: CheckView): readonly DequeuePromotion[] {
  const { key, number, head, inMergeQueue } = promotion;
  if (!inMergeQueue || check.state === "success") return [];
  const reason = `pull request ${number} is in the merge queue, and a gate has closed: ${check.title}`;
  return [{ kind: "dequeue", key, number, head: head.oid, reason }];
}
