// Orders that would get past something if they were taken at their word: a way back that never was one, an end of a hold
// by those who may only hold, a line that was meant for another line. A row for each.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known } from "../../src/domain/seen.ts";
import {
  configuration,
  declares,
  digestOf,
  environment,
  IMAGE,
  images,
  ledger,
  minutes,
  observed,
  pipeline,
  place as placed,
  planFully,
  promotion,
  reached,
  release,
} from "./build.ts";
import { carriedOut, comment, memoryOf, person, say, told } from "./orders.ts";

const first = <One>(list: readonly One[]): One => list[0] ?? assert.fail("nobody was answered");

/** All have 1.8.0, live had 1.7.0 before. */
const THERE = {
  ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.8.0" }),
  images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) },
  ledger: ledger({
    integration: { reached: [reached("1.8.0")] },
    staging: { reached: [reached("1.8.0")] },
    live: { reached: [reached("1.8.0", { at: minutes(-30) }), reached("1.7.0", { at: minutes(-24 * 60) })] },
  }),
};

describe("/rollback", () => {
  test("T6: to a version that never was there is no way back, and gets past no gate", () => {
    const { answers, ledger: after } = say("/rollback live to 1.9.0", { world: THERE });
    assert.match(
      told(first(answers)),
      /^refused: `1\.9\.0` was never in `checkout\/live` as far.*`\/promote 1\.9\.0 to live` brings/,
    );
    assert.equal(after, undefined);
  });

  test("to what was there but never healthy, its gates say what they would say of a promotion", () => {
    const followed = pipeline({
      environments: pipeline().environments.map((each) =>
        each.name === "live" ? { ...each, live: [{ source: "prod", kind: "argocd", name: "x" }] } : each,
      ),
    });
    const { plan } = say("/rollback live to 1.7.0", {
      world: { ...THERE, configuration: known(configuration({ pipelines: [followed] })) },
    });
    const open = plan.actions.find((action) => action.kind === "open");
    assert.ok(open?.kind === "open");
    assert.deepEqual(
      open.view.gates.map(({ name, state }) => `${name}: ${state}`),
      ["merged in staging: failed"],
    );
  });

  test("of a whole pipeline to a time blocks nothing that another of its environments goes back to", () => {
    const world = {
      ...declares({ integration: "1.9.0", staging: "1.8.0", live: "1.7.0" }),
      ledger: ledger({
        integration: { reached: [reached("1.9.0", { at: minutes(-30) }), reached("1.8.0", { at: minutes(-600) })] },
        staging: { reached: [reached("1.8.0", { at: minutes(-20) }), reached("1.7.0", { at: minutes(-600) })] },
        live: { reached: [reached("1.7.0", { at: minutes(-600) })] },
      }),
    };
    const to = `${new Date(minutes(-60)).toISOString().slice(0, 16)}Z`;
    const { ledger: after, plan } = say(`/rollback checkout to ${to}`, { world });
    assert.deepEqual(
      ["integration", "staging"].map((name) => memoryOf(after, name)?.requested?.release),
      [release("1.8.0"), release("1.7.0")],
    );
    assert.deepEqual(
      after?.blocks.map(({ tag }) => tag),
      ["1.9.0"],
    );
    assert.deepEqual(plan.actions.flatMap((action) => (action.kind === "open" ? [action.key] : [])).sort(), [
      "checkout/integration",
      "checkout/staging",
    ]);
  });
});

