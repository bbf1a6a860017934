// What goes wrong around what runs: rollbacks that people refuse, releases that come back, clocks that disagree, clusters
// that fall silent half-way. Each is a short life, told by what the planner makes of it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DriftFinding } from "../../src/domain/drift.ts";
import type { LiveState } from "../../src/domain/live-state.ts";
import { driftKey, type Observed } from "../../src/domain/observed.ts";
import type { Action } from "../../src/domain/plan.ts";
import type { PastPromotion } from "../../src/domain/promotion.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import type { ToldIssue, ToldOnPullRequest } from "../../src/domain/told.ts";
import {
  type Answers,
  digestOf,
  environment,
  IMAGE,
  images,
  ledger,
  minutes,
  pinned,
  place,
  promotion,
  reached,
  release,
} from "./build.ts";
import {
  BEFORE,
  container,
  type Following,
  follow,
  following,
  git,
  HEAD,
  history,
  liveState,
  MERGE,
  merged,
  reading,
  STAGING,
} from "./build-live.ts";

const of = <K extends Action["kind"]>(actions: readonly Action[], kind: K) =>
  actions.filter((action): action is Extract<Action, { kind: K }> => action.kind === kind);

const degraded = (since: number) =>
  reading(liveState({ health: { state: "degraded", basis: "reconciler", since, message: "CrashLoopBackOff" } }));

const back = { onDegraded: { do: "rollback", deadline: 900_000 } } as const;
const came = { release: release("1.8.0"), at: merged, pullRequest: 7, commit: MERGE };
const before = { release: release("1.7.0"), at: minutes(-9000), healthyAt: minutes(-8990), soaked: 900_000 };
const stopped = [{ release: release("1.8.0"), at: minutes(-2), why: "staging was degraded with it" }];

function past(tag: string, changes: Partial<PastPromotion> = {}): PastPromotion {
  return {
    number: 5,
    key: STAGING,
    release: release(tag),
    outcome: "merged",
    base: "main",
    by: "maria",
    byUs: false,
    openedAt: minutes(-9100),
    endedAt: minutes(-9000),
    head: "e".repeat(40),
    approvals: [],
    ...changes,
  };
}

/** Staging is stopped with 1.8.0, and should go back to 1.7.0. */
function goingBack({ memory, changes, staging, ...rest }: Following = {}): Observed {
  return following({
    states: [degraded(minutes(-18))],
    staging: { ...back, ...staging },
    memory: { staging: { reached: [came, before], stopped }, ...memory },
    ...(changes && { changes }),
    ...rest,
  });
}

const proposedTo = (start: Observed, key: string) =>
  of(follow(start).plan.actions, "open")
    .filter((action) => action.key === key)
    .map(({ view }) => view.release.versions[0]?.tag);

const rememberedOf = (start: Observed) =>
  of(follow(start).plan.actions, "remember")[0]?.ledger.environments[STAGING]?.reached[0];

describe("a rollback that a person refused", () => {
  const closed = past("1.7.0", { number: 9, outcome: "closed", openedAt: minutes(-3), endedAt: minutes(-1) });

  test("is not proposed again", () => {
    assert.deepEqual(proposedTo(goingBack({ changes: { past: [closed] } }), STAGING), []);
  });

  test("may be proposed again from another release: a newer one has ended the refusal", () => {
    const reachedThere = [{ ...came, release: release("1.8.0") }, reached("1.7.9", { at: minutes(-60) }), before];
    const start = goingBack({
      memory: { staging: { reached: reachedThere, stopped } },
      changes: { past: [{ ...closed, openedAt: minutes(-50), endedAt: minutes(-40) }] },
    });
    assert.deepEqual(proposedTo(start, STAGING), ["1.7.0"]);
  });

  test("does not close the promotion of a newer release that waits at its gates", () => {
    const start = goingBack({
      staging: { after: [], proposeWhen: [{ kind: "soak", duration: 1 }] },
      changes: {
        past: [closed],
        images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) },
        promotions: [promotion("staging", "1.9.0", { number: 10 })],
      },
    });
    assert.deepEqual(of(follow(start).plan.actions, "close"), []);
  });
});

