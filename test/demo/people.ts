// What the people of the demo do, by the same API that a person's browser or `gh` would use.

import type { Github } from "../github/start-github.ts";
import { CONFIG_REPOSITORY } from "./config-repository.ts";

export const REVIEWER = "maria";

export function mergePullRequest(github: Github, number: number): Promise<void> {
  return ask(github, { method: "PUT", path: `pulls/${number}/merge`, body: { merge_method: "squash" } });
}

export function closePullRequest(github: Github, number: number): Promise<void> {
  return ask(github, { method: "PATCH", path: `pulls/${number}`, body: { state: "closed" } });
}

export function labelIssue(github: Github, { number, label }: { readonly number: number; readonly label: string }) {
  return ask(github, { method: "POST", path: `issues/${number}/labels`, body: { labels: [label] } });
}

async function ask(
  github: Github,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: object },
): Promise<void> {
  const response = await fetch(`${github.url}/repos/${CONFIG_REPOSITORY}/${path}`, {
    method,
    headers: { authorization: `Bearer user:${REVIEWER}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`GitHub did not let ${REVIEWER} ${method} ${path}: ${response.status} ${text}`);
}
