// Finds what Git declares in an environment, now or at the commit that a cluster runs, and the branch it stands on.

import type { BranchState, DeclaredState, Observed } from "../domain/observed.ts";
import { type Environment, environmentKey } from "../domain/pipeline.ts";
import type { Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { type Declared, readDeclared } from "./read-declared.ts";
import { code } from "./wording.ts";

type Knowing = Pick<PipelineContext, "observed" | "pipeline" | "ledger">;

export function declaredIn(environment: Environment, context: PipelineContext): Answer<Declared> {
  const { observed, pipeline } = context;
  const key = environmentKey(pipeline, environment);
  const state = observed.environments[key];
  if (state === undefined) return noAnswer(`the files of ${key} have not been read`);
  if (state.kind === "unknown") return noAnswer(`the files of ${key} are not known: ${state.why}`);
  return readState(state.value, { environment, context });
}

export function readState(
  state: DeclaredState,
  { environment, context }: { readonly environment: Environment; readonly context: Knowing },
): Answer<Declared> {
  const { observed, pipeline } = context;
  return readDeclared(state, { observed, pipeline, environment, knownReleases: knownReleases(environment, context) });
}

/** Where a tag without digest, or a digest without tag, may be known from; the environment's own memory first. */
function knownReleases(environment: Environment, { observed, pipeline, ledger }: Knowing): readonly Release[] {
  const own = environmentKey(pipeline, environment);
  const keys = [
    own,
    ...pipeline.environments.map((each) => environmentKey(pipeline, each)).filter((key) => key !== own),
  ];
  const merged = observed.past
    .filter(({ key, outcome }) => key === own && outcome === "merged")
    .flatMap(({ release }) => release ?? []);
  return [...keys.flatMap((key) => ledger.environments[key]?.reached ?? []).map(({ release }) => release), ...merged];
}

export function baseOf(name: string, observed: Observed): Answer<BranchState> {
  const branch = observed.branches[name];
  if (branch === undefined) return noAnswer(`there is no branch ${code(name)}`);
  return branch.kind === "known" ? answer(branch.value) : noAnswer(`branch ${code(name)} is not known: ${branch.why}`);
}
