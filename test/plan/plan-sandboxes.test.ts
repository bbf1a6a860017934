// What becomes of an environment that is lent, row by row: how its branch comes into the field, what is told, and how
// what was there before comes back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../src/domain/live-state.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Action } from "../../src/domain/plan.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import type { RepositoryPlan } from "../../src/plan/repository-plan.ts";
import { IMAGE, images, minutes, promotion } from "./build.ts";
import { claim, FEATURE, FIELD, HEAD, KEY, OVER, plan, pull, type World, worldOf } from "./lent.ts";

const PAST = {
  number: 14,
  key: KEY,
  outcome: "merged",
  base: "main",
  by: "stagecoach",
  byUs: true,
  openedAt: minutes(-9),
  endedAt: minutes(-3),
  head: "our-head",
  approvals: [],
} as const;

function ofKind<Kind extends Action["kind"]>({ actions }: RepositoryPlan, kind: Kind) {
  return actions.filter((each): each is Extract<Action, { kind: Kind }> => each.kind === kind);
}

/** The kinds of what is done about the sandbox, without the promotions and the guards. */
function steps(world: World): readonly string[] {
  const ours: readonly Action["kind"][] = [
    "remember",
    "propose-sandbox",
    "merge-sandbox",
    "tell-sandbox",
    "close",
    "delete-branch",
  ];
  const checks = ({ kind, ...action }: Action) =>
    kind === "set-check" && "check" in action && "subject" in action.check && action.check.subject.kind === "sandbox";
  return plan(world)
    .actions.filter((action) => ours.includes(action.kind) || checks(action))
    .map(({ kind }) => kind);
}

function reasons(world: World): string {
  return plan(world)
    .waits.filter(({ key }) => key === KEY)
    .map(({ reason }) => reason)
    .join("; ");
}

/** Our pull request as it stands after it was opened and checked. */
function settledPull(world: World) {
  const blob = (to: string) => ({ ...world, holds: `blob with ${to}` });
  const [opened] = ofKind(plan(world), "propose-sandbox");
  assert.ok(opened);
  const described = pull({ describedAs: opened.view.fingerprint });
  const next = { ...blob(opened.view.to), pulls: { open: [described] } };
  const [check] = ofKind(plan(next), "set-check").filter(({ head }) => head === "our-head");
  assert.ok(check);
  const checked = pull({
    describedAs: opened.view.fingerprint,
    check: { id: 5, state: "success", fingerprint: check.check.fingerprint },
  });
  return { ...next, pulls: { open: [checked] } };
}

