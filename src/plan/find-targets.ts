// Finds what a command is about: one environment, the same environment of several pipelines, or a pipeline as a whole.
// What nobody named is what the conversation is about; what could mean several things is never guessed.

import type { CommandTarget } from "../domain/command.ts";
import type { Conversation } from "../domain/conversation.ts";
import { listOf } from "../domain/count-words.ts";
import {
  type Configuration,
  type EnvironmentKey,
  environmentKey,
  type Pipeline,
  proposedUnder,
} from "../domain/pipeline.ts";
import type { Target } from "./order.ts";
import { code } from "./wording.ts";

export type FoundTargets =
  | { readonly kind: "found"; readonly targets: readonly [Target, ...Target[]] }
  /** One sentence without a full stop each. */
  | { readonly kind: "not-found"; readonly why: string; readonly hint?: string };

interface Place {
  readonly conversation: Conversation;
  readonly configuration: Configuration;
}

export function findTargets({ pipeline, name }: CommandTarget, place: Place): FoundTargets {
  if (pipeline !== undefined) return inPipeline(pipeline, { name, place });
  if (name !== undefined) return byName(name, place);
  const [own, ...others] = ownTargets(place);
  if (own) return { kind: "found", targets: [own, ...others] };
  return {
    kind: "not-found",
    why: "this conversation is about no single environment, so the command has to name one",
    hint: describeKnown(place.configuration),
  };
}

export type FoundEnvironment =
  | { readonly kind: "found"; readonly pipeline: Pipeline; readonly environment: NonNullable<Target["environment"]> }
  | Extract<FoundTargets, { kind: "not-found" }>;

/** For what moves something: exactly one environment. */
export function findOneEnvironment(target: CommandTarget, place: Place): FoundEnvironment {
  const found = findTargets(target, place);
  if (found.kind === "not-found") return found;
  const [first, ...more] = found.targets;
  if (more.length > 0) {
    const keys = found.targets.map(({ pipeline: { name }, environment }) => code(`${name}/${environment?.name ?? ""}`));
    return {
      kind: "not-found",
      why: `${code(first.environment?.name ?? "")} is an environment of several pipelines`,
      hint: `name one of ${listOf(keys.slice(0, SHOWN))}`,
    };
  }
  const { pipeline, environment } = first;
  if (environment) return { kind: "found", pipeline, environment };
  return {
    kind: "not-found",
    why: `${code(pipeline.name)} is a pipeline, and this command is about one environment`,
    hint: `its environments are ${namesOf(pipeline)}`,
  };
}

export function keysOf(targets: readonly Target[]): readonly EnvironmentKey[] {
  return targets.flatMap(({ pipeline, environment }) =>
    (environment ? [environment] : pipeline.environments).map((each) => environmentKey(pipeline, each)),
  );
}

const SHOWN = 10;

/** The environment that the conversation is about, or all of its group. */
function ownTargets({ conversation: { key }, configuration }: Place): readonly Target[] {
  if (key !== undefined) {
    const [pipelineName, environmentName] = key.split("/");
    const pipeline = configuration.pipelines.find(({ name }) => name === pipelineName);
    const environment = pipeline?.environments.find(({ name }) => name === environmentName);
    return pipeline && environment ? [{ pipeline, environment }] : proposedUnder(key, configuration);
  }
  const [pipeline, ...others] = configuration.pipelines;
  const [environment, ...more] = pipeline?.environments ?? [];
  return pipeline && environment && others.length === 0 && more.length === 0 ? [{ pipeline, environment }] : [];
}

function inPipeline(
  pipelineName: string,
  { name, place }: { readonly name: string | undefined; readonly place: Place },
): FoundTargets {
  const { configuration } = place;
  const pipeline = configuration.pipelines.find((each) => each.name === pipelineName);
  if (!pipeline) return unknownName(pipelineName, configuration);
  if (name === undefined) return { kind: "found", targets: [{ pipeline }] };
  const environment = pipeline.environments.find((each) => each.name === name);
  if (environment) return { kind: "found", targets: [{ pipeline, environment }] };
  return {
    kind: "not-found",
    why: `${code(name)} is not an environment of ${code(pipelineName)}`,
    hint: `its environments are ${namesOf(pipeline)}`,
  };
}

/** The conversation's own pipelines come first, then every pipeline that has such an environment, then pipelines. */
function byName(name: string, place: Place): FoundTargets {
  const { pipelines } = place.configuration;
  const near = ownTargets(place).map(({ pipeline }) => pipeline);
  for (const candidates of [near, pipelines]) {
    const targets = candidates.flatMap((pipeline): Target[] =>
      pipeline.environments.filter((each) => each.name === name).map((environment) => ({ pipeline, environment })),
    );
    const [first, ...more] = targets;
    if (first) return { kind: "found", targets: [first, ...more] };
  }
  const pipeline = pipelines.find((each) => each.name === name);
  return pipeline ? { kind: "found", targets: [{ pipeline }] } : unknownName(name, place.configuration);
}

function unknownName(name: string, configuration: Configuration): FoundTargets {
  const broken = configuration.broken.find((each) => each.name === name);
  if (broken) {
    const { file, line, message } = broken.finding;
    return {
      kind: "not-found",
      why: `pipeline ${code(name)} stands still because of an error in ${code(`${file}:${line}`)}: ${message}`,
      hint: "mend the pipeline file first",
    };
  }
  return {
    kind: "not-found",
    why: `there is no pipeline and no environment ${code(name)}`,
    hint: describeKnown(configuration),
  };
}

function describeKnown({ pipelines }: Configuration): string {
  const keys = pipelines.flatMap((pipeline) => pipeline.environments.map((each) => environmentKey(pipeline, each)));
  const more = keys.length - SHOWN;
  const shown = [...keys.slice(0, SHOWN).map(code), ...(more > 0 ? [`${more} more`] : [])];
  return keys.length === 0 ? "there is none in the pipeline file" : `there are ${listOf(shown)}`;
}

function namesOf({ environments }: Pipeline): string {
  return listOf(environments.slice(0, SHOWN).map(({ name }) => code(name)));
}