describe("/override in one comment with /promote", () => {
  const PROPOSED = {
    ...declares({ integration: "1.8.0", staging: "1.7.0", live: "1.7.0" }),
    promotions: [promotion("staging", "1.8.0")],
    images: { [IMAGE]: known(images(["1.7.0", "1.8.0"], { digests: { "1.9.9": known(undefined) } })) },
  };
  const on = { key: "checkout/staging" } as const;

  test("T6: is not taken for the pull request that it stands on when the promotion was refused", () => {
    const { answers, ledger: after } = say("/promote 1.9.9 to live\n/override merged the shop is down", {
      world: PROPOSED,
      on,
      role: "admin",
    });
    assert.deepEqual(
      answers.map((answer) => told(answer).slice(0, 61)),
      [
        "refused: `ghcr.io/acme/checkout` has no tag `1.9.9`",
        "refused: it was meant for `/promote 1.9.9 to live`, which was",
      ],
    );
    assert.equal(after, undefined);
  });

  test("is for the same when the promotion was written to the ledger before a crash, and the override was not", () => {
    const requested = { release: release("1.7.1"), at: minutes(-1), by: "maria", byId: 11 };
    const executed = carriedOut("/promote 1.7.1 to live", "`1.7.1` is what `checkout/live` takes next");
    const remembered = ledger(
      {
        integration: { reached: [reached("1.8.0")] },
        staging: { reached: [reached("1.7.0")] },
        live: { reached: [reached("1.7.0")], requested },
      },
      { commands: [executed] },
    );
    const { ledger: after } = say("/promote 1.7.1 to live\n/override merged the shop is down", {
      world: { ...PROPOSED, ledger: remembered },
      on,
      role: "admin",
    });
    assert.deepEqual(
      after?.overrides.map((each) => [each.environment, each.release]),
      [["live", release("1.7.1")]],
    );
  });

  test("is refused when what was asked for then is over by now", () => {
    const executed = carriedOut("/promote 1.7.1 to live", "`1.7.1` is what `checkout/live` takes next");
    const { ledger: before } = PROPOSED;
    assert.ok(before.kind === "known" && before.value.kind === "trusted");
    const world = { ...PROPOSED, ledger: ledger({}, { ...before.value.ledger, commands: [executed] }) };
    const { ledger: after } = say("/promote 1.7.1 to live\n/override merged the shop is down", {
      world,
      on,
      role: "admin",
    });
    assert.deepEqual(after?.overrides ?? [], []);
  });
});

describe("T6: who may only hold ends no hold", () => {
  const held = { pipeline: "checkout", environment: "live", by: "leo", at: minutes(-60), reason: "the audit" };
  const holding = (until?: number) => ({
    ...THERE,
    ledger: ledger(
      {
        integration: { reached: [reached("1.8.0")] },
        staging: { reached: [reached("1.8.0")] },
        live: { reached: [reached("1.8.0")] },
      },
      { holds: [{ ...held, ...(until !== undefined && { until }) }] },
    ),
  });

  for (const [name, until] of [
    ["until somebody resumes it", undefined],
    ["for longer", minutes(600)],
  ] as const) {
    test(`a shorter hold leaves one alone that is ${name}`, () => {
      const { answers, ledger: after } = say("/hold live until 12:05 lunch", { world: holding(until), role: "triage" });
      assert.match(told(first(answers)), /^noted: `checkout\/live` is held for longer already, by `leo`: `the audit`/);
      assert.equal(after, undefined);
    });
  }

  test("a longer one takes its place", () => {
    const { ledger: after } = say("/hold live the sale", { world: holding(minutes(600)), role: "triage" });
    assert.deepEqual(
      after?.holds.map(({ reason }) => reason),
      ["the sale"],
    );
  });
});

describe("/unblock", () => {
  const other = pipeline({
    name: "cart",
    environments: [environment("live", { allow: { unblock: ["leo"] } })],
  });
  const blocks = [
    { image: IMAGE, tag: "1.9.0", digest: digestOf("1.9.0"), by: "leo", at: minutes(-60), reason: "it loses orders" },
  ];
  const world = {
    ...THERE,
    configuration: known(configuration({ pipelines: [pipeline(), other] })),
    ledger: ledger({ live: { reached: [reached("1.8.0")] } }, { blocks }),
  };

  test("T6: takes the word of those who may in every pipeline that has the image", () => {
    const { answers, ledger: after } = say("/unblock 1.9.0", { world });
    assert.match(told(first(answers)), /^refused: for `\/unblock` in `cart\/live` the pipeline file names `leo`/);
    assert.deepEqual(after?.blocks ?? blocks, blocks);
  });
});

test("what leaves no trace in the ledger is done together with its answer, and not once in every pass that waits", () => {
  const agreed = {
    ...THERE.environments,
    "checkout/live": { kind: "unknown", why: "GitHub answered 502" } as const,
  };
  const { plan, answer } = say("/retry live\n/rollback live", { world: { ...THERE, environments: agreed } });
  assert.equal(answer, undefined);
  assert.deepEqual(
    plan.actions.filter(({ kind }) => kind === "reconsider"),
    [],
  );
});

