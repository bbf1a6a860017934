// The story, in three chapters: one release through four environments, five services at once, and releases that come
// faster than people merge. It only pushes images and plays the reviewer; everything else is the program's doing.

import { CONFIG_REPOSITORY, declaredVersion, type Environment } from "./config-repository.ts";
import { closePullRequest, mergePullRequest } from "./people.ts";
import { openPromotion, pause, push, type Stage, until } from "./stage.ts";

/** Time for the reader, milliseconds. */
const READING = 1_500;
/** How long each answer of the stand-in takes: like GitHub's where everything is new to the reader, then shorter. */
const CALM = 150;
const BRISK = 40;

export const SERVICES = { auth: "3.2.0", cart: "1.12.1", mail: "0.10.0", search: "2.5.0", web: "5.1.0" } as const;

export async function tellStory(stage: Stage): Promise<void> {
  stage.world.answerIn(CALM);
  await tellOfOneRelease(stage);
  stage.world.answerIn(BRISK);
  await tellOfFiveServices(stage);
  await tellOfABurst(stage);
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
      "for a person. Each step is a pull request, and the next one opens when the one before it has merged.",
  );
  await push(stage, { name: "checkout", tag: "1.8.0" });
  await promoted(stage, "checkout/live", "1.8.0");
  await pause(stage, READING);
  await merge(stage, "checkout/live");
  await declared(stage, "checkout/live", "1.8.0");
  await pause(stage, READING);
}

async function tellOfFiveServices(stage: Stage): Promise<void> {
  const { narrator, world } = stage;
  narrator.chapter(
    "2. Five services at once",
    "The for-each in the pipeline file makes a pipeline of every folder in services/. All five get a new image; dev " +
      "merges by itself, prod waits for a person. maria merges two, declines one, and leaves two for you.",
  );
  await Promise.all(Object.entries(SERVICES).map(([name, tag]) => push(stage, { name, tag })));
  for (const [name, tag] of Object.entries(SERVICES)) await promoted(stage, `${name}/prod` as Environment, tag);
  await pause(stage, READING);
  await merge(stage, "auth/prod");
  await merge(stage, "cart/prod");
  const declined = openPromotion(stage, "mail/prod");
  if (declined !== undefined) await closePullRequest(world.github, declined.number);
  await declared(stage, "cart/prod", SERVICES.cart);
  await pause(stage, READING);
}

async function tellOfABurst(stage: Stage): Promise<void> {
  stage.narrator.chapter(
    "3. Releases come faster than people merge",
    "1.9.0 reaches live and waits for maria; before she has looked at it, 1.9.1 is there. Live keeps one pull request, " +
      "edited in place, and goes from 1.8.0 straight to 1.9.1.",
  );
  await push(stage, { name: "checkout", tag: "1.9.0" });
  await promoted(stage, "checkout/live", "1.9.0");
  await push(stage, { name: "checkout", tag: "1.9.1" });
  await promoted(stage, "checkout/live", "1.9.1");
  await pause(stage, READING);
  await merge(stage, "checkout/live");
  await declared(stage, "checkout/live", "1.9.1");
}

/** A pull request offers that version, and its check is there for people to see. */
async function promoted(stage: Stage, environment: Environment, version: string): Promise<void> {
  await until(stage, {
    what: `a pull request that offers ${version} to ${environment}`,
    is: () => openPromotion(stage, environment)?.title.includes(` ${version} `) === true,
  });
}

async function declared(stage: Stage, environment: Environment, version: string): Promise<void> {
  await until(stage, {
    what: `${environment} declares ${version}`,
    is: () => declaredVersion(stage.world.github, environment) === version,
  });
}

async function merge(stage: Stage, environment: Environment): Promise<void> {
  const promotion = openPromotion(stage, environment);
  if (promotion === undefined) throw new Error(`No pull request to ${environment} is open.`);
  await mergePullRequest(stage.world.github, promotion.number);
}
