// What becomes of environments that are proposed together, a row for each case: three services whose `prod` has the
// group `shop`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Hold, Reached } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { EnvironmentKey } from "../../src/domain/pipeline.ts";
import type { Edit } from "../../src/domain/place.ts";
import type { Action, Remember } from "../../src/domain/plan.ts";
import type { PastPromotion, Promotion } from "../../src/domain/promotion.ts";
import { known } from "../../src/domain/seen.ts";
import { type Answers, editOf, memory, minutes, planFully, promotion, reached } from "./build.ts";
import { conversation, person } from "./orders.ts";
import { ALL, APPROVED, blocked, held, keyOf, proposing, releaseOf, SERVICES, type ShopOptions, shop } from "./shop.ts";

function plan(start: Observed, answers?: Answers) {
  return planFully(start, answers).plan;
}

type Kinds = Exclude<Action["kind"], "remember">;

function only<K extends Kinds>(kind: K, actions: readonly Action[]): Extract<Action, { kind: K }> {
  const found = actions.filter((action): action is Extract<Action, { kind: K }> => action.kind === kind);
  assert.equal(found.length, 1, `${found.length} actions of kind ${kind}`);
  return found[0] ?? assert.fail();
}

/** `cart 1.8.0`, as the pull request would say. */
function partsOf({ view }: Extract<Action, { kind: "open" | "update" | "merge" }>): readonly string[] {
  return (view.parts ?? [view]).map(({ pipeline: name, release: { versions } }) => `${name} ${versions[0]?.tag}`);
}

/** Described and checked as our last pass would have left it. */
function settled(start: Observed, answers?: Answers): Observed {
  let now = start;
  for (let round = 0; round < 2; round += 1) {
    const { actions } = plan(now, answers);
    now = {
      ...now,
      promotions: now.promotions.map((each): Promotion => {
        const check = actions.find((action) => action.kind === "set-check");
        const described = actions.find((action) => action.kind === "describe");
        return {
          ...each,
          ...(check?.kind === "set-check" && { check: { id: 1, ...check.check } }),
          ...(described?.kind === "describe" && { describedAs: described.view.fingerprint }),
        };
      }),
    };
  }
  return now;
}

