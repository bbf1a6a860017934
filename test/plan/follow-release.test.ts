// What follows from how far a release is: the gates of the environments after, what is remembered, what is stopped or
// taken back, and what people are told.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DriftFinding } from "../../src/domain/drift.ts";
import type { Ledger } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Action } from "../../src/domain/plan.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import type { ToldIssue, ToldOnPullRequest } from "../../src/domain/told.ts";
import { type Answers, IMAGE, images, minutes, noon, release } from "./build.ts";
import {
  BEFORE,
  type Following,
  follow,
  following,
  git,
  history,
  liveState,
  MERGE,
  merged,
  reading,
  STAGING,
} from "./build-live.ts";

const degraded = (since: number) =>
  reading(liveState({ health: { state: "degraded", basis: "reconciler", since, message: "CrashLoopBackOff" } }));
const soaking = (duration: number): NonNullable<Following["live"]> => ({
  proposeWhen: [
    { kind: "healthy", environment: "staging" },
    { kind: "soak", duration: duration * 60_000 },
  ],
});

function waitsOf(start: Observed, name: string): readonly string[] {
  return follow(start).plan.waits.flatMap(({ key, reason }) => (key === `checkout/${name}` ? [reason] : []));
}

function ledgerAfter(start: Observed): Ledger | undefined {
  return follow(start).plan.actions.flatMap((action) => (action.kind === "remember" ? [action.ledger] : []))[0];
}

const said =
  (told: Partial<ToldOnPullRequest>, issues: readonly ToldIssue[] = []): NonNullable<Answers["live"]> =>
  (need, now) => {
    if (need.kind === "told") return { told: { [need.number]: known({ comments: [], deployments: [], ...told }) } };
    if (need.kind === "issues") return { issues: known(issues) };
    return history(need, now);
  };

const of = <K extends Action["kind"]>(actions: readonly Action[], kind: K) =>
  actions.filter((action): action is Extract<Action, { kind: K }> => action.kind === kind);

describe("the gate healthy", () => {
  test("opens the next environment when the one before is healthy with the release, and remembers it", () => {
    const { kinds, news } = follow(following());
    assert.ok(kinds.includes("open"));
    assert.deepEqual(news, ["`1.8.0` is healthy in checkout/staging since 2026-11-20 11:50 UTC"]);
  });

  test("counts from the merge on, whatever the cluster says of the time before", () => {
    const start = following({
      states: [reading(liveState({ health: { state: "healthy", basis: "kstatus", since: minutes(-900) } }))],
    });
    assert.equal(ledgerAfter(start)?.environments[STAGING]?.reached[0]?.healthyAt, merged);
  });

  for (const [name, state, reason] of [
    ["degraded", degraded(minutes(-5)), /staging is degraded with `1.8.0`: dev: `CrashLoopBackOff`/],
    ["silent", reading(unknown("connection refused")), /staging is no-news: no news from dev/],
    ["before the merge", reading(liveState({ observed: git(BEFORE) })), /staging is reconciling|staging is merged/],
  ] as const) {
    test(`waits while the environment before is ${name}`, () => {
      const start = following({ states: [state] });
      assert.ok(!follow(start).kinds.includes("open"));
      assert.match(waitsOf(start, "live").join("; "), reason);
    });
  }

  test("a proof stays proven when the environment has gone on", () => {
    const reached = [
      { release: release("1.9.0"), at: minutes(-3), pullRequest: 8 },
      { release: release("1.8.0"), at: merged, pullRequest: 7, healthyAt: minutes(-15) },
    ];
    const start = following({
      states: [reading(liveState({ health: { state: "progressing", basis: "reconciler" } }))],
      memory: { staging: { reached } },
    });
    const world = { ...start, environments: { ...start.environments, [STAGING]: declares("1.9.0", start) } };
    const opens = of(follow(world).plan.actions, "open");
    assert.deepEqual(
      opens.map(({ view }) => view.release.versions[0]?.tag),
      ["1.8.0"],
    );
  });
});