describe("a rollback and what is not known", () => {
  test("a registry that does not answer turns no open promotion into a rollback", () => {
    const start = goingBack({
      changes: {
        images: { [IMAGE]: unknown("the registry answered 503") },
        promotions: [promotion("staging", "1.9.0", { number: 10 })],
      },
    });
    assert.deepEqual(of(follow(start).plan.actions, "update"), []);
  });

  test("a registry that does not answer keeps no rollback from being proposed", () => {
    const start = goingBack({ changes: { images: { [IMAGE]: unknown("the registry answered 503") } } });
    assert.deepEqual(proposedTo(start, STAGING), ["1.7.0"]);
  });

  test("what can still be asked is asked first", () => {
    const { plan } = follow(goingBack({ changes: { images: {} } }));
    assert.deepEqual(of(plan.actions, "open"), []);
    assert.ok(plan.needs.some(({ kind }) => kind === "tags"));
  });
});

describe("a release that comes back", () => {
  test("by a person's hand is not stopped for what it did the time before", () => {
    const start = goingBack({
      memory: { staging: { reached: [before, came], stopped, rolledBack: [] } },
    });
    const { news, plan } = follow(start);
    assert.match(news.join("; "), /checkout\/staging took `1.8.0`/);
    assert.deepEqual(
      of(plan.actions, "open").filter(({ key }) => key === STAGING),
      [],
    );
  });

  const brought = past("1.7.0", { number: 5, endedAt: minutes(-300), mergeCommit: BEFORE });
  const returned = (change: Partial<LiveState>) =>
    following({
      states: [reading(liveState(change))],
      memory: {
        staging: {
          reached: [came, { release: release("1.7.0"), at: minutes(-300), pullRequest: 5, commit: BEFORE }],
        },
      },
      changes: {
        past: [brought, past("1.8.0", { number: 7, endedAt: merged, mergeCommit: MERGE })],
        environments: { [STAGING]: known({ places: [place("staging", pinned("1.7.0"))], problems: [] }) },
        branches: {
          main: known({ head: HEAD, tree: "t", committedAt: minutes(-5), author: "maria", usesMergeQueue: false }),
        },
      },
    });

  test("by a person's commit is not what its promotion brought long ago", () => {
    const healthy = rememberedOf(returned({ health: { state: "healthy", basis: "kstatus", since: minutes(-200) } }));
    assert.equal(healthy?.pullRequest, undefined);
    assert.equal(healthy?.at, minutes(-300));
    assert.equal(healthy?.healthyAt, minutes(-5));
    const { news } = follow(returned({ health: { state: "degraded", basis: "kstatus", since: minutes(-200) } }));
    assert.doesNotMatch(news.join(), /is stopped/);
  });

  test("where an environment follows another, what was rolled back there does not come again", () => {
    const rollback = past("1.7.0", {
      number: 9,
      openedAt: minutes(-3),
      endedAt: minutes(-1),
      by: "stagecoach",
      byUs: true,
    });
    const start = following({
      states: [reading(liveState())],
      live: { ...back, sameAs: "staging", live: [{ source: "prod", kind: "flux", name: "checkout" }] },
      memory: { live: { reached: [came, before], stopped } },
      changes: { past: [{ ...rollback, key: "checkout/live" }] },
    });
    assert.deepEqual(proposedTo(start, "checkout/live"), []);
  });
});

const soaking = (count: number): NonNullable<Following["live"]> => ({
  proposeWhen: [
    { kind: "healthy", environment: "staging" },
    { kind: "soak", duration: count * 60_000 },
  ],
});

describe("clocks that disagree", () => {
  test("a report from the future completes no soak", () => {
    const state = liveState({ freshness: { readAt: minutes(4), proof: "report" } });
    const start = following({ states: [reading(state)], live: soaking(12) });
    assert.deepEqual(proposedTo(start, "checkout/live"), []);
    assert.equal(rememberedOf(start)?.soaked, undefined);
  });

  test("a soak is as old as the news of the cluster that was heard of longest ago", () => {
    const since = { health: { state: "healthy", basis: "kstatus", since: minutes(-12) } } as const;
    const late = liveState({ ...since, freshness: { readAt: minutes(-5), proof: "report" } });
    const start = following({
      states: [reading(liveState(since)), reading(late, { target: east })],
      live: soaking(10),
    });
    assert.deepEqual(proposedTo(start, "checkout/live"), []);
  });

  test("health since a time to come counts from when it was seen", () => {
    const state = liveState({ health: { state: "healthy", basis: "kstatus", since: minutes(30) } });
    assert.equal(rememberedOf(following({ states: [reading(state)] }))?.healthyAt, minutes(0));
  });

  test("what a reporter saw before the merge says nothing about it, although the same pods ran then", () => {
    const state = liveState({
      observed: [],
      containers: [container(digestOf("1.8.0"))],
      freshness: { readAt: minutes(-21), proof: "report" },
    });
    const { told, news } = follow(following({ states: [reading(state)] }));
    assert.equal(told?.view.stage, "merged");
    assert.deepEqual(news, []);
  });

  test("a commit that says it is from the future came now", () => {
    const start = following({
      memory: { staging: { reached: [] } },
      changes: {
        branches: {
          main: known({ head: HEAD, tree: "t", committedAt: minutes(9_000), author: "eve", usesMergeQueue: false }),
        },
      },
    });
    assert.equal(rememberedOf(start)?.at, minutes(0));
  });
});

