// The environments of a pipeline in an order in which each stands behind those that it comes after; otherwise as written.

import type { DraftEnvironment } from "./draft.ts";

export type Order =
  | { readonly kind: "ordered"; readonly environments: readonly DraftEnvironment[] }
  /** Begins and ends with the same environment: `a -> b -> a`, each after the next. */
  | { readonly kind: "cycle"; readonly names: readonly string[] };

/** Predecessors that do not exist are left out; they are another rule's finding. */
export function orderEnvironments(environments: readonly DraftEnvironment[]): Order {
  const known = new Set(environments.map(({ name }) => name));
  const placed = new Set<string>();
  const ordered: DraftEnvironment[] = [];
  let rest = environments;
  while (rest.length > 0) {
    const ready = rest.find((environment) => missing(environment, { known, placed }).length === 0);
    if (ready === undefined) return { kind: "cycle", names: findCycle(rest, { known, placed }) };
    ordered.push(ready);
    placed.add(ready.name);
    rest = rest.filter((environment) => environment !== ready);
  }
  return { kind: "ordered", environments: ordered };
}

interface Progress {
  readonly known: ReadonlySet<string>;
  readonly placed: ReadonlySet<string>;
}

function missing(environment: DraftEnvironment, { known, placed }: Progress): readonly string[] {
  return environment.predecessors.map(({ value }) => value).filter((name) => known.has(name) && !placed.has(name));
}

/** Every environment that is left waits for another one that is left, so following them must come back. */
function findCycle(rest: readonly DraftEnvironment[], progress: Progress): readonly string[] {
  const way: string[] = [];
  let current = rest[0];
  while (current !== undefined && !way.includes(current.name)) {
    way.push(current.name);
    const next = missing(current, progress)[0];
    current = rest.find(({ name }) => name === next);
  }
  const again = current?.name ?? "";
  return [...way.slice(way.indexOf(again)), again];
}
