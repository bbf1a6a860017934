// The small world with clusters in it: they take what Git says when they please, fall sick, silent or into somebody's
// hands, and GitHub keeps what we say. It knows what is true at every moment, and no rule of the planner.

import assert from "node:assert/strict";
import type { LiveState } from "../../src/domain/live-state.ts";
import type { LiveView } from "../../src/domain/live-view.ts";
import {
  declaredKey,
  driftKey,
  imageKey,
  type LiveReading,
  type Observed,
  revisionKey,
} from "../../src/domain/observed.ts";
import {
  type Environment,
  type EnvironmentKey,
  environmentKey,
  type LiveTarget,
  type Pipeline,
} from "../../src/domain/pipeline.ts";
import type { Action, Need } from "../../src/domain/plan.ts";
import type { PastPromotion } from "../../src/domain/promotion.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import type { ToldDeployment } from "../../src/domain/told.ts";
import type { RepositoryPlan } from "../../src/plan/repository-plan.ts";
import { noon } from "./build.ts";
import { liveState } from "./build-live.ts";
import { commitId, placesOf, tagsOf, World } from "./world.ts";

type Health = "healthy" | "degraded" | "progressing" | "missing";

export interface Cluster {
  readonly key: EnvironmentKey;
  readonly target: LiveTarget;
  /** Index of the commit that it has applied. */
  applied: number;
  health: Health;
  since: number;
  suspended: boolean;
  drifted: boolean;
  silent: boolean;
  heardAt: number;
  /** What its reporter said last, where it only reports. */
  report: LiveState | undefined;
}

export interface Comment {
  readonly id: number;
  readonly number: number;
  readonly topic: string;
  view: LiveView | undefined;
  fingerprint: string;
  edits: number;
}

export class LiveWorld extends World {
  readonly clusters: Cluster[];
  /** Tags that never come up. */
  readonly bad = new Set<string>();
  readonly comments: Comment[] = [];
  readonly deployments = new Map<number, ToldDeployment[]>();
  readonly issues: { readonly number: number; readonly key: EnvironmentKey; fingerprint: string; labels: string[] }[] =
    [];
  /** By environment and release: the longest unbroken health everywhere, and since when it goes on. */
  readonly health = new Map<string, { longest: number; since: number | undefined }>();
  githubDown = false;
  #ids = 1000;

  constructor(pipeline: Pipeline) {
    super(pipeline);
    this.knowsOnlyGit = false;
    this.clusters = pipeline.environments.flatMap((environment) =>
      environment.live.map((target) => ({
        key: environmentKey(pipeline, environment),
        target,
        applied: 0,
        health: "healthy" as const,
        since: noon,
        suspended: false,
        drifted: false,
        silent: false,
        heardAt: noon,
        report: undefined,
      })),
    );
    for (const cluster of this.clusters) this.report(cluster);
    this.note();
  }

  environmentOf(key: EnvironmentKey): Environment {
    const found = this.pipeline.environments.find((each) => environmentKey(this.pipeline, each) === key);
    assert.ok(found, `no environment ${key}`);
    return found;
  }

  runs({ key, applied }: Cluster): string {
    const file = this.commits[applied]?.get(key);
    return file ? tagsOf(file.versions) : "";
  }

  /** It takes what Git has now. */
  sync(cluster: Cluster): void {
    if (cluster.suspended) return;
    const before = this.runs(cluster);
    cluster.applied = this.commits.length - 1;
    const now = this.runs(cluster);
    if (before === now) return;
    cluster.drifted = false;
    this.turn(cluster, this.bad.has(now) ? "degraded" : "progressing");
  }

  turn(cluster: Cluster, health: Health): void {
    if (cluster.health === health && health !== "progressing") return;
    cluster.health = health;
    cluster.since = this.now;
    this.note();
  }

  report(cluster: Cluster): void {
    cluster.report = this.#state(cluster);
  }

