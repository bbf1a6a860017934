// How one member of a group stands in the group's open pull request, and how it should. Types only.

import type { Need } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import type { EnvironmentContext, Situation } from "./environment-context.ts";
import type { Part } from "./group.ts";
import type { Declared } from "./read-declared.ts";

/** Why something changes; firm: what was approved is worth nothing any more, or somebody wants it so. */
export interface Change {
  readonly reason: string;
  readonly firm: boolean;
}

/** One member as it stands in the pull request, and as it should. */
export interface Stance {
  readonly context: EnvironmentContext;
  /** Absent: the pull request says nothing for it. */
  readonly present?: Wanted;
  /** Absent: it leaves. */
  readonly next?: Wanted;
  readonly change?: Change;
  /** It stays only if nobody else is left. */
  readonly aside?: Change;
  readonly notes: readonly string[];
  /** Why it is not known whether there is a newer version. */
  readonly doubt?: { readonly reason: string; readonly needs: readonly Need[] };
}

export interface Wanted {
  readonly declared: Declared;
  readonly release: Release;
}

export interface WrittenStance extends Stance {
  readonly presentPart?: Part;
  readonly nextPart?: Part;
  /** Why what the pull request says for it cannot be written any more. */
  readonly unwritten?: string;
}

export interface LeftOut {
  readonly context: EnvironmentContext;
  readonly situation: Situation;
  readonly reason: string;
}

/** Nothing can be decided for the group before something is known. */
export interface Wait {
  readonly kind: "wait";
  readonly situation: Situation;
  readonly reason: string;
  readonly needs: readonly Need[];
}
