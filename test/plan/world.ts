// A small world for random stories: a registry, files in Git, pull requests and people, all in memory. It performs what
// the planner decides as GitHub would, and refuses what GitHub would refuse. It knows no rule of the planner.

import assert from "node:assert/strict";
import type { Ledger } from "../../src/domain/ledger.ts";
import { editKey, type Observed, UNASKED } from "../../src/domain/observed.ts";
import { type EnvironmentKey, environmentKey, type Pipeline, promotionBranch } from "../../src/domain/pipeline.ts";
import type { Edit, EditResult } from "../../src/domain/place.ts";
import type { Action } from "../../src/domain/plan.ts";
import type { PastPromotion, Promotion, StrayBranch } from "../../src/domain/promotion.ts";
import { type Release, releaseOf } from "../../src/domain/release.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import type { RepositoryPlan } from "../../src/plan/repository-plan.ts";
import { configuration, digestOf, images, noon } from "./build.ts";

export interface File {
  readonly versions: Release;
  /** Changes when a person edits the file elsewhere than at the version. */
  readonly rest: number;
}

/** What a story is judged by afterwards, in the order in which it happened. */
export interface Happened {
  readonly kind: "proposed" | "arrived" | "declined" | "rolled-back";
  readonly key: EnvironmentKey;
  readonly release: string;
  readonly by: "us" | "people";
}

interface Head {
  readonly oid: string;
  readonly committedAt: number;
  readonly parent: string;
  readonly release: Release;
  readonly file: File;
  readonly base: File;
  readonly pushedBy?: string;
}

type Open = Omit<Promotion, "head"> & { readonly head: Head };

export class World {
  readonly pipeline: Pipeline;
  readonly tags: string[] = ["1.0.0"];
  readonly files = new Map<EnvironmentKey, File>();
  /** The files as they were after each commit; the first is what was there before all of them. */
  readonly commits: ReadonlyMap<EnvironmentKey, File>[] = [];
  readonly history: Happened[] = [];
  open: Open[] = [];
  past: PastPromotion[] = [];
  strays: StrayBranch[] = [];
  ledger: { readonly ledger: Ledger; readonly head: string; readonly tree: string } | undefined;
  registryDown = false;
  /** Nothing else may be asked. */
  protected knowsOnlyGit = true;
  now = noon;
  writes = 0;
  #commits = 0;
  #names = 0;

  constructor(pipeline: Pipeline) {
    this.pipeline = pipeline;
    for (const environment of pipeline.environments) {
      const key = environmentKey(pipeline, environment);
      this.files.set(key, { versions: this.releaseAt("1.0.0"), rest: 0 });
      this.history.push({ kind: "arrived", key, release: tagsOf(this.releaseAt("1.0.0")), by: "people" });
    }
    this.commits.push(new Map(this.files));
  }

  releaseAt(tag: string): Release {
    return releaseOf(this.pipeline.images.map(({ image }) => ({ image, tag, digest: digestOf(`${image}${tag}`) })));
  }

