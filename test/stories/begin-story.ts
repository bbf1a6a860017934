// The vocabulary of stories: what happens around a config repository, told in the domain's words. `live` is an
// environment of the pipeline `checkout`, `cart/dev` one of another pipeline.

import assert from "node:assert/strict";
import type { Button } from "../../src/domain/button.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { readAnswerMark, readCommentMark } from "../../src/forge/read-marks.ts";
import { decide } from "../../src/reconcile/decide.ts";
import type { FaultRule } from "../github/http/faults.ts";
import type { MergeMethod } from "../github/model/repository.ts";
import type { BranchRule } from "../github/model/rule.ts";
import type { Github } from "../github/start-github.ts";
import type { Files } from "../github/stories/commit-files.ts";
import { CHECKOUT, placeOf, THREE } from "./sample-files.ts";
import { type Conditions, startWorld, type World } from "./story-world.ts";

export const CONFIG = "acme/platform-config";

export interface StoryOptions {
  readonly conditions?: Conditions;
  /** The pipeline file; `REGISTRY` in it and in the files stands for the registry's host, `GITHUB` for that of GitHub. */
  readonly pipeline?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Further branches, made from the default branch, with these files. */
  readonly branches?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly settings?: (host: string) => Partial<Settings>;
  /** What the registry has before the story begins, `name:tag`. */
  readonly pushed?: readonly string[];
  /** What else stands there when the program starts, once GitHub has the files: the settings that lead to it. */
  readonly beside?: (world: Pick<World, "github" | "registry" | "now">) => Promise<Partial<Settings>>;
}

export type PullRequest = ReturnType<Github["pullRequest"]>;

export interface By {
  /** Login; maria unless given. She may write, as ann who owns the repository and leo. */
  readonly by?: string;
}

export interface Story extends Omit<World, "end"> {
  /** Pushes `acme/<name>:<tag>` to the registry; gives the digest. */
  push(
    tag: string,
    options?: {
      readonly name?: string;
      readonly seed?: string;
      readonly labels?: Readonly<Record<string, string>>;
    },
  ): Promise<string>;
  /** Open promotions, `live: 1.8.0`, sorted. */
  open(): readonly string[];
  /** What the environment's file says now: a tag, or tag and digest. */
  declares(name: string, options?: { readonly branch?: string }): string | undefined;
  /** A file of the config repository, `REGISTRY` standing for the registry. */
  reads(path: string, options?: { readonly ref?: string }): string | undefined;
  /** The open promotion to the environment. */
  promotion(name: string): PullRequest;
  /** All that there ever were, the oldest first. */
  promotions(name: string): readonly PullRequest[];
  /** Messages of the commits that the promotion has above its base, oldest first. */
  commits(name: string): readonly string[];
  merge(name: string, options?: By & { readonly method?: MergeMethod; readonly ignoreRules?: boolean }): Promise<void>;
  close(name: string, options?: By): Promise<void>;
  approve(name: string, options?: By): Promise<void>;
  /** A person commits to a branch, the default branch unless it is named. */
  commit(files: Files, options?: By & { readonly branch?: string; readonly message?: string }): Promise<string>;
  /** A person pushes with force: the branch is at that commit now. */
  forcePush(branch: string, oid: string): Promise<void>;
  deleteBranch(branch: string): Promise<void>;
  /** The button that merges the base into the promotion's branch. */
  updateBranch(name: string, options?: By): Promise<void>;
  /** The pipeline file becomes this one. */
  configure(text: string | null): Promise<void>;
  /** Another person's pull request to the default branch; gives its number. */
  propose(files: Files, options?: By): number;
  /**
   * A person comments on the open promotion to an environment, or on the pull request or issue of that number; gives the
   * comment's id. People take a second to write.
   */
  say(text: string, options: By & { readonly on: string | number }): Promise<number>;
  /**
   * A person presses a button of the check on the promotion to an environment, or on a commit. GitHub tells of it once:
   * where events are lost, so is this.
   */
  press(button: Button, options: By & { readonly on: string }): Promise<void>;
  /** The text of the open dashboard, and its number; `undefined` where there is none. */
  dashboard(): { readonly number: number; readonly body: string } | undefined;
  /** A person ticks boxes of the dashboard, as the page does. */
  tick(boxes: readonly string[], options?: By): Promise<void>;
  /** What we said there of buttons and boxes that were refused, the oldest first. */
  refusals(on: string | number): readonly string[];
  /** What we answered there, the oldest first. */
  answers(on: string | number): readonly string[];
  /** What we gave to the comment: `eyes`, or how it ended. */
  reactionTo(comment: number): string | undefined;
  /** Our check on the head of the promotion, or on a commit: `success: title`. */
  check(nameOrCommit: string): string | undefined;
  /** Why nothing happens there, as the next pass would say. */
  waits(name?: string): Promise<readonly string[]>;
  rule(rule: Partial<BranchRule> & { readonly branch?: string }): void;
  /** Replies to requests of this kind go wrong; gives how often that happened. */
  fault(rule: FaultRule): { readonly met: () => number };
}