describe("a group without a pull request", () => {
  test("opens one for everything that its members want", () => {
    const { actions, situations } = plan(shop());
    const open = only("open", actions);
    assert.deepEqual(partsOf(open), ["cart 1.8.0", "checkout 1.8.0", "search 1.8.0"]);
    assert.equal(open.key, "shop/prod");
    assert.deepEqual(
      open.edit.files.map(({ path }) => path),
      SERVICES.map((name) => `apps/${name}/prod/deployment.yaml`),
    );
    assert.deepEqual(Object.values(situations), ["opens", "opens", "opens"]);
  });

  test("opens it as if there were no group where one member wants something", () => {
    const open = only("open", plan(shop({ newest: { cart: "1.7.0", search: "1.7.0" } })).actions);
    assert.deepEqual([open.view.parts, open.view.pipeline, open.key], [undefined, "checkout", "shop/prod"]);
  });

  test("leaves out who is held, blocked or cannot be written, and says why", () => {
    const refused = known({ kind: "refused", path: "a.yaml", line: 1, column: 1, why: "It is a template." } as const);
    const start = shop({ holds: [held("cart")] });
    const { actions, waits } = plan(start, {
      edit: (key, to) =>
        key === "search/prod" ? refused : known({ kind: "edit", edit: editOf(key, to) satisfies Edit }),
    });
    assert.deepEqual(partsOf(only("open", actions)), ["checkout 1.8.0"]);
    assert.match(waits.find(({ key }) => key === "cart/prod")?.reason ?? "", /held by `leo`/);
    assert.match(waits.find(({ key }) => key === "search/prod")?.reason ?? "", /cannot be written/);
  });

  test("counts as one promotion for the limits", () => {
    const file = { limits: { open: 1, hourly: 1 } };
    assert.equal(partsOf(only("open", plan(shop({ file })).actions)).length, 3);
    const other = promotion("live", "1.8.0", { number: 3, key: "other/live" });
    const { waits, actions } = plan(shop({ file, world: { promotions: [other] } }));
    assert.ok(!actions.some(({ kind }) => kind === "open"));
    assert.equal(waits.filter(({ reason }) => reason.includes("the limit is 1")).length, 3);
  });

  test("reaches as many environments as it changes", () => {
    const file = { limits: { open: 20, hourly: 60, environments: 2 } };
    assert.ok(!plan(shop({ file })).actions.some(({ kind }) => kind === "open"));
  });

  test("goes back first, and takes what is new afterwards", () => {
    const start = shop({ declared: { cart: "1.8.0" } });
    assert.equal(start.ledger.kind, "known");
    const back = { release: releaseOf("cart", "1.7.0"), at: minutes(-1), by: "ann", byId: 12, back: true as const };
    const trusted = start.ledger.value;
    assert.equal(trusted.kind, "trusted");
    const environments = {
      ...trusted.ledger.environments,
      [keyOf("cart")]: memory({
        reached: [reached("1.8.0", { release: releaseOf("cart", "1.8.0") })],
        requested: back,
      }),
    };
    const world = { ...start, ledger: known({ ...trusted, ledger: { ...trusted.ledger, environments } }) };
    const { actions, waits } = plan(world);
    assert.deepEqual(partsOf(only("open", actions)), ["cart 1.7.0"]);
    assert.equal(waits.filter(({ reason }) => reason.includes("goes back first")).length, 2);
  });

  test("asks for one edit where its members share a file", () => {
    const shared = (key: EnvironmentKey, to: Parameters<typeof editOf>[1]) => {
      const [file] = editOf(key, to).files;
      assert.ok(file);
      return known({ kind: "edit", edit: { files: [{ ...file, path: "shared.yaml" }] } } as const);
    };
    const { edit } = only("open", plan(shop(), { edit: shared }).actions);
    assert.deepEqual(
      edit.files.map(({ after }) => after),
      ["blob of 1.8.0 and 1.8.0 and 1.8.0"],
    );
  });
});

interface Row {
  readonly name: string;
  readonly world?: ShopOptions;
  readonly promotion: Promotion;
  readonly parts?: readonly string[];
  readonly reason: RegExp;
}

const MOVES: readonly Row[] = [
  {
    name: "a newer version of one takes its place",
    world: { newest: { cart: "1.9.0" } },
    promotion: proposing(ALL),
    parts: ["cart 1.9.0", "checkout 1.8.0", "search 1.8.0"],
    reason: /^cart: `1.9.0` takes the place of `1.8.0`/,
  },
  {
    name: "another member joins",
    promotion: proposing({ cart: "1.8.0" }),
    parts: ["cart 1.8.0", "checkout 1.8.0", "search 1.8.0"],
    reason: /checkout joins: .*; search joins: /,
  },
  {
    name: "a blocked one leaves, also when somebody approved it",
    world: { blocks: [blocked("cart", "1.8.0")] },
    promotion: proposing(ALL, APPROVED),
    parts: ["checkout 1.8.0", "search 1.8.0"],
    reason: /^cart leaves: .*it loses orders/,
  },
  {
    name: "a held one leaves",
    world: { holds: [held("search")] },
    promotion: proposing(ALL),
    parts: ["cart 1.8.0", "checkout 1.8.0"],
    reason: /^search leaves: .*a sale/,
  },
  {
    name: "one that has it already leaves",
    world: { declared: { cart: "1.8.0" } },
    promotion: proposing(ALL),
    parts: ["checkout 1.8.0", "search 1.8.0"],
    reason: /cart/,
  },
  {
    name: "who is no member any more leaves",
    world: { environments: { cart: { group: "others" } } },
    promotion: proposing(ALL),
    parts: ["checkout 1.8.0", "search 1.8.0"],
    reason: /cart\/prod is promoted elsewhere/,
  },
  {
    name: "a commit that says nothing is written again",
    promotion: proposing({}),
    parts: ["cart 1.8.0", "checkout 1.8.0", "search 1.8.0"],
    reason: /does not say what it promotes/,
  },
];