describe("how long it has been degraded", () => {
  test("two clusters that lag behind one another do not add up", () => {
    const other = { source: "prod-us", kind: "reports", name: "checkout" } as const;
    const lagging = liveState({
      health: { state: "degraded", basis: "kstatus", since: minutes(-18) },
      freshness: { readAt: minutes(-9), proof: "report" },
    });
    const start = following({ states: [degraded(minutes(-1)), reading(lagging, { target: other })] });
    assert.deepEqual(follow(start).news, []);
  });

  test("one of two sick clusters is enough", () => {
    const other = { source: "prod-us", kind: "flux", name: "checkout" } as const;
    const fresh = { ...degraded(minutes(-1)), target: other };
    assert.match(follow(following({ states: [fresh, degraded(minutes(-18))] })).news.join(), /is stopped/);
  });

  test("an apply that has only just failed is not degraded since the merge, however long the old pods are healthy", () => {
    const state = liveState({
      observed: git(BEFORE),
      sync: { state: "failed", cause: "apply-failed" },
      health: { state: "healthy", basis: "kstatus", since: minutes(-9000) },
      lastResult: { phase: "failed", at: minutes(-1) },
    });
    assert.deepEqual(follow(following({ states: [reading(state)] })).news, []);
  });

  test("an apply that fails again and again has failed since the first time", () => {
    const state = liveState({
      observed: git(BEFORE),
      sync: { state: "failed", cause: "apply-failed" },
      lastResult: { phase: "failed", at: minutes(-1) },
    });
    const { news } = follow(following({ states: [reading(state, { failingSince: minutes(-16) })] }));
    assert.match(news.join(), /is stopped in checkout\/staging/);
  });

  test("the cure of a degraded release is not blamed for it while it is only being applied", () => {
    const state = liveState({
      observed: git(BEFORE),
      sync: { state: "progressing", cause: "new-revision" },
      health: { state: "degraded", basis: "reconciler", since: minutes(-600) },
      lastResult: { phase: "running", startedAt: minutes(-1) },
    });
    const { told, news } = follow(following({ states: [reading(state)] }));
    assert.equal(told?.view.stage, "reconciling");
    assert.deepEqual(news, []);
  });

  test("what came long before it was degraded, and was never looked at, is left alone", () => {
    const start = following({
      states: [degraded(minutes(-30))],
      staging: back,
      memory: {
        staging: {
          reached: [
            { ...came, at: minutes(-9000) },
            { ...before, at: minutes(-20_000) },
          ],
        },
      },
    });
    assert.deepEqual(follow(start).news, []);
    assert.deepEqual(proposedTo(start, STAGING), []);
  });
});

const saying =
  (told: Partial<ToldOnPullRequest>, issues: readonly ToldIssue[] = []): NonNullable<Answers["live"]> =>
  (need, now) => {
    if (need.kind === "told") return { told: { [need.number]: known({ comments: [], deployments: [], ...told }) } };
    if (need.kind === "issues") return { issues: known(issues) };
    if (need.kind === "drift") return { drift: { [driftKey(need)]: known([confirmed]) } };
    return history(need, now);
  };
const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" };
const confirmed: DriftFinding = { object, change: "modified", verdict: "confirmed", why: "seen live" };
const suspects = [{ object, change: "modified", fields: [], evidence: "managed fields" }] as const;
const issue: ToldIssue = { number: 31, key: STAGING, fingerprint: "old", labels: ["stagecoach/drift"] };
const east = { source: "prod-us", kind: "flux", name: "apps/checkout" } as const;