function declares(tag: string, start: Observed): Observed["environments"][typeof STAGING] {
  const state = start.environments[STAGING];
  if (state?.kind !== "known") throw new Error("staging is known");
  const digest = release(tag).versions[0]?.digest ?? "";
  return known({ ...state.value, places: state.value.places.map((place) => ({ ...place, tag, digest })) });
}

describe("the gate soak", () => {
  test("waits until the release has been healthy for as long, and says when that will be", () => {
    const { plan, kinds } = follow(following({ live: soaking(30) }));
    assert.ok(!kinds.includes("open"));
    assert.equal(plan.lookAgainAt, minutes(5));
    const [wait] = plan.waits.filter(({ key }) => key === "checkout/live");
    assert.match(wait?.reason ?? "", /healthy with it since 2026-11-20 11:50 UTC, and 30 minutes are asked for/);
    assert.equal(wait?.until, minutes(20));
  });

  test("passes when the last look saw it healthy for as long, and remembers that for good", () => {
    const start = following({ live: soaking(10) });
    assert.ok(follow(start).kinds.includes("open"));
    assert.equal(ledgerAfter(start)?.environments[STAGING]?.reached[0]?.soaked, 10 * 60_000);
  });

  test("rests on when the cluster was seen, not on the clock of the pass", () => {
    const old = liveState({ freshness: { readAt: minutes(-1), proof: "report" } });
    assert.ok(!follow(following({ states: [reading(old)], live: soaking(10) })).kinds.includes("open"));
  });

  test("does not count silence", () => {
    const start = following({ states: [reading(unknown("connection refused"))], live: soaking(10) });
    assert.match(waitsOf(start, "live").join("; "), /never|no news/);
  });

  test("the newest release that ever soaked goes on, although newer ones came and went too fast", () => {
    const reached = [
      { release: release("1.10.0"), at: minutes(-5), pullRequest: 9 },
      { release: release("1.9.0"), at: minutes(-25), pullRequest: 8, healthyAt: minutes(-24) },
      { release: release("1.8.0"), at: minutes(-90), pullRequest: 7, healthyAt: minutes(-88), soaked: 30 * 60_000 },
    ];
    const start = following({
      states: [reading(liveState({ health: { state: "healthy", basis: "reconciler", since: minutes(-4) } }))],
      live: soaking(30),
      memory: { staging: { reached } },
    });
    const world = { ...start, environments: { ...start.environments, [STAGING]: declares("1.10.0", start) } };
    const opens = of(follow(world).plan.actions, "open");
    assert.deepEqual(
      opens.map(({ view }) => view.release.versions[0]?.tag),
      ["1.8.0"],
    );
  });
});

