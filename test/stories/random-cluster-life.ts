// What happens at random around clusters: releases, syncs, sickness, silence, hand edits, people, lost events, faults and
// restarts. Everything is done from outside; what follows from it follows when the life looks or settles.

import { CONFIG, type PullRequest } from "./begin-story.ts";
import type { Cluster } from "./cluster.ts";
import type { LiveStory } from "./live-story.ts";
import type { Chance } from "./random-life.ts";

export interface ClusterLife {
  readonly story: LiveStory;
  readonly chance: Chance;
  /** Name of the environment with each source in which it runs. */
  readonly places: readonly (readonly [environment: string, source: string])[];
  readonly counts: Map<string, number>;
  readonly log: string[];
  versions: number;
}

/** Gives whether there was something that it could happen to. */
type Happening = (life: ClusterLife) => Promise<boolean> | boolean;

export const CLUSTER_HAPPENINGS: readonly (readonly [weight: number, name: string, happen: Happening])[] = [
  [3, "release", release],
  [14, "look", look],
  [6, "settle", settle],
  [10, "time", time],
  [12, "takes", inCluster((cluster) => cluster.takes())],
  [10, "all take", allTake],
  [8, "takes, not healthy yet", inCluster((cluster) => cluster.takes({ healthy: false }))],
  [4, "begins", inCluster((cluster) => cluster.begins())],
  [1, "fails", inCluster((cluster) => cluster.fails("one or more objects failed to apply"))],
  [4, "degrades", inCluster((cluster) => cluster.degrades())],
  [8, "recovers", inCluster((cluster) => cluster.recovers())],
  [4, "passes on", passOn],
  [3, "hand edit", handEdit],
  [4, "heals", inCluster((cluster) => cluster.heals())],
  [1, "suspended", inCluster((cluster) => cluster.isSuspended(true))],
  [4, "resumed", inCluster((cluster) => cluster.isSuspended(false))],
  [3, "silence", silence],
  [6, "speaks", speaks],
  [10, "merge", merge],
  [2, "close", close],
  [3, "unrelated", unrelated],
  [2, "comment deleted", deleteComment],
  [2, "issue closed", closeIssue],
  [3, "deliveries", deliveries],
  [4, "fault", fault],
  [4, "restart", restart],
];

export function clusterOf({ story }: ClusterLife, [environment, source]: readonly [string, string]): Cluster {
  return story.cluster(environment, source);
}

function inCluster(happen: (cluster: Cluster) => Promise<void>): Happening {
  return async (life) => {
    const place = life.chance.pick(life.places);
    if (place) await happen(clusterOf(life, place));
    return place !== undefined;
  };
}

async function allTake(life: ClusterLife): Promise<boolean> {
  for (const place of life.places) await clusterOf(life, place).takes();
  return true;
}

async function release(life: ClusterLife): Promise<boolean> {
  life.versions += 1;
  await life.story.push(`1.${life.versions}.0`);
  return true;
}

/** What is due is done, and no more. */
async function look({ story }: ClusterLife): Promise<boolean> {
  await story.github.webhooks.settled();
  return (await story.store().runDue()) > 0;
}

async function settle({ story }: ClusterLife): Promise<boolean> {
  await story.settle();
  return true;
}

async function time({ story, chance }: ClusterLife): Promise<boolean> {
  await story.wait((1 + chance.number(25)) * 60_000);
  return true;
}

/** Only where the branch has nothing else for it: an Application is in step without a sync. */
async function passOn(life: ClusterLife): Promise<boolean> {
  const place = life.chance.pick(life.places);
  if (!place) return false;
  const cluster = clusterOf(life, place);
  const { status } = cluster.application.document as { status?: { history?: { revision: string }[] } };
  const applied = status?.history?.at(-1)?.revision;
  const [environment] = place;
  if (
    applied === undefined ||
    life.story.declares(environment, { branch: applied }) !== life.story.declares(environment)
  )
    return false;
  await cluster.passesOn();
  return true;
}

