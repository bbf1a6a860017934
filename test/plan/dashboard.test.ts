// When the dashboard is opened, written, left alone and given up, and which ticks in it count: a row for each. The stories
// tell the same on GitHub.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Actor } from "../../src/domain/conversation.ts";
import type { TellRefused } from "../../src/domain/conversation-actions.ts";
import type { CloseDashboard, DashboardIssue, DashboardState, TellDashboard } from "../../src/domain/dashboard.ts";
import { EMPTY_LEDGER, type Hold } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Remember } from "../../src/domain/plan.ts";
import { known } from "../../src/domain/seen.ts";
import { configuration, declares, ledger, minutes, noon, observed, planFully, promotion, reached } from "./build.ts";
import { conversation, person } from "./orders.ts";

const MARIA: Actor = { id: 11, login: "maria", kind: "person" };
const LEO: Actor = { id: 12, login: "leo", kind: "person" };
const ROBOT: Actor = { id: 13, login: "renovate[bot]", kind: "bot" };

const HELD: Hold = { pipeline: "checkout", environment: "live", by: "ann", at: minutes(-90), reason: "the sale is on" };

const PROMOTED: Partial<Observed> = {
  ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.7.0" }),
  promotions: [promotion("live", "1.8.0")],
};

const HELD_WORLD: Partial<Observed> = {
  ...PROMOTED,
  ledger: ledger(
    {
      integration: { reached: [reached("1.8.0")] },
      staging: { reached: [reached("1.8.0")] },
      live: { reached: [reached("1.7.0")] },
    },
    { holds: [HELD] },
  ),
};

function issue(changes: Partial<DashboardIssue> = {}): DashboardIssue {
  return { number: 12, node: "I_12", body: "", fingerprint: "before", editors: [], ...changes };
}

/** The pipeline file asks for one. */
const KEPT = { dashboard: true } as const;

interface Looking {
  readonly dashboard?: DashboardState;
  readonly world?: Partial<Observed>;
  readonly file?: Parameters<typeof configuration>[0];
}

function look({ dashboard, world = PROMOTED, file = KEPT }: Looking = {}) {
  const start = observed({
    configuration: known(configuration(file)),
    conversations: [
      conversation(),
      { number: 12, kind: "dashboard", state: "open", fork: false, comments: 0, last: [] },
    ],
    people: { maria: person("write") },
    ...world,
    ...(dashboard && { dashboard }),
  });
  const { plan } = planFully(start, { live: tellNothing });
  const find = <T>(kind: string) => plan.actions.find((action) => action.kind === kind) as T | undefined;
  return {
    plan,
    told: find<TellDashboard>("tell-dashboard"),
    closed: find<CloseDashboard>("close-dashboard"),
    refused: find<TellRefused>("tell-refused"),
    ledger: find<Remember>("remember")?.ledger,
    waits: plan.waits.map(({ reason }) => reason).join("\n"),
  };
}

function tellNothing(need: { readonly kind: string; readonly number?: number }): Partial<Observed> | undefined {
  return need.kind === "told" ? { told: { [need.number ?? 0]: known({ comments: [], deployments: [] }) } } : undefined;
}

function open(changes: Partial<DashboardIssue>): DashboardState {
  return { kind: "open", issue: issue(changes) };
}