  /** Writes down what is true now; called before and after anything changes. */
  note(): void {
    for (const environment of this.pipeline.environments) {
      const key = environmentKey(this.pipeline, environment);
      const clusters = this.clusters.filter((each) => each.key === key);
      const tags = tagsOf(this.fileOf(key).versions);
      const isHealthy = clusters.every((each) => each.health === "healthy" && this.runs(each) === tags);
      for (const [name, each] of this.health)
        if (name.startsWith(`${key} `) && each.since !== undefined) {
          each.longest = Math.max(each.longest, this.now - each.since);
          if (!isHealthy || name !== `${key} ${tags}`) each.since = undefined;
        }
      if (!isHealthy) continue;
      const here = this.health.get(`${key} ${tags}`) ?? { longest: 0, since: undefined };
      this.health.set(`${key} ${tags}`, { ...here, since: here.since ?? this.now });
    }
  }

  longestHealth(key: EnvironmentKey, tags: string): number | undefined {
    this.note();
    return this.health.get(`${key} ${tags}`)?.longest;
  }

  #state(cluster: Cluster): LiveState {
    const { target, health, since, applied, suspended, drifted } = cluster;
    const commit = [{ kind: "git", id: commitId(applied) }] as const;
    const head = [{ kind: "git", id: this.base }] as const;
    const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" };
    const containers = (this.commits[applied]?.get(cluster.key)?.versions.versions ?? []).map(
      ({ image, tag, digest }) => ({
        workload: `Deployment/checkout/${image}`,
        container: "web",
        image: `${image}:${tag}`,
        pods: [{ name: "web-0", digest, ready: health === "healthy", newest: true }],
      }),
    );
    const isPlain = target.kind === "kubernetes";
    const {
      observed: _observed,
      desired: _desired,
      attempted: _attempted,
      ...rest
    } = liveState({
      sync: isPlain
        ? { state: "unknown" }
        : applied === this.commits.length - 1
          ? { state: "synced" }
          : { state: "out-of-sync", cause: "new-revision" },
      health: { state: health, basis: "kstatus", since },
      freshness: { readAt: this.now, proof: "read" },
      containers: target.kind === "flux" ? [] : containers,
      suspects: drifted ? [{ object, change: "modified", fields: [], evidence: "managed fields" }] : [],
      ...(suspended && { suspended: "`spec.suspend` is true" }),
    });
    return isPlain ? rest : { ...rest, desired: head, attempted: commit, observed: commit };
  }

  #read(cluster: Cluster): LiveReading {
    const { target, silent } = cluster;
    if (silent) return { target, state: unknown("connection refused"), heardAt: cluster.heardAt };
    cluster.heardAt = this.now;
    const state = target.kind === "reports" && cluster.report ? cluster.report : this.#state(cluster);
    return { target, state: known(state), heardAt: this.now };
  }

  override observe(): Observed {
    const live: Record<EnvironmentKey, LiveReading[]> = {};
    for (const cluster of this.clusters) live[cluster.key] = [...(live[cluster.key] ?? []), this.#read(cluster)];
    return { ...super.observe(), live };
  }

  protected override answer(observed: Observed, plan: RepositoryPlan): Observed {
    const base = super.answer(observed, plan);
    const answers = {
      revisions: { ...base.revisions },
      declaredAt: { ...base.declaredAt },
      drift: { ...base.drift },
      children: { ...base.children },
      told: { ...base.told },
    };
    for (const need of plan.needs) this.#answerOne(need, answers);
    const issues = plan.needs.some(({ kind }) => kind === "issues");
    return {
      ...base,
      ...answers,
      ...(issues && { issues: this.githubDown ? unknown("502") : known(this.issues.map((each) => ({ ...each }))) }),
    };
  }

  #answerOne(
    need: Need,
    answers: {
      readonly revisions: Record<string, Observed["revisions"][string]>;
      readonly declaredAt: Record<string, Observed["declaredAt"][string]>;
      readonly drift: Record<string, Observed["drift"][string]>;
      readonly children: Record<string, Observed["children"][string]>;
      readonly told: Record<number, Observed["told"][number]>;
    },
  ): void {
    if (need.kind === "revision") {
      const at = Number.parseInt(need.commit, 16);
      const missing = this.commits.map((_, index) => commitId(index)).slice(at + 1);
      answers.revisions[revisionKey(need)] = this.githubDown ? unknown("502") : known({ onBranch: true, missing });
    }
    if (need.kind === "declared-at") {
      const file = this.commits[Number.parseInt(need.commit, 16)]?.get(need.key);
      assert.ok(file);
      answers.declaredAt[declaredKey(need)] = known({ places: placesOf(need.key, file), problems: [] });
    }
    if (need.kind === "drift") {
      const cluster = this.clusters.find(({ key, target }) => driftKey({ key, target }) === driftKey(need));
      const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" };
      const verdict = cluster?.drifted ? "confirmed" : "healed";
      answers.drift[driftKey(need)] = known([{ object, change: "modified", verdict, why: "seen live" }]);
    }
    if (need.kind === "children") answers.children[imageKey(need)] = known([]);
    if (need.kind === "told") {
      const comments = this.comments.filter(({ number }) => number === need.number).map((each) => ({ ...each }));
      const deployments = this.deployments.get(need.number) ?? [];
      answers.told[need.number] = this.githubDown ? unknown("502") : known({ comments, deployments });
    }
  }

  protected override perform(action: Action): void {
    switch (action.kind) {
      case "tell-live":
        this.#tell(action.number, { topic: "live", comment: action.comment, view: action.view });
        return;
      case "call-for-attention":
        this.#tell(action.number, { topic: `attention/${action.view.situation}`, comment: undefined, view: undefined });
        return;
      case "report-deployment": {
        const all = this.deployments.get(action.number) ?? [];
        const own = all.find(({ environment }) => environment === action.key);
        assert.equal(action.deployment, own?.id, "a second deployment");
        assert.notEqual(own?.status?.state, action.status.state, "a status is said again");
        const id = own?.id ?? this.#nextId();
        this.deployments.set(action.number, [
          ...all.filter((each) => each !== own),
          { id, environment: action.key, status: action.status },
        ]);
        return;
      }
      case "tell-drift": {
        const own = this.issues.find(({ key }) => key === action.key);
        assert.equal(action.issue, own?.number, `a second issue for ${action.key}`);
        if (own) own.fingerprint = action.view.fingerprint;
        else
          this.issues.push({
            number: this.#nextId(),
            key: action.key,
            fingerprint: action.view.fingerprint,
            labels: [],
          });
        return;
      }
      case "settle-drift":
        this.issues.splice(
          this.issues.findIndex(({ number }) => number === action.issue),
          1,
        );
        return;
      default:
        this.note();
        super.perform(action);
        this.note();
    }
  }

  override end(number: number, how: Pick<PastPromotion, "outcome" | "by" | "byUs">): void {
    const open = this.open.find((each) => each.number === number);
    const before = open && tagsOf(this.fileOf(open.key).versions);
    if (
      open &&
      before &&
      how.outcome === "merged" &&
      this.tags.indexOf(tagsOf(open.head.release)) < this.tags.indexOf(before)
    )
      this.history.push({ kind: "rolled-back", key: open.key, release: before, by: "us" });
    super.end(number, how);
  }

  #tell(
    number: number,
    { topic, comment, view }: { topic: string; comment: number | undefined; view: LiveView | undefined },
  ): void {
    const own = this.comments.find((each) => each.number === number && each.topic === topic);
    assert.equal(comment, own?.id, `a second comment about ${topic} on ${number}`);
    const fingerprint = view?.fingerprint ?? "1";
    if (!own) {
      this.comments.push({ id: this.#nextId(), number, topic, view, fingerprint, edits: 0 });
      return;
    }
    assert.notEqual(own.fingerprint, fingerprint, "the same is written again");
    Object.assign(own, { view, fingerprint, edits: own.edits + 1 });
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }
}
