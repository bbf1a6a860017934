// The guard `several-environments`, and the limit of `limits.environments`: how much one pull request may change at once.
// What goes everywhere in one step cannot be stopped half-way.

import { countOf, listOf } from "../domain/count-words.ts";
import type { GuardVerdict } from "../domain/guard-verdict.ts";
import type { Configuration } from "../domain/pipeline.ts";
import { type GuardContext, levelOf, overrideWith } from "./guard-context.ts";
import { code } from "./wording.ts";

const TOLD = 10;

/** `contexts`: the environments that the pull request changes. */
export function guardSpread(
  contexts: readonly GuardContext[],
  { limits }: Pick<Configuration, "limits">,
): readonly GuardVerdict[] {
  const byPipeline = Map.groupBy(contexts, ({ pipeline }) => pipeline.name);
  return [...[...byPipeline.values()].flatMap(withinPipeline), ...overLimit(contexts, limits.environments)];
}

function withinPipeline(contexts: readonly GuardContext[]): readonly GuardVerdict[] {
  const guard = "several-environments";
  const strict = contexts.some((context) => levelOf(guard, context) === "fail");
  if (contexts.length < 2 || contexts.every((context) => levelOf(guard, context) === "off")) return [];
  const keys = contexts.map(({ change }) => change.key);
  const cure = "Change one environment after the other, a pull request for each";
  return [
    {
      guard,
      keys,
      state: strict ? "failed" : "remark",
      why: `it changes ${nameSome(keys)} at once`,
      cure: strict ? `${cure}; or ${overrideWith(guard)}` : cure,
    },
  ];
}

function overLimit(contexts: readonly GuardContext[], limit: number | undefined): readonly GuardVerdict[] {
  if (limit === undefined || contexts.length <= limit) return [];
  const keys = contexts.map(({ change }) => change.key);
  const why = `it changes ${countOf(keys.length, "environment")} at once, and the limit is ${limit}: ${nameSome(keys)}`;
  const cure = `Make it smaller; or ${overrideWith("environments")}`;
  return [{ guard: "environments", keys, state: "waiting", why, cure }];
}

function nameSome(keys: readonly string[]): string {
  const more = keys.length - TOLD;
  return listOf([...keys.slice(0, TOLD).map(code), ...(more > 0 ? [`${more} more`] : [])]);
}
