// Decides what the guards say of one pull request: every environment that it changes is judged by its own guards, as the
// default branch has them. What the pull request itself writes into the pipeline file is shown, and changes nothing here.

import type { GuardVerdict } from "../domain/guard-verdict.ts";
import type { Override } from "../domain/ledger.ts";
import { type DeclaredState, type Observed, removalsKey } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { GuardedHead } from "../domain/promotion.ts";
import type { ProposedChange, ProposedPipelineFile } from "../domain/proposed-change.ts";
import type { Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { type ChangedPlace, changedPlaces } from "./changed-places.ts";
import { readState } from "./declared-in.ts";
import { doubt, type GuardContext, type GuardFindings, levelOf, NOTHING_FOUND } from "./guard-context.ts";
import { guardDowngrades } from "./guard-downgrades.ts";
import { guardMutableTags } from "./guard-mutable-tags.ts";
import { overriddenBy } from "./guard-overrides.ts";
import { guardSecrets } from "./guard-secrets.ts";
import { guardSpread } from "./guard-spread.ts";
import { guardUnproven } from "./guard-unproven.ts";

export type ChangeVerdict =
  /** It has to be known first. */
  | { readonly kind: "needs"; readonly needs: readonly Need[] }
  /** Not known, so it waits: a clause that says why. */
  | { readonly kind: "unknown"; readonly why: string }
  | {
      readonly kind: "judged";
      readonly verdicts: readonly GuardVerdict[];
      readonly pipelineFile: ProposedPipelineFile | undefined;
    };

export interface ChangeContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  readonly overrides: readonly Override[];
  /** What is known of every environment of every sound pipeline. */
  readonly candidates: ReadonlyMap<EnvironmentKey, CandidateContext>;
}

export function guardChange(pull: GuardedHead & { readonly number: number }, context: ChangeContext): ChangeVerdict {
  const { number, head, base, fork = false } = pull;
  if (!concernsUs(base, context)) return { kind: "judged", verdicts: [], pipelineFile: undefined };
  const seen = context.observed.changes[removalsKey(pull)];
  if (seen === undefined) return { kind: "needs", needs: [{ kind: "change", number, head, base, fork }] };
  if (seen.kind === "unknown") return seen;
  const { verdicts, needs } = judgeChange(seen.value, context);
  if (needs.length > 0) return { kind: "needs", needs };
  const { overrides } = context;
  return {
    kind: "judged",
    verdicts: verdicts.map((verdict) =>
      isBinding(verdict) && overriddenBy(verdict.guard, { head, overrides }).length > 0
        ? { ...verdict, state: "overridden" }
        : verdict,
    ),
    pipelineFile: seen.value.pipelineFile,
  };
}

function isBinding({ state }: GuardVerdict): boolean {
  return state === "failed" || state === "waiting";
}

/** The default branch has the pipeline file, also where it names no environment yet. */
function concernsUs(base: string, { observed, configuration }: ChangeContext): boolean {
  const { defaultBranch } = observed.repository;
  return (
    base === defaultBranch ||
    configuration.pipelines.some(({ environments }) => environments.some(({ branch }) => branch === base))
  );
}

function judgeChange({ environments }: ProposedChange, context: ChangeContext): GuardFindings {
  const contexts = environments.flatMap((change): readonly GuardContext[] => {
    const candidate = context.candidates.get(change.key);
    return candidate ? [{ ...candidate, change }] : [];
  });
  const findings = contexts.map(judgeEnvironment);
  return {
    verdicts: [...findings.flatMap(({ verdicts }) => verdicts), ...guardSpread(contexts, context.configuration)],
    needs: findings.flatMap(({ needs }) => needs),
  };
}

function judgeEnvironment(context: GuardContext): GuardFindings {
  const secrets = guardSecrets(context);
  const versions = judgeVersions(context);
  return { verdicts: [...secrets, ...unreadVersions(context), ...versions.verdicts], needs: versions.needs };
}

const OF_VERSIONS = ["mutable-tags", "downgrades", "unproven"] as const;

/** Where a file could not be read, nobody knows which versions it sets. */
function unreadVersions(context: GuardContext): readonly GuardVerdict[] {
  const [why] = context.change.unread;
  if (why === undefined) return [];
  return OF_VERSIONS.filter((guard) => levelOf(guard, context) === "fail").map((guard) =>
    doubt(
      { guard, why: `nobody can say which versions it sets: ${why}`, cure: "Make it readable, or smaller" },
      context,
    ),
  );
}

function judgeVersions(context: GuardContext): GuardFindings {
  const changed = changedPlaces(context.change);
  if (changed.length === 0) return NOTHING_FOUND;
  const mutable = guardMutableTags(changed, context);
  if (OF_VERSIONS.every((guard) => guard === "mutable-tags" || levelOf(guard, context) === "off"))
    return { verdicts: mutable, needs: [] };
  const release = releaseAfter(changed, context);
  if (release.kind === "unknown" && release.needs.length > 0) return { verdicts: mutable, needs: release.needs };
  const facts = {
    release: release.kind === "known" ? release.value : undefined,
    pinsOf: (image: string) => pinsOf(image, context),
  };
  return {
    verdicts: [
      ...mutable,
      ...guardDowngrades(changed, { context, facts }),
      ...guardUnproven(changed, { context, release }),
    ],
    needs: [],
  };
}

function pinsOf(image: string, { declaredIn, environment }: GuardContext) {
  const declared = declaredIn(environment.name);
  if (declared.kind === "unknown") return [];
  return declared.value.images.find((each) => each.image === image)?.pins ?? [];
}

/** What the environment would declare: its images as they are on the branch now, but for those that are set anew. */
function releaseAfter(changed: readonly ChangedPlace[], context: GuardContext): Answer<Release> {
  const { observed, environment, change } = context;
  const present = observed.environments[change.key];
  if (present?.kind === "unknown") return noAnswer(present.why);
  const set = new Set(changed.map(({ place }) => place.image));
  const kept = (present?.value.places ?? []).filter(({ image }) => !set.has(image));
  const state: DeclaredState = { places: [...kept, ...changed.map(({ place }) => place)], problems: [] };
  const declared = readState(state, { environment, context });
  if (declared.kind === "unknown") return declared;
  const { release, gap } = declared.value;
  if (release) return answer(release);
  return noAnswer(gap?.why ?? "its places say nothing", gap?.needs ?? []);
}