describe("when to look again", () => {
  test("a soak that should be over by the clock, and of which nobody has told yet, makes no pass after pass", () => {
    const late = liveState({ freshness: { readAt: minutes(-1), proof: "report" } });
    const start = following({
      states: [reading(late)],
      live: soaking(10),
      changes: { promotions: [promotion("live", "1.8.0", { number: 11 })] },
    });
    assert.ok((follow(start).plan.lookAgainAt ?? 0) > start.now);
    assert.ok((follow({ ...start, promotions: [] }).plan.lookAgainAt ?? 0) > start.now);
  });
});

describe("what is said of a release that came long ago", () => {
  const longAgo = { ...came, at: minutes(-60 * 24 * 9), healthyAt: minutes(-60 * 24 * 9), soaked: 900_000 };
  const memory = { staging: { reached: [longAgo, { ...before, at: minutes(-60 * 24 * 20) }] } };

  test("what its comment says is put right when it is healthy again", () => {
    const { told } = follow(following({ memory }), {
      live: saying({ comments: [{ id: 4, topic: "live", fingerprint: "no-news.0" }] }),
    });
    assert.equal(told?.view.stage, "healthy");
    assert.equal(told?.comment, 4);
  });

  test("nothing is begun because a reconciler is busy", () => {
    const busy = liveState({ sync: { state: "progressing", cause: "new-revision" } });
    assert.equal(follow(following({ states: [reading(busy)], memory })).told, undefined);
  });

  test("a person is told that it was changed by hand, or is degraded", () => {
    const { told } = follow(following({ states: [reading(liveState({ suspects }))], memory }), { live: saying({}) });
    assert.equal(told?.view.stage, "drifted");
    assert.equal(follow(following({ states: [degraded(minutes(-9))], memory })).told?.view.stage, "degraded");
  });
});

describe("silence", () => {
  test("of a source that answers and says nothing new is told with one time, look after look", () => {
    const at = (now: number) => {
      const stale = { readAt: now, proof: "none", stale: "nobody knows when it looked" } as const;
      const state = reading(liveState({ freshness: stale }), { heardAt: minutes(-30) });
      return follow({ ...following({ states: [state] }), now }).told?.view.fingerprint;
    };
    assert.equal(at(minutes(3)), at(minutes(9)));
  });
});

describe("drift holds up what goes out", () => {
  test("also where another cluster is degraded with a newer release", () => {
    const start = following({
      states: [
        reading(liveState({ suspects })),
        reading(liveState({ health: { state: "degraded", basis: "kstatus", since: minutes(-1) } }), { target: east }),
      ],
      memory: {
        staging: {
          reached: [came, { ...before, release: release("1.7.5") }],
        },
        live: { reached: [reached("1.7.0", { at: minutes(-9500) })] },
      },
    });
    const { plan } = follow(start, { live: saying({}) });
    assert.deepEqual(of(plan.actions, "open"), []);
  });

  const silentNow = following({
    states: [reading(unknown("timed out"), { heardAt: minutes(-12) })],
    memory: { staging: { reached: [{ ...came, healthyAt: merged }, before] } },
  });

  test("and goes on doing so while it is not known whether it is gone", () => {
    const { plan } = follow(silentNow, { live: saying({}, [issue]) });
    assert.deepEqual(of(plan.actions, "open"), []);
    assert.match(plan.waits.map(({ reason }) => reason).join("; "), /issue 31/);
  });

  test("unless a person said that it is to be ignored", () => {
    const ignored = { ...issue, labels: ["stagecoach/ignore"] };
    assert.equal(of(follow(silentNow, { live: saying({}, [ignored]) }).plan.actions, "open").length, 1);
  });

  test("its issue stays as it is while one of two clusters is silent", () => {
    const start = following({
      states: [reading(liveState({ suspects })), reading(unknown("timed out"), { target: east })],
    });
    assert.deepEqual(of(follow(start, { live: saying({}, [issue]) }).plan.actions, "tell-drift"), []);
  });
});

