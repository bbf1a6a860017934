// Decides what the pull request of a group is opened with: everything that its members want and that can be written now.
// What is not known yet is asked first, so that it is not opened with one and edited for the next.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Need, OpenPromotion } from "../domain/plan.ts";
import { checkOf } from "./describe-promotion.ts";
import type { Opening } from "./environment-context.ts";
import type { Part } from "./group.ts";
import { describePart, isNotEmpty, joinEdits, joinViews, whichGoTogether } from "./join-parts.ts";
import { offerGroupButtons } from "./offer-buttons.ts";
import type { LeftOut } from "./stance.ts";
import { nameRelease } from "./wording.ts";
import { writePart } from "./write-stance.ts";

export type OpenedGroup =
  | { readonly kind: "open"; readonly action: OpenPromotion; readonly left: readonly LeftOut[] }
  | { readonly kind: "wait"; readonly left: readonly LeftOut[]; readonly needs: readonly Need[] };

export function openGroup(openings: readonly Opening[], { key }: { readonly key: EnvironmentKey }): OpenedGroup {
  const parts: Part[] = [];
  const left: LeftOut[] = [];
  const needs: Need[] = [];
  for (const { context, declared, release } of openings) {
    const written = writePart({ declared, release }, context);
    if (written.kind === "part" && !written.part.writing.moved) parts.push(written.part);
    else if (written.kind === "part")
      left.push(cannot(context, `nothing is proposed: ${written.part.writing.moved?.reason ?? ""}`));
    else if (written.kind === "unwritable")
      left.push(cannot(context, `${nameRelease(release)} cannot be written: ${written.reason}`));
    else {
      left.push({ context, situation: "candidate-unknown", reason: written.reason });
      needs.push(...written.needs);
    }
  }
  if (needs.length > 0) return { kind: "wait", left: unlessLeft(openings, { left, reason: ASKED }), needs };
  const { together, left: waiting } = whichGoTogether(parts);
  for (const { candidate, reason } of waiting)
    left.push({ context: candidate.context, situation: "waits-to-be-proposed", reason });
  if (!isNotEmpty(together)) return { kind: "wait", left, needs };
  const edit = joinEdits(together);
  if (edit.kind === "unknown")
    return { kind: "wait", left: unlessLeft(openings, { left, reason: edit.why }), needs: edit.needs };
  const [first] = together;
  const chosen = openings.filter(({ context }) => together.some((part) => part.context === context));
  const base = chosen[0]?.base;
  if (!base) throw new Error(`nothing is opened for ${key}`);
  const [firstView, ...views] = together.map((part) => describePart(part, { standsOn: base.head }));
  if (!firstView) throw new Error(`nothing is opened for ${key}`);
  const view = joinViews([firstView, ...views], { key });
  const branchHead = first.context.stray?.head.oid;
  const action: OpenPromotion = {
    kind: "open",
    key,
    base: first.context.baseName,
    baseHead: base.head,
    baseTree: base.tree,
    edit: edit.value,
    view,
    check: checkOf(view.gates, { view, notes: [], buttons: offerGroupButtons(together.map(({ context }) => context)) }),
    reason: reasonFor(chosen),
    ...(branchHead !== undefined && { branchHead }),
  };
  return { kind: "open", action, left };
}

function reasonFor(openings: readonly Opening[]): string {
  const [only, ...more] = openings;
  if (only && more.length === 0) return only.reason;
  return openings.map(({ context, reason }) => `${context.pipeline.name}: ${reason}`).join("; ");
}

const ASKED = "something about another member of its group is not known yet";

function unlessLeft(
  openings: readonly Opening[],
  { left, reason }: { readonly left: readonly LeftOut[]; readonly reason: string },
): readonly LeftOut[] {
  const rest = openings.filter(({ context }) => !left.some((each) => each.context === context));
  return [...left, ...rest.map(({ context }) => ({ context, situation: "candidate-unknown" as const, reason }))];
}

function cannot(context: Opening["context"], reason: string): LeftOut {
  return { context, situation: "cannot-be-written", reason };
}
