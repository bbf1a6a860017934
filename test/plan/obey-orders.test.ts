// What comes of what people order, a row for each: by whom, where, on what. The stories tell the same on GitHub.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Environment } from "../../src/domain/pipeline.ts";
import { known } from "../../src/domain/seen.ts";
import {
  configuration,
  declares,
  digestOf,
  environment,
  IMAGE,
  images,
  ledger,
  memory,
  minutes,
  observed,
  pipeline,
  planFully,
  promotion,
  reached,
  release,
  settled,
} from "./build.ts";
import { carriedOut, comment, conversation, memoryOf, person, say, told } from "./orders.ts";

const PROMOTED = {
  ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.7.0" }),
  promotions: [promotion("live", "1.8.0")],
};

describe("a comment", () => {
  const quiet = [
    { name: "without a command", text: "Looks good to me" },
    { name: "of a program", comments: [comment("/hold live", { by: { id: 5, login: "renovate[bot]", kind: "bot" } })] },
    { name: "that was edited when nobody had told of it", comments: [comment("/hold live", { edited: true })] },
    { name: "that somebody hid", comments: [comment("/hold live", { hidden: true })] },
    { name: "that has its answer", text: "/hold live", answered: [4711] },
    { name: "that has our last reaction", comments: [comment("/hold live", { reaction: "refused" })] },
    { name: "of three days ago", comments: [comment("/hold live", { at: minutes(-3 * 24 * 60) })] },
  ] as const;
  for (const { name, ...saying } of quiet) {
    test(`${name} is left alone`, () => {
      const { answer, ledger: after } = say("text" in saying ? saying.text : "", { world: PROMOTED, ...saying });
      assert.equal(answer, undefined);
      assert.equal(after, undefined);
    });
  }

  test("T7: that was edited orders nothing, and says so once", () => {
    const { answers, ledger: after } = say("", {
      world: PROMOTED,
      comments: [comment("/hold live", { edited: true, announced: true })],
    });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: this comment was edited/);
    assert.equal(after, undefined);
  });

  test("T3: of yesterday was given for what yesterday looked like", () => {
    const { answers, ledger: after } = say("", {
      world: PROMOTED,
      comments: [comment("/hold live", { at: minutes(-25 * 60) })],
    });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: this was written more than a day ago/);
    assert.equal(after, undefined);
  });

  test("is acknowledged before anything else, and remembered before it is answered", () => {
    const kinds = say("/hold live", { world: PROMOTED }).plan.actions.map(({ kind }) => kind);
    assert.equal(kinds[0], "acknowledge");
    assert.ok(kinds.indexOf("remember") < kinds.indexOf("answer-comment"));
  });

  test("that was acknowledged before a crash is not acknowledged again", () => {
    const { plan } = say("", { world: PROMOTED, comments: [comment("/hold live", { reaction: "seen" })] });
    assert.ok(!plan.actions.some(({ kind }) => kind === "acknowledge"));
  });

  test("whose command the ledger knows is answered, and not obeyed again", () => {
    const executed = carriedOut("/hold live", "`checkout/live` takes nothing");
    const { answers, ledger: after } = say("/hold live", {
      world: {
        ...PROMOTED,
        ledger: ledger(
          {
            live: { reached: [reached("1.7.0")] },
            staging: { reached: [reached("1.8.0")] },
            integration: { reached: [reached("1.8.0")] },
          },
          { commands: [executed] },
        ),
      },
    });
    assert.equal(told(answers[0] ?? assert.fail()), "noted: `checkout/live` takes nothing");
    assert.equal(after, undefined);
  });

  test("with several commands gets one answer, and each sees what the ones before did", () => {
    const { answer, answers, ledger: after } = say("/hold live the sale\n/resume live", { world: PROMOTED });
    assert.deepEqual(
      answers.map(({ reaction }) => reaction),
      ["done", "done"],
    );
    assert.deepEqual(after?.holds, []);
    assert.equal(after?.commands.length, 2);
    assert.equal(answer?.reaction, "done");
  });

  test("waits as a whole for what is not known, and is not answered by half", () => {
    const { plan, answer } = say("/hold live", {
      world: { ...PROMOTED, people: { maria: { kind: "unknown", why: "GitHub answered 502" } } },
    });
    assert.equal(answer, undefined);
    assert.match(plan.waits.map(({ reason }) => reason).join(), /GitHub answered 502/);
    assert.deepEqual(plan.unanswered, [7]);
  });
});

