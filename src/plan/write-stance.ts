// Finds what the group's pull request would write for one member, now and next. What cannot be exchanged stays as it is;
// what cannot be written at all leaves, so that the others can go on.

import type { Need } from "../domain/plan.ts";
import { computeEdit } from "./compute-edit.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import type { Part } from "./group.ts";
import type { LeftOut, Stance, Wait, Wanted, WrittenStance } from "./stance.ts";
import { nameRelease } from "./wording.ts";

export type WritingStance =
  | { readonly kind: "written"; readonly stance: WrittenStance; readonly left: readonly LeftOut[] }
  | Wait;

export function writeStance(stance: Stance): WritingStance {
  const { context, present, next } = stance;
  const now = present && writePart(present, context);
  const then = next && (next === present ? now : writePart(next, context));
  for (const each of [now, then])
    if (each?.kind === "unknown" && (present || each.needs.length > 0))
      return { kind: "wait", situation: "candidate-unknown", reason: each.reason, needs: each.needs };
  const named = next ? nameRelease(next.release) : "";
  const problem = then && then.kind !== "part" ? `${named} cannot be written: ${then.reason}` : undefined;
  const moved = !present && then?.kind === "part" ? then.part.writing.moved : undefined;
  const why = problem ?? (moved && `nothing is proposed: ${moved.reason}`);
  const presentPart = now?.kind === "part" && { presentPart: now.part };
  if (why === undefined)
    return {
      kind: "written",
      stance: { ...stance, ...presentPart, ...(then?.kind === "part" && { nextPart: then.part }) },
      left: [],
    };
  const left = [{ context, situation: "cannot-be-written", reason: why } as const];
  if (!present) return { kind: "written", stance: { context, notes: [] }, left };
  if (now?.kind === "part") return { kind: "written", stance: asItIs({ ...stance, present }, now.part), left };
  return {
    kind: "written",
    stance: { context, present, notes: [], change: { reason: why, firm: true }, unwritten: why },
    left,
  };
}

function asItIs({ context, present, notes, doubt }: Stance & { readonly present: Wanted }, part: Part): WrittenStance {
  return { context, present, next: present, notes, ...(doubt && { doubt }), presentPart: part, nextPart: part };
}

type WrittenPart =
  | { readonly kind: "part"; readonly part: Part }
  | { readonly kind: "unwritable"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string; readonly needs: readonly Need[] };

export function writePart({ declared, release }: Wanted, context: EnvironmentContext): WrittenPart {
  const writing = computeEdit(release, context);
  if (writing.kind === "unknown") return { kind: "unknown", reason: writing.why, needs: writing.needs };
  switch (writing.value.kind) {
    case "refused":
      return { kind: "unwritable", reason: writing.value.reason };
    case "nothing-to-write":
      return { kind: "unwritable", reason: "its places would say the same afterwards" };
    case "writable":
      return { kind: "part", part: { context, declared, release, writing: writing.value } };
  }
}