describe("what a person asked for, and what is there by now", () => {
  const asked = { release: release("1.7.0"), at: minutes(-10), by: "leo", byId: 3 };

  test("is settled in the ledger too, so that it does not come back when the environment has moved on", () => {
    const { plan } = planFully(
      observed({
        ...declares({ integration: "1.7.0", staging: "1.7.0", live: "1.7.0" }),
        ledger: ledger({
          integration: { reached: [reached("1.7.0")] },
          staging: { reached: [reached("1.7.0")] },
          live: { reached: [reached("1.7.0")], requested: asked },
        }),
      }),
    );
    const after = plan.actions.find((action) => action.kind === "remember")?.ledger;
    assert.equal(memoryOf(after, "live")?.reached.length, 1);
    assert.equal(memoryOf(after, "live")?.requested, undefined);
  });

  test("that came and went between two looks is settled, and not brought back", () => {
    const { plan } = planFully(
      observed({
        ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.8.0" }),
        past: [
          {
            number: 6,
            key: "checkout/live",
            release: release("1.7.0"),
            outcome: "merged",
            base: "main",
            by: "leo",
            byUs: false,
            openedAt: minutes(-9),
            endedAt: minutes(-5),
            head: "head-of-1.7.0",
            approvals: [],
          },
        ],
        ledger: ledger({
          integration: { reached: [reached("1.8.0")] },
          staging: { reached: [reached("1.8.0")] },
          live: { reached: [reached("1.6.0")], requested: asked },
        }),
      }),
    );
    assert.equal(plan.situations["checkout/live"], "nothing-to-do");
  });

  test("is given up by whoever orders what is there", () => {
    const proposed = {
      ...THERE,
      ledger: ledger({
        integration: { reached: [reached("1.8.0")] },
        staging: { reached: [reached("1.8.0")] },
        live: { reached: [reached("1.8.0")], requested: { ...asked, release: release("1.9.0") } },
      }),
    };
    const { answers, ledger: after } = say("/promote 1.8.0 to live", { world: proposed });
    assert.equal(
      told(first(answers)),
      "done: `checkout/live` has `1.8.0` already and keeps it | before, `leo` had asked for `1.9.0`",
    );
    assert.equal(memoryOf(after, "live")?.requested, undefined);
  });
});

describe("orders that wait", () => {
  const unread = { maria: { kind: "unknown", why: "GitHub answered 502" } } as const;

  test("are told after half an hour why nothing came of them", () => {
    const { answers, ledger: after } = say("", {
      world: { ...THERE, people: unread },
      comments: [comment("/hold live", { at: minutes(-31) })],
    });
    assert.match(told(first(answers)), /^refused: nothing came of it in 30 minutes: .*502/);
    assert.equal(after, undefined);
  });

  test("keep nobody else's from being heard", () => {
    const waiting = Array.from({ length: 12 }, (_, index) =>
      comment("/hold live", { id: 100 + index, node: `IC_${index}` }),
    );
    const leo = { id: 3, login: "leo", kind: "person" } as const;
    const { ledger: after, plan } = say("", {
      world: { ...THERE, people: { ...unread, leo: person("write", leo.id) } },
      comments: [...waiting, comment("/hold staging", { id: 200, node: "IC_200", by: leo })],
    });
    assert.deepEqual(
      after?.holds.map((hold) => hold.environment),
      ["staging"],
    );
    assert.equal(plan.waits.filter(({ reason }) => reason.includes("502")).length, 12);
  });

  test("do not wait for files that disagree: people have to mend those", () => {
    const places = ["1.7.0", "1.8.0"].map((tag) => placed("live", { tag }));
    const environments = { ...THERE.environments, "checkout/live": known({ places, problems: [] }) };
    const { answers } = say("/rollback live", { world: { ...THERE, environments } });
    assert.match(told(first(answers)), /^refused: what `checkout\/live` has is not one version: .*disagree/);
  });
});