describe("who may", () => {
  test("T6: somebody who may only read is refused, with what it takes", () => {
    const { answers, ledger: after } = say("/hold live", { world: PROMOTED, role: "read" });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: .*triage.*read/);
    assert.equal(after, undefined);
  });

  test("T6: a login that belongs to another account by now is refused", () => {
    const { answers } = say("/hold live", { world: { ...PROMOTED, people: { maria: person("admin", 12) } } });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: .*another account/);
  });

  test("the rights are asked for, by login", () => {
    const { needs } = say("/hold live", { world: { ...PROMOTED, people: {} } }).plan;
    assert.deepEqual(needs, [{ kind: "person", login: "maria" }]);
  });

  test("an environment's `allow` replaces the general rule", () => {
    const only = pipeline({
      environments: pipeline().environments.map((each) => ({ ...each, allow: { hold: ["leo"] } })),
    });
    const { answers } = say("/hold live", {
      role: "admin",
      world: { ...PROMOTED, configuration: known(configuration({ pipelines: [only] })) },
    });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: .*`leo`/);
  });

  test("T13: nothing is ordered on a pull request from a fork", () => {
    const { answers } = say("/hold live", { on: { kind: "pull-request", fork: true }, world: PROMOTED });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: .*fork/);
  });

  test("`mode: observe` takes no orders, and answers questions", () => {
    const world = { ...PROMOTED, configuration: known(configuration({ mode: "observe" })) };
    assert.match(told(say("/hold live", { world }).answers[0] ?? assert.fail()), /^refused: .*observe/);
    assert.equal(say("/status", { world }).answers[0]?.report?.kind, "status");
  });

  test("T27: thirty commands in an hour are enough", () => {
    const commands = Array.from({ length: 30 }, (_, index) => ({
      id: `comment/${index + 1}.0`,
      at: minutes(-10),
      by: "maria",
      byId: 11,
      line: "/hold",
      outcome: "",
    }));
    const { answers } = say("/hold live", { world: { ...PROMOTED, ledger: ledger({}, { commands }) } });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: .*30 commands in the last hour/);
  });

  test("where the ledger is not believed, nothing is ordered", () => {
    const { answers } = say("/hold live", {
      world: { ...PROMOTED, ledger: known({ kind: "untrusted", why: "somebody wrote to it" }) },
    });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: nothing can be remembered: somebody wrote to it/);
  });
});

describe("/hold and /resume", () => {
  test("hold what the pull request is about, until somebody resumes it", () => {
    const { ledger: after, plan } = say("/hold the sale", { world: PROMOTED });
    assert.deepEqual(after?.holds, [
      { pipeline: "checkout", environment: "live", by: "maria", at: minutes(-1), reason: "the sale" },
    ]);
    assert.equal(plan.situations["checkout/live"], "waits-at-the-gates");
  });

  test("a second hold takes the place of the first", () => {
    const held = { pipeline: "checkout", environment: "live", by: "leo", at: minutes(-60), reason: "lunch" };
    const world = { ...PROMOTED, ledger: ledger({ live: { reached: [reached("1.7.0")] } }, { holds: [held] }) };
    assert.deepEqual(
      say("/hold live the sale", { world }).ledger?.holds.map(({ reason }) => reason),
      ["the sale"],
    );
    assert.deepEqual(say("/resume live", { world }).ledger?.holds, []);
  });

  test("a pipeline is held as a whole, and its environments are not resumed one by one", () => {
    const { ledger: after } = say("/hold checkout", { world: PROMOTED });
    assert.deepEqual(
      after?.holds.map(({ pipeline: name, environment: of }) => [name, of]),
      [["checkout", undefined]],
    );
    const held = { pipeline: "checkout", by: "leo", at: minutes(-60), reason: "lunch" };
    const { answers } = say("/resume live", { world: { ...PROMOTED, ledger: ledger({}, { holds: [held] }) } });
    assert.match(
      told(answers[0] ?? assert.fail()),
      /^noted: nothing holds `checkout\/live` \| pipeline `checkout` is held as a whole; `\/resume checkout`/,
    );
  });

  test("until a time that is over holds nothing", () => {
    assert.match(
      told(say("/hold live until 2020-01-01", { world: PROMOTED }).answers[0] ?? assert.fail()),
      /^(refused|confused)/,
    );
  });

  test("an environment of several pipelines is held in all of them", () => {
    const other = pipeline({ name: "cart", environments: [environment("live")] });
    const world = { ...PROMOTED, configuration: known(configuration({ pipelines: [pipeline(), other] })) };
    const { ledger: after } = say("/hold live", {
      world,
      on: { number: 9, kind: "dashboard", key: undefined, head: undefined } as never,
    });
    assert.deepEqual(after?.holds.map(({ pipeline: name }) => name).sort(), ["cart", "checkout"]);
  });

  test("resume lets go what was stopped", () => {
    const stopped = [{ release: release("1.8.0"), at: minutes(-30), why: "degraded" }];
    const world = {
      ...PROMOTED,
      ledger: ledger({ staging: { reached: [reached("1.8.0")], stopped }, live: { reached: [reached("1.7.0")] } }),
    };
    assert.deepEqual(memoryOf(say("/resume staging", { world }).ledger, "staging")?.stopped, []);
  });

  test("an unknown name is no guess", () => {
    assert.match(told(say("/resume lime", { world: PROMOTED }).answers[0] ?? assert.fail()), /^confused: .*`lime`/);
  });
});