describe("the head of a group's pull request moves when", () => {
  for (const { name, world, promotion: open, parts, reason } of MOVES) {
    test(name, () => {
      const { actions } = plan(shop({ ...world, world: { promotions: [open] } }));
      const update = only("update", actions);
      assert.deepEqual(partsOf(update), parts);
      assert.match(update.reason, reason);
      assert.deepEqual(
        [update.head, update.number, update.key],
        [open.head.oid, 7, "shop/prod"],
        "it names what it was decided on",
      );
    });
  }
});

const STAYS: readonly Row[] = [
  {
    name: "somebody approved it, and a newer version of one waits",
    world: { newest: { cart: "1.9.0" } },
    promotion: proposing(ALL, APPROVED),
    reason: /next comes `1.9.0`: it waits because ann approved this head/,
  },
  {
    name: "somebody approved it, and another member waits",
    promotion: proposing({ cart: "1.8.0" }, APPROVED),
    reason: /checkout joins: .*that waits because ann approved this head/,
  },
  {
    name: "somebody approved it where one member wants that kept, though another does not",
    world: { newest: { cart: "1.9.0" }, environments: { cart: { supersede: "always" } } },
    promotion: proposing(ALL, APPROVED),
    reason: /that waits because ann approved this head/,
  },
  {
    name: "it is in the merge queue",
    world: { newest: { cart: "1.9.0" } },
    promotion: proposing(ALL, { inMergeQueue: true }),
    reason: /^$/,
  },
  {
    name: "all of it is held: then it stays where people see it",
    world: { holds: SERVICES.map(held) },
    promotion: proposing(ALL),
    reason: /^$/,
  },
];

describe("the head of a group's pull request stays when", () => {
  for (const { name, world, promotion: open, reason } of STAYS) {
    test(name, () => {
      const { actions } = plan(shop({ ...world, world: { promotions: [open] } }));
      assert.ok(!actions.some(({ kind }) => kind === "update" || kind === "open" || kind === "close"));
      const { subject } = only("set-check", actions).check;
      assert.equal(subject.kind, "promotion");
      assert.match(subject.notes.join("\n"), reason);
    });
  }
});

