// What the planner could find out from what was observed: a value, or why not, with what would have to be read.

import type { Need } from "../domain/plan.ts";

export type Answer<T> =
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "unknown"; readonly why: string; readonly needs: readonly Need[] };

export function answer<T>(value: T): Answer<T> {
  return { kind: "known", value };
}

export function noAnswer(why: string, needs: readonly Need[] = []): Answer<never> {
  return { kind: "unknown", why, needs };
}

/** All values, or every reason and need at once, so that one more look can answer all of them. */
export function allAnswers<T>(answers: readonly Answer<T>[]): Answer<readonly T[]> {
  const values: T[] = [];
  const whys: string[] = [];
  const needs: Need[] = [];
  for (const each of answers) {
    if (each.kind === "known") values.push(each.value);
    else {
      whys.push(each.why);
      needs.push(...each.needs);
    }
  }
  return whys.length === 0 ? answer(values) : noAnswer(whys.join("; "), needs);
}