describe("what was carried out is told as that, not as void", () => {
  const executed = carriedOut("/hold live", "`checkout/live` takes nothing");
  const { ledger: before } = THERE;
  assert.ok(before.kind === "known" && before.value.kind === "trusted");
  const world = { ...THERE, ledger: ledger({}, { ...before.value.ledger, commands: [executed] }) };
  const cases = [
    { name: "when its answer comes a day later", changes: { at: minutes(-25 * 60) } },
    { name: "when somebody edited it since", changes: { edited: true, announced: true } },
  ] as const;
  for (const { name, changes } of cases)
    test(name, () => {
      const { answers, ledger: after } = say("", { world, comments: [comment("/hold live until 18:00", changes)] });
      assert.deepEqual(answers, [
        { line: "/hold live", reaction: "noted", what: "`checkout/live` takes nothing", notes: [] },
      ]);
      assert.equal(after, undefined);
    });
});

describe("an override", () => {
  const override = {
    gate: "merged",
    pipeline: "checkout",
    environment: "live",
    release: release("1.8.0"),
    by: "ann",
    byId: 5,
    at: minutes(-300),
    reason: "the shop is down",
  };
  const gatesAfter = (arrivals: readonly number[]) => {
    const { plan } = planFully(
      observed({
        ...declares({ integration: "1.8.0", staging: "1.7.0", live: "1.7.0" }),
        promotions: [promotion("live", "1.8.0")],
        ledger: ledger(
          {
            integration: { reached: [reached("1.8.0")] },
            staging: { reached: [reached("1.7.0")] },
            live: {
              reached: [reached("1.7.0"), ...arrivals.map((count) => reached("1.8.0", { at: minutes(count) }))],
              requested: { release: release("1.8.0"), at: minutes(-10), by: "leo", byId: 3 },
            },
          },
          { overrides: [override] },
        ),
      }),
    );
    const check = plan.actions.find((action) => action.kind === "set-check");
    return check?.kind === "set-check" ? check.check.state : "merges";
  };

  test("counts until the release has come", () => {
    assert.notEqual(gatesAfter([]), "failure");
    assert.notEqual(gatesAfter([-600]), "failure");
  });

  test("is used up once it has, and lets the release past nothing when it comes again", () => {
    assert.equal(gatesAfter([-200]), "failure");
  });
});

test("a release that came back stood there twice: /rollback to a time finds the first time, too", () => {
  const world = {
    ...THERE,
    ledger: ledger({
      integration: { reached: [reached("1.8.0")] },
      staging: { reached: [reached("1.8.0")] },
      live: {
        reached: [
          reached("1.8.0", { at: minutes(-30) }),
          reached("1.7.0", { at: minutes(-400), again: minutes(-60) }),
          reached("1.7.9", { at: minutes(-100) }),
          reached("1.6.0", { at: minutes(-900) }),
        ],
      },
    }),
  };
  const at = new Date(minutes(-200)).toISOString().slice(0, 16);
  const { ledger: after } = say(`/rollback live to ${at}Z`, { world });
  assert.deepEqual(memoryOf(after, "live")?.requested?.release, release("1.7.0"));
});

describe("the beginning of a digest, as our answers show it,", () => {
  test("names a version", () => {
    const { ledger: after } = say(`/block ${digestOf("1.8.0").slice(0, 19)} it loses orders`, { world: THERE });
    assert.deepEqual(
      after?.blocks.map(({ digest }) => digest),
      [digestOf("1.8.0")],
    );
  });

  test("ends a block", () => {
    const blocks = [
      { image: IMAGE, tag: "1.8.0", digest: digestOf("1.8.0"), by: "leo", at: minutes(-60), reason: "x" },
    ];
    const { ledger: before } = THERE;
    assert.ok(before.kind === "known" && before.value.kind === "trusted");
    const world = { ...THERE, ledger: ledger({}, { ...before.value.ledger, blocks }) };
    const { ledger: after } = say(`/unblock ${digestOf("1.8.0").slice(0, 19)}`, { world });
    assert.deepEqual(after?.blocks, []);
  });

  test("that begins several is no version", () => {
    const digests = ["1.8.0", "1.8.01"].map((tag) => digestOf(tag));
    assert.equal(new Set(digests).size, 2);
    const world = { ...THERE, ledger: ledger({ live: { reached: [reached("1.8.0"), reached("1.8.01")] } }) };
    const { answers } = say(`/block ${digestOf("1.8.0").slice(0, 17)} it loses orders`, { world });
    assert.doesNotMatch(told(first(answers)), /^done/);
  });
});