async function handEdit(life: ClusterLife): Promise<boolean> {
  const place = life.chance.pick(life.places);
  if (!place) return false;
  const value = `elsewhere/checkout:${life.log.length}`;
  await clusterOf(life, place).handEdits("/spec/template/spec/containers/0/image", value);
  return true;
}

function sourceIds({ places }: ClusterLife): readonly string[] {
  return [...new Set(places.map(([, source]) => source))];
}

async function silence(life: ClusterLife): Promise<boolean> {
  const id = life.chance.pick(sourceIds(life)) ?? "";
  await life.story.source(id).isSilent();
  if (life.chance.number(2) === 0) life.story.source(id).argocd.fail({ kind: "reset" });
  return true;
}

async function speaks(life: ClusterLife): Promise<boolean> {
  await life.story.source(life.chance.pick(sourceIds(life)) ?? "").speaks();
  return true;
}

export function openPulls({ story }: ClusterLife): readonly PullRequest[] {
  return story.github
    .pullRequests({ repository: CONFIG, state: "open" })
    .filter(({ headRef, app }) => headRef.startsWith("stagecoach/") && app !== undefined);
}

export function merge(life: ClusterLife): boolean {
  const green = openPulls(life).filter(({ headOid }) => life.story.check(headOid)?.startsWith("success"));
  const pull = life.chance.pick(green);
  if (!pull) return false;
  const method = life.chance.pick(["squash", "merge", "rebase"] as const) ?? "squash";
  const merged = { repository: CONFIG, number: pull.number, by: "maria", method };
  return life.story.github.mergePullRequest(merged).kind === "merged";
}

function close(life: ClusterLife): boolean {
  const pull = life.chance.pick(openPulls(life));
  if (pull) life.story.github.closePullRequest({ repository: CONFIG, number: pull.number, by: "maria" });
  return pull !== undefined;
}

function unrelated({ story, log }: ClusterLife): boolean {
  const files = { "README.md": `Version ${log.length}\n` };
  story.github.commitFiles({ repository: CONFIG, author: "maria", message: "Words", files });
  return true;
}

/** A person tidies up. */
function deleteComment({ story, chance }: ClusterLife): boolean {
  const numbers = story.github.pullRequests({ repository: CONFIG, state: "closed" }).map(({ number }) => number);
  const comments = numbers.slice(-3).flatMap((number) => story.github.comments({ repository: CONFIG, number }));
  const comment = chance.pick(comments);
  if (comment) story.github.deleteComment({ comment, by: "maria" });
  return comment !== undefined;
}

function closeIssue({ story }: ClusterLife): boolean {
  const [issue] = story.driftIssues({ open: true });
  if (issue) story.github.closeIssue({ repository: CONFIG, number: issue.number, by: "maria" });
  return issue !== undefined;
}

async function deliveries({ story, chance }: ClusterLife): Promise<boolean> {
  const { webhooks } = story.github;
  const times = 1 + chance.number(8);
  if (chance.number(4) === 0) await webhooks.flush((held) => [...held].reverse());
  else webhooks.setSwitch({ mode: chance.pick(["lose", "double", "hold"] as const) ?? "lose", times });
  return true;
}

const ROUTES = [
  "POST */comments",
  "PATCH */comments/*",
  "POST */deployments",
  "POST */statuses",
  "POST */issues",
  "POST *",
  "GET *",
  "POST /graphql",
];

function fault({ story, chance }: ClusterLife): boolean {
  const kinds = [
    { kind: "reply-lost" },
    { kind: "error-before", status: 502 },
    { kind: "error-after", status: 502 },
    { kind: "error-before", status: 403, message: "Resource not accessible by integration" },
    { kind: "error-before", status: 422, message: "Validation Failed" },
  ] as const;
  const on = chance.pick(ROUTES) ?? "POST *";
  story.github.break({ on, times: 1 + chance.number(2), fault: chance.pick(kinds) ?? { kind: "reply-lost" } });
  return true;
}

/** In fair weather, because a story's process does not try again to begin. */
async function restart({ story, chance }: ClusterLife): Promise<boolean> {
  story.github.mend();
  await story.restart({ forget: chance.number(3) > 0 });
  return true;
}