describe("/block and /unblock", () => {
  test("a blocked digest goes nowhere, and its open promotion fails", () => {
    const { ledger: after, plan } = say("/block 1.8.0 it loses orders", { world: PROMOTED });
    assert.deepEqual(after?.blocks, [
      {
        image: IMAGE,
        tag: "1.8.0",
        digest: digestOf("1.8.0"),
        by: "maria",
        at: minutes(-1),
        reason: "it loses orders",
      },
    ]);
    const check = plan.actions.find((action) => action.kind === "set-check");
    assert.equal(check?.kind === "set-check" && check.check.state, "failure");
  });

  test("a version that nobody has seen is looked up", () => {
    const { plan } = say("/block 1.8.5 it loses orders", { world: PROMOTED });
    assert.deepEqual(plan.needs, [{ kind: "digest", image: IMAGE, tag: "1.8.5" }]);
  });

  test("a tag that the registry does not have is no version", () => {
    const world = {
      ...PROMOTED,
      images: { [IMAGE]: known(images(["1.7.0"], { digests: { "1.8.5": known(undefined) } })) },
    };
    assert.match(
      told(say("/block 1.8.5 it loses orders", { world }).answers[0] ?? assert.fail()),
      /^confused: .*has no tag `1.8.5`/,
    );
  });

  test("unblocking tells who had blocked it", () => {
    const blocks = [
      { image: IMAGE, tag: "1.8.0", digest: digestOf("1.8.0"), by: "leo", at: minutes(-60), reason: "slow" },
    ];
    const world = { ...PROMOTED, ledger: ledger({ live: { reached: [reached("1.7.0")] } }, { blocks }) };
    const { ledger: after, answers } = say("/unblock 1.8.0", { world });
    assert.deepEqual(after?.blocks, []);
    assert.match(told(answers[0] ?? assert.fail()), /`leo`: `slow`/);
  });
});