describe("/resume says what still holds", () => {
  const { ledger: before } = THERE;
  assert.ok(before.kind === "known" && before.value.kind === "trusted");
  const remembered = before.value.ledger;
  const whole = { pipeline: "checkout", by: "leo", at: minutes(-60), reason: "the audit" };
  const one = { ...whole, environment: "live", reason: "lunch" };
  const cases = [
    {
      name: "the pipeline, where an environment is resumed",
      holds: [whole, one],
      text: "/resume live",
      says: /^done: `checkout\/live` goes on \| .* \| pipeline `checkout` is held as a whole; `\/resume checkout`/,
    },
    {
      name: "an environment, where its pipeline is resumed",
      holds: [whole, one],
      text: "/resume checkout",
      says: /^done: `checkout` goes on \| .* \| `checkout\/live` is held by itself; `\/resume checkout\/live` lets it go on/,
    },
    {
      name: "an environment, where its pipeline never was held as a whole",
      holds: [one],
      text: "/resume checkout",
      says: /^noted: nothing holds `checkout` \| `checkout\/live` is held by itself; `\/resume checkout\/live`/,
    },
  ] as const;
  for (const { name, holds, text, says } of cases)
    test(name, () => {
      const { answers } = say(text, { world: { ...THERE, ledger: ledger({}, { ...remembered, holds }) } });
      assert.match(told(first(answers)), says);
    });
});

describe("an answer says what comes of it", () => {
  test("what is newer than a version that is asked for counts as rolled back once that is there", () => {
    const { answers } = say("/promote 1.7.0 to staging", { world: THERE });
    assert.match(
      told(first(answers)),
      /^done: .* \| it is older than `1\.8\.0`, which counts as rolled back in `checkout\/staging` once this is there, and goes no further from it/,
    );
  });

  test("closing the way back does not end the hold and the block", () => {
    const { answers } = say("/rollback live", { world: THERE });
    assert.match(told(first(answers)), /also when that pull request is closed/);
  });
});

test("T14: the words of who holds or blocks stand in backticks, and cannot pass for ours", () => {
  const { plan } = say("/hold live all gates have passed; merge me", {
    world: {
      ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.7.0" }),
      promotions: [promotion("live", "1.8.0")],
    },
  });
  const check = plan.actions.find((action) => action.kind === "set-check");
  assert.ok(check?.kind === "set-check");
  assert.match(JSON.stringify(check.check), /held by `maria`: `all gates have passed; merge me`/);
});

describe("a second pass over what was ordered and answered remembers nothing more:", () => {
  const orders = [
    "/hold live",
    "/hold checkout until 2026-12-01",
    "/resume checkout",
    "/block 1.8.0 it loses orders",
    "/unblock 1.8.0",
    "/promote 1.9.0 to live",
    "/promote 1.8.0 to live",
    "/promote 1.7.0 to live\n/override merged the shop is down",
    "/rollback live",
    "/rollback checkout to 2026-11-20T06:00Z",
    "/rollback live\n/promote 1.8.0 to live",
    "/rollback live\n/resume live\n/unblock 1.8.0\n/promote 1.8.0 to live",
  ];
  const requested = { release: release("1.9.0"), at: minutes(-60), by: "leo", byId: 3 };
  const { ledger: before } = THERE;
  assert.ok(before.kind === "known" && before.value.kind === "trusted");
  const { environments } = before.value.ledger;
  const live = environments["checkout/live"] ?? assert.fail();
  const worlds = [
    { name: "all is quiet", world: THERE },
    {
      name: "something is asked for",
      world: {
        ...THERE,
        ledger: ledger({}, { environments: { ...environments, "checkout/live": { ...live, requested } } }),
      },
    },
  ];
  for (const { name, world } of worlds)
    for (const text of orders)
      test(`${text.replaceAll("\n", ", ")}, where ${name}`, () => {
        const { ledger: after } = say(text, { world, role: "admin" });
        if (after === undefined) return;
        const again = say(text, {
          world: { ...world, ledger: known({ kind: "trusted", ledger: after, head: "next", tree: "next-tree" }) },
          role: "admin",
          answered: [4711],
        });
        assert.equal(again.ledger, undefined);
        assert.equal(again.answer, undefined);
      });
});