describe("what was claimed", () => {
  test("is written by a pull request of ours, on the base that was seen", () => {
    const [action] = ofKind(plan({}), "propose-sandbox");
    assert.ok(action);
    assert.equal(action.view.direction, "lend");
    assert.deepEqual([action.view.from, action.view.to, action.view.path], ["main", "faster-cart", FIELD.file]);
    assert.deepEqual([action.base, action.baseHead, action.branchHead], ["main", "base0", undefined]);
    assert.match(action.reason, /^`faster-cart` has to stand in `clusters\/dev\/root-sync.yaml`: `maria` claimed it/);
  });

  test("gets a check that passes, and the comment, before it is merged", () => {
    const [opened] = ofKind(plan({}), "propose-sandbox");
    const open = [pull({ describedAs: opened?.view.fingerprint ?? "" })];
    assert.deepEqual(steps({ pulls: { open }, holds: "blob with faster-cart" }), ["set-check", "tell-sandbox"]);
  });

  test("is merged by us with the head that was seen, where the environment merges by itself", () => {
    const [merge] = ofKind(plan(settledPull({})), "merge-sandbox");
    assert.deepEqual([merge?.number, merge?.head, merge?.method], [14, "our-head", "squash"]);
  });

  const manual = [
    { name: "that a person merges", environment: { merge: "manual" }, why: /has `merge: manual`/ },
    {
      name: "whose merge has an approval",
      environment: { mergeWhen: [{ kind: "approvals", count: 1, teams: [] }] },
      why: /the merge to integration has gates/,
    },
  ] as const;
  for (const { name, environment, why } of manual) {
    test(`T9: waits for a person in an environment ${name}`, () => {
      const world = settledPull({ environment: environment as World["environment"] & {} });
      assert.deepEqual(ofKind(plan(world), "merge-sandbox"), []);
      assert.match(reasons(world), why);
    });
  }

  test("is written anew when the base has another file now", () => {
    const world = { ...settledPull({}), holds: "blob of yesterday" };
    const [action] = ofKind(plan(world), "propose-sandbox");
    assert.deepEqual([action?.number, action?.branchHead], [14, "our-head"]);
    assert.ok(action?.edit);
  });

  const merging = [
    { state: "behind", says: /takes only heads that are up to date/, kind: "propose-sandbox", parent: "base-before" },
    { state: "blocked", says: /a rule of `main` is not met by pull request 14/, kind: undefined },
    { state: "unknown", says: /a rule of `main` is not met by pull request 14/, kind: undefined },
  ] as const;
  for (const { state, says, kind, ...row } of merging) {
    test(`is not merged while GitHub says ${state}`, () => {
      const world = settledPull({});
      const [open] = world.pulls.open;
      assert.ok(open);
      const parent = "parent" in row ? row.parent : open.head.parent;
      const pulls = { open: [{ ...open, mergeState: state, head: { ...open.head, parent } }] };
      const { actions, waits } = plan({ ...world, pulls });
      assert.ok(!actions.some((action) => action.kind === "merge-sandbox"));
      assert.equal(actions.find((action) => action.kind === "propose-sandbox")?.kind, kind);
      assert.match([...actions, ...waits].map(({ reason }) => reason).join("; "), says);
    });
  }

  test("is described again without a new head when only the text is missing", () => {
    const [action] = ofKind(plan({ pulls: { open: [pull()] }, holds: "blob with faster-cart" }), "propose-sandbox");
    assert.equal(action?.edit, undefined);
    assert.equal(action?.number, 14);
  });

  test("T10: is left alone when somebody pushed to our branch", () => {
    const head = {
      oid: "theirs",
      committedAt: minutes(-1),
      parent: "base0",
      ownership: { kind: "foreign", by: "eve", commit: "b".repeat(40), why: "a commit that is not ours" },
    } as const;
    const world = { pulls: { open: [pull({ head })] } };
    assert.deepEqual(steps(world), ["tell-sandbox"]);
    assert.match(reasons(world), /pull request 14 has commit `bbbbbbb` by `eve`, so it is left alone/);
  });

  test("waits where the file could not be read", () => {
    const world = { reading: unknown("GitHub did not answer") };
    assert.deepEqual(steps(world), []);
    assert.match(reasons(world), /could not be read: GitHub did not answer/);
  });

  test("says where the file cannot be changed", () => {
    const refused = {
      kind: "refused",
      path: FIELD.file,
      line: 4,
      column: 1,
      why: "The file holds templates.",
    } as const;
    assert.deepEqual(steps({ reading: known(refused) }), ["tell-sandbox"]);
    assert.match(reasons({ reading: known(refused) }), /`clusters\/dev\/root-sync.yaml:4` cannot be changed/);
  });

  test("waits while the environment is held, and during a freeze", () => {
    const hold = { pipeline: "checkout", by: "ola", at: minutes(-60), reason: "the sale" };
    const start = worldOf({});
    assert.ok(start.ledger.kind === "known" && start.ledger.value.kind === "trusted");
    const held = { ...start.ledger.value, ledger: { ...start.ledger.value.ledger, holds: [hold] } };
    const waits = plan({}, { ...start, ledger: known(held) }).waits.map(({ reason }) => reason);
    assert.ok(waits.some((reason) => reason.includes("integration is held by `ola`: `the sale`")));
  });

  test("is not proposed again after a person closed the pull request", () => {
    const past = {
      number: 14,
      key: KEY,
      outcome: "closed",
      base: "main",
      by: "ola",
      byUs: false,
      openedAt: minutes(-9),
      endedAt: minutes(-3),
      head: "our-head",
      approvals: [],
    } as const;
    const world = { pulls: { past: [past] } };
    assert.deepEqual(steps(world), ["tell-sandbox"]);
    assert.match(
      reasons(world),
      /`ola` closed pull request 14, so .* is left alone; reopen it, or give the sandbox back/,
    );
  });

  test("is left alone where a person wrote something else into the field", () => {
    const world = { says: "hotfix" };
    assert.deepEqual(steps(world), ["tell-sandbox"]);
    assert.match(
      reasons(world),
      /somebody wrote `hotfix` into `clusters\/dev\/root-sync.yaml`, and that is left alone/,
    );
  });
});

