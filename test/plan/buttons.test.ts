// What comes of pressing a button of our check: a row for each, by whom and on what. The stories tell the same on GitHub.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ButtonPress } from "../../src/domain/button.ts";
import type { TellRefused } from "../../src/domain/conversation-actions.ts";
import { type Hold, REACHED_KEPT } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Action, Remember, SetCheck } from "../../src/domain/plan.ts";
import { known } from "../../src/domain/seen.ts";
import { configuration, declares, ledger, minutes, observed, planFully, promotion, reached } from "./build.ts";
import { conversation, person } from "./orders.ts";

const PROMOTED: Partial<Observed> = {
  ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.7.0" }),
  promotions: [promotion("live", "1.8.0")],
};
const HELD: Hold = { pipeline: "checkout", environment: "live", by: "ann", at: minutes(-90), reason: "the sale is on" };

function worldWith(holds: readonly Hold[], commands: Parameters<typeof ledger>[1] = {}): Partial<Observed> {
  const environments = {
    integration: { reached: [reached("1.8.0")] },
    staging: { reached: [reached("1.8.0")] },
    live: { reached: [reached("1.7.0")] },
  };
  return { ...PROMOTED, ledger: ledger(environments, { holds, ...commands }) };
}

function press(button: string, changes: Partial<ButtonPress> = {}): ButtonPress {
  const by = { id: 11, login: "maria", kind: "person" } as const;
  return { id: "4", head: "head-of-1.8.0", run: 5, button, by, at: minutes(-1), ...changes };
}

function look(presses: readonly ButtonPress[], world: Partial<Observed> = PROMOTED) {
  const start = observed({ conversations: [conversation()], people: { maria: person("write") }, presses, ...world });
  const { plan } = planFully(start, {
    live: (need) =>
      need.kind === "told" ? { told: { [need.number]: known({ comments: [], deployments: [] }) } } : undefined,
  });
  const find = <T extends Action>(kind: T["kind"]) => plan.actions.find((action): action is T => action.kind === kind);
  return {
    plan,
    ledger: find<Remember>("remember")?.ledger,
    check: find<SetCheck>("set-check")?.check,
    refused: find<TellRefused>("tell-refused"),
    waits: plan.waits.map(({ reason }) => reason).join("\n"),
  };
}

describe("the check of a promotion offers", () => {
  const offers = [
    { name: "to hold what is not held", holds: [], buttons: ["hold", "retry"] },
    { name: "to resume what is held", holds: [HELD], buttons: ["resume", "retry"] },
    {
      name: "to resume the pipeline that is held as a whole",
      holds: [{ pipeline: "checkout", by: "ann", at: 0, reason: "x" }],
      buttons: ["resume-pipeline", "retry"],
    },
    {
      name: "to hold where a hold is over",
      holds: [{ ...HELD, until: minutes(-5) }],
      buttons: ["hold", "retry"],
    },
  ];
  for (const { name, holds, buttons } of offers) {
    test(name, () => assert.deepEqual(look([], worldWith(holds)).check?.actions, buttons));
  }

  test("other buttons only with another fingerprint", () => {
    const [free, held] = [look([], worldWith([])).check, look([], worldWith([HELD])).check];
    assert.notEqual(free?.fingerprint, held?.fingerprint);
  });

  test("nothing where nothing can be ordered", () => {
    const world = { ...PROMOTED, configuration: known(configuration({ mode: "observe" })) };
    assert.equal(look([], world).check?.actions, undefined);
  });
});

