// Decides whether the head of a promotion has to move although the release stays the same. A moved base alone is no
// reason, and neither is our own merge: approvals and checks stand on a head, and every move costs people their work.

import type { Observed } from "../domain/observed.ts";
import type { Edit } from "../domain/place.ts";
import type { Promotion } from "../domain/promotion.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { code, shortCommit } from "./wording.ts";

type Proposal = Pick<Promotion, "inMergeQueue" | "head" | "mergeable" | "base">;

export type HeadDecision = { readonly kind: "stays" } | { readonly kind: "moves"; readonly reason: string };

export function decideHead(
  promotion: Proposal,
  { edit, baseHead, observed }: { readonly edit: Edit; readonly baseHead: string; readonly observed: Observed },
): Answer<HeadDecision> {
  if (promotion.inMergeQueue) return answer({ kind: "stays" });
  const { head } = promotion;
  const differs = whichFileDiffers(promotion, { edit, observed });
  if (differs.kind === "unknown") return differs;
  if (differs.value !== undefined) {
    return answer({
      kind: "moves",
      reason: `${code(differs.value)} has changed on ${code(promotion.base)}, so the change is computed again`,
    });
  }
  if (promotion.mergeable === "conflicting" && head.parent !== baseHead) {
    return answer({
      kind: "moves",
      reason: `it conflicts with ${code(promotion.base)}, so the change is computed again on ${shortCommit(baseHead)}`,
    });
  }
  return answer({ kind: "stays" });
}

/** Compares what the head holds with what the change would give on the base as it is now; `undefined`: nothing differs. */
function whichFileDiffers(
  promotion: Proposal,
  { edit, observed }: { edit: Edit; observed: Observed },
): Answer<string | undefined> {
  const files = observed.heads[promotion.head.oid];
  if (files === undefined) {
    return noAnswer(`the files of ${shortCommit(promotion.head.oid)} have not been read yet`, [
      { kind: "head-files", head: promotion.head.oid },
    ]);
  }
  if (files.kind === "unknown")
    return noAnswer(`the files of ${shortCommit(promotion.head.oid)} are not known: ${files.why}`);
  const held = new Map(files.value.map(({ path, blob }) => [path, blob]));
  const changed = edit.files.find(({ path, after }) => held.get(path) !== after);
  if (changed) return answer(changed.path);
  const wanted = new Set(edit.files.map(({ path }) => path));
  return answer([...held.keys()].find((path) => !wanted.has(path)));
}