describe("what is lent", () => {
  const live = { source: "dev", kind: "config-sync", name: "root-sync" } as const;

  test("is told with what runs: the revision, whether it is the head, sync and health", () => {
    const state: LiveState = {
      reconciler: "config-sync",
      object: { apiVersion: "configsync.gke.io/v1beta1", kind: "RootSync", name: "root-sync" },
      observed: [{ kind: "git", id: HEAD }],
      sync: { state: "synced" },
      health: { state: "degraded", basis: "kstatus", message: "cart crashes" },
      freshness: { readAt: minutes(0), proof: "read" },
      resources: [],
      suspects: [],
      prunable: [],
      containers: [],
      healing: { how: "", ignored: [] },
    };
    const world = {
      says: "faster-cart",
      environment: { live: [live] },
      changes: { live: { [KEY]: [{ target: live, state: known(state) }] } },
    };
    const [told] = ofKind(plan(world), "tell-sandbox");
    assert.equal(told?.view.stage, "lent");
    assert.deepEqual(told?.view.places, [
      {
        source: "dev",
        name: "root-sync",
        revision: HEAD,
        isHead: true,
        sync: "synced",
        health: "degraded",
        reason: "`cart crashes`",
      },
    ]);
  });

  test("has no health where the source is silent", () => {
    const reading = { target: live, state: unknown("timed out") };
    const world = { says: "faster-cart", environment: { live: [live] }, changes: { live: { [KEY]: [reading] } } };
    const [told] = ofKind(plan(world), "tell-sandbox");
    assert.deepEqual(told?.view.places, [
      { source: "dev", name: "root-sync", isHead: false, reason: "no news from dev" },
    ]);
  });

  test("is told once: the same text is not written again", () => {
    const [told] = ofKind(plan({ says: "faster-cart" }), "tell-sandbox");
    const comments = [{ id: 9, topic: `sandbox/${KEY}`, fingerprint: told?.view.fingerprint ?? "" }];
    assert.deepEqual(steps({ says: "faster-cart", comments }), []);
  });

  test("takes no promotion, and says who has it and how it ends", () => {
    const { actions, waits } = plan({
      says: "faster-cart",
      changes: { images: { [IMAGE]: known(images(["1.7.0", "1.8.0"])) } },
    });
    assert.ok(!actions.some(({ kind }) => kind === "open"));
    const why = waits.map(({ reason }) => reason).find((reason) => reason.includes("/sandbox release"));
    assert.match(
      why ?? "",
      /^`checkout\/integration` is lent to pull request 12 by `maria` since .* UTC; it is freed when pull request 12 closes, or by `\/sandbox release checkout\/integration`$/,
    );
  });

  test("keeps the open promotion from its merge", () => {
    const promotions = [promotion("integration", "1.8.0")];
    const { actions } = plan({ says: "faster-cart", changes: { promotions } });
    const check = actions.find((each) => each.kind === "set-check" && each.head === "head-of-1.8.0");
    assert.ok(check?.kind === "set-check");
    assert.equal(check.check.state, "in-progress");
    assert.ok(!actions.some(({ kind }) => kind === "merge"));
  });

  test("follows the head of its pull request where a revision is written: remembered first, then proposed", () => {
    const world: World = {
      says: "c".repeat(40),
      claims: [claim({ wrote: ["c".repeat(40)] })],
      environment: { sandbox: { ...FIELD, writes: "revision" } },
    };
    const [remember] = ofKind(plan(world), "remember");
    assert.deepEqual(remember?.ledger.sandboxes[0]?.wrote, ["c".repeat(40), HEAD]);
    const next = { ...world, claims: [claim({ wrote: ["c".repeat(40), HEAD] })] };
    assert.equal(ofKind(plan(next), "propose-sandbox")[0]?.view.to, HEAD);
  });
});

