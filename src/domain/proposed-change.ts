// What somebody's pull request would make of the environments and of the pipeline file. It is read to be judged; nothing
// of it counts before it is on its branch.

import type { Finding } from "./finding.ts";
import type { EnvironmentKey } from "./pipeline.ts";
import type { Place } from "./place.ts";

export interface ProposedChange {
  /** Environments of the branch whose files it touches. */
  readonly environments: readonly EnvironmentChange[];
  /** Absent: it leaves the pipeline file as it is. */
  readonly pipelineFile?: ProposedPipelineFile;
}

export interface EnvironmentChange {
  readonly key: EnvironmentKey;
  /** Files that it changes, adds or takes away, sorted. */
  readonly paths: readonly string[];
  /** What those files say of versions, where the pull request left its base and at its head. */
  readonly before: readonly Place[];
  readonly after: readonly Place[];
  /** Plain-text secrets that it brings. */
  readonly secrets: readonly PlainSecret[];
  /** What could not be looked at: sentences without a full stop. */
  readonly unread: readonly string[];
}

/** Never its value. */
export interface PlainSecret {
  readonly path: string;
  readonly line: number;
  /** Where in the file: `stringData.password`; empty where no key can be named. */
  readonly key: string;
  /** `a GitHub token`, `a value of a Secret`. */
  readonly what: string;
}

export type ProposedPipelineFile =
  /** No pipeline file is left. */
  | { readonly kind: "gone" }
  | { readonly kind: "unread"; readonly why: string }
  | {
      readonly kind: "read";
      readonly findings: readonly Finding[];
      /** What it would lead to, in sentences, as things stood when this head was looked at first. */
      readonly preview: readonly string[];
    };
