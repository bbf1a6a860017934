// What happens at random around a config repository: releases, people, deliveries, faults, crashes. Everything is done
// from outside, as people and programs do it, and what a person did is written down, so that it can be held against
// what became of it. The same seed gives the same life.

import type { FaultRule } from "../github/http/faults.ts";
import type { Story } from "./begin-story.ts";
import { CONFIG, type PullRequest } from "./begin-story.ts";
import { deployment, placeOf } from "./sample-files.ts";

export interface Shape {
  readonly name: string;
  /** In an order in which each stands behind those before it, with the names of those. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
  readonly pipeline: string;
}

/** A person's word: this version is not wanted in these environments. */
export interface Refusal {
  readonly version: string;
  readonly environment: string;
  readonly bound: readonly string[];
  /** Heads that were proposed when it was said. */
  readonly heads: ReadonlySet<string>;
  /** The pull request that was closed, where it was one. */
  readonly number?: number;
  lifted: boolean;
}

export interface Life {
  readonly story: Story;
  readonly shape: Shape;
  readonly chance: Chance;
  /** How often each kind of event came about; what had nothing to happen to does not count. */
  readonly counts: Map<string, number>;
  readonly refusals: Refusal[];
  /** Branches that people brought up to date by the button. */
  readonly updated: Set<string>;
  /** Commits that people made on branches of ours, with the branch. */
  readonly pushed: { readonly branch: string; readonly oid: string }[];
  readonly log: string[];
  versions: number;
}

export interface Chance {
  /** From 0 to `below` - 1. */
  number(below: number): number;
  pick<T>(from: readonly T[]): T | undefined;
}

/** Mulberry32: small, and good enough to throw dice with. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const number = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
  return { number, pick: (from) => from[number(from.length)] };
}

export function openPromotions({ story }: Life): readonly PullRequest[] {
  return story.github
    .pullRequests({ repository: CONFIG, state: "open" })
    .filter(({ headRef, app }) => headRef.startsWith("stagecoach/") && app !== undefined);
}

export function environmentOf({ headRef }: PullRequest): string {
  return headRef.slice(headRef.lastIndexOf("/") + 1);
}

export function versionAt(life: Life, { environment, ref }: { environment: string; ref: string }): string | undefined {
  return life.story.declares(environment, { branch: ref });
}

/** Gives whether there was something that it could happen to. */
type Happening = (life: Life) => Promise<boolean> | boolean;

export const HAPPENINGS: readonly (readonly [weight: number, name: string, happen: Happening])[] = [
  [10, "release", release],
  [3, "older release", olderRelease],
  [10, "look", look],
  [16, "settle", settle],
  [4, "time", time],
  [12, "merge", merge],
  [4, "close", close],
  [3, "reopen", reopen],
  [3, "push", push],
  [2, "update branch", updateBranch],
  [3, "approve", approve],
  [3, "retarget", retarget],
  [4, "roll back", rollBack],
  [3, "by hand", byHand],
  [4, "touch", touch],
  [2, "unrelated", unrelated],
  [2, "give back", giveBack],
  [4, "deliveries", deliveries],
  [5, "fault", fault],
  [2, "lag", lag],
  [3, "registry", registry],
  [3, "restart", restart],
];

function release(life: Life): Promise<boolean> {
  life.versions += 1;
  return publish(life, `1.${life.versions}.0`);
}

function olderRelease(life: Life): Promise<boolean> {
  life.versions += 1;
  return publish(life, `1.7.${life.versions}`);
}

async function publish({ story }: Life, version: string): Promise<true> {
  await story.push(version);
  return true;
}

/** What is due is done, and no more: the next event may come before the world is quiet. */
async function look({ story }: Life): Promise<boolean> {
  await story.github.webhooks.settled();
  return (await story.store().runDue()) > 0;
}

async function settle({ story }: Life): Promise<boolean> {
  await story.settle();
  return true;
}

async function time({ story, chance }: Life): Promise<boolean> {
  await story.wait((1 + chance.number(15)) * 60_000);
  return true;
}

function merge(life: Life): boolean {
  const { story, chance } = life;
  const green = openPromotions(life).filter(({ headOid }) => story.check(headOid)?.startsWith("success"));
  const pull = chance.pick(green);
  if (!pull) return false;
  const method = chance.pick(["squash", "merge", "rebase"] as const) ?? "squash";
  const version = versionAt(life, { environment: environmentOf(pull), ref: pull.headRef });
  const outcome = story.github.mergePullRequest({ repository: CONFIG, number: pull.number, by: "maria", method });
  if (outcome.kind !== "merged") return false;
  if (pull.baseRef === "main") lift(life, { environment: environmentOf(pull), version });
  return true;
}

function close(life: Life): boolean {
  const pull = life.chance.pick(openPromotions(life));
  if (!pull) return false;
  const environment = environmentOf(pull);
  const version = versionAt(life, { environment, ref: pull.headRef });
  life.story.github.closePullRequest({ repository: CONFIG, number: pull.number, by: "maria" });
  const isOurs = !life.pushed.some(({ branch }) => branch === pull.headRef);
  if (version !== undefined && isOurs && pull.baseRef === "main")
    refuse(life, { version, environment, bound: [environment], number: pull.number });
  return true;
}

function reopen(life: Life): boolean {
  const { story, chance } = life;
  const closed = story.github
    .pullRequests({ repository: CONFIG, state: "closed" })
    .filter(({ headRef, app, mergedAt }) => headRef.startsWith("stagecoach/") && app && mergedAt === undefined);
  const pull = chance.pick(closed.slice(-3));
  if (!pull) return false;
  try {
    story.github.reopenPullRequest({ repository: CONFIG, number: pull.number, by: "maria" });
  } catch {
    // Its branch is gone, or another pull request has taken its place.
    return false;
  }
  for (const refusal of life.refusals) if (refusal.number === pull.number) refusal.lifted = true;
  return true;
}

function push(life: Life): boolean {
  const pull = life.chance.pick(openPromotions(life));
  if (!pull) return false;
  const files = { "notes.md": `Note ${life.pushed.length}\n` };
  const where = { repository: CONFIG, branch: pull.headRef, author: "leo", message: "A note" };
  life.pushed.push({ branch: pull.headRef, oid: life.story.github.commitFiles({ ...where, files }) });
  return true;
}

function updateBranch(life: Life): boolean {
  const pull = life.chance.pick(openPromotions(life));
  if (!pull) return false;
  try {
    life.story.github.updateBranch({ repository: CONFIG, number: pull.number, by: "maria" });
    life.updated.add(pull.headRef);
    return true;
  } catch {
    // It is up to date, or in conflict.
    return false;
  }
}

function approve(life: Life): boolean {
  const pull = life.chance.pick(openPromotions(life));
  if (pull) life.story.github.review({ repository: CONFIG, number: pull.number, by: "leo" });
  return pull !== undefined;
}

async function retarget(life: Life): Promise<boolean> {
  const pull = life.chance.pick(openPromotions(life));
  if (!pull) return false;
  const base = pull.baseRef === "main" ? "develop" : "main";
  // A fault may meet the person as well; then it is as it is.
  const answer = await fetch(`${life.story.github.url}/repos/${CONFIG}/pulls/${pull.number}`, {
    method: "PATCH",
    headers: { authorization: "Bearer user:maria", "content-type": "application/json" },
    body: JSON.stringify({ base }),
  }).catch(() => undefined);
  return answer?.ok === true;
}

/** Back to what was there before, by a commit. */
async function rollBack(life: Life): Promise<boolean> {
  const environment = life.chance.pick(Object.keys(life.shape.environments)) ?? "";
  const version = versionAt(life, { environment, ref: "main" });
  const before = versionsOf(life, environment).find((each) => each !== version);
  if (version === undefined || before === undefined || !isNewer(version, before)) return false;
  // What a person brought and took away again between two looks was never seen by anybody.
  const byPerson = life.log.at(-1)?.startsWith(`by hand ${environment}`);
  if (byPerson) await life.story.settle();
  commit(life, { environment, version: before });
  const bound = [environment, ...environmentsAfter(life.shape, environment)];
  refuse(life, { version, environment, bound });
  lift(life, { environment, version: before });
  return true;
}

/** A person writes another version into the file, without a promotion. */
async function byHand(life: Life): Promise<boolean> {
  const environment = life.chance.pick(Object.keys(life.shape.environments)) ?? "";
  const version = `1.${life.versions + 1}.0`;
  life.versions += 1;
  await life.story.push(version);
  commit(life, { environment, version });
  await life.story.settle();
  return true;
}

function commit(life: Life, { environment, version }: { environment: string; version: string }): void {
  const path = placeOf(environment);
  const text = (life.story.reads(path) ?? deployment(version)).replace(/(acme\/checkout):\S+/, `$1:${version}`);
  life.story.github.commitFiles({
    repository: CONFIG,
    author: "maria",
    message: `${environment} to ${version}`,
    files: { [path]: text.replaceAll("REGISTRY", life.story.registry.host) },
  });
}

function touch(life: Life): boolean {
  const environment = life.chance.pick(Object.keys(life.shape.environments)) ?? "";
  const path = placeOf(environment);
  const text = `${life.story.reads(path) ?? ""}# touched ${life.log.length}\n`;
  life.story.github.commitFiles({
    repository: CONFIG,
    author: "maria",
    message: "Touch",
    files: { [path]: text.replaceAll("REGISTRY", life.story.registry.host) },
  });
  return true;
}

function unrelated(life: Life): boolean {
  const files = { "README.md": `Version ${life.log.length}\n` };
  life.story.github.commitFiles({ repository: CONFIG, author: "maria", message: "Words", files });
  return true;
}

/** People end what they began: the pull request is closed and its branch deleted, as the check says. */
function giveBack(life: Life): boolean {
  const branch = life.chance.pick(life.pushed)?.branch;
  return branch !== undefined && endBranch(life, branch);
}

export function endBranch(life: Life, branch: string): boolean {
  const { github } = life.story;
  const pull = openPromotions(life).find(({ headRef }) => headRef === branch);
  if (pull) github.closePullRequest({ repository: CONFIG, number: pull.number, by: "leo" });
  try {
    github.deleteBranch({ repository: CONFIG, branch, by: "leo" });
    return true;
  } catch {
    // It is gone already.
    return false;
  }
}

async function deliveries({ story, chance }: Life): Promise<boolean> {
  const { webhooks } = story.github;
  switch (chance.number(5)) {
    case 0:
      webhooks.setSwitch({ mode: "lose", times: 1 + chance.number(5) });
      break;
    case 1:
      webhooks.setSwitch({ mode: "double", times: 1 + chance.number(5) });
      break;
    case 2:
      webhooks.setSwitch({ mode: "hold", times: 1 + chance.number(5) });
      break;
    default:
      await webhooks.flush((held) => [...held].reverse());
  }
  return true;
}

const ROUTES = [
  "POST *",
  "PATCH *",
  "PUT *",
  "POST /graphql",
  "GET *",
  "POST *check-runs",
  "POST *pulls",
  "POST *trees",
];

function fault({ story, chance }: Life): boolean {
  const kinds: readonly FaultRule["fault"][] = [
    { kind: "reply-lost" },
    { kind: "error-before", status: 502 },
    { kind: "error-after", status: 502 },
    { kind: "secondary-limit", retryAfter: 1 + chance.number(90) },
    { kind: "error-before", status: 422, message: "Validation Failed" },
  ];
  const on = chance.pick(ROUTES) ?? "POST *";
  story.github.break({ on, times: 1 + chance.number(3), fault: chance.pick(kinds) ?? { kind: "reply-lost" } });
  return true;
}

/** Reads show the world of a moment ago, for a look or two. */
async function lag(life: Life): Promise<boolean> {
  const heal = life.story.github.break({ on: "* *", fault: { kind: "lag", requests: 1 + life.chance.number(6) } });
  await look(life);
  await look(life);
  heal();
  return true;
}

function registry({ story, chance }: Life): boolean {
  if (chance.number(3) > 0) story.registry.fail();
  else story.registry.fail({ kind: "status", status: 503 });
  return true;
}

/** In fair weather, because a story's process does not try again to begin. */
async function restart({ story, chance }: Life): Promise<boolean> {
  story.github.mend();
  await story.restart({ forget: chance.number(3) > 0 });
  return true;
}

function versionsOf({ story }: Life, environment: string): readonly string[] {
  const path = placeOf(environment);
  const found = story.github
    .log({ repository: CONFIG, ref: "main" })
    .flatMap(({ oid }) => /acme\/checkout:(\S+)/.exec(story.reads(path, { ref: oid }) ?? "")?.[1] ?? []);
  return [...new Set(found)];
}

function isNewer(a: string, b: string): boolean {
  return a.localeCompare(b, "en", { numeric: true }) > 0;
}

function environmentsAfter({ environments }: Shape, name: string): readonly string[] {
  const direct = Object.keys(environments).filter((each) => environments[each]?.includes(name));
  return [...new Set(direct.flatMap((each) => [each, ...environmentsAfter({ environments } as Shape, each)]))];
}

function refuse(life: Life, refusal: Omit<Refusal, "heads" | "lifted">): void {
  const heads = new Set(life.story.github.pullRequests({ repository: CONFIG }).map(({ headOid }) => headOid));
  life.refusals.push({ ...refusal, heads, lifted: false });
}

/** A person brought the version here: that is a newer word than the refusal. */
function lift(life: Life, { environment, version }: { environment: string; version: string | undefined }): void {
  for (const refusal of life.refusals)
    if (refusal.environment === environment && refusal.version === version) refusal.lifted = true;
}
