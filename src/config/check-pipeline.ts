// Rules about one pipeline as a whole: unique names, known predecessors, no circle, something to observe. The shape of
// each value is already known to be right, or its fault told.

import { type Draft, type DraftEnvironment, describePlace } from "./draft.ts";
import { suggestWord } from "./nearest-word.ts";
import { orderEnvironments } from "./order-environments.ts";
import { startOf, type Written } from "./shape.ts";

type Rule = (draft: Draft) => void;

const RULES: readonly Rule[] = [
  uniqueEnvironments,
  uniqueImages,
  fittingPolicies,
  knownPredecessors,
  noCycle,
  soakObserves,
];

export function checkPipeline(draft: Draft): void {
  for (const rule of RULES) rule(draft);
}

function uniqueEnvironments({ environments, reading }: Draft): void {
  const seen = new Map<string, DraftEnvironment>();
  for (const environment of environments) {
    const { name } = environment.written;
    if (name === undefined) continue;
    const first = seen.get(name.value);
    if (first === undefined) {
      seen.set(name.value, environment);
      continue;
    }
    const hint = `It is taken in ${describePlace(first.at, name.at)}.`;
    reading.report({ at: name.at, message: `Two environments are called \`${name.value}\`.`, hint });
  }
}

function uniqueImages({ written, reading }: Draft): void {
  const seen = new Set<string>();
  for (const { value } of written.images?.value ?? []) {
    const named = value.image ?? value.git;
    if (named === undefined) continue;
    const { value: name, at } = named;
    const what = value.image === undefined ? "repository" : "image";
    if (seen.has(name)) reading.report({ at, message: `The ${what} \`${name}\` stands twice in this pipeline.` });
    seen.add(name);
  }
}

/** A branch has commits, a tag of an image has digests. */
function fittingPolicies({ written, reading }: Draft): void {
  for (const { value } of written.images?.value ?? []) {
    const policy = typeof value.policy?.value === "object" ? value.policy.value : undefined;
    const { branch, digest, platform } = policy ?? {};
    if (value.image !== undefined && branch !== undefined) {
      const hint = "Write `digest: <tag>` to follow a tag that moves.";
      reading.report({ at: branch.at, message: "An image has no branches.", hint });
    }
    if (value.git !== undefined && platform !== undefined)
      reading.report({ at: platform.at, message: "A Git repository has no platforms." });
    if (value.git !== undefined && digest !== undefined) {
      const hint = "Write `branch: <name>` to follow the commits of a branch.";
      reading.report({ at: digest.at, message: "A Git repository has no digests.", hint });
    }
  }
}

function knownPredecessors({ environments, reading }: Draft): void {
  const names = environments.flatMap(({ written }) => (written.name === undefined ? [] : [written.name.value]));
  for (const { predecessors } of environments) {
    for (const { value, at } of predecessors) {
      if (names.includes(value)) continue;
      reading.report({
        at,
        message: `There is no environment \`${value}\` in this pipeline.`,
        hint: () => suggestWord(value, names),
      });
    }
  }
}

function noCycle({ environments, reading }: Draft): void {
  const order = orderEnvironments(environments);
  if (order.kind === "ordered") return;
  const first = environments.find(({ name }) => name === order.names[0]);
  const link = first?.predecessors.find(({ value }) => value === order.names[1]);
  if (link === undefined) return;
  const message = `These environments come after each other in a circle: ${order.names.join(" -> ")}.`;
  reading.report({ at: link.at, message, hint: "One environment has to come first; take it out of an `after`." });
}

function soakObserves({ environments, reading }: Draft): void {
  for (const environment of environments) {
    const before = environment.predecessors.map(({ value }) => environments.find(({ name }) => name === value));
    // An unknown predecessor is told already, and what it names cannot be known.
    if (before.includes(undefined) || before.some((each) => (each?.written.live?.value.length ?? 0) > 0)) continue;
    for (const soak of soaksOf(environment)) {
      const message =
        before.length === 0
          ? `A soak has nothing to observe: \`${environment.name}\` comes after no environment.`
          : `A soak has nothing to observe: no environment before \`${environment.name}\` names a \`live\`.`;
      const hint =
        before.length === 0
          ? "Name the environment before in `after`, or remove the soak."
          : "Say where the environment before runs with `live`.";
      reading.report({ at: startOf(soak.at), message, hint });
    }
  }
}

function soaksOf({ written }: DraftEnvironment): readonly Written<unknown>[] {
  const gates = [...(written["propose-when"]?.value ?? []), ...(written["merge-when"]?.value ?? [])];
  return gates.filter((gate) => gate.value.soak !== undefined);
}