describe("on-degraded", () => {
  test("nothing happens before the deadline, and the look after that is planned", () => {
    const start = following({ states: [degraded(minutes(-10))] });
    const { news, plan } = follow(start);
    assert.deepEqual(news, []);
    assert.ok((plan.lookAgainAt ?? 0) <= minutes(5));
  });

  test("hold: after the deadline the release is stopped, a person is called once, and a newer one may still come", () => {
    const start = following({ states: [degraded(minutes(-16))] });
    const { news, plan } = follow(start);
    assert.match(
      news.join(),
      /`1.8.0` is stopped in checkout\/staging: staging was degraded with it from 2026-11-20 11:44 UTC on/,
    );
    assert.deepEqual(
      of(plan.actions, "call-for-attention").map(({ view }) => view.situation),
      ["stopped"],
    );
    const [call] = of(plan.actions, "call-for-attention");
    assert.match(call?.view.what ?? "", /^`1\.8\.0` is stopped, because staging was degraded with it from /);
    const again = follow(start, {
      live: said({ comments: [{ id: 1, topic: "attention/stopped", fingerprint: "1" }] }),
    });
    assert.deepEqual(of(again.plan.actions, "call-for-attention"), []);
  });

  test("a degradation from before the merge counts from the merge on", () => {
    const { news } = follow(
      following({ states: [degraded(minutes(-500))], staging: { onDegraded: { do: "hold", deadline: 25 * 60_000 } } }),
    );
    assert.deepEqual(news, []);
  });

  for (const [name, memory] of [
    ["what a person's commit brought", { release: release("1.8.0"), at: merged }],
    [
      "what had been healthy for as long as the deadline",
      { release: release("1.8.0"), at: merged, pullRequest: 7, healthyAt: merged, soaked: 900_000 },
    ],
  ] as const) {
    test(`leaves ${name}`, () => {
      const { news } = follow(
        following({ states: [degraded(minutes(-16))], memory: { staging: { reached: [memory] } } }),
      );
      assert.deepEqual(news, []);
    });
  }

  test("do: nothing only tells", () => {
    const { news, told } = follow(
      following({ states: [degraded(minutes(-16))], staging: { onDegraded: { do: "nothing", deadline: 900_000 } } }),
    );
    assert.deepEqual(news, []);
    assert.equal(told?.view.stage, "degraded");
  });

  const back = { onDegraded: { do: "rollback", deadline: 900_000 } } as const;

  test("rollback: the last release that was healthy there is proposed, with the same gates but the soak", () => {
    const start = following({ states: [degraded(minutes(-16))], staging: back });
    const [open] = of(follow(start).plan.actions, "open");
    assert.equal(open?.key, STAGING);
    assert.equal(open?.view.release.versions[0]?.tag, "1.7.0");
    assert.match(open?.view.rollback ?? "", /goes back to `1.7.0`, the last that was healthy in staging/);
  });

  test("rollback: not to what was never healthy there", () => {
    const reached = [
      { release: release("1.8.0"), at: merged, pullRequest: 7, commit: MERGE },
      { release: release("1.7.0"), at: minutes(-9000) },
    ];
    const start = following({ states: [degraded(minutes(-16))], staging: back, memory: { staging: { reached } } });
    assert.deepEqual(of(follow(start).plan.actions, "open"), []);
  });

  test("rollback: once it is healthy again there is nothing to go back from", () => {
    const reached = [
      { release: release("1.8.0"), at: merged, pullRequest: 7, commit: MERGE },
      { release: release("1.7.0"), at: minutes(-9000), healthyAt: minutes(-8990) },
    ];
    const stopped = [{ release: release("1.8.0"), at: minutes(-5), why: "staging was degraded" }];
    const start = following({ staging: back, memory: { staging: { reached, stopped } } });
    assert.deepEqual(
      of(follow(start).plan.actions, "open").filter(({ key }) => key === STAGING),
      [],
    );
  });

  test("a stopped release goes nowhere from there, and its open promotion says so", () => {
    const reached = [{ release: release("1.8.0"), at: merged, pullRequest: 7, healthyAt: minutes(-19) }];
    const stopped = [{ release: release("1.8.0"), at: minutes(-5), why: "staging was degraded" }];
    const start = following({ memory: { staging: { reached, stopped } } });
    assert.ok(!follow(start).kinds.includes("open"));
    assert.match(waitsOf(start, "live").join("; "), /nothing has been in staging that may go on/);
  });
});

