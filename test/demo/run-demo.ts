// The demo from its first line to its last: sets up the world, tells the story, says how it came out, and stays for the
// reader to play, unless it is asked to end by itself.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Adapters } from "../../src/cli/command.ts";
import type { Github } from "../github/start-github.ts";
import { CONFIG_REPOSITORY } from "./config-repository.ts";
import { becomeQuiet, judgeOutcome } from "./judge-outcome.ts";
import { type Detail, narrateEvents } from "./narrate-events.ts";
import { narrateLive } from "./narrate-live.ts";
import { createNarrator, type Narrator } from "./narrator.ts";
import { startPlay } from "./play.ts";
import { showCommit, showOutcome } from "./show-outcome.ts";
import type { Stage } from "./stage.ts";
import { startWorld } from "./start-world.ts";
import { tellStory } from "./tell-story.ts";
import { createTerminal } from "./terminal.ts";

export interface DemoOptions {
  readonly startApp: Adapters["startApp"];
  readonly print: (text: string) => void;
  /** It ends by itself after the story. */
  readonly once: boolean;
  readonly colours: boolean;
  /** Of the program's own log, which goes to standard output, too. */
  readonly logLevel: string;
  /** Resolves when somebody wants it to stop. */
  readonly stopped: Promise<unknown>;
  /** Milliseconds after which the story has to be over; 110 seconds unless given. */
  readonly deadline?: number;
}

const DEADLINE = 110_000;
/** Pull requests of the first chapter: one for each environment of checkout. */
const FIRST_CHAPTER = 4;

/** 0: the story came out right; 1: it did not, and what differs was said. */
export async function runDemo(options: DemoOptions): Promise<0 | 1> {
  const begun = performance.now();
  const stop = new AbortController();
  const deadline = setTimeout(() => stop.abort("too late"), options.deadline ?? DEADLINE);
  void options.stopped.then(() => stop.abort("interrupted"));
  const narrator = createNarrator(options.print, createTerminal(options));
  const world = await startWorld(options);
  const stage: Stage = { world, narrator, signal: stop.signal };
  try {
    const failures = await perform(stage);
    if (stop.signal.reason === "interrupted") {
      narrator.show(["", "Interrupted before the story was over. Everything is removed."]);
      return 1;
    }
    clearTimeout(deadline);
    tellVerdict(stage, { failures, seconds: (performance.now() - begun) / 1_000 });
    if (failures.length > 0) return 1;
    if (!options.once) await play(stage, options.stopped);
    return 0;
  } finally {
    clearTimeout(deadline);
    await world.end();
  }
}

/** What differs from the story as it should be. */
async function perform(stage: Stage): Promise<readonly string[]> {
  const { world, narrator } = stage;
  const { github, clusters } = world;
  introduce(narrator);
  const telling = { github, narrator, detail: () => detailNow(github) };
  narrateEvents(telling);
  narrateLive({ ...telling, clusters });
  const app = await world.startProgram();
  narrator.say({ who: "demo", text: `Stagecoach runs at ${app.url}, the stand-in for GitHub at ${github.url}` });
  try {
    await tellStory(stage);
    await becomeQuiet(world, stage.signal);
    return judgeOutcome(world);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), ...judgeOutcome(world)];
  }
}

/** The first pull request is shown whole, those of the first chapter by the lines that they change. */
function detailNow({ pullRequests }: Github): Detail {
  const count = pullRequests({ repository: CONFIG_REPOSITORY }).length;
  if (count === 1) return "body";
  return count <= FIRST_CHAPTER ? "lines" : "places";
}

function introduce(narrator: Narrator): void {
  narrator.show([narrator.terminal.paint("bold", "Stagecoach: the demo")]);
  narrator.paragraph(
    "The real program, with stand-ins for GitHub, a registry and Argo CD in this process. Nothing leaves this machine.",
  );
  narrator.show([""]);
  narrator.paragraph(
    "It starts now; making its embedded database takes three to nine seconds the first time. Meanwhile, this is the " +
      "pipeline file of the config repository acme/platform-config (all of it is in test/demo/platform-config):",
  );
  const file = readFileSync(fileURLToPath(new URL("platform-config/.github/stagecoach.yaml", import.meta.url)), "utf8");
  const { paint } = narrator.terminal;
  narrator.show([
    "",
    ...file
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line.replace(/#.*$/, (note) => paint("dim", note))}`),
    "",
  ]);
}

function tellVerdict(
  { world, narrator }: Stage,
  { failures, seconds }: { readonly failures: readonly string[]; readonly seconds: number },
): void {
  const { paint } = narrator.terminal;
  narrator.show(["", paint("bold", "What runs where now"), "", ...showOutcome(world, narrator.terminal), ""]);
  narrator.show([
    paint("bold", "What Git remembers of the last step (digests shortened here)"),
    "",
    ...showCommit(world, "checkout/live"),
    "",
  ]);
  if (failures.length === 0) {
    narrator.show([paint("green", `The story came out right, in ${Math.round(seconds)} seconds.`)]);
    return;
  }
  narrator.show([paint("red", "The story did not come out right:")]);
  for (const failure of failures) narrator.show([`  - ${failure}`]);
  narrator.show(["", "The last things that happened:", ...narrator.last().map((line) => `  ${line}`)]);
}

async function play(stage: Stage, stopped: Promise<unknown>): Promise<void> {
  const { narrator } = stage;
  const playing = await startPlay(stage);
  narrator.show(playing.instructions);
  await stopped;
  narrator.show(["", "Stagecoach finishes what it does, and everything is removed."]);
  await playing.end();
}
