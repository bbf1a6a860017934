// The pipeline file as the planner sees it: complete, checked, defaults filled in. What people write is another shape
// and belongs to `config/`.

import type { Finding, Position } from "./finding.ts";
import type { Gate } from "./gate.ts";
import { nameBranchHead } from "./git-source.ts";
import type { Guards } from "./guard.ts";

export type Mode = "observe" | "propose" | "full";

export interface Configuration {
  readonly mode: Mode;
  readonly limits: Limits;
  readonly freezes: readonly Freeze[];
  /** Sound pipelines only; a broken one is in `findings` and in `broken`. */
  readonly pipelines: readonly Pipeline[];
  /** Names of pipelines that stand still because of an error, with the finding to tell. */
  readonly broken: readonly { readonly name: string; readonly finding: Finding }[];
  readonly findings: readonly Finding[];
  /** With which word every command begins: `gitops` of `/gitops promote`. Absent: none. */
  readonly commandPrefix?: string;
  /** There is an issue that shows how everything stands. */
  readonly dashboard?: true;
}

export interface Limits {
  /** Open promotions in the repository. */
  readonly open: number;
  /** Promotions opened in sixty minutes. */
  readonly hourly: number;
  /** Environments that one pull request of a person may change before somebody has to say that it may; absent: any. */
  readonly environments?: number;
}

export interface Freeze {
  /** Epoch milliseconds, `from` inclusive, `to` exclusive (the end of the last day where a day was given). */
  readonly from: number;
  readonly to: number;
  readonly why: string;
  /** Environment names it binds; empty: all. */
  readonly environments: readonly string[];
}

export interface Pipeline {
  readonly name: string;
  /** `owner/repository` of the source code. */
  readonly source?: string;
  readonly images: readonly TrackedImage[];
  /** In an order in which every environment stands behind those that it comes after. */
  readonly environments: readonly Environment[];
  readonly at: Position;
}

export interface TrackedImage {
  /** Normalised: the name of an image, or `git:github.com/acme/web` for a Git repository. */
  readonly image: string;
  readonly policy: Policy;
}

export type Policy = Selection &
  PolicyFilter & {
    /** There has to be an image for each of them, in the spelling of `domain/platform.ts`; absent: whatever there is. */
    readonly platforms?: readonly string[];
  };

export type Selection =
  | { readonly kind: "semver"; readonly range: string }
  | { readonly kind: "newest" }
  | { readonly kind: "numerical"; readonly order: "ascending" | "descending" }
  | { readonly kind: "alphabetical"; readonly order: "ascending" | "descending" }
  /** Follows one tag that moves. */
  | { readonly kind: "digest"; readonly tag: string }
  /** Follows the commits of one branch of a Git repository. */
  | { readonly kind: "branch"; readonly branch: string };

/** The one name that a policy follows wherever it goes; a branch as `heads/main`. */
export function followedName(policy: Selection): string | undefined {
  if (policy.kind === "branch") return nameBranchHead(policy.branch);
  return policy.kind === "digest" ? policy.tag : undefined;
}

export interface PolicyFilter {
  /** RE2. A group `(?P<version>…)` is what is ranked. */
  readonly tags?: string;
  /** RE2; a tag that matches any of them does not exist for this policy. */
  readonly ignore: readonly string[];
}

