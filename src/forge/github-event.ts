// What an event of GitHub comes to: hints, changes of where the app is installed, images, or the reason why there is
// nothing to do. The readers of single kinds of events make it. Pure.

import type { Hint, HintSubject, ToldImage } from "../domain/hint.ts";
import type { RepositoryReference } from "./forge.ts";
import { type Payload, readId } from "./read-payload.ts";

export interface GithubEvent {
  readonly hints: readonly Hint[];
  readonly directory: DirectoryChange;
  /** The repositories to wake are those that track the image. */
  readonly images: readonly {
    readonly image: string;
    readonly tag?: string;
    readonly told?: ToldImage;
    readonly watched?: string;
  }[];
  /** Why there is nothing to do. */
  readonly ignored?: string;
}

export interface DirectoryChange {
  readonly save?: readonly RepositoryReference[];
  /** Numeric ids. */
  readonly remove?: readonly number[];
  readonly installation?: { readonly id: number; readonly state: "active" | "suspended" | "deleted" };
}

export interface Reading {
  readonly payload: Payload;
  readonly action: string;
  /** Our app did it. */
  readonly self: boolean;
  readonly hosts: readonly string[];
  /** Where repositories are, for those who name them. */
  readonly gitHost: string;
  /** As REST writes us, with `[bot]`; absent while nobody has asked who we are. */
  readonly us?: string;
}

export function hint(payload: Payload, subject: HintSubject | undefined): GithubEvent {
  const repository = readId(payload, "repository", "id");
  if (repository === undefined) return shapeless("repository");
  if (subject === undefined) return shapeless("subject");
  return { hints: [{ repository, subject }], directory: {}, images: [] };
}

export function shapeless(what: string): GithubEvent {
  return ignored(`its ${what} has not the shape that GitHub describes`);
}

export function ignored(why: string): GithubEvent {
  return { hints: [], directory: {}, images: [], ignored: why };
}
