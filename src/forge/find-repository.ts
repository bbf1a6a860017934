// Finds a repository by its numeric id, wherever it was renamed or transferred to. The narrowed token opens that one
// repository, so the list of what it opens has its present name.

import { type Github, read } from "./call-github.ts";
import { RepositoryGone, type RepositoryReference } from "./forge.ts";

export async function findRepository(
  github: Github,
  at: Pick<RepositoryReference, "installation" | "repository">,
): Promise<RepositoryReference | undefined> {
  try {
    const { data } = await read(github, {
      at: { ...at, owner: "repository", name: String(at.repository) },
      doing: "find the present name",
      ask: ({ octokit }) => octokit.rest.apps.listReposAccessibleToInstallation({ per_page: 100 }),
    });
    const found = data.repositories.find(({ id }) => Number(id) === at.repository);
    if (found === undefined) return undefined;
    const name = { owner: found.owner.login, name: found.name };
    github.names.set(at.repository, name);
    return { ...at, ...name };
  } catch (error) {
    if (error instanceof RepositoryGone) return undefined;
    throw error;
  }
}