describe("/promote", () => {
  test("any version becomes the candidate, also an older one, and its pull request is edited", () => {
    const world = {
      ...PROMOTED,
      ledger: ledger({
        integration: { reached: [reached("1.8.0"), reached("1.7.1")] },
        staging: { reached: [reached("1.8.0")] },
        live: { reached: [reached("1.7.0")] },
      }),
    };
    const { ledger: after, plan } = say("/promote 1.7.1 to live", { world });
    assert.deepEqual(memoryOf(after, "live")?.requested, {
      release: release("1.7.1"),
      at: minutes(-1),
      by: "maria",
      byId: 11,
    });
    const update = plan.actions.find((action) => action.kind === "update");
    assert.equal(update?.kind === "update" && update.view.requestedBy, "maria");
  });

  test("what was declined there is proposed again", () => {
    const declined = [{ release: release("1.8.0"), at: minutes(-60), pullRequest: 5, by: "leo" }];
    const world = {
      ...PROMOTED,
      promotions: [],
      ledger: ledger({
        integration: { reached: [reached("1.8.0")] },
        staging: { reached: [reached("1.8.0")] },
        live: { reached: [reached("1.7.0")], declined },
      }),
    };
    const { plan } = say("/promote to live", { world, on: { number: 5, state: "closed" } });
    assert.equal(plan.situations["checkout/live"], "opens");
  });

  test("a blocked version is not, until it is unblocked", () => {
    const blocks = [
      { image: IMAGE, tag: "1.8.0", digest: digestOf("1.8.0"), by: "leo", at: minutes(-60), reason: "slow" },
    ];
    const world = {
      ...PROMOTED,
      promotions: [],
      ledger: ledger({ staging: { reached: [reached("1.8.0")] }, live: { reached: [reached("1.7.0")] } }, { blocks }),
    };
    assert.match(
      told(say("/promote 1.8.0 to live", { world }).answers[0] ?? assert.fail()),
      /^refused: .*blocked by `leo`: `slow` \| `\/unblock 1.8.0` comes first/,
    );
  });

  test("what is there already is no move", () => {
    assert.match(
      told(say("/promote 1.7.0 to live", { world: PROMOTED }).answers[0] ?? assert.fail()),
      /^noted: `checkout\/live` has `1.7.0` already/,
    );
  });

  test("`same-as` takes what the other runs and nothing else", () => {
    const follows = pipeline({
      environments: pipeline().environments.map((each) =>
        each.name === "live" ? { ...each, sameAs: "staging" } : each,
      ),
    });
    const world = { ...PROMOTED, configuration: known(configuration({ pipelines: [follows] })) };
    assert.match(told(say("/promote 1.8.0 to live", { world }).answers[0] ?? assert.fail()), /^refused: .*`staging`/);
  });
});

describe("/rollback", () => {
  const THERE = {
    ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.8.0" }),
    ledger: ledger({
      integration: { reached: [reached("1.8.0")] },
      staging: { reached: [reached("1.8.0")] },
      live: {
        reached: [
          reached("1.8.0", { at: minutes(-30), pullRequest: 7 }),
          reached("1.7.0", { at: minutes(-24 * 60), pullRequest: 6 }),
        ],
      },
    }),
  };

  test("goes back by a pull request, blocks what it leaves and holds the environment", () => {
    const { ledger: after, plan, answers } = say("/rollback", { world: THERE, on: { state: "merged" } });
    assert.equal(answers[0]?.reaction, "done");
    assert.deepEqual(memoryOf(after, "live")?.requested, {
      release: release("1.7.0"),
      at: minutes(-1),
      by: "maria",
      byId: 11,
      back: true,
    });
    assert.deepEqual(
      after?.holds.map(({ environment: name }) => name),
      ["live"],
    );
    assert.deepEqual(
      after?.blocks.map(({ tag }) => tag),
      ["1.8.0"],
    );
    const open = plan.actions.find((action) => action.kind === "open");
    assert.equal(open?.kind === "open" && open.key, "checkout/live");
    assert.match((open?.kind === "open" && open.view.rollback) || "", /`maria` takes live back to `1.7.0`/);
  });

  test("on a merged promotion: before what that one brought, whatever came since", () => {
    const world = {
      ...declares({ integration: "1.9.0", staging: "1.9.0", live: "1.9.0" }),
      ledger: ledger({
        live: {
          reached: [
            reached("1.9.0", { pullRequest: 8, at: minutes(-10) }),
            reached("1.8.0", { pullRequest: 7, at: minutes(-30) }),
            reached("1.7.0", { pullRequest: 6 }),
          ],
        },
      }),
    };
    const { ledger: after } = say("/rollback", { world, on: { state: "merged", number: 7 } });
    assert.deepEqual(memoryOf(after, "live")?.requested?.release, release("1.7.0"));
  });

  test("to what was there at a time, in whole", () => {
    const at = new Date(minutes(-12 * 60)).toISOString();
    const { ledger: after } = say(`/rollback live to ${at.slice(0, 16)}Z`, { world: THERE, on: { state: "merged" } });
    assert.deepEqual(memoryOf(after, "live")?.requested?.release, release("1.7.0"));
  });

  test("where it can be seen what runs, only what was healthy counts", () => {
    const followed = pipeline({
      environments: pipeline().environments.map((each) =>
        each.name === "live" ? { ...each, live: [{ source: "prod", kind: "argocd", name: "x" }] } : each,
      ),
    });
    const world = { ...THERE, configuration: known(configuration({ pipelines: [followed] })) };
    assert.match(
      told(say("/rollback", { world, on: { state: "merged" } }).answers[0] ?? assert.fail()),
      /^refused: nothing is known that was healthy there before/,
    );
  });

  test("said twice is done once", () => {
    const requested = { release: release("1.7.0"), at: minutes(-5), by: "leo", byId: 3, back: true } as const;
    const { ledger: seen } = THERE;
    assert.ok(seen.kind === "known" && seen.value.kind === "trusted");
    const live = { ...memory(seen.value.ledger.environments["checkout/live"]), requested };
    const world = { ...THERE, ledger: ledger({ live }) };
    assert.match(
      told(say("/rollback", { world, on: { state: "merged" } }).answers[0] ?? assert.fail()),
      /^noted: `checkout\/live` is on the way back already/,
    );
  });
});

