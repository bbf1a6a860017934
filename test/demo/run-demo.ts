// The demo from its first line to its last: sets up the world, tells the story, says how it came out, and stays for the
// reader to play, unless it is asked to end by itself.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Adapters } from "../../src/cli/command.ts";
import { becomeQuiet, judgeOutcome } from "./judge-outcome.ts";
import { narrateEvents } from "./narrate-events.ts";
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
}

/** The story has to be over by then, milliseconds. */
const DEADLINE = 110_000;

/** 0: the story came out right; 1: it did not, and what differs was said. */
export async function runDemo(options: DemoOptions): Promise<0 | 1> {
  const begun = performance.now();
  const narrator = createNarrator(options.print, createTerminal(options));
  const stop = new AbortController();
  const deadline = AbortSignal.timeout(DEADLINE);
  let interrupted = false;
  void options.stopped.then(() => {
    interrupted = true;
    stop.abort();
  });
  const world = await startWorld(options);
  const stage: Stage = { world, narrator, signal: AbortSignal.any([deadline, stop.signal]) };
  narrateEvents({ github: world.github, narrator });
  try {
    const failures = await perform(stage);
    if (interrupted) return 1;
    tellVerdict(stage, { failures, seconds: (performance.now() - begun) / 1_000 });
    if (!options.once) await play(stage, options.stopped);
    return failures.length === 0 ? 0 : 1;
  } finally {
    await world.end();
  }
}

/** What differs from the story as it should be. */
async function perform(stage: Stage): Promise<readonly string[]> {
  const { world, narrator } = stage;
  introduce(narrator);
  const app = await world.startProgram();
  try {
    narrator.say({
      who: "demo",
      text: `Stagecoach runs at ${app.url}, the stand-in for GitHub at ${world.github.url}`,
    });
    await becomeQuiet(world, stage.signal);
    await tellStory(stage);
    await becomeQuiet(world, stage.signal);
    return judgeOutcome(world);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), ...judgeOutcome(world)];
  }
}

function introduce(narrator: Narrator): void {
  narrator.show([narrator.terminal.paint("bold", "Stagecoach: the demo")]);
  narrator.paragraph(
    "The real program, with a stand-in for GitHub and a small registry in this process. Nothing leaves this machine.",
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
