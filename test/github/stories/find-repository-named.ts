// What stories name things by, and how these are found: repositories by owner and name, pull requests by number.

import type { Model } from "../model/model.ts";
import { findPullRequest } from "../model/open-pull-request.ts";
import type { PullRequest, Repository } from "../model/repository.ts";

/** `owner/name` */
export type Named = { readonly repository: string };
export type Numbered = Named & { readonly number: number };
/** login of who does it */
export type ByPerson = { readonly by: string };

/** The repository of that name, now or formerly; a story that names another one is wrong. */
export function repositoryNamed(model: Model, name: string): Repository {
  const found = model.repositories.get(model.names.get(name.toLowerCase()) ?? -1);
  if (found === undefined) throw new Error(`There is no repository ${name}.`);
  return found;
}

export function pullRequestNumbered(model: Model, { repository, number }: Numbered): PullRequest {
  const pull = findPullRequest(repositoryNamed(model, repository), number);
  if (pull === undefined) throw new Error(`There is no pull request ${repository}#${number}.`);
  return pull;
}