export async function beginStory(options: StoryOptions = {}): Promise<Story & Pick<World, "end">> {
  const pushed = options.pushed ?? ["checkout:1.7.0"];
  const world = await startWorld({
    ...options,
    before: async ({ github, registry, now }) => {
      const files = { ".github/stagecoach.yaml": options.pipeline ?? CHECKOUT, ...(options.files ?? THREE) };
      github.createRepository({ owner: "acme", name: "platform-config", files: located(files, { github, registry }) });
      for (const [branch, own] of Object.entries(options.branches ?? {})) {
        const commit = { repository: CONFIG, branch, author: "ann", message: "Begin" };
        github.commitFiles({ ...commit, files: located(own, { github, registry }) });
      }
      for (const user of ["maria", "leo"]) github.setRole({ repository: CONFIG, user, role: "write" });
      for (const name of pushed) {
        const [repository = "", tag = ""] = name.split(":");
        await registry.push({ repository: `acme/${repository}`, tag });
      }
      return (await options.beside?.({ github, registry, now })) ?? {};
    },
  });
  return { ...world, ...lookAround(world), ...actIn(world) };
}

function located<T extends Files>(files: T, { github, registry }: Pick<World, "github" | "registry">): Files {
  const locate = (text: string) =>
    text.replaceAll("REGISTRY", registry.host).replaceAll("GITHUB", new URL(github.url).host);
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, typeof text === "string" ? locate(text) : text]),
  );
}

function branchOf(name: string): string {
  return `stagecoach/${name.includes("/") ? name : `checkout/${name}`}`;
}

function nameOf({ headRef }: PullRequest): string {
  return headRef.replace(/^stagecoach\/(checkout\/)?/, "");
}

/** What `stagecoach plan` would say at this moment; writes nothing. */
async function planNow({ app }: World) {
  const { shell } = app();
  const [at] = await shell.store.repositories.list();
  assert.ok(at, "Stagecoach knows no repository.");
  return (await decide({ hints: await shell.store.hints.of(at.repository), inTime: () => true, at, shell })).plan;
}

function lookAround(world: World) {
  const { github, registry } = world;
  const repository = CONFIG;
  const ours = (state: "open" | "all") =>
    github.pullRequests({ repository, state }).filter(({ headRef, app }) => headRef.startsWith("stagecoach/") && app);
  const promotion = (name: string) => {
    const found = ours("open").find(({ headRef }) => headRef === branchOf(name));
    assert.ok(found, `No promotion to ${name} is open.`);
    return found;
  };
  const reads: Story["reads"] = (path, { ref = "main" } = {}) =>
    github
      .fileAt({ repository, ref, path })
      ?.replaceAll(registry.host, "REGISTRY")
      .replaceAll(new URL(github.url).host, "GITHUB");
  return {
    promotion,
    reads,
    promotions: (name) => ours("all").filter(({ headRef }) => headRef === branchOf(name)),
    open: () =>
      ours("open")
        .map((pull) => `${nameOf(pull)}: ${/^Promote \S+ (.*) to .*$/.exec(pull.title)?.[1] ?? pull.title}`)
        .sort(),
    declares: (name, { branch = "main" } = {}) =>
      /image: \S+\/[^\s:]+:(\S+)/.exec(reads(placeOf(name), { ref: branch }) ?? "")?.[1],
    commits: (name) => {
      const base = new Set(github.log({ repository, ref: promotion(name).baseRef }).map(({ oid }) => oid));
      const above = github.log({ repository, ref: branchOf(name) }).filter(({ oid }) => !base.has(oid));
      return above.map(({ message }) => message).reverse();
    },
    waits: async (name) => {
      const { waits } = await planNow(world);
      const wanted =
        name === undefined ? waits : waits.filter(({ key }) => key === branchOf(name).slice("stagecoach/".length));
      return wanted.map(({ reason }) => reason);
    },
    dashboard: () => {
      const found = github
        .issues({ repository, state: "open" })
        .filter(({ app, labels }) => app && labels.some(({ name }) => name === "stagecoach/dashboard"));
      assert.ok(found.length <= 1, `${found.length} dashboards are open.`);
      return found[0] && { number: found[0].number, body: found[0].body ?? "" };
    },
    refusals: (on) =>
      github
        .comments({ repository, number: typeof on === "number" ? on : promotion(on).number })
        .filter(({ app, body }) => app && readCommentMark(body)?.topic.startsWith("attention/refused-"))
        .map(({ body }) => body),
    answers: (on) =>
      github
        .comments({ repository, number: typeof on === "number" ? on : promotion(on).number })
        .filter(({ app, body }) => app?.slug === "stagecoach" && readAnswerMark(body) !== undefined)
        .map(({ body }) => body),
    reactionTo: (comment) => {
      const ours = github.reactions({ comment }).filter((given) => given.startsWith("stagecoach[bot]: "));
      assert.ok(ours.length <= 1, `We gave more than one reaction to comment ${comment}: ${ours.join(", ")}.`);
      return ours[0]?.replace("stagecoach[bot]: ", "");
    },
    check: (nameOrCommit) => {
      const oid = /^[0-9a-f]{40}$/.test(nameOrCommit) ? nameOrCommit : promotion(nameOrCommit).headOid;
      const run = github.checkRuns({ repository, ref: oid, app: "stagecoach" }).at(-1);
      return run && `${run.conclusion ?? "in progress"}: ${run.output.title ?? ""}`;
    },
  } satisfies Partial<Story>;
}