export interface Environment {
  readonly name: string;
  /** Names of environments of the same pipeline. Empty: takes what the registry offers. */
  readonly after: readonly string[];
  /** Takes exactly what that environment runs; it stands in `after` too. */
  readonly sameAs?: string;
  /** The branch that holds this environment; absent: the default branch. */
  readonly branch?: string;
  /** Proposed together with the environments of other pipelines that have the same group, name and branch. */
  readonly group?: string;
  /** Files, folders or globs; `!` excludes; later ones win. */
  readonly paths: readonly string[];
  readonly fields: readonly Field[];
  /** Other names under which this environment's registry has the pipeline's images. */
  readonly images: readonly ImageAlias[];
  readonly merge: "auto" | "manual";
  readonly live: readonly LiveTarget[];
  readonly objects: readonly ObjectSelector[];
  /** Written gates and the implied ones (`healthy`, `merged`), in this order. */
  readonly proposeWhen: readonly Gate[];
  readonly mergeWhen: readonly Gate[];
  /** Kinds of gates that the operator demands here. */
  readonly demandedGates: readonly Gate["kind"][];
  readonly supersede: "until-approved" | "always";
  readonly onDegraded: { readonly do: "hold" | "rollback" | "nothing"; readonly deadline: number };
  readonly onDrift: "report" | "hold";
  /** Per verb who may give the command: `organisation/team` or a login. A verb that is absent has the general rule. */
  readonly allow: Readonly<Record<string, readonly string[]>>;
  /** Per verb whom the operator names; each list has to name somebody, too, whatever `allow` and the general rule say. */
  readonly demanded: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly unproven: "refuse" | "allow";
  readonly guards: Guards;
  /** Where it is lent to a pull request; absent: it is not. */
  readonly sandbox?: SandboxField;
  readonly at: Position;
}

/** A bare value that names no image. */
export interface Field {
  readonly file: string;
  /** Keys and indices: `image.tag` is `["image", "tag"]`. */
  readonly path: readonly (string | number)[];
  /** `version`: that of a chart, which is a tag with `+` for `_`. */
  readonly writes: "tag" | "digest" | "reference" | "version";
  /** The pipeline's image whose version stands there. */
  readonly image: string;
}

/** Where an environment that may be borrowed says what is applied there. */
export interface SandboxField {
  readonly file: string;
  /** Keys and indices: `spec.git.branch` is `["spec", "git", "branch"]`. */
  readonly path: readonly (string | number)[];
  readonly writes: "branch" | "revision";
}

export interface ImageAlias {
  /** Name in this environment, normalised. */
  readonly image: string;
  /** The pipeline's name for it. */
  readonly as: string;
  /** How tags are named here; it ranks nothing. */
  readonly policy?: PolicyFilter;
}

export interface LiveTarget {
  /** The id of a live source in the operator's settings. */
  readonly source: string;
  readonly kind: "argocd" | "flux" | "config-sync" | "kubernetes" | "reports";
  readonly name: string;
}

export interface ObjectSelector {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `checkout/staging`: one environment of one pipeline; neither name has a slash. */
export type EnvironmentKey = `${string}/${string}`;

export function environmentKey(
  pipeline: { readonly name: string },
  environment: { readonly name: string },
): EnvironmentKey {
  return `${pipeline.name}/${environment.name}`;
}

/** Under which key promotions to the environment are proposed: its own, or `<group>/<environment>`. */
export function proposalKey(
  pipeline: Pick<Pipeline, "name">,
  environment: Pick<Environment, "name" | "group">,
): EnvironmentKey {
  return `${environment.group ?? pipeline.name}/${environment.name}`;
}

const BRANCH_PREFIX = "stagecoach/";

/** The one branch on which promotions of this proposal key are proposed. */
export function promotionBranch(key: EnvironmentKey): string {
  return `${BRANCH_PREFIX}${key}`;
}

export function environmentOfBranch(branch: string): EnvironmentKey | undefined {
  const match = /^stagecoach\/([^/]+)\/([^/]+)$/.exec(branch);
  return match ? `${match[1] ?? ""}/${match[2] ?? ""}` : undefined;
}

export interface FoundEnvironment {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
}

/** The environments that are proposed under that key: one, or the members of a group. */
export function proposedUnder(
  key: EnvironmentKey,
  { pipelines }: Pick<Configuration, "pipelines">,
): readonly FoundEnvironment[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.environments
      .filter((environment) => proposalKey(pipeline, environment) === key)
      .map((environment) => ({ pipeline, environment })),
  );
}

/** The name under which the environment's files know the image. */
export function nameInEnvironment(environment: Pick<Environment, "images">, image: string): string {
  return environment.images.find((alias) => alias.as === image)?.image ?? image;
}