describe("drift", () => {
  const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" };
  const suspect = { object, change: "modified", fields: [], evidence: "managed fields" } as const;
  const drifted = reading(liveState({ suspects: [suspect] }));
  const finding = (verdict: DriftFinding["verdict"]): DriftFinding => ({
    object,
    change: "modified",
    field: {
      path: "/spec/replicas",
      live: { kind: "shown", text: "5" },
      desired: { kind: "shown", text: "2" },
      manager: "kubectl",
    },
    verdict,
    why: "seen live",
  });
  const verified =
    (findings: readonly DriftFinding[], issues: readonly ToldIssue[] = []): NonNullable<Answers["live"]> =>
    (need, now) =>
      need.kind === "drift"
        ? { drift: { [`${need.key} ${need.target.source} ${need.target.kind} ${need.target.name}`]: known(findings) } }
        : said({}, issues)(need, now);
  const issue: ToldIssue = { number: 31, key: STAGING, fingerprint: "old", labels: ["stagecoach/drift"] };

  test("confirmed: one issue, the comment says drifted, and nothing goes out of the environment", () => {
    const { plan, told, kinds } = follow(following({ states: [drifted] }), { live: verified([finding("confirmed")]) });
    assert.equal(told?.view.stage, "drifted");
    assert.deepEqual(
      of(plan.actions, "tell-drift").map(({ issue: number }) => number),
      [undefined],
    );
    assert.ok(!kinds.includes("open"));
    assert.match(plan.waits.map(({ reason }) => reason).join("; "), /staging was changed by hand/);
  });

  for (const verdict of ["healed", "ignored", "stale", "wrong-revision", "changed-since"] as const) {
    test(`${verdict}: nothing is told and nothing is held up`, () => {
      const { plan, kinds } = follow(following({ states: [drifted] }), { live: verified([finding(verdict)]) });
      assert.deepEqual(of(plan.actions, "tell-drift"), []);
      assert.ok(kinds.includes("open"));
    });
  }

  test("unverifiable: what Stagecoach saw itself is not healthy until it was looked into", () => {
    const { plan, told } = follow(following({ states: [drifted] }), { live: verified([finding("unverifiable")]) });
    assert.equal(told?.view.stage, "synced");
    assert.deepEqual(of(plan.actions, "tell-drift"), []);
  });

  test("unverifiable: a mere claim holds nothing up", () => {
    const claim = { report: "r", by: "reporter", observedAt: noon, target: object, suspects: [suspect] };
    const claimed = reading(liveState(), { claim });
    const { told } = follow(following({ states: [claimed] }), {
      live: verified([{ ...finding("unverifiable"), claimedBy: "reporter" }]),
    });
    assert.equal(told?.view.stage, "healthy");
  });

  test("unverifiable: what a reporter in the cluster suspects holds nothing up", () => {
    const reported = liveState({ suspects: [suspect], freshness: { readAt: noon, proof: "report" } });
    const { told } = follow(following({ states: [reading(reported)] }), {
      live: (need, now) =>
        need.kind === "drift"
          ? {
              drift: {
                [`${need.key} ${need.target.source} ${need.target.kind} ${need.target.name}`]:
                  unknown("it only pushes"),
              },
            }
          : said({})(need, now),
    });
    assert.equal(told?.view.stage, "healthy");
  });

  test("told before and not to be verified now: it is not called healthy, and the issue stays", () => {
    const { plan, told } = follow(following(), {
      live: (need, now) =>
        need.kind === "drift"
          ? {
              drift: {
                [`${need.key} ${need.target.source} ${need.target.kind} ${need.target.name}`]: unknown(
                  "it was compared with a later commit",
                ),
              },
            }
          : said({}, [issue])(need, now),
    });
    assert.equal(told?.view.stage, "synced");
    assert.match(told?.view.reason ?? "", /it was changed by hand, and whether it still is could not be verified/);
    assert.deepEqual(of(plan.actions, "settle-drift"), []);
  });

  test("healed: the issue closes by itself", () => {
    const { plan } = follow(following(), { live: verified([], [issue]) });
    assert.deepEqual(
      of(plan.actions, "settle-drift").map((action) => action.issue),
      [31],
    );
  });

  test("what cannot be looked at closes no issue", () => {
    const { plan } = follow(following(), { live: verified([finding("unverifiable")], [issue]) });
    assert.deepEqual(of(plan.actions, "settle-drift"), []);
  });

  test("silence closes no issue", () => {
    const { plan } = follow(following({ states: [reading(unknown("timed out"))] }), { live: verified([], [issue]) });
    assert.deepEqual(of(plan.actions, "settle-drift"), []);
  });

  test("ignored by a person: it is still told, and holds nothing up", () => {
    const tolerated = { ...issue, labels: ["stagecoach/drift", "stagecoach/ignore"] };
    const { kinds, told } = follow(following({ states: [drifted] }), {
      live: verified([finding("confirmed")], [tolerated]),
    });
    assert.ok(kinds.includes("open"));
    assert.equal(told?.view.stage, "healthy");
  });

  for (const [label, opens] of [
    ["stagecoach/ignore-until-2026-11-21", true],
    ["stagecoach/ignore-until-2026-11-20", false],
    ["stagecoach/ignore-until-someday", false],
  ] as const) {
    test(`${label} on 20 November ${opens ? "holds nothing up" : "ignores nothing"}`, () => {
      const labelled = { ...issue, labels: ["stagecoach/drift", label] };
      const { kinds } = follow(following({ states: [drifted] }), {
        live: verified([finding("confirmed")], [labelled]),
      });
      assert.equal(kinds.includes("open"), opens);
    });
  }

  const asking = (label: string) => ({ ...issue, labels: ["stagecoach/drift", label] });

  test("a label asks the reconciler to sync", () => {
    const { plan } = follow(following({ states: [drifted] }), {
      live: verified([finding("confirmed")], [asking("stagecoach/sync")]),
    });
    assert.deepEqual(
      of(plan.actions, "ask-to-sync").map(({ target, label }) => [target.source, label]),
      [["dev", "stagecoach/sync"]],
    );
  });

  test("a label asks it also where nobody can say whether it still differs", () => {
    const { plan } = follow(following({ states: [drifted] }), {
      live: verified([finding("unverifiable")], [asking("stagecoach/sync")]),
    });
    assert.equal(of(plan.actions, "ask-to-sync").length, 1);
  });

  test("a label proposes to Git the version that runs, by the digest that the registry has for it", () => {
    const image = { kind: "shown", text: JSON.stringify(`${IMAGE}:1.9.0`) } as const;
    const changed = { ...finding("confirmed"), field: { path: "/spec/template/spec/containers/0/image", live: image } };
    const start = following({ states: [drifted] });
    const world = { ...start, images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) } };
    const { plan } = follow(world, { live: verified([changed], [asking("stagecoach/adopt")]) });
    assert.deepEqual(
      of(plan.actions, "adopt-drift").map(({ branch, title }) => [branch, title]),
      [["stagecoach-adopt/checkout/staging/31", "Adopt 1.9.0 in staging"]],
    );
  });

  test("T5: a tag that was put before another digest is not proposed to Git, and it says so", () => {
    const text = JSON.stringify(`${IMAGE}:1.9.0@sha256:${"e".repeat(64)}`);
    const field = { path: "/spec/template/spec/containers/0/image", live: { kind: "shown", text } } as const;
    const start = following({ states: [drifted] });
    const world = { ...start, images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) } };
    const { plan } = follow(world, {
      live: verified([{ ...finding("confirmed"), field }], [asking("stagecoach/adopt")]),
    });
    assert.deepEqual(of(plan.actions, "adopt-drift"), []);
    assert.match(plan.waits.map(({ reason }) => reason).join("; "), /in the registry .*1\.9\.0` is .*, not what runs/);
  });

  test("a change that is no version cannot be adopted, and it says so", () => {
    const { plan } = follow(following({ states: [drifted] }), {
      live: verified([finding("confirmed")], [asking("stagecoach/adopt")]),
    });
    assert.deepEqual(of(plan.actions, "adopt-drift"), []);
    assert.match(
      plan.waits.map(({ reason }) => reason).join("; "),
      /no version of an image of this pipeline was changed/,
    );
  });

  test("on-drift: hold stops what would come in, too", () => {
    const start = following({ states: [drifted], staging: { onDrift: "hold", proposeWhen: [] } });
    const newer = { ...start, images: { ...start.images } };
    const { plan } = follow(newer, { live: verified([finding("confirmed")]) });
    assert.deepEqual(
      of(plan.actions, "open").map(({ key }) => key),
      [],
    );
  });
});

describe("what is told after the merge", () => {
  test("a comment and a deployment, once", () => {
    const { plan } = follow(following());
    assert.equal(of(plan.actions, "tell-live").length, 1);
    assert.deepEqual(
      of(plan.actions, "report-deployment").map(({ commit, status }) => [commit, status.state]),
      [[MERGE, "success"]],
    );
    const [tell] = of(plan.actions, "tell-live");
    const told = said({
      comments: [{ id: 4, topic: "live", fingerprint: tell?.view.fingerprint ?? "" }],
      deployments: [{ id: 5, environment: STAGING, status: { state: "success", description: "x" } }],
    });
    const again = follow(following(), { live: told });
    assert.deepEqual(
      again.kinds.filter((kind) => kind === "tell-live" || kind === "report-deployment"),
      [],
    );
  });

  test("a reconciler that only looked again is no reason to write", () => {
    const [tell] = of(follow(following()).plan.actions, "tell-live");
    const later = liveState({
      observed: git(MERGE),
      freshness: { readAt: noon, reconciledAt: minutes(-1), proof: "timestamp" },
      lastResult: { phase: "succeeded", at: minutes(-1) },
    });
    const told = said({ comments: [{ id: 4, topic: "live", fingerprint: tell?.view.fingerprint ?? "" }] });
    assert.equal(follow(following({ states: [reading(later)] }), { live: told }).told, undefined);
  });

  test("what changed is edited in place", () => {
    const { told } = follow(following(), {
      live: said({ comments: [{ id: 4, topic: "live", fingerprint: "merged.0" }] }),
    });
    assert.equal(told?.comment, 4);
  });

  test("a source that is silent for a moment is no news; one that stays silent is told", () => {
    const told = said({ comments: [{ id: 4, topic: "live", fingerprint: "healthy.0" }] });
    const silent = (heardAt: number) => following({ states: [reading(unknown("timed out"), { heardAt })] });
    assert.equal(follow(silent(minutes(-2)), { live: told }).told, undefined);
    assert.equal(follow(silent(minutes(-12)), { live: told }).told?.view.stage, "no-news");
  });

  test("silence does not change the deployment", () => {
    const start = following({ states: [reading(unknown("timed out"), { heardAt: minutes(-12) })] });
    const told = said({
      deployments: [{ id: 5, environment: STAGING, status: { state: "success", description: "x" } }],
    });
    assert.deepEqual(of(follow(start, { live: told }).plan.actions, "report-deployment"), []);
  });

  test("a release that was replaced before it was healthy does not go on saying that it is on its way", () => {
    const reached = [
      { release: release("1.8.0"), at: merged, pullRequest: 7, commit: MERGE },
      { release: release("1.7.9"), at: minutes(-30), pullRequest: 6, commit: BEFORE },
    ];
    const start = following({ memory: { staging: { reached } } });
    const told: Answers["live"] = (need, now) =>
      need.kind === "told" && need.number === 6
        ? {
            told: { 6: known({ comments: [{ id: 3, topic: "live", fingerprint: "reconciling.1" }], deployments: [] }) },
          }
        : history(need, now);
    const [, replaced] = of(follow(start, { live: told }).plan.actions, "tell-live");
    assert.equal(replaced?.view.stage, "replaced");
    assert.match(replaced?.view.reason ?? "", /`1.8.0` took its place with pull request 7, before it was seen healthy/);
  });

  test("old news begin nothing", () => {
    const reached = [
      { release: release("1.8.0"), at: minutes(-60 * 24 * 8), pullRequest: 7, healthyAt: minutes(-60 * 24 * 8) },
    ];
    assert.equal(follow(following({ memory: { staging: { reached } } })).told, undefined);
  });
});