describe("the way back is open", () => {
  const waysBack = (memory: Following["memory"], issues: readonly ToldIssue[] = []) => {
    const gates = [{ kind: "healthy", environment: "integration" }] as const;
    const start = goingBack({
      staging: { after: ["integration"], proposeWhen: [...gates] },
      ...(memory && { memory }),
    });
    const value = start.configuration.kind === "known" ? start.configuration.value : undefined;
    const [first] = value?.pipelines ?? [];
    assert.ok(value && first);
    const live = [{ source: "dev", kind: "flux", name: "apps/checkout-integration" } as const];
    const environments = [environment("integration", { live }), ...first.environments];
    const world: Observed = {
      ...start,
      configuration: known({ ...value, pipelines: [{ ...first, environments }] }),
      environments: {
        ...start.environments,
        "checkout/integration": known({ places: [place("integration", pinned("1.8.0"))], problems: [] }),
      },
    };
    const silent = { ...world.live, "checkout/integration": [reading(unknown("timed out"))] };
    const { plan } = follow({ ...world, live: silent }, { live: saying({}, issues) });
    return of(plan.actions, "open").map(({ view }) => view.release.versions[0]?.tag);
  };

  test("where the environment before has long forgotten the release, or never had it", () => {
    const stood = { staging: { reached: [came, before], stopped }, integration: { reached: [reached("1.8.0")] } };
    assert.deepEqual(waysBack(stood), ["1.7.0"]);
    // Nor does it matter what somebody changed there by hand.
    assert.deepEqual(waysBack(stood, [{ ...issue, key: "checkout/integration" }]), ["1.7.0"]);
  });
});

describe("plain Kubernetes, where nothing names a commit", () => {
  const pods = (ready: boolean) => [
    { name: "web-0", ready, newest: true, ...(ready && { digest: digestOf("1.8.0") }) },
  ];
  const workload = (image: string) => ({
    ...container(),
    image,
    pods: pods(false),
  });
  const plain = (image: string) => {
    const {
      observed: _observed,
      desired: _desired,
      attempted: _attempted,
      ...nameless
    } = liveState({
      reconciler: "kubernetes",
      sync: { state: "unknown" },
      containers: [workload(image)],
      health: { state: "degraded", basis: "kstatus", since: minutes(-16), message: "ImagePullBackOff" },
    });
    return reading(nameless);
  };

  test("an image that never starts is degraded where the workloads name the release", () => {
    const { told, news } = follow(following({ states: [plain(`${IMAGE}:1.8.0`)] }));
    assert.equal(told?.view.stage, "degraded");
    assert.match(news.join(), /is stopped/);
  });

  test("and says nothing about the release where they name another, or another image", () => {
    assert.equal(follow(following({ states: [plain("ghcr.io/acme/other:1.8.0")] })).told?.view.stage, "merged");
    assert.equal(follow(following({ states: [plain(`${IMAGE}:1.7.0`)] })).told?.view.stage, "merged");
  });
});

describe("sick and changed by hand", () => {
  const both = liveState({
    suspects,
    health: { state: "degraded", basis: "reconciler", since: minutes(-18), message: "CrashLoopBackOff" },
  });

  test("a person is told of both, and nothing goes out", () => {
    const { told, plan } = follow(following({ states: [reading(both)] }), { live: saying({}) });
    assert.equal(told?.view.stage, "degraded");
    assert.equal(told?.view.drift.length, 1);
    assert.equal(of(plan.actions, "tell-drift").length, 1);
    assert.match(plan.waits.map(({ reason }) => reason).join("; "), /staging was changed by hand/);
  });

  test("the release is not stopped for what a hand may have done", () => {
    assert.deepEqual(follow(following({ states: [reading(both)], staging: back }), { live: saying({}) }).news, []);
  });

  test("what cannot be verified hides no sickness", () => {
    const unverifiable: NonNullable<Answers["live"]> = (need, now) =>
      need.kind === "drift" ? { drift: { [driftKey(need)]: unknown("403") } } : saying({})(need, now);
    const { told, news } = follow(following({ states: [reading(both)] }), { live: unverifiable });
    assert.equal(told?.view.stage, "degraded");
    assert.match(news.join(), /is stopped/);
  });
});