describe("the dashboard", () => {
  test("is opened where the pipeline file asks for one, and nowhere else", () => {
    assert.equal(look().told?.issue, undefined);
    assert.match(look().told?.reason ?? "", /asks for a dashboard/);
    assert.equal(look({ file: {} }).told, undefined);
  });

  test("costs nothing while it says what it should", () => {
    const { told } = look();
    const { plan } = look({ dashboard: open({ fingerprint: told?.view.fingerprint ?? "" }) });
    assert.ok(!plan.actions.some(({ kind }) => kind === "tell-dashboard"));
  });

  test("does not change with the time", () => {
    const before = look({ world: HELD_WORLD }).told?.view.fingerprint;
    const after = look({ world: { ...HELD_WORLD, now: noon + 3_600_000 } }).told?.view.fingerprint;
    assert.equal(after, before);
  });

  test("is not written on half of the facts", () => {
    const world = { ...PROMOTED, images: {} };
    assert.ok(look({ world }).plan.needs.length > 0);
    assert.equal(look({ world }).told, undefined);
    const ledgerless = { ...PROMOTED, ledger: { kind: "unknown", why: "GitHub answered 502" } as const };
    assert.equal(look({ world: ledgerless }).told, undefined);
  });

  test("is waited for, where it was opened just now", () => {
    const { told, waits } = look({ dashboard: { kind: "opened", number: 12 } });
    assert.equal(told, undefined);
    assert.match(waits, /does not list the dashboard yet/);
  });

  test("stays closed where a person closed it", () => {
    const { told, closed, waits } = look({ dashboard: { kind: "closed", number: 12 } });
    assert.equal(told, undefined);
    assert.equal(closed, undefined);
    assert.match(waits, /a person closed the dashboard, issue 12/);
  });

  test("is given up with its option, open or closed, but not for an error in the file", () => {
    assert.equal(look({ file: {}, dashboard: open({}) }).closed?.open, true);
    assert.equal(look({ file: {}, dashboard: { kind: "closed", number: 12 } }).closed?.open, false);
    const finding = {
      severity: "error",
      path: "dashboard",
      message: "Expected `true`.",
      file: "f",
      line: 1,
      column: 1,
    };
    const file = { findings: [{ ...finding, severity: "error", caret: 1, source: "" } as never] };
    assert.equal(look({ file, dashboard: open({}) }).closed, undefined);
  });

  test("T28: is not written anew because a program wrote into it", () => {
    const fingerprint = look().told?.view.fingerprint ?? "";
    assert.equal(look({ dashboard: open({ fingerprint, editors: [ROBOT] }) }).told, undefined);
    const { fingerprint: _, ...unmarked } = issue({ editors: [ROBOT] });
    const gone = look({ dashboard: { kind: "open", issue: unmarked } });
    assert.equal(gone.told, undefined);
    assert.match(gone.waits, /a program wrote into the dashboard/);
  });

  test("shows what is held, open and waiting, with a box for what can be done", () => {
    const view = look({ world: HELD_WORLD }).told?.view ?? assert.fail();
    assert.deepEqual(
      view.held.map(({ place, boxes }) => [place, boxes]),
      [["checkout/live", ["resume checkout/live"]]],
    );
    assert.deepEqual(
      view.open.map(({ key, boxes }) => [key, boxes]),
      [["checkout/live", ["retry checkout/live"]]],
    );
    assert.deepEqual(view.waiting, [], "that it is held stands above");
    assert.deepEqual(
      view.running[0]?.rows[0]?.cells.map(({ declared }) => declared),
      ["1.8.0", "1.8.0", "1.7.0"],
    );
  });

  test("names what is blocked once, by a word that ends exactly that", () => {
    const block = { by: "ann", at: minutes(-5), reason: "it loses orders", tag: "1.9.0" };
    const blocks = [
      { ...block, image: "ghcr.io/acme/web", digest: `sha256:${"a".repeat(64)}` },
      { ...block, image: "ghcr.io/acme/worker", digest: `sha256:${"b".repeat(64)}` },
    ];
    const rowsOf = (all: typeof blocks) =>
      look({
        world: { ledger: known({ kind: "trusted", head: "h", tree: "t", ledger: { ...EMPTY_LEDGER, blocks: all } }) },
      }).told?.view.blocked.map(({ images, boxes }) => [images, boxes]);
    assert.deepEqual(rowsOf(blocks), [[["ghcr.io/acme/web", "ghcr.io/acme/worker"], ["unblock 1.9.0"]]]);
    const apart = blocks.map((each, index) => ({ ...each, by: `person-${index}` }));
    assert.deepEqual(
      rowsOf(apart)?.map(([, boxes]) => boxes),
      blocks.map(({ digest }) => [`unblock ${digest}`]),
    );
  });
});

function ticked(boxes: readonly string[], changes: Partial<DashboardIssue> = {}): DashboardState {
  const lines = boxes.map((box) => `- [x] <!-- stagecoach:do ${box} --> ${box}`);
  return open({ body: `${lines.join("\r\n")}\r\n`, editors: [MARIA], editedAt: minutes(-1), ...changes });
}

