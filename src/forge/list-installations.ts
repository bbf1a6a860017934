// Lists where the app is installed and which repositories each installation opens: the periodic pass begins here.
// Pages are counted, never followed by the addresses in an answer.

import type { Github } from "./call-github.ts";
import { classifyError } from "./classify-error.ts";
import type { Installation, RepositoryReference } from "./forge.ts";

const PAGE = 100;
const MOST_PAGES = 100;

export async function listInstallations(github: Github): Promise<readonly Installation[]> {
  const installations = await readPages(
    async (page) => {
      const { data } = await github.app.rest.apps.listInstallations({ per_page: PAGE, page });
      return data;
    },
    problemOf(github, { installation: 0, doing: "list the installations" }),
  );
  return installations.map(({ id, account, target_id, suspended_at }) => ({
    id: Number(id),
    account: account && "login" in account ? account.login : String(target_id),
    suspended: suspended_at !== null,
  }));
}

export async function listRepositories(github: Github, installation: number): Promise<readonly RepositoryReference[]> {
  const problem = problemOf(github, { installation, doing: "list the repositories of an installation" });
  const octokit = await github.clientForInstallation(installation).catch((cause) => {
    throw problem(cause);
  });
  const repositories = await readPages(async (page) => {
    const { data } = await octokit.rest.apps.listReposAccessibleToInstallation({ per_page: PAGE, page });
    return data.repositories;
  }, problem);
  return repositories.map(({ id, name, owner }) => {
    github.names.set(Number(id), { owner: owner.login, name });
    return { installation, repository: Number(id), owner: owner.login, name };
  });
}

async function readPages<T>(
  readPage: (page: number) => Promise<readonly T[]>,
  problem: (cause: unknown) => Error,
): Promise<readonly T[]> {
  const all: T[] = [];
  try {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const some = await readPage(page);
      all.push(...some);
      if (some.length < PAGE) break;
    }
  } catch (cause) {
    throw problem(cause);
  }
  return all;
}

function problemOf(
  github: Github,
  { installation, doing }: { readonly installation: number; readonly doing: string },
): (cause: unknown) => Error {
  return (cause) => classifyError(cause, { installation, doing, now: github.now() }).error;
}