describe("/override", () => {
  test("counts for this release alone, and is in the commit", () => {
    const { ledger: after } = say("/override merged staging was skipped", { world: PROMOTED, role: "admin" });
    const [override] = after?.overrides ?? [];
    assert.deepEqual(
      [override?.gate, override?.environment, override?.by, override?.reason],
      ["merged", "live", "maria", "staging was skipped"],
    );
    assert.deepEqual(override?.release, release("1.8.0"));
  });

  test("T8: given on a head that has moved since, it counts for nothing", () => {
    const on = { head: { oid: "new", committedAt: minutes(-1) } };
    assert.match(
      told(say("/override merged because", { world: PROMOTED, role: "admin", on }).answers[0] ?? assert.fail()),
      /^refused: the head became/,
    );
  });

  test("a gate that is not there is told with those that are", () => {
    assert.match(
      told(say("/override soak because", { world: PROMOTED, role: "admin" }).answers[0] ?? assert.fail()),
      /^confused: .*no gate `soak`.*`merged`/,
    );
  });

  test("T6: takes an admin where nobody is named", () => {
    assert.match(
      told(say("/override merged because", { world: PROMOTED }).answers[0] ?? assert.fail()),
      /^refused: .*admin/,
    );
  });

  test("in one comment with the promotion that it is for", () => {
    const world = {
      ...PROMOTED,
      promotions: [],
      ledger: ledger({
        integration: { reached: [reached("1.7.1")] },
        staging: { reached: [reached("1.8.0")] },
        live: { reached: [reached("1.7.0")] },
      }),
    };
    const on = { number: 20, kind: "pull-request", head: { oid: "x", committedAt: minutes(-100) } } as const;
    const { ledger: after } = say("/promote checkout 1.7.1 to live\n/override merged hotfix", {
      world,
      on: { ...on, key: undefined } as never,
      role: "admin",
    });
    assert.deepEqual(
      after?.overrides.map(({ gate, release: of }) => [gate, of]),
      [["merged", release("1.7.1")]],
    );
  });
});