function actIn(world: World) {
  const { github, registry, settle } = world;
  const repository = CONFIG;
  const { promotion } = lookAround(world);
  const numbered = (name: string, { by = "maria" }: By = {}) => ({ repository, number: promotion(name).number, by });
  const commit: Story["commit"] = async (files, { by = "maria", branch, message = "By hand" } = {}) => {
    const where = { repository, author: by, message, ...(branch !== undefined && { branch }) };
    const oid = github.commitFiles({ ...where, files: located(files, world) });
    await settle();
    return oid;
  };
  return {
    commit,
    push: async (tag, { name = "checkout", seed, labels = {} } = {}) => {
      const repositoryName = `acme/${name}`;
      const digest = { ...(seed !== undefined && { digestSeed: seed }) };
      return registry.push({ repository: repositoryName, tag, labels, ...digest });
    },
    merge: async (name, { method = "squash", ignoreRules = false, ...by } = {}) => {
      const outcome = github.mergePullRequest({ ...numbered(name, by), method, ignoreRules });
      assert.equal(outcome.kind, "merged", JSON.stringify(outcome));
      await settle();
    },
    close: async (name, by) => {
      github.closePullRequest(numbered(name, by));
      await settle();
    },
    approve: async (name, by) => {
      github.review(numbered(name, by));
      await settle();
    },
    forcePush: async (branch, oid) => {
      github.forcePush({ repository, branch, oid, by: "leo" });
      await settle();
    },
    deleteBranch: async (branch) => {
      github.deleteBranch({ repository, branch, by: "maria" });
      await settle();
    },
    updateBranch: async (name, by) => {
      github.updateBranch(numbered(name, by));
      await settle();
    },
    press: async (button, { on, by = "maria" }) => {
      const ref = /^[0-9a-f]{40}$/.test(on) ? on : promotion(on).headOid;
      github.pressButton({ repository, ref, button, by });
      await settle();
    },
    tick: async (boxes, { by = "maria" } = {}) => {
      await world.wait(1_000);
      const issue = lookAround(world).dashboard();
      assert.ok(issue, "There is no dashboard.");
      const body = boxes.reduce((text, box) => {
        const empty = `- [ ] <!-- stagecoach:do ${box} -->`;
        assert.ok(text.includes(empty), `The dashboard has no box ${box}:\n${text}`);
        return text.replace(empty, empty.replace("[ ]", "[x]"));
      }, issue.body);
      github.editIssue({ repository, number: issue.number, by, body });
      await settle();
    },
    say: async (text, { on, by = "maria" }) => {
      await world.wait(1_000);
      const number = typeof on === "number" ? on : promotion(on).number;
      const { id } = github.comment({ repository, number, by, body: text });
      await settle();
      return id;
    },
    configure: async (text) => {
      await commit({ ".github/stagecoach.yaml": text }, { by: "ann", message: "Another pipeline file" });
    },
    propose: (files, { by = "leo" } = {}) => {
      const branch = `${by}/change-${github.pullRequests({ repository }).length + 1}`;
      github.commitFiles({ repository, branch, author: by, message: "A change", files: located(files, world) });
      return github.openPullRequest({ repository, by, head: branch, title: "A change" }).number;
    },
    rule: (rule) => github.setRule({ repository, branch: "main", ...rule }),
    fault: (rule) => {
      let met = 0;
      github.break({
        ...rule,
        when: (request) => {
          const meets = rule.when?.(request) ?? true;
          if (meets) met += 1;
          return meets;
        },
      });
      return { met: () => met };
    },
  } satisfies Partial<Story>;
}
