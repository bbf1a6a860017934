// Reads the pipeline file that somebody's pull request would put on the default branch: its findings, and the plan that it
// would lead to. It is read to be shown, and counts for nothing: nobody is asked on its word, no registry, no cluster.

import { isConfigurationFile } from "../config/configuration-files.ts";
import { editKey, type Observed } from "../domain/observed.ts";
import {
  type Configuration,
  type Environment,
  environmentKey,
  nameInEnvironment,
  type Pipeline,
} from "../domain/pipeline.ts";
import type { EditResult } from "../domain/place.ts";
import type { Need } from "../domain/plan.ts";
import type { ProposedPipelineFile } from "../domain/proposed-change.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { ChangedSides } from "../manifests/select-touched.ts";
import { indexTree, type TreeIndex } from "../manifests/tree-index.ts";
import { planRepository } from "../plan/plan-repository.ts";
import { tellPreview } from "../plan/tell-preview.ts";
import { computeEdit } from "./compute-edit.ts";
import { observeConfiguration } from "./observe-configuration.ts";
import { coverFiles, observeEnvironments } from "./observe-environments.ts";
import type { Shell } from "./shell.ts";

interface Proposing {
  readonly need: { readonly base: string; readonly fork: boolean };
  readonly sides: ChangedSides;
  /** The one that counts. */
  readonly configuration: Configuration;
}

interface Answering {
  readonly observed: Observed;
  readonly indexOf: (tree: string) => Promise<TreeIndex>;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export async function readProposedFile(
  { need, sides, configuration }: Proposing,
  answering: Answering,
): Promise<ProposedPipelineFile | undefined> {
  const { observed, at, shell } = answering;
  const { defaultBranch } = observed.repository;
  const touches = [...sides.before.files, ...sides.after.files].some(({ path }) => isConfigurationFile(path));
  const main = observed.branches[defaultBranch];
  if (!touches || need.base !== defaultBranch || main?.kind !== "known") return undefined;
  const merged = overlay(await answering.indexOf(main.value.tree), sides);
  const proposed = await observeConfiguration(merged, { at, shell });
  if (proposed.kind === "unknown") return { kind: "unread", why: proposed.why };
  if (proposed.value === undefined) return { kind: "gone" };
  const { findings } = proposed.value;
  // A stranger's file leads to nothing, not even to a thought.
  if (need.fork) return { kind: "read", findings, preview: [FORK] };
  const indexOf = async (tree: string) => (tree === main.value.tree ? merged : answering.indexOf(tree));
  const preview = await previewOf(proposed.value, { present: configuration, answering: { ...answering, indexOf } });
  return { kind: "read", findings, preview };
}

const FORK = "It comes from another repository, so no plan is made of it";

/** The branch as the merge would leave it. */
function overlay(base: TreeIndex, { before, after }: ChangedSides): TreeIndex {
  const kept = base.files.filter(({ path }) => !before.byPath.has(path) && !after.byPath.has(path));
  return indexTree([...kept, ...after.files]);
}

/** Of environments that are new or look elsewhere than before. */
const MOST_FILES = 2_000;
const MOST_EDITS = 20;
const ROUNDS = 3;

async function previewOf(
  proposed: Configuration,
  { present, answering }: { readonly present: Configuration; readonly answering: Answering },
): Promise<readonly string[]> {
  const { observed, indexOf, at, shell } = answering;
  const { branches, repository } = observed;
  if (!(await isAffordable(proposed, { present, answering })))
    return [
      `It would look at more than ${MOST_FILES} files that nobody looked at before, so no plan is made of it here`,
    ];
  const where = { branches, defaultBranch: repository.defaultBranch, indexOf, at, shell };
  const environments = await observeEnvironments(proposed, where);
  const live = liveOf(proposed, observed);
  let now: Observed = { ...observed, configuration: known(proposed), environments, live, guarded: [], edits: {} };
  let plan = planRepository(now);
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = plan.needs.filter((need) => need.kind === "edit").slice(0, MOST_EDITS);
    if (wanted.length === 0) break;
    const edits = await computeEdits(wanted, { ...answering, observed: now });
    now = { ...now, edits: { ...now.edits, ...edits } };
    plan = planRepository(now);
  }
  return tellPreview(plan, { present, proposed });
}

async function computeEdits(
  needs: readonly Extract<Need, { kind: "edit" }>[],
  answering: Answering,
): Promise<Readonly<Record<string, Seen<EditResult>>>> {
  const edits: Record<string, Seen<EditResult>> = {};
  for (const need of needs) edits[editKey(need.key, need.release)] = await computeEdit(need, answering);
  return edits;
}

/** Whoever writes a pipeline file must not make us read the whole repository with it. */
async function isAffordable(
  proposed: Configuration,
  { present, answering }: { readonly present: Configuration; readonly answering: Answering },
): Promise<boolean> {
  const { branches, repository } = answering.observed;
  const seen = new Set(environmentsOf(present).map(whatIsRead));
  let files = 0;
  for (const each of environmentsOf(proposed)) {
    const branch = branches[each.environment.branch ?? repository.defaultBranch];
    if (seen.has(whatIsRead(each)) || branch?.kind !== "known") continue;
    const { selection } = coverFiles(each, { index: await answering.indexOf(branch.value.tree), atMost: MOST_LOOKS });
    files += selection.files.length;
    if (files > MOST_FILES) return false;
  }
  return true;
}

const MOST_LOOKS = 200_000;

interface InPipeline {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
}

function environmentsOf({ pipelines }: Configuration): readonly InPipeline[] {
  return pipelines.flatMap((pipeline) => pipeline.environments.map((environment) => ({ pipeline, environment })));
}

function whatIsRead({ pipeline, environment }: InPipeline): string {
  const { paths, fields, branch = "" } = environment;
  return JSON.stringify([
    paths,
    fields,
    branch,
    pipeline.images.map(({ image }) => nameInEnvironment(environment, image)),
  ]);
}

/** Where the file names a place that it did not name before, nobody has looked there. */
function liveOf(proposed: Configuration, { live }: Observed): Observed["live"] {
  return Object.fromEntries(
    environmentsOf(proposed).flatMap(({ pipeline, environment }) => {
      const key = environmentKey(pipeline, environment);
      const known = live[key] ?? [];
      const readings = environment.live.map(
        (target) =>
          known.find((reading) => JSON.stringify(reading.target) === JSON.stringify(target)) ?? {
            target,
            state: unknown("nobody looks there on the word of a pull request"),
          },
      );
      return readings.length > 0 ? [[key, readings] as const] : [];
    }),
  );
}
