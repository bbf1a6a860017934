// Stories in which clusters take part: the whole program, GitHub, a registry, and an Argo CD for each live source. What
// was said on GitHub is read back in a few words, and everything that was ever said is held against the rules: nothing
// twice, no edit without a change, and no promotion of what was not healthy before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { beginStory, CONFIG, type Story, type StoryOptions } from "./begin-story.ts";
import { type Cluster, playCluster } from "./cluster.ts";
import { type HealthRecord, keepHealth } from "./health-record.ts";
import { type RunningSource, type SourceOptions, sendNotification, startSource } from "./live-source.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import { ALL_CONDITIONS, type Conditions } from "./story-world.ts";
import { expectQuiet } from "./tell.ts";
import { listen, type Said } from "./what-was-said.ts";

export interface LiveStoryOptions extends StoryOptions {
  /** By id; one, `dev`, in which everything runs, unless it is said. */
  readonly sources?: Readonly<Record<string, SourceOptions>>;
  /** Nothing follows from what happens in clusters until the story lets it. */
  readonly handDriven?: boolean;
}

export interface LiveStory extends Story, Said {
  /** The environment in its only source, or in the one that is named. */
  cluster(environment: string, source?: string): Cluster;
  source(id: string): SourceInStory;
  readonly health: HealthRecord;
}

export interface SourceInStory extends RunningSource {
  /** Whatever is asked there fails from now on. */
  isSilent(): Promise<void>;
  speaks(): Promise<void>;
}

/** `live:` of an environment that runs in these sources. */
export function livesIn(environmentName: string, ...sources: readonly string[]): string {
  const targets = sources.map((source) => `{ source: ${source}, argocd: checkout-${environmentName} }`);
  return `live: [${targets.join(", ")}]`;
}

/** integration and staging merge by themselves; a person merges live. */
export const FOLLOWED = checkoutFile([
  environment("integration", `merge: auto, ${livesIn("integration", "dev")}`),
  environment("staging", `after: [integration], merge: auto, ${livesIn("staging", "dev")}`),
  environment("live", `after: [staging], ${livesIn("live", "dev")}`),
]);

const EVERYTHING = { dev: { environments: ["integration", "staging", "live"] } } as const;

type LiveTelling = (story: LiveStory) => Promise<void>;

export function tellLiveInAllConditions(name: string, telling: LiveTelling, options: LiveStoryOptions = {}): void {
  for (const conditions of ALL_CONDITIONS) tellLive(`${name}, ${conditions}`, telling, { ...options, conditions });
}

export function tellLive(name: string, telling: LiveTelling, options: LiveStoryOptions = {}): void {
  test(name, async () => {
    const story = await beginLiveStory(options);
    try {
      await telling(story);
      await expectQuiet(story);
      story.expectTold();
    } finally {
      await story.end();
    }
  });
}

export async function beginLiveStory(
  options: LiveStoryOptions = {},
): Promise<LiveStory & { end(): Promise<void>; expectTold(): void }> {
  const started = new Map<string, RunningSource>();
  const described = Object.entries(options.sources ?? EVERYTHING);
  const environments = [...new Set(described.flatMap(([, source]) => source.environments))];
  const story = await beginStory({
    pipeline: FOLLOWED,
    files: runs("1.7.0", environments),
    ...options,
    beside: async ({ github, registry, now }) => {
      const revision = github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
      for (const [id, source] of described) started.set(id, await startSource(id, source, { now, revision }));
      const others = options.settings?.(registry.host).live ?? [];
      return { live: [...others, ...[...started.values()].map(({ settings }) => settings)] };
    },
  });
  const said = listen(story);
  const health = keepHealth(story);
  const tell = notifier(story, options.conditions);
  const clusters = new Map<string, Cluster>();
  const driven = options.handDriven ? { ...story, settle: async () => undefined } : story;
  for (const [id, source] of described) {
    const running = requireSource(started, id);
    for (const name of source.environments) {
      const note = health.noteFor(name, id);
      clusters.set(`${name} ${id}`, playCluster({ story: driven, environment: name, source: running, tell, note }));
    }
  }
  const idsOf = (name: string) => described.filter(([, source]) => source.environments.includes(name));
  return {
    ...story,
    ...said,
    health,
    cluster: (name, source = idsOf(name)[0]?.[0]) => {
      const found = clusters.get(`${name} ${source}`);
      assert.ok(found, `${name} does not run in ${source}.`);
      return found;
    },
    source: (id) => {
      const source = requireSource(started, id);
      return {
        ...source,
        isSilent: async () => {
          source.argocd.fail({ kind: "status", status: 503, error: "the server is being upgraded" });
          await driven.settle();
        },
        speaks: async () => {
          source.argocd.fail();
          await tell(source, "any");
          await driven.settle();
        },
      };
    },
    expectTold: () => {
      for (const { argocd } of started.values()) assert.deepEqual(argocd.problems(), []);
      said.expectSaidOnce();
      assert.deepEqual(health.broken(), [], "something was promoted that was not healthy before");
    },
    end: async () => {
      await story.end();
      for (const { argocd } of started.values()) await argocd.stop();
    },
  };
}

function requireSource(started: ReadonlyMap<string, RunningSource>, id: string): RunningSource {
  const found = started.get(id);
  assert.ok(found, `There is no live source ${id}.`);
  return found;
}

function notifier(story: Story, conditions: Conditions = "with every event") {
  return async (source: RunningSource, application: string) => {
    if (conditions === "with every event lost" || source.settings.reports?.from !== "argocd") return;
    const answer = await sendNotification(story.app().url, { source: source.id, application });
    assert.ok(answer.ok, await answer.text());
  };
}
