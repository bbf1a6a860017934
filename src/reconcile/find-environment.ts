// Finds the environment of a key in what was observed, with the branch that it stands on; nothing where either is unknown.

import type { BranchState, Observed } from "../domain/observed.ts";
import { type Environment, type EnvironmentKey, environmentKey, type Pipeline } from "../domain/pipeline.ts";

export interface FoundEnvironment {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  /** The branch that the environment stands on. */
  readonly branch: BranchState;
}

export function findEnvironment(
  key: EnvironmentKey,
  { configuration, branches, repository }: Observed,
): FoundEnvironment | undefined {
  const pipelines = configuration.kind === "known" ? (configuration.value?.pipelines ?? []) : [];
  const pipeline = pipelines.find(({ name }) => key.startsWith(`${name}/`));
  const environment = pipeline?.environments.find((each) => environmentKey(pipeline, each) === key);
  const branch = environment && branches[environment.branch ?? repository.defaultBranch];
  if (!pipeline || !environment || branch?.kind !== "known") return undefined;
  return { pipeline, environment, branch: branch.value };
}
