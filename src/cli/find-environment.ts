// The environment that somebody means by a word on the command line: `checkout/live`, or `live` where only one pipeline
// has an environment of that name.

import { formatFinding } from "../config/format-finding.ts";
import { suggestWord } from "../config/nearest-word.ts";
import { listOf } from "../domain/count-words.ts";
import {
  type Configuration,
  type Environment,
  type EnvironmentKey,
  environmentKey,
  type Pipeline,
} from "../domain/pipeline.ts";
import type { Seen } from "../domain/seen.ts";

export interface FoundEnvironment {
  readonly key: EnvironmentKey;
  readonly pipeline: Pipeline;
  readonly environment: Environment;
}

export type EnvironmentReading =
  | ({ readonly kind: "found" } & FoundEnvironment)
  /** Sentences. */
  | { readonly kind: "not-found"; readonly why: string };

/** `where`: what the pipeline file was read from, as a person calls it. */
export function findEnvironment(
  wanted: string,
  { configuration, where }: { readonly configuration: Seen<Configuration | undefined>; readonly where: string },
): EnvironmentReading {
  if (configuration.kind === "unknown")
    return { kind: "not-found", why: `The pipeline file on ${where} could not be read: ${configuration.why}.` };
  const { value } = configuration;
  if (value === undefined) return { kind: "not-found", why: `There is no pipeline file on ${where}.` };
  const all = value.pipelines.flatMap((pipeline) =>
    pipeline.environments.map((environment) => ({ key: environmentKey(pipeline, environment), pipeline, environment })),
  );
  const meant = all.filter(({ key, environment }) => key === wanted || environment.name === wanted);
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return { kind: "found", ...only };
  if (only !== undefined) return { kind: "not-found", why: askWhich(wanted, meant) };
  return { kind: "not-found", why: explainAbsence(wanted, { value, all, where }) };
}

const MOST_NAMED = 10;

function askWhich(wanted: string, meant: readonly FoundEnvironment[]): string {
  const keys = meant.slice(0, MOST_NAMED).map(({ key }) => `\`${key}\``);
  const more = meant.length > MOST_NAMED ? [`${meant.length - MOST_NAMED} more`] : [];
  return `${meant.length} pipelines have an environment \`${wanted}\`. Name one of them: ${listOf([...keys, ...more])}.`;
}

function explainAbsence(
  wanted: string,
  {
    value,
    all,
    where,
  }: { readonly value: Configuration; readonly all: readonly FoundEnvironment[]; readonly where: string },
): string {
  const shown = wanted.slice(0, 130);
  const broken = value.broken.find(({ name }) => name === wanted.split("/")[0]);
  if (broken) return `The pipeline \`${broken.name}\` has an error.\n${formatFinding(broken.finding)}`;
  const keys = all.map(({ key }) => key);
  const names = new Set(all.map(({ environment }) => environment.name));
  const hint = suggestWord(wanted, wanted.includes("/") ? keys : [...names]);
  const elsewhere = value.broken.length > 0 ? ` ${value.broken.length} pipelines have errors and were left out.` : "";
  return `The pipeline file on ${where} has no environment \`${shown}\`.${hint === undefined ? "" : ` ${hint}`}${elsewhere}`;
}