describe("the pull request of a group", () => {
  test("shows all gates of all members, each with its pipeline", () => {
    const mergeWhen = [{ kind: "approvals", count: 1, teams: [] }] as const;
    const start = shop({ environments: { cart: { mergeWhen } }, world: { promotions: [proposing(ALL)] } });
    const { check } = only("set-check", plan(start).actions);
    assert.equal(check.state, "in-progress");
    assert.match(check.title, /^0 of 1 gates passed: `cart`: nobody has approved this head yet/);
  });

  test("is merged once when every gate of every member has passed", () => {
    const start = settled(shop({ world: { promotions: [proposing(ALL)] } }));
    const { actions, situations } = plan(start);
    const merge = only("merge", actions);
    assert.deepEqual(partsOf(merge), ["cart 1.8.0", "checkout 1.8.0", "search 1.8.0"]);
    assert.deepEqual(Object.values(situations), ["merges", "merges", "merges"]);
  });

  test("waits for a person when one member does", () => {
    const environments = { search: { merge: "manual" } } as const;
    const { actions, situations } = plan(settled(shop({ environments, world: { promotions: [proposing(ALL)] } })));
    assert.deepEqual(actions, []);
    assert.deepEqual([...new Set(Object.values(situations))], ["waits-for-a-person"]);
  });

  test("is not merged while the gate of one member waits, whatever the others say", () => {
    const mergeWhen = [{ kind: "approvals", count: 1, teams: [] }] as const;
    const start = settled(shop({ environments: { cart: { mergeWhen } }, world: { promotions: [proposing(ALL)] } }));
    assert.deepEqual(plan(start).actions, []);
    const approved = { ...start, promotions: start.promotions.map((each) => ({ ...each, ...APPROVED })) };
    assert.equal(only("set-check", plan(approved).actions).check.state, "success");
  });

  const refuse = (...keys: readonly EnvironmentKey[]): Answers => ({
    edit: (key, to) =>
      keys.includes(key)
        ? known({ kind: "refused", path: "a.yaml", line: 1, column: 1, why: "It is a template." })
        : known({ kind: "edit", edit: editOf(key, to) }),
  });

  test("goes on without a member that cannot be written any more", () => {
    const start = shop({ world: { promotions: [proposing(ALL, APPROVED)] } });
    const update = only("update", plan(start, refuse("cart/prod")).actions);
    assert.deepEqual(partsOf(update), ["checkout 1.8.0", "search 1.8.0"]);
  });

  test("turns red where a member cannot be written and the head may not move", () => {
    const start = shop({ world: { promotions: [proposing(ALL, { inMergeQueue: true })] } });
    const { check } = only("set-check", plan(start, refuse("cart/prod")).actions);
    assert.equal(check.state, "failure");
    assert.match(check.title, /`cart`: .*cannot be written/);
  });

  test("turns red where it brings something to no member any more and the head may not move", () => {
    const world = { promotions: [proposing(ALL, { inMergeQueue: true })] };
    const { check } = only("set-check", plan(shop({ environments: { cart: { group: "others" } }, world })).actions);
    assert.deepEqual([check.state, /cart\/prod is promoted elsewhere/.test(check.title)], ["failure", true]);
  });

  const inQueue = { promotions: [proposing(ALL, { inMergeQueue: true })] };
  const closedInQueue = [
    { name: "a member is held", start: shop({ holds: [held("cart")], world: inQueue }), answers: undefined },
    { name: "a member cannot be written", start: shop({ world: inQueue }), answers: refuse("cart/prod") },
    {
      name: "nothing of it can be written",
      start: shop({ world: inQueue }),
      answers: refuse("cart/prod", "checkout/prod", "search/prod"),
    },
  ];
  for (const { name, start, answers } of closedInQueue)
    test(`leaves the merge queue when ${name}, once`, () => {
      const { number, key, head } = only("dequeue", plan(start, answers).actions);
      const [promotion] = start.promotions;
      assert.deepEqual(
        { number, key, head },
        { number: promotion?.number, key: "shop/prod", head: promotion?.head.oid },
      );
    });

  test("stays in the merge queue while every gate of every member has passed", () => {
    const { actions } = plan(settled(shop({ world: inQueue })));
    assert.deepEqual(actions, []);
  });

  test("stays, in red, where nothing of it can be written any more", () => {
    const start = shop({ world: { promotions: [proposing(ALL)] } });
    const { actions } = plan(start, refuse("cart/prod", "checkout/prod", "search/prod"));
    assert.deepEqual(
      actions.map((action) => action.kind === "set-check" && action.check.state),
      ["failure"],
    );
  });

  test("is closed when nothing of it is wanted any more", () => {
    const declared = { cart: "1.8.0", checkout: "1.8.0", search: "1.8.0" };
    const close = only("close", plan(shop({ declared, world: { promotions: [proposing(ALL)] } })).actions);
    assert.equal(close.number, 7);
  });

  test("T10: is left alone when a person pushed to it", () => {
    const foreign = { kind: "foreign", by: "eve", commit: "e".repeat(40), why: "a commit" } as const;
    const { head } = proposing(ALL);
    const open = proposing(ALL, { head: { ...head, ownership: foreign } });
    const { actions, situations } = plan(shop({ newest: { cart: "1.9.0" }, world: { promotions: [open] } }));
    assert.deepEqual(
      actions.map(({ kind }) => kind),
      ["set-check"],
    );
    assert.deepEqual([...new Set(Object.values(situations))], ["suspended"]);
  });

  test("stays as it is while a member's pipeline cannot be read", () => {
    const finding = { severity: "error", file: "f", line: 1, column: 1, path: "", message: "No.", length: 1 } as const;
    const start = shop({ newest: { checkout: "1.9.0" }, world: { promotions: [proposing(ALL)] } });
    assert.ok(start.configuration.kind === "known" && start.configuration.value);
    const [, ...others] = start.configuration.value.pipelines;
    const file = { ...start.configuration.value, pipelines: others, broken: [{ name: "cart", finding }] };
    const { actions, waits } = plan({ ...start, configuration: known(file) });
    assert.deepEqual(actions, []);
    assert.match(waits.map(({ reason }) => reason).join("\n"), /promotes cart\/prod too, and stays as it is/);
  });

  test("is unknown as long as one member's version is: nothing is written", () => {
    const start = shop({ world: { promotions: [proposing(ALL)] } });
    const environments = { ...start.environments, [keyOf("cart")]: { kind: "unknown", why: "a 502" } as const };
    assert.deepEqual(plan({ ...start, environments }).actions, []);
  });

  test("takes the place of the members' own, which are closed", () => {
    const own = promotion("prod", "1.8.0", { key: "cart/prod", branch: "stagecoach/cart/prod" });
    const { actions } = plan(shop({ world: { promotions: [own] } }));
    assert.match(only("close", actions).reason, /together with others of its group, on `stagecoach\/shop\/prod`/);
    assert.equal(partsOf(only("open", actions)).length, 3);
  });
});

