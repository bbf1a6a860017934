// What Stagecoach has said on the stand-in about what runs: the comments of a promotion, its deployment, and the issues
// about drift. For the story, which waits for it, and for the judge.

import type { Issue, PullRequest } from "../github/model/repository.ts";
import type { Github } from "../github/start-github.ts";
import { repositoryNamed } from "../github/stories/find-repository-named.ts";
import { CONFIG_REPOSITORY, type Environment } from "./config-repository.ts";

/** `live healthy` of a comment that ends with the mark `stagecoach:live healthy.0123`. */
const MARK = /<!-- stagecoach:(live [a-z-]+|attention\/\S+)[^>]*-->/;

export function findComments(github: Github, { number }: Pick<PullRequest, "number">): readonly string[] {
  return github.comments({ repository: CONFIG_REPOSITORY, number }).flatMap(({ body }) => MARK.exec(body)?.[1] ?? []);
}

/** The last state of the deployment of that promotion's merge. */
export function findDeployment(
  github: Github,
  { environment, mergeCommitOid }: Pick<PullRequest, "mergeCommitOid"> & { readonly environment: Environment },
): string | undefined {
  const ours = github
    .deployments({ repository: CONFIG_REPOSITORY })
    .filter((deployment) => deployment.environment === environment && deployment.oid === mergeCommitOid);
  return ours.at(-1)?.statuses.at(-1)?.state;
}

export function findIssues(github: Github): readonly Issue[] {
  const { conversations } = repositoryNamed(github.model, CONFIG_REPOSITORY);
  return [...conversations.values()].filter((each) => each.kind === "issue");
}