describe("a press", () => {
  test("is a command by who pressed, and needs no answer where it is done", () => {
    const { ledger: after, plan, refused } = look([press("hold")]);
    assert.deepEqual(
      after?.holds.map(({ environment, by }) => [environment, by]),
      [["live", "maria"]],
    );
    assert.equal(after?.commands[0]?.id, `button/5.hold.4-${minutes(-1)}`);
    assert.equal(after?.commands[0]?.line, "/hold checkout/live by the button of the check");
    assert.equal(refused, undefined);
    assert.equal(plan.pressed, undefined);
  });

  test("to resume ends the hold, and to try again asks for exactly that", () => {
    assert.deepEqual(look([press("resume")], worldWith([HELD])).ledger?.holds, []);
    assert.ok(look([press("retry")]).plan.actions.some(({ kind }) => kind === "reconsider"));
  });

  test("T3: that is told of twice counts once", () => {
    const { ledger: after } = look([press("hold"), press("hold", { id: "5" })]);
    assert.equal(after?.commands.length, 1);
  });

  test("T3: that the ledger knows is not obeyed again, and not answered", () => {
    const id = `button/5.resume.4-${minutes(-1)}`;
    const commands = [{ id, at: minutes(-1), by: "maria", byId: 11, line: "/resume", outcome: "it goes on" }];
    const { ledger: after, refused } = look([press("resume")], worldWith([HELD], { commands }));
    assert.equal(after, undefined);
    assert.equal(refused, undefined);
  });

  test("waits for what its presser may do, and is kept so long", () => {
    const { plan, waits } = look([press("hold")], {
      ...PROMOTED,
      people: { maria: { kind: "unknown", why: "GitHub answered 502" } },
    });
    assert.deepEqual(plan.pressed, ["4"]);
    assert.match(waits, /GitHub answered 502/);
  });

  test("is kept while the pipeline file cannot be read", () => {
    const { plan } = look([press("hold")], { configuration: { kind: "unknown", why: "GitHub answered 502" } });
    assert.deepEqual(plan.pressed, ["4"]);
  });

  test("on a head that nobody knows is told in the log alone", () => {
    const { waits, refused } = look([press("hold", { head: "0".repeat(40) })]);
    assert.equal(refused, undefined);
    assert.match(waits, /`maria` pressed `hold` on `0000000`, which is the head of no open pull request here/);
  });

  test("T27: of a whole crowd is obeyed a few at a time, and none is forgotten", () => {
    const crowd = Array.from({ length: REACHED_KEPT }, (_, index) =>
      press("retry", { id: String(index), by: { id: index + 1, login: "maria", kind: "person" } }),
    );
    assert.equal(look(crowd).plan.pressed?.length, 10);
  });

  const refusals = [
    {
      name: "T6: by somebody who may not",
      pressed: press("resume"),
      world: { people: { maria: person("triage") } },
      why: /takes the role write/,
    },
    {
      name: "T6: by somebody whose name another account has by now",
      pressed: press("hold"),
      world: { people: { maria: person("admin", 99) } },
      why: /maria/,
    },
    {
      name: "T8: on a head that has gone",
      pressed: press("hold", { head: "old", pullRequest: 7 }),
      why: /is not the head of this pull request any more/,
    },
    { name: "T3: of yesterday", pressed: press("hold", { at: minutes(-25 * 60) }), why: /more than a day ago/ },
    { name: "T14: of a button that we never gave", pressed: press("`@everyone`"), why: /no such button/ },
  ];
  for (const { name, pressed, world = {}, why } of refusals) {
    test(`${name} is refused, once`, () => {
      const all = { ...worldWith([HELD]), ...world };
      const { refused, ledger: after, plan } = look([pressed], all);
      assert.match(refused?.view.refusals[0]?.what ?? "", why);
      assert.equal(refused?.number, 7);
      assert.equal(after, undefined);
      assert.equal(plan.pressed, undefined);
      const topic = `attention/${refused?.view.situation ?? ""}`;
      const told = { 7: known({ comments: [{ id: 1, topic, fingerprint: "1" }], deployments: [] }) };
      assert.equal(look([{ ...pressed, id: "9" }], { ...all, told }).refused, undefined);
    });
  }
});

describe("Approve the deletion", () => {
  const pull = { number: 9, head: "head-of-9", base: "main", contains: [] } as const;
  const removed = {
    key: "checkout/live",
    objects: [{ apiVersion: "v1", kind: "Secret", name: "keys", path: "x.yaml", protection: [], holdsData: false }],
    emptied: false,
    notes: [],
  } as const;
  const place = conversation({ number: 9, kind: "pull-request", head: { oid: pull.head, committedAt: minutes(30) } });
  const { key: _, ...elsewhere } = place;
  const pressed = press("approve-deletion", { head: pull.head });

  function judge(presses: readonly ButtonPress[], world: Partial<Observed> = {}) {
    return look(presses, {
      ...PROMOTED,
      conversations: [conversation(), elsewhere],
      guarded: [{ ...pull, check: { id: 5, state: "failure", fingerprint: "f" } }],
      removals: { [`${pull.head} main`]: known([removed]) },
      reviews: { 9: known([]) },
      people: { maria: person("admin") },
      ...world,
    });
  }
  const checkOn = ({ plan }: ReturnType<typeof judge>) =>
    plan.actions.find((action): action is SetCheck => action.kind === "set-check" && action.head === pull.head)?.check;

  test("is offered where a removal asks for approval, and lets this head pass", () => {
    assert.deepEqual(checkOn(judge([]))?.actions, ["approve-deletion"]);
    const approved = judge([pressed]);
    assert.equal(checkOn(approved)?.state, "success");
    assert.match(checkOn(approved)?.title ?? "", /approved by `maria`/);
    assert.deepEqual(
      approved.ledger?.overrides.map(({ gate, head, by }) => [gate, head, by]),
      [["removals", pull.head, "maria"]],
    );
  });

  test("is not offered on a fork, nor where nothing would be left", () => {
    assert.equal(checkOn(judge([], { guarded: [{ ...pull, fork: true }] }))?.actions, undefined);
    const emptied = { removals: { [`${pull.head} main`]: known([{ ...removed, emptied: true }]) } };
    assert.equal(checkOn(judge([pressed], emptied))?.state, "failure");
    assert.equal(checkOn(judge([], emptied))?.actions, undefined);
  });

  test("T8: counts for the check that was seen", () => {
    const { refused, ledger: after } = judge([{ ...pressed, run: 4 }]);
    assert.match(refused?.view.refusals[0]?.what ?? "", /the check says something else by now/);
    assert.equal(after, undefined);
  });

  test("T6: takes more than to write", () => {
    const { refused } = judge([pressed], { people: { maria: person("write") } });
    assert.match(refused?.view.refusals[0]?.what ?? "", /takes the role admin/);
  });
});
