// The pipeline files of a repository, read and checked as a whole: text to pipelines and findings. Never throws. A fault
// stops the pipeline in which it stands; at the top of the main file it stops all, at the top of a further file that one.

import type { Finding } from "../domain/finding.ts";
import type { Configuration, Pipeline } from "../domain/pipeline.ts";
import type { SettingsFloor } from "../domain/settings.ts";
import { checkEnvironments } from "./check-environment.ts";
import { checkGroups } from "./check-groups.ts";
import { checkPipeline } from "./check-pipeline.ts";
import { checkPlaces } from "./check-places.ts";
import { checkSandboxes } from "./check-sandboxes.ts";
import type { Draft } from "./draft.ts";
import { checkPipelineNames, draftPipelines } from "./draft-pipelines.ts";
import { findOwners, type OwnerSearch } from "./find-owners.ts";
import { gatherFindings } from "./gather-findings.ts";
import type { Effort } from "./make-reading.ts";
import { normalisePipeline } from "./normalise-pipeline.ts";
import { NO_TOP, normaliseTop } from "./normalise-top.ts";
import { MOST_READINGS } from "./parse-limits.ts";
import { type MainFile, readFiles } from "./read-files.ts";
import { type Rules, startOf } from "./shape.ts";

export interface ConfigurationInput {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Every file of the default branch, for `for-each` and globs; `undefined` where nobody knows them. */
  readonly tree: readonly string[] | undefined;
  readonly floor: readonly SettingsFloor[];
  readonly rules: Rules;
  /** The text of the file of code owners that counts; absent where there is none. */
  readonly codeowners?: string | undefined;
}

export function readConfiguration({ files, tree, floor, rules, codeowners }: ConfigurationInput): Configuration {
  const effort: Effort = { gathering: gatherFindings(), rules, spent: 0 };
  const { main, further } = readFiles(files, effort);
  if (main === undefined) return { ...NO_TOP, pipelines: [], broken: [], findings: effort.gathering.findings() };
  const all = [main, ...further];
  const drafts = draftPipelines(all, { effort, tree, defaults: main.defaults });
  for (const draft of drafts) {
    checkPipeline(draft);
    checkEnvironments(draft);
  }
  checkPipelineNames(drafts);
  checkGroups(drafts);
  const isExhausted = effort.spent > MOST_READINGS;
  if (isExhausted) reportExhaustion(main);
  else {
    checkPlaces(drafts, tree ?? []);
    checkSandboxes(drafts);
  }

  const environments = new Set(drafts.flatMap((draft) => draft.environments.map(({ name }) => name)));
  const top = normaliseTop(main.written, { reading: main.reading, environments });
  const owners = findOwners({ codeowners, tree: tree ?? [] });
  const parted =
    main.firstError() === undefined ? partDrafts(drafts, { floor, owners }) : { pipelines: [], broken: [] };
  return { ...top, ...parted, findings: effort.gathering.findings() };
}

function partDrafts(
  drafts: readonly Draft[],
  surroundings: { readonly floor: readonly SettingsFloor[]; readonly owners: OwnerSearch },
): Pick<Configuration, "pipelines" | "broken"> {
  const pipelines = new Map<string, Pipeline>();
  const broken = new Map<string, Finding>();
  for (const draft of drafts) {
    const error = draft.reading.firstError() ?? draft.file.firstError();
    if (error !== undefined) {
      if (!broken.has(draft.name)) broken.set(draft.name, error);
      continue;
    }
    const pipeline = draft.isSample ? undefined : normalisePipeline(draft, surroundings);
    if (pipeline !== undefined) pipelines.set(pipeline.name, pipeline);
  }
  // A second pipeline of a name that is taken is told, and does not stop the first.
  const stopped = [...broken].filter(([name]) => !pipelines.has(name));
  return { pipelines: [...pipelines.values()], broken: stopped.map(([name, finding]) => ({ name, finding })) };
}

function reportExhaustion({ reading, root }: MainFile): void {
  const message = "Reading this takes too much work: too many pipelines, each with too many values.";
  reading.report({
    at: startOf({ node: root, path: "" }),
    message,
    hint: "Make fewer pipelines, or part the repository.",
  });
}
