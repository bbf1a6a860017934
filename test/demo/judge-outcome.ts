// Whether the story came out right: what each environment declares and runs, what is open and what is not, what was said
// about it, and whether the program kept to what GitHub and Argo CD have.

import { setTimeout } from "node:timers/promises";
import {
  ALL_ENVIRONMENTS,
  CONFIG_REPOSITORY,
  declaredVersion,
  type Environment,
  FIRST_VERSIONS,
} from "./config-repository.ts";
import { findComments, findDeployment, findIssues } from "./find-told.ts";
import { promotionsTo } from "./stage.ts";
import type { World } from "./start-world.ts";
import { MENDED, SERVICES, SICK } from "./tell-story.ts";

const DECLARED: Readonly<Record<Environment, string>> = {
  "checkout/integration": "1.8.0",
  "checkout/staging": "1.8.0",
  "checkout/canary": "1.8.0",
  "checkout/live": "1.8.0",
  "auth/dev": SERVICES.auth,
  "auth/prod": SERVICES.auth,
  "cart/dev": SERVICES.cart,
  "cart/prod": FIRST_VERSIONS.cart ?? "",
  "mail/dev": SERVICES.mail,
  // declined
  "mail/prod": FIRST_VERSIONS.mail ?? "",
  "search/dev": MENDED,
  "search/prod": MENDED,
  "web/dev": SERVICES.web,
  "web/prod": FIRST_VERSIONS.web ?? "",
};

/** Title to how often it may be open: once. */
const OPEN = [`Promote cart ${SERVICES.cart} to prod`, `Promote web ${SERVICES.web} to prod`];

/** Milliseconds without an event after which the world counts as quiet. */
const QUIET = 1_500;

/** Nothing more may happen by itself: a declined version that came back would come now. */
export async function becomeQuiet({ github }: World, signal: AbortSignal): Promise<void> {
  for (let seen = -1; seen !== github.requests().length && !signal.aborted; ) {
    seen = github.requests().length;
    await setTimeout(QUIET);
  }
}

/** Sentences that say what differs; empty when all is well. */
export function judgeOutcome(world: World): readonly string[] {
  const { github, clusters } = world;
  return [
    ...ALL_ENVIRONMENTS.flatMap((environment) => judgeEnvironment(environment, world)),
    ...judgePullRequests(world),
    ...judgeIssues(world),
    ...github.deviations().map((deviation) => `GitHub would not have it so: ${deviation}`),
    ...clusters.problems().map((problem) => `Argo CD would not have it so: ${problem}`),
  ];
}

function judgeEnvironment(environment: Environment, { github, clusters }: World): readonly string[] {
  const expected = DECLARED[environment];
  const version = declaredVersion(github, environment);
  const running = clusters.running(environment);
  const wrong = version === expected ? [] : [`${environment} declares ${version ?? "no version"}, not ${expected}`];
  if (running.version !== expected || running.health !== "Healthy")
    wrong.push(`${environment} runs ${running.version}, which is ${running.health}, not ${expected} in good health`);
  const merged = promotionsTo({ github }, environment).findLast(({ mergedAt }) => mergedAt !== undefined);
  if (merged === undefined) return wrong;
  const said = findComments(github, merged);
  if (said.join() !== "live healthy")
    wrong.push(`#${merged.number} says ${said.join(", ") || "nothing"} of ${environment}, not once that it is healthy`);
  const deployment = findDeployment(github, { ...merged, environment });
  if (deployment !== "success") wrong.push(`the deployment to ${environment} is ${deployment ?? "missing"}`);
  return wrong;
}

function judgePullRequests({ github }: World): readonly string[] {
  const wrong: string[] = [];
  const open = github.pullRequests({ repository: CONFIG_REPOSITORY, state: "open" }).map(({ title }) => title);
  if (open.toSorted().join("\n") !== OPEN.join("\n"))
    wrong.push(`the open pull requests are ${open.join(", ") || "none"}, not ${OPEN.join(", ")}`);
  const prod = promotionsTo({ github }, "search/prod").length;
  if (prod !== 1) wrong.push(`search/prod had ${prod} pull requests for two releases, not 1: it is edited in place`);
  const declined = promotionsTo({ github }, "mail/prod");
  if (declined.length !== 1 || declined[0]?.mergedAt !== undefined)
    wrong.push("the pull request that maria closed did not stay closed");
  const sick = promotionsTo({ github }, "search/dev").find(({ title }) => title.includes(` ${SICK} `));
  const said = sick === undefined ? [] : findComments(github, sick);
  if (said.toSorted().join() !== "attention/stopped,live replaced")
    wrong.push(`search ${SICK} in dev was told as ${said.join(", ") || "nothing"}, not as stopped and then replaced`);
  return wrong;
}

function judgeIssues({ github }: World): readonly string[] {
  const issues = findIssues(github).map(({ title, state }) => `${title} (${state})`);
  const expected = "Drift in checkout/live (closed)";
  return issues.join() === expected ? [] : [`the issues are ${issues.join(", ") || "none"}, not ${expected}`];
}