  get base(): string {
    return commitId(this.#commits);
  }

  commit(key: EnvironmentKey, file: File, by: "us" | "people"): void {
    this.#commits += 1;
    const changed = tagsOf(this.fileOf(key).versions) !== tagsOf(file.versions);
    this.files.set(key, file);
    this.commits.push(new Map(this.files));
    if (changed) this.history.push({ kind: "arrived", key, release: tagsOf(file.versions), by });
  }

  rollBack(key: EnvironmentKey, versions: Release): void {
    const file = this.fileOf(key);
    if (tagsOf(file.versions) === tagsOf(versions)) return;
    this.history.push({ kind: "rolled-back", key, release: tagsOf(file.versions), by: "people" });
    this.commit(key, { ...file, versions }, "people");
  }

  fileOf(key: EnvironmentKey): File {
    const file = this.files.get(key);
    assert.ok(file, `no file for ${key}`);
    return file;
  }

  observe(): Observed {
    const tracked = this.pipeline.images.map(({ image }) => {
      const state = images(this.tags, {
        digests: Object.fromEntries(this.tags.map((tag) => [tag, known(digestOf(`${image}${tag}`))])),
      });
      return [image, this.registryDown ? unknown("the registry answered 503") : known(state)] as const;
    });
    return {
      now: this.now,
      repository: {
        id: 1,
        owner: "acme",
        name: "platform-config",
        defaultBranch: "main",
        archived: false,
        mergeMethods: ["squash"],
      },
      configuration: known(configuration({ pipelines: [this.pipeline], limits: { open: 20, hourly: 1000 } })),
      ledger: known(this.ledger ? { kind: "trusted", ...this.ledger } : { kind: "absent" }),
      branches: {
        main: known({
          head: this.base,
          tree: `tree of ${this.base}`,
          committedAt: this.now,
          author: "maria",
          usesMergeQueue: false,
        }),
      },
      environments: Object.fromEntries(
        [...this.files].map(([key, file]) => [key, known({ places: placesOf(key, file), problems: [] })]),
      ),
      images: Object.fromEntries(tracked),
      promotions: this.open.map((each) => this.#asSeen(each)),
      strays: this.strays,
      past: this.past.slice(-50),
      guarded: [],
      conversations: [],
      ...UNASKED,
    };
  }

  #asSeen(open: Open): Promotion {
    const { oid, committedAt, parent, release, pushedBy } = open.head;
    const conflicting = contentOf(this.fileOf(open.key)) !== contentOf(open.head.base);
    const ownership =
      pushedBy === undefined
        ? ({ kind: "ours" } as const)
        : ({ kind: "foreign", by: pushedBy, commit: oid, why: "pushed" } as const);
    return {
      ...open,
      head: { oid, committedAt, parent, release, ownership },
      mergeable: conflicting ? "conflicting" : "mergeable",
    };
  }

  /** One pass: observe, plan until nothing is missing, act. Gives the plan that was performed. */
  pass(): RepositoryPlan {
    let observed = this.observe();
    for (let round = 0; round < 10; round += 1) {
      const plan = planRepository(observed);
      if (plan.needs.length === 0) {
        for (const action of plan.actions) this.perform(action);
        return plan;
      }
      observed = this.answer(observed, plan);
    }
    throw new Error("the planner asked for more for ten rounds");
  }

  protected answer(observed: Observed, plan: RepositoryPlan): Observed {
    const edits: Record<string, ReturnType<typeof known<EditResult>>> = {};
    const heads: Record<string, Observed["heads"][string]> = {};
    for (const need of plan.needs) {
      if (need.kind === "edit")
        edits[editKey(need.key, need.release)] = known({ kind: "edit", edit: this.#edit(need.key, need.release) });
      else if (need.kind === "head-files") heads[need.head] = known(this.#headFiles(need.head));
      else if (this.knowsOnlyGit) throw new Error(`a story asks for ${need.kind}`);
    }
    return { ...observed, edits: { ...observed.edits, ...edits }, heads: { ...observed.heads, ...heads } };
  }

  #edit(key: EnvironmentKey, versions: Release): Edit {
    const file = this.fileOf(key);
    const after = contentOf({ ...file, versions });
    if (after === contentOf(file)) return { files: [] };
    const change = { line: 1, from: tagsOf(file.versions), to: tagsOf(versions) };
    return {
      files: [{ path: `${key}.yaml`, mode: "100644", before: contentOf(file), after, text: after, changes: [change] }],
    };
  }

  #headFiles(oid: string) {
    const head = this.open.find((each) => each.head.oid === oid)?.head;
    assert.ok(head, `no head ${oid}`);
    const owner = this.open.find((each) => each.head === head);
    return [{ path: `${owner?.key}.yaml`, blob: contentOf(head.file) }];
  }

  #newHead(key: EnvironmentKey, release: Release): Head {
    const base = this.fileOf(key);
    this.history.push({ kind: "proposed", key, release: tagsOf(release), by: "us" });
    const file = { ...base, versions: release };
    return { oid: this.#next("head"), committedAt: this.now, parent: this.base, release, file, base };
  }

  protected perform(action: Action): void {
    this.writes += 1;
    switch (action.kind) {
      case "remember":
        this.ledger = { ledger: action.ledger, head: `ledger${this.writes}`, tree: "tree" };
        return;
      case "open":
        this.#open(action);
        return;
      case "update": {
        const open = this.#find(action.number, action.head);
        assert.equal(open.head.pushedBy, undefined, "a person's commit was overwritten");
        const head = this.#newHead(action.key, action.view.release);
        this.#replace(open, { head, ...checkOf(action.check, this.writes), describedAs: action.view.fingerprint });
        return;
      }
      case "describe":
        this.#change(action.number, { describedAs: action.view.fingerprint });
        return;
      case "label":
        this.#change(action.number, { labels: action.labels });
        return;
      case "set-check": {
        const open = this.open.find(({ head }) => head.oid === action.head);
        if (open) this.#replace(open, checkOf(action.check, this.writes));
        return;
      }
      case "close":
        this.end(this.#find(action.number, action.head).number, { outcome: "closed", by: "stagecoach", byUs: true });
        return;
      case "merge": {
        const open = this.#find(action.number, action.head);
        assert.equal(open.check?.state, "success", "merged without a green check");
        this.end(open.number, { outcome: "merged", by: "stagecoach", byUs: true });
        return;
      }
      case "delete-branch":
        this.strays = this.strays.filter(({ branch }) => branch !== action.branch);
        return;
    }
  }

  #next(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  #open(action: Extract<Action, { kind: "open" }>): void {
    assert.ok(!this.open.some(({ key }) => key === action.key), `two pull requests for ${action.key}`);
    const stray = this.strays.find(({ key }) => key === action.key);
    assert.equal(action.branchHead, stray?.head.oid, "the branch is not where the plan says");
    this.strays = this.strays.filter((each) => each !== stray);
    this.open.push({
      number: Number(this.#next("")),
      key: action.key,
      branch: promotionBranch(action.key),
      base: action.base,
      title: "",
      labels: action.view.labels,
      openedAt: this.now,
      draft: false,
      head: this.#newHead(action.key, action.view.release),
      mergeable: "mergeable",
      mergeState: "clean",
      inMergeQueue: false,
      approvals: [],
      checks: { total: 0, found: [] },
      pushedBy: [],
      describedAs: action.view.fingerprint,
      ...checkOf(action.check, this.writes),
    });
  }

  /** The pull request is over. Its branch stays, as on GitHub. */
  end(number: number, how: Pick<PastPromotion, "outcome" | "by" | "byUs">): void {
    const open = this.open.find((each) => each.number === number);
    assert.ok(open, `no open pull request ${number}`);
    const { key, head, base, openedAt } = open;
    this.open = this.open.filter((each) => each !== open);
    this.past.push({
      number,
      key,
      release: head.release,
      base,
      openedAt,
      endedAt: this.now,
      head: head.oid,
      approvals: [],
      ...(how.outcome === "merged" && { mergeCommit: commitId(this.#commits + 1) }),
      ...how,
    });
    this.strays.push({ key, branch: open.branch, head: this.#asSeen(open).head });
    if (how.outcome === "closed" && !how.byUs)
      this.history.push({ kind: "declined", key, release: tagsOf(head.release), by: "people" });
    if (how.outcome === "merged") this.commit(key, { ...this.fileOf(key), versions: head.file.versions }, "us");
  }

  change(number: number, changes: Partial<Open>): void {
    this.#change(number, changes);
  }

  #change(number: number, changes: Partial<Open>): void {
    const open = this.open.find((each) => each.number === number);
    if (open) this.#replace(open, changes);
  }

  #replace(open: Open, changes: Partial<Open>): void {
    this.open = this.open.map((each) => (each === open ? { ...each, ...changes } : each));
  }

  #find(number: number, head: string): Open {
    const open = this.open.find((each) => each.number === number && each.head.oid === head);
    assert.ok(open, `pull request ${number} is not at ${head}`);
    return open;
  }
}

/** The commit after which `commits[index]` is what the files say. */
export function commitId(index: number): string {
  return index.toString(16).padStart(40, "0");
}

function checkOf(
  check: { readonly state: "in-progress" | "success" | "failure"; readonly fingerprint: string },
  id: number,
) {
  return { check: { id, state: check.state, fingerprint: check.fingerprint } };
}

export function tagsOf(release: Release): string {
  return release.versions.map(({ tag }) => tag).join(",");
}

function contentOf({ versions, rest }: File): string {
  return `${tagsOf(versions)} and line ${rest}`;
}

export function placesOf(key: EnvironmentKey, { versions }: File) {
  return versions.versions.map(({ image, tag, digest }) => ({
    path: `${key}.yaml`,
    document: 0,
    pointer: [image],
    line: 1,
    column: 1,
    form: "reference" as const,
    image,
    tag,
    digest,
  }));
}