describe("a tick", () => {
  test("is a command of the one person who edited, and the boxes are empty afterwards", () => {
    const { ledger: after, told, refused } = look({ world: HELD_WORLD, dashboard: ticked(["resume checkout/live"]) });
    assert.deepEqual(after?.holds, []);
    assert.deepEqual(
      after?.commands.map(({ id, by, line }) => [id, by, line]),
      [[`tick/12.${minutes(-1) / 1000}.0`, "maria", "/resume checkout/live"]],
    );
    assert.equal(told?.issue, 12);
    assert.equal(refused, undefined);
  });

  test("is written with the prefix where there is one", () => {
    const file = { dashboard: true, commandPrefix: "gitops" } as const;
    const { ledger: after } = look({ world: HELD_WORLD, file, dashboard: ticked(["resume checkout/live"]) });
    assert.equal(after?.commands[0]?.line, "/gitops resume checkout/live");
  });

  test("that the ledger knows is not obeyed again, though the box is no longer there", () => {
    const command = { id: `tick/12.${minutes(-1) / 1000}.0`, at: minutes(-1), by: "maria", byId: 11 };
    const commands = [{ ...command, line: "/resume checkout/live", outcome: "`checkout/live` goes on" }];
    const world = { ...PROMOTED, ledger: ledger({ live: { reached: [reached("1.7.0")] } }, { commands }) };
    const { refused, told } = look({ world, dashboard: ticked(["resume checkout/live"]) });
    assert.equal(refused, undefined);
    assert.equal(told?.issue, 12);
  });

  test("waits for what its person may do, and its box stays ticked so long", () => {
    const world = { ...HELD_WORLD, people: { maria: { kind: "unknown", why: "GitHub answered 502" } as const } };
    const { told, waits, ledger: after } = look({ world, dashboard: ticked(["resume checkout/live"]) });
    assert.equal(after, undefined);
    assert.equal(told, undefined);
    assert.match(waits, /`\/resume checkout\/live` on 12 waits: .*GitHub answered 502/);
  });

  const refusals: readonly {
    readonly name: string;
    readonly dashboard: DashboardState;
    readonly world?: Partial<Observed>;
    readonly file?: Looking["file"];
    readonly why: RegExp;
  }[] = [
    {
      name: "T6: of somebody who may not",
      dashboard: ticked(["resume checkout/live"]),
      world: { ...HELD_WORLD, people: { maria: person("triage") } },
      why: /takes the role write/,
    },
    {
      name: "T6: of somebody whose name another account has by now",
      dashboard: ticked(["resume checkout/live"]),
      world: { ...HELD_WORLD, people: { maria: person("admin", 99) } },
      why: /maria/,
    },
    {
      name: "T7: that could be of either of two",
      dashboard: ticked(["resume checkout/live"], { editors: [MARIA, LEO] }),
      why: /`maria` and `leo` changed this issue .* nobody can tell whose ticks they are/,
    },
    {
      name: "T7, T28: that could be of a program",
      dashboard: ticked(["resume checkout/live"], { editors: [MARIA, ROBOT] }),
      why: /nobody can tell whose ticks they are/,
    },
    {
      name: "T3: of yesterday",
      dashboard: ticked(["resume checkout/live"], { editedAt: minutes(-25 * 60) }),
      why: /more than a day ago/,
    },
    {
      name: "T15: of a box that somebody wrote there",
      dashboard: ticked(["rollback checkout/live"]),
      why: /none of the boxes/,
    },
    {
      name: "T15: of a box for what is not held",
      dashboard: ticked(["resume checkout/staging"]),
      why: /none of the boxes/,
    },
    {
      name: "T15: of a box that stands there twice",
      dashboard: ticked(["resume checkout/live", "resume checkout/live"]),
      why: /none of the boxes/,
    },
    {
      name: "T27: of more boxes than anybody means",
      dashboard: ticked(Array.from({ length: 21 }, (_, index) => `hold service-${index}`)),
      why: /21 boxes were ticked at once/,
    },
    {
      name: "where nothing can be ordered",
      dashboard: ticked(["resume checkout/live"]),
      file: { dashboard: true, mode: "observe" },
      why: /none of the boxes/,
    },
  ];
  for (const { name, dashboard, world = HELD_WORLD, file = KEPT, why } of refusals) {
    test(`${name} is refused once, and the boxes are empty afterwards`, () => {
      const { refused, told, ledger: after } = look({ world, file, dashboard });
      assert.match(refused?.view.refusals[0]?.what ?? "", why);
      assert.equal(refused?.number, 12);
      assert.equal(told?.issue, 12);
      assert.deepEqual(after?.holds ?? [HELD], [HELD]);
      const topic = `attention/${refused?.view.situation ?? ""}`;
      const told12 = known({ comments: [{ id: 1, topic, fingerprint: "1" }], deployments: [] });
      const again = look({ world: { ...world, told: { 12: told12 } }, file, dashboard });
      assert.equal(again.refused, undefined);
      assert.equal(again.told?.issue, 12);
    });
  }

  test("T15: without our mark none of the boxes is ours", () => {
    const { kind: _, ...state } = ticked(["resume checkout/live"]) as Extract<DashboardState, { kind: "open" }>;
    const { fingerprint: __, ...unmarked } = state.issue;
    const { refused } = look({ world: HELD_WORLD, dashboard: { kind: "open", issue: unmarked } });
    assert.match(refused?.view.refusals[0]?.what ?? "", /the mark at the end of this issue was taken away/);
  });

  const silent = [
    { name: "that nobody is known to have made", state: ticked(["resume checkout/live"], { editors: [] }) },
    { name: "T28: that a program made", state: ticked(["resume checkout/live"], { editors: [ROBOT] }) },
    {
      name: "in the middle of a line",
      state: open({
        body: "see - [x] <!-- stagecoach:do resume checkout/live -->",
        editors: [MARIA],
        editedAt: minutes(-1),
      }),
    },
    {
      name: "that is none",
      state: open({
        body: "- [ ] <!-- stagecoach:do resume checkout/live -->",
        editors: [MARIA],
        editedAt: minutes(-1),
      }),
    },
  ];
  for (const { name, state } of silent) {
    test(`${name} is no word`, () => {
      const { refused, ledger: after } = look({ world: HELD_WORLD, dashboard: state });
      assert.equal(refused, undefined);
      assert.equal(after, undefined);
    });
  }
});