describe("where the way back leads", () => {
  const between = { release: release("1.7.9"), at: minutes(-600), healthyAt: minutes(-590), soaked: 900_000 };
  const reachedThere = [came, between, before];

  test("to the last that was healthy there", () => {
    assert.deepEqual(proposedTo(goingBack({ memory: { staging: { reached: reachedThere, stopped } } }), STAGING), [
      "1.7.9",
    ]);
  });

  for (const [name, memory] of [
    ["stopped", { stopped: [...stopped, { release: release("1.7.9"), at: minutes(-500), why: "w" }] }],
    [
      "rolled back",
      { stopped, rolledBack: [{ release: release("1.7.9"), at: minutes(-500), to: "1.7.0", commit: "c" }] },
    ],
  ] as const) {
    test(`not to what was ${name} there`, () => {
      const start = goingBack({ memory: { staging: { reached: reachedThere, ...memory } } });
      assert.deepEqual(proposedTo(start, STAGING), ["1.7.0"]);
    });
  }

  test("not to what is blocked", () => {
    const [version] = between.release.versions;
    assert.ok(version);
    const blocks = [{ ...version, by: "maria", at: minutes(-400), reason: "leaks" }];
    const remembered = ledger({ staging: { reached: reachedThere, stopped } }, { blocks });
    assert.deepEqual(proposedTo(goingBack({ changes: { ledger: remembered } }), STAGING), ["1.7.0"]);
  });

  const underWay = { promotions: [promotion("staging", "1.7.0", { number: 12 })] };

  test("nowhere, once what stands there is healthy: the pull request is closed", () => {
    const { plan } = follow(goingBack({ states: [reading(liveState())], changes: underWay }));
    assert.deepEqual(
      of(plan.actions, "close").map(({ number }) => number),
      [12],
    );
  });

  test("on, while the cluster is silent", () => {
    const { plan } = follow(goingBack({ states: [reading(unknown("timed out"))], changes: underWay }));
    assert.deepEqual(of(plan.actions, "close"), []);
  });
});

describe("what holds nothing up, and what nobody is called for", () => {
  test("a change by hand in the environment itself, where it only reports", () => {
    const start = following({
      states: [reading(liveState({ suspects }))],
      staging: { merge: "manual" },
      changes: { images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) } },
    });
    const opened = of(follow(start, { live: saying({}) }).plan.actions, "open");
    assert.deepEqual(
      opened.map(({ key }) => key),
      [STAGING],
    );
  });

  test("a newer release that is degraded, for an older one that was healthy", () => {
    const start = following({
      states: [degraded(minutes(-3))],
      memory: {
        staging: { reached: [came, { ...before, release: release("1.7.5") }] },
        live: { reached: [reached("1.7.0", { at: minutes(-9500) })] },
      },
    });
    assert.deepEqual(proposedTo(start, "checkout/live"), ["1.7.5"]);
  });

  test("what is tried again by itself", () => {
    const blocked = { code: "ImagePullBackOff", message: "not found", retrying: true };
    const state = liveState({ health: { state: "degraded", basis: "kstatus", since: minutes(-3) }, blocked });
    const calls = (retrying: boolean) => {
      const shown = { ...state, blocked: { ...blocked, retrying } };
      return of(follow(following({ states: [reading(shown)] })).plan.actions, "call-for-attention").length;
    };
    assert.deepEqual([calls(true), calls(false)], [0, 1]);
  });

  test("what was stopped and is healthy again", () => {
    const start = following({ memory: { staging: { reached: [came, before], stopped } } });
    assert.deepEqual(of(follow(start).plan.actions, "call-for-attention"), []);
  });

  for (const [name, state] of [
    ["is not ours", known({ kind: "untrusted", why: "a commit by eve" } as const)],
    ["could not be read", unknown("502")],
  ] as const) {
    test(`nothing is told while the ledger ${name}`, () => {
      const brought = past("1.8.0", { number: 7, endedAt: merged, mergeCommit: MERGE });
      const { plan } = follow(following({ changes: { ledger: state, past: [brought] } }));
      // The check alone says why nothing moves.
      assert.deepEqual(
        plan.actions.filter(({ kind }) => kind !== "set-check"),
        [],
      );
    });
  }

  test("a release that was healthy and then gave way to a newer one keeps what was said of it", () => {
    const old = {
      release: release("1.7.9"),
      at: minutes(-60),
      pullRequest: 6,
      commit: BEFORE,
      healthyAt: minutes(-50),
    };
    const start = following({ memory: { staging: { reached: [came, old] } } });
    const told =
      (last: string): NonNullable<Answers["live"]> =>
      (need, now) =>
        need.kind === "told" && need.number === 6
          ? {
              told: {
                6: known({
                  comments: [{ id: 3, topic: "live", fingerprint: `${last}.1` }],
                  deployments: [{ id: 4, environment: STAGING, status: { state: "success", description: "healthy" } }],
                }),
              },
            }
          : history(need, now);
    const written = (last: string) =>
      follow(start, { live: told(last) })
        .plan.actions.filter((action) => "number" in action && action.number === 6)
        .map(({ kind }) => kind);
    assert.deepEqual(written("healthy"), []);
    assert.deepEqual(written("degraded"), ["tell-live"]);
  });
});
