// The story, in four chapters: one release through four environments, a change by hand, five services at once, and a
// release that does not come up. It pushes images, and plays the reviewer and somebody with kubectl; everything else is
// the program's doing.

import type { Pace } from "./clusters.ts";
import { CONFIG_REPOSITORY, declaredVersion, type Environment } from "./config-repository.ts";
import { findComments, findIssues } from "./find-told.ts";
import { closePullRequest, labelIssue, mergePullRequest } from "./people.ts";
import { openPromotion, pause, promotionsTo, push, type Stage, until } from "./stage.ts";

/** Time for the reader, milliseconds. */
const READING = 1_200;
/** How long each answer of the stand-in takes: like GitHub's where everything is new to the reader, then shorter. */
const CALM = 120;
const BRISK = 40;
/** The clusters' part of it. */
const CALM_PACE: Pace = { hear: 300, sync: 1_000, start: 2_200 };
const BRISK_PACE: Pace = { hear: 100, sync: 250, start: 400 };

export const SERVICES = { auth: "3.2.0", cart: "1.12.1", mail: "0.10.0", search: "2.5.0", web: "5.1.0" } as const;
export const SICK = "2.5.1";
export const MENDED = "2.5.2";

export async function tellStory(stage: Stage): Promise<void> {
  goCalmly(stage);
  await tellOfOneRelease(stage);
  await tellOfAHandEdit(stage);
  await tellOfFiveServices(stage);
  await tellOfASickRelease(stage);
}

function goCalmly({ world }: Stage): void {
  world.answerIn(CALM);
  world.clusters.goAt(CALM_PACE);
}

function goBriskly({ world }: Stage): void {
  world.answerIn(BRISK);
  world.clusters.goAt(BRISK_PACE);
}

async function tellOfOneRelease(stage: Stage): Promise<void> {
  await until(stage, {
    what: "Stagecoach has looked at the repository and begun its ledger",
    is: () =>
      stage.world.github.branchTip({ repository: CONFIG_REPOSITORY, branch: "stagecoach-ledger" }) !== undefined,
  });
  stage.narrator.chapter(
    "1. A release travels through four environments",
    "The pipeline checkout goes integration → staging → canary → live. The first three merge by themselves, live waits " +
      "for a person. Argo CD applies what is merged, and each pull request tells how far it is. The next one opens when " +
      "the version is healthy in the environment before.",
  );
  await push(stage, { name: "checkout", tag: "1.8.0" });
  await healthy(stage, "checkout/integration", "1.8.0");
  goBriskly(stage);
  await promoted(stage, "checkout/live", "1.8.0");
  await pause(stage, READING);
  await merge(stage, "checkout/live");
  await healthy(stage, "checkout/live", "1.8.0");
  await pause(stage, READING);
}

async function tellOfAHandEdit(stage: Stage): Promise<void> {
  const { narrator, world } = stage;
  narrator.chapter(
    "2. Somebody changes a cluster by hand",
    "Git says that live has twelve replicas of checkout. Somebody edits that with kubectl. Stagecoach looks for itself " +
      "before it tells anybody, and then opens one issue. maria lets Argo CD put it right.",
  );
  narrator.say({ who: "somebody", text: "runs kubectl edit in checkout-live: 12 replicas become 3" });
  world.clusters.editByHand("checkout/live", { pointer: "/spec/replicas", value: 3 });
  const issue = () => findIssues(world.github).find(({ title }) => title.includes("checkout/live"));
  await until(stage, { what: "an issue about drift in checkout/live", is: () => issue() !== undefined });
  await pause(stage, READING);
  await labelIssue(world.github, { number: issue()?.number ?? 0, label: "stagecoach/sync" });
  await until(stage, { what: "the issue about drift is closed", is: () => issue()?.state === "closed" });
  await healthy(stage, "checkout/live", "1.8.0");
  await pause(stage, READING);
}

async function tellOfFiveServices(stage: Stage): Promise<void> {
  const { narrator, world } = stage;
  narrator.chapter(
    "3. Five services at once",
    "The for-each in the pipeline file makes a pipeline of every folder in services/. All five get a new image; dev " +
      "merges by itself, prod waits for a person. maria merges one, declines one, and has not looked at the others yet.",
  );
  await Promise.all(Object.entries(SERVICES).map(([name, tag]) => push(stage, { name, tag })));
  for (const [name, tag] of Object.entries(SERVICES)) await promoted(stage, `${name}/prod` as Environment, tag);
  await pause(stage, READING);
  await merge(stage, "auth/prod");
  const declined = openPromotion(stage, "mail/prod");
  if (declined !== undefined) await closePullRequest(world.github, declined.number);
  await healthy(stage, "auth/prod", SERVICES.auth);
  await pause(stage, READING);
}

async function tellOfASickRelease(stage: Stage): Promise<void> {
  stage.narrator.chapter(
    `4. ${SICK} does not come up, ${MENDED} does`,
    `search ${SERVICES.search} still waits for maria at prod. ${SICK} is merged into dev, and its pods never become ready. So ` +
      `it is stopped there, and prod never hears of it. ${MENDED} goes on, and the pull request to prod is edited in place.`,
  );
  stage.world.clusters.breakVersion(`search:${SICK}`);
  await push(stage, { name: "search", tag: SICK });
  await until(stage, {
    what: `a call for a person about search ${SICK} in dev`,
    is: () => saidOn(stage, "search/dev", SICK).some((topic) => topic.startsWith("attention/")),
  });
  await pause(stage, READING);
  await push(stage, { name: "search", tag: MENDED });
  await promoted(stage, "search/prod", MENDED);
  await pause(stage, READING);
  await merge(stage, "search/prod");
  await healthy(stage, "search/prod", MENDED);
}

/** A pull request offers that version, and its check is there for people to see. */
async function promoted(stage: Stage, environment: Environment, version: string): Promise<void> {
  await until(stage, {
    what: `a pull request that offers ${version} to ${environment}`,
    is: () => openPromotion(stage, environment)?.title.includes(` ${version} `) === true,
  });
}

/** It is merged, and Stagecoach says on its pull request that it is healthy. */
async function healthy(stage: Stage, environment: Environment, version: string): Promise<void> {
  await until(stage, {
    what: `${environment} declares ${version}, and its pull request says that it is healthy`,
    is: () =>
      declaredVersion(stage.world.github, environment) === version &&
      saidOn(stage, environment, version).includes("live healthy"),
  });
}

/** What Stagecoach has said on the pull request that moved the environment to this version. */
function saidOn({ world: { github } }: Stage, environment: Environment, version: string): readonly string[] {
  const promotion = promotionsTo({ github }, environment).find(({ title }) => title.includes(` ${version} `));
  return promotion === undefined ? [] : findComments(github, promotion);
}

async function merge(stage: Stage, environment: Environment): Promise<void> {
  const promotion = openPromotion(stage, environment);
  if (promotion === undefined) throw new Error(`No pull request to ${environment} is open.`);
  await mergePullRequest(stage.world.github, promotion.number);
}