describe("questions", () => {
  test("/why tells every gate with its state and reason", () => {
    const held = { pipeline: "checkout", environment: "live", by: "leo", at: minutes(-60), reason: "lunch" };
    const world = {
      ...PROMOTED,
      ledger: ledger(
        { staging: { reached: [reached("1.8.0")] }, live: { reached: [reached("1.7.0")] } },
        { holds: [held] },
      ),
    };
    const { answers, answer } = say("/why", { world });
    const report = answers[0]?.report;
    assert.equal(answer?.reaction, "noted");
    assert.ok(report?.kind === "gates");
    assert.deepEqual(
      report.environments[0]?.gates.map(({ name, state }) => `${name}: ${state}`),
      ["hold: waiting", "merged in staging: passed"],
    );
  });

  test("/status tells all environments, what they have and what is proposed", () => {
    const report = say("/status checkout", { world: PROMOTED }).answers[0]?.report;
    assert.ok(report?.kind === "status");
    assert.deepEqual(
      report.environments.map(({ key, declared, proposed }) => [key, declared, proposed?.release]),
      [
        ["checkout/integration", "1.8.0", undefined],
        ["checkout/staging", "1.8.0", undefined],
        ["checkout/live", "1.7.0", "1.8.0"],
      ],
    );
  });

  test("/diff tells the places", () => {
    const report = say("/diff", { world: PROMOTED }).answers[0]?.report;
    assert.ok(report?.kind === "changes");
    assert.deepEqual(report.changes, [
      { path: "apps/checkout/live/deployment.yaml", line: 1, from: "1.7.0", to: "1.8.0" },
    ]);
  });

  test("/help tells what can be done here, from the table of commands", () => {
    const report = say("/help", { world: PROMOTED, role: "read" }).answers[0]?.report;
    assert.ok(report?.kind === "help");
    assert.ok(report.commands.some(({ usage }) => usage.startsWith("/rollback")));
    assert.ok(report.commands.some(({ usage }) => usage.startsWith("/retag <tag>")));
  });

  test("questions change nothing", () => {
    for (const question of ["/why", "/status", "/diff", "/help", "/why live"]) {
      assert.equal(say(question, { world: PROMOTED, role: "read" }).ledger, undefined);
    }
  });
});

describe("a second pass over an answered world", () => {
  test("plans nothing about it", () => {
    const start = observed({
      ...PROMOTED,
      conversations: [conversation()],
      comments: { 7: known({ node: "PR_7", comments: [comment("/status", { reaction: "noted" })], answered: [4711] }) },
    });
    const { plan } = planFully(start);
    assert.deepEqual(plan.unanswered, []);
    assert.ok(!plan.actions.some(({ kind }) => kind === "answer-comment" || kind === "acknowledge"));
  });
});

describe("/retry", () => {
  test("puts back what a person took out of the merge queue, once", () => {
    const one = pipeline({ environments: [environment("live")] });
    const world = {
      ...declares({ live: "1.7.0" }),
      configuration: known(configuration({ pipelines: [one] })),
      promotions: [promotion("live", "1.8.0", { leftQueue: { by: "leo", why: "manual" } })],
    };
    const before = settled(observed(world), "live");
    const { plan } = say("/retry", { world: { ...world, promotions: before.promotions } });
    assert.ok(plan.actions.some(({ kind }) => kind === "merge"));
    const without = planFully(before).plan;
    assert.ok(!without.actions.some(({ kind }) => kind === "merge"));
  });
});

describe("a gate that the operator demands", () => {
  const demanding = (demanded: Environment["demanded"]) => {
    const environments = pipeline().environments.map((each) =>
      each.name === "live" ? { ...each, demandedGates: ["merged" as const], demanded } : each,
    );
    return { ...PROMOTED, configuration: known(configuration({ pipelines: [pipeline({ environments })] })) };
  };

  test("is overridden by no admin of a repository", () => {
    const { answers, ledger: after } = say("/override merged because", { world: demanding({}), role: "admin" });
    assert.match(told(answers[0] ?? assert.fail()), /^refused: the operator demands the gate `merged`/);
    assert.equal(after, undefined);
  });

  test("is overridden by whom the operator names", () => {
    const { ledger: after } = say("/override merged because", {
      world: demanding({ override: [["maria"]] }),
      role: "admin",
    });
    assert.equal(after?.overrides.length, 1);
  });
});

test("T27: whoever has had twenty answers in an hour waits for the next one, and nobody else does", () => {
  const had = Array.from({ length: 20 }, (_, index) =>
    comment("/status", { id: index + 1, at: minutes(-20), reaction: "noted" }),
  );
  const leo = { id: 3, login: "leo", kind: "person" } as const;
  const comments = [...had, comment("/status"), comment("/status", { id: 4712, by: leo })];
  const world = { ...PROMOTED, people: { maria: person("write"), leo: person("read", 3) } };
  const { plan, answer } = say("", { world, comments });
  assert.equal(answer?.comment.id, 4712);
  assert.deepEqual(plan.unanswered, [7]);
  assert.match(plan.waits.map(({ reason }) => reason).join(), /`maria` has had 20 answers on 7 in an hour/);
});
