// Decides whether the check on a head has to be written: only when it says something else than it should. A completed
// run cannot be reopened, so a changed verdict after completion is a new run on the same head.

import type { CheckView } from "../domain/check-view.ts";
import type { SetCheck } from "../domain/plan.ts";
import type { CheckState } from "../domain/promotion.ts";

export function setCheck(
  check: CheckView,
  {
    head,
    present,
    subject,
  }: { readonly head: string; readonly present: CheckState | undefined; readonly subject: string },
): readonly SetCheck[] {
  if (present && present.fingerprint === check.fingerprint && present.state === check.state) return [];
  const run = present?.state === "in-progress" ? { run: present.id } : {};
  const reason = `the check on ${subject} ${present ? "has to say something else" : "is missing"}: ${check.title}`;
  return [{ kind: "set-check", head, check, reason, ...run }];
}
