// Finds out by what the commits of our app are known: the id of its bot account, and where GitHub's private mail
// addresses live. Asked once.

import { type Github, read } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import type { Signer } from "./judge-ownership.ts";

export async function findSigner(github: Github, at: RepositoryReference): Promise<Signer> {
  const { slug } = await github.identity();
  if (github.bot.id === undefined) {
    const { data } = await read(github, {
      at,
      doing: `look up ${slug}[bot]`,
      ask: ({ octokit }) => octokit.rest.users.getByUsername({ username: `${slug}[bot]` }),
    });
    github.bot.id = Number(data.id);
  }
  const { hostname } = new URL(github.settings.baseUrl);
  return {
    slug,
    botId: github.bot.id,
    mailHosts: ["users.noreply.github.com", `users.noreply.${hostname.replace(/^api\./, "")}`],
  };
}
