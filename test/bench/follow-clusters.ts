// What it costs to follow what runs: one Argo CD with many environments, counted for a pass over a quiet world and from a
// merge to health. On stand-ins, so the time is Stagecoach's own and that of the stand-ins.

import { beginLiveStory, type LiveStory, livesIn } from "../stories/live-story.ts";
import { checkoutFile, environment, runs } from "../stories/sample-files.ts";

export interface LiveFigures {
  readonly environments: number;
  /** Of a pass over a quiet world. */
  readonly github: number;
  readonly lists: number;
  readonly otherLiveReads: number;
  readonly milliseconds: number;
}

export interface FollowingFigures {
  /** From the merge on, besides the question that begins every pass. */
  readonly requests: number;
  readonly contentCreating: number;
  readonly commentWrites: number;
}

const EACH = `version: 1
mode: full
pipelines:
  - name: "{app}"
    for-each: "apps/{app}"
    images: [ { image: "REGISTRY/acme/{app}", policy: { semver: "*" } } ]
    environments: [ { name: dev, paths: ["apps/{app}/dev"], live: { source: dev, argocd: "{app}-dev" } } ]
`;

export async function measureQuietPass(environments: number): Promise<LiveFigures> {
  const names = Array.from({ length: environments }, (_, index) => `service-${index}`);
  const places = names.map((name) => `${name}/dev`);
  const story = await beginLiveStory({
    pipeline: EACH,
    files: runs("1.0.0", places),
    pushed: names.map((name) => `${name}:1.0.0`),
    sources: { dev: { environments: places } },
  });
  try {
    await story.settle();
    await story.wait(20 * 60_000);
    story.github.forgetRequests();
    const { argocd } = story.source("dev");
    const before = argocd.requests().length;
    const [at] = await story.app().shell.store.repositories.list();
    if (at) await story.app().shell.store.work.wake(at.repository);
    const began = performance.now();
    await story.store().runOne();
    const milliseconds = Math.round(performance.now() - began);
    const asked = argocd.requests().slice(before);
    const lists = asked.filter(({ path }) => path === "/api/v1/applications").length;
    const github = countOf(story);
    return { environments, github, lists, otherLiveReads: asked.length - lists, milliseconds };
  } finally {
    await story.end();
  }
}

export async function measureFollowing(): Promise<FollowingFigures> {
  const story = await beginLiveStory({
    pipeline: checkoutFile([environment("integration", livesIn("integration", "dev"))]),
    sources: { dev: { environments: ["integration"] } },
  });
  try {
    await story.push("1.8.0");
    await story.settle();
    story.github.forgetRequests();
    await story.merge("integration");
    await story.cluster("integration").begins();
    await story.cluster("integration").takes({ healthy: false });
    await story.cluster("integration").recovers();
    const asked = story.github.requests();
    return {
      requests: countOf(story, "Observe"),
      contentCreating: asked.filter(({ kind }) => kind === "content-creating").length,
      commentWrites: asked.filter(({ method, route }) => method !== "GET" && route.includes("comments")).length,
    };
  } finally {
    await story.end();
  }
}

function countOf({ github }: LiveStory, without?: string): number {
  return github.requests().filter(({ kind, operation }) => kind !== "token" && operation !== without).length;
}
