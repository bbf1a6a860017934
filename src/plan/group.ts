// Environments of several pipelines that are proposed together, and what the pull request is to say for each. Types only.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import type { Writing } from "./compute-edit.ts";
import type { EnvironmentContext, EnvironmentDecision } from "./environment-context.ts";
import type { Declared } from "./read-declared.ts";

export interface Member {
  /** As its own: the promotion is its part of the group's. */
  readonly context: EnvironmentContext;
  /** What was decided for it alone; absent while the group's pull request says something for it. */
  readonly alone?: EnvironmentDecision;
}

/** A group whose pull request is open. */
export interface OpenGroup {
  /** `<group>/<environment>` */
  readonly key: EnvironmentKey;
  readonly promotion: Promotion;
  readonly members: readonly Member[];
}

/** What the pull request brings to one member. */
export interface Part {
  readonly context: EnvironmentContext;
  readonly declared: Declared;
  /** With the pipeline's tags. */
  readonly release: Release;
  readonly writing: Extract<Writing, { kind: "writable" }>;
}