test("nothing is closed and no branch goes while nobody knows who has claimed what", () => {
  const { head, branch } = pull();
  const past = [{ ...PAST, head: head.oid }];
  const pulls = { open: [pull()], past, strays: [{ key: KEY, branch, head }] } as const;
  for (const ledger of [unknown("GitHub did not answer"), known({ kind: "untrusted", why: "a stranger's commit" })])
    assert.deepEqual(steps({ claims: [], pulls, changes: { ledger: ledger as Observed["ledger"] } }), []);
});

describe("what is over", () => {
  test("is remembered as soon as its pull request is closed", () => {
    const world = { says: "faster-cart", changes: { conversations: [{ ...FEATURE, state: "merged" }] } } as const;
    const [remember] = ofKind(plan(world), "remember");
    assert.equal(remember?.ledger.sandboxes[0]?.ended, "pull request 12 is merged");
    assert.deepEqual(remember?.news, [
      "`checkout/integration` is no longer lent to pull request 12: pull request 12 is merged",
    ]);
  });

  test("is put back by a pull request of ours, also while the environment is frozen", () => {
    const [action] = ofKind(plan({ says: "faster-cart", claims: [claim(OVER)] }), "propose-sandbox");
    assert.equal(action?.view.direction, "take-back");
    assert.deepEqual([action?.view.from, action?.view.to], ["faster-cart", "main"]);
  });

  test("is told before it is forgotten", () => {
    const world = { says: "main", claims: [claim(OVER)] };
    assert.deepEqual(steps(world), ["tell-sandbox"]);
    const [told] = ofKind(plan(world), "tell-sandbox");
    const comments = [{ id: 9, topic: `sandbox/${KEY}`, fingerprint: told?.view.fingerprint ?? "" }];
    const [remember] = ofKind(plan({ ...world, comments }), "remember");
    assert.deepEqual(remember?.ledger.sandboxes, []);
  });

  test("before it was written closes the pull request that would have written it", () => {
    assert.deepEqual(steps({ says: "main", claims: [claim(OVER)], pulls: { open: [pull()] } }), ["close"]);
  });

  test("leaves what a person wrote meanwhile", () => {
    const world = { says: "hotfix", claims: [claim(OVER)] };
    const [told] = ofKind(plan(world), "tell-sandbox");
    assert.match(told?.view.reason ?? "", /somebody wrote `hotfix` .*, and that stays/);
    assert.deepEqual(ofKind(plan(world), "propose-sandbox"), []);
  });

  test("cannot be put back where the pipeline file no longer says where, and is forgotten", () => {
    const start = worldOf({ claims: [claim(OVER)] });
    const without = { ...start, configuration: known({ ...configurationOf(start), pipelines: [] }) };
    const [remember] = ofKind(plan({}, without), "remember");
    assert.deepEqual(remember?.ledger.sandboxes, []);
  });

  test("stays as it is while the pipeline file has an error, and where no pull request could be seen", () => {
    const start = worldOf({ claims: [claim(OVER)] });
    const finding = { severity: "error", message: "", file: "", line: 1, column: 1, length: 1 } as never;
    const broken = { ...configurationOf(start), pipelines: [], broken: [{ name: "checkout", finding }] };
    assert.deepEqual(ofKind(plan({}, { ...start, configuration: known(broken) }), "remember"), []);
    assert.deepEqual(ofKind(plan({}, { ...start, conversations: [] }), "remember"), []);
  });

  test("leaves nothing open: a pull request of ours that no claim asks for is closed, and its branch goes", () => {
    assert.deepEqual(steps({ claims: [], pulls: { open: [pull()] } }), ["close"]);
    const { head, branch } = pull();
    const past = { ...PAST, head: head.oid };
    assert.deepEqual(steps({ claims: [], pulls: { past: [past], strays: [{ key: KEY, branch, head }] } }), [
      "delete-branch",
    ]);
  });
});

function configurationOf({ configuration }: ReturnType<typeof worldOf>) {
  if (configuration.kind !== "known" || !configuration.value) throw new Error("there is a pipeline file");
  return configuration.value;
}