describe("the buttons on the check of a group", () => {
  function press(button: string) {
    const start = shop({ world: { promotions: [proposing(ALL)], people: { maria: person("write") } } });
    const at = minutes(-1);
    const by = { id: 11, login: "maria", kind: "person" } as const;
    const { actions } = plan({
      ...start,
      conversations: [conversation({ key: "shop/prod", comments: 0, last: [] })],
      presses: [{ id: "4", head: "head-of-1.8.0", run: 1, button, by, at }],
    });
    return actions.find((action): action is Remember => action.kind === "remember")?.ledger;
  }

  test("are about all of its members", () => {
    assert.deepEqual(
      press("hold")?.holds.map(({ pipeline: name, environment: stage, by }) => `${name}/${stage} by ${by}`),
      SERVICES.map((name) => `${name}/prod by maria`),
    );
  });

  test("offer what is held by one member to be let go, and no pipeline as a whole", () => {
    const whole: Hold = { pipeline: "cart", by: "leo", at: minutes(-5), reason: "a sale" };
    const holds = [...SERVICES.map(held), whole];
    const { check } = only("set-check", plan(shop({ holds, world: { promotions: [proposing(ALL)] } })).actions);
    assert.deepEqual(check.actions, ["resume", "retry"]);
    assert.deepEqual(press("resume-pipeline")?.holds ?? [], []);
  });
});

describe("after a group's pull request is over", () => {
  const past: PastPromotion = {
    number: 7,
    key: "shop/prod",
    parts: SERVICES.map((name) => ({ key: keyOf(name), release: releaseOf(name, "1.8.0") })),
    outcome: "closed",
    base: "main",
    by: "ann",
    byUs: false,
    openedAt: minutes(-30),
    endedAt: minutes(-1),
    head: "head-of-1.8.0",
    approvals: [],
  };

  test("closed by a person: every member's version is declined", () => {
    const { actions, situations } = plan(shop({ world: { past: [past] } }));
    const remembered = actions.find((action) => action.kind === "remember");
    assert.ok(remembered?.kind === "remember");
    for (const name of SERVICES)
      assert.deepEqual(
        remembered.ledger.environments[keyOf(name)]?.declined.map(({ pullRequest, by }) => [pullRequest, by]),
        [[7, "ann"]],
      );
    assert.deepEqual([...new Set(Object.values(situations))], ["declined"]);
  });

  test("merged: every member has reached its release, with that pull request", () => {
    const merged = { ...past, outcome: "merged", byUs: true, by: "stagecoach", mergeCommit: "c".repeat(40) } as const;
    const declared = { cart: "1.8.0", checkout: "1.8.0", search: "1.8.0" };
    const start = shop({ declared });
    const before = shop();
    const { actions } = plan({ ...start, ledger: before.ledger, past: [merged] });
    const remembered = actions.find((action) => action.kind === "remember");
    assert.ok(remembered?.kind === "remember");
    for (const name of SERVICES) {
      const first: Reached | undefined = remembered.ledger.environments[keyOf(name)]?.reached[0];
      assert.deepEqual([first?.pullRequest, first?.shared, first?.commit], [7, true, "c".repeat(40)]);
    }
  });
});
