// Which environments of a branch a change touches, and with which of its files. Looks at nothing but the changed files,
// however large the repository is.

import {
  type Configuration,
  type Environment,
  type EnvironmentKey,
  environmentKey,
  nameInEnvironment,
  type Pipeline,
} from "../domain/pipeline.ts";
import { selectFiles } from "./select-files.ts";
import type { TreeFile, TreeIndex } from "./tree-index.ts";

export interface TouchedEnvironment {
  readonly key: EnvironmentKey;
  readonly environment: Environment;
  /** Names that matter in these files. */
  readonly images: readonly string[];
  /** Files that may say a version, before and after. */
  readonly before: readonly TreeFile[];
  readonly after: readonly TreeFile[];
  /** All of its changed files, whatever they are. */
  readonly everyBefore: readonly TreeFile[];
  readonly everyAfter: readonly TreeFile[];
}

export interface ChangedSides {
  /** The changed files alone. */
  readonly before: TreeIndex;
  readonly after: TreeIndex;
}

export function selectTouched(
  configuration: Configuration,
  {
    branch,
    defaultBranch,
    ...sides
  }: ChangedSides & {
    readonly branch: string;
    readonly defaultBranch: string;
  },
): readonly TouchedEnvironment[] {
  return configuration.pipelines.flatMap((pipeline) =>
    pipeline.environments
      .filter((environment) => (environment.branch ?? defaultBranch) === branch)
      .map((environment) => touchedBy({ pipeline, environment }, sides))
      .filter(({ everyBefore, everyAfter }) => everyBefore.length + everyAfter.length > 0),
  );
}

function touchedBy(
  { pipeline, environment }: { readonly pipeline: Pipeline; readonly environment: Environment },
  { before, after }: ChangedSides,
): TouchedEnvironment {
  const { paths, fields } = environment;
  const select = (index: TreeIndex, every: boolean) => selectFiles({ paths, fields, index, every }).files;
  return {
    key: environmentKey(pipeline, environment),
    environment,
    images: pipeline.images.map(({ image }) => nameInEnvironment(environment, image)),
    before: select(before, false),
    after: select(after, false),
    everyBefore: select(before, true),
    everyAfter: select(after, true),
  };
}
