// What comes of `/sandbox`, a row for each: by whom, where, on what, and what the ledger knows afterwards.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Conversation } from "../../src/domain/conversation.ts";
import type { Sandbox } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Environment } from "../../src/domain/pipeline.ts";
import { type SandboxReading, sandboxKey } from "../../src/domain/sandbox.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { nothingSaid } from "./build.ts";
import { claim, FEATURE, FIELD, fieldSays, HEAD, KEY, OVER, worldOf } from "./lent.ts";
import { person, say, told } from "./orders.ts";

interface Row {
  readonly text?: string;
  readonly claims?: readonly Sandbox[];
  readonly guarded?: Observed["guarded"];
  readonly on?: Partial<Conversation>;
  readonly environment?: Partial<Environment>;
  readonly reading?: (value: string) => Seen<SandboxReading>;
  readonly changes?: Partial<Observed>;
}

const guarded = (changes: object = {}) => [
  { head: HEAD, number: 12, base: "main", branch: "faster-cart", contains: [], ...changes },
];

function order({ text = "/sandbox integration", claims = [], on, environment, reading, changes, ...row }: Row) {
  const world = worldOf({ claims, ...(environment && { environment }) });
  const { conversations: _, comments: __, people: ___, ...rest } = world;
  return say(text, {
    on: { ...FEATURE, ...on },
    world: { ...rest, guarded: row.guarded ?? guarded(), people: { maria: person("write") }, ...changes },
    answers: {
      head: () => known([]),
      live: (need, now) =>
        need.kind === "sandbox-field"
          ? {
              sandboxFields: {
                ...now.sandboxFields,
                [sandboxKey(need)]: reading?.(need.value) ?? known(fieldSays("main", need.value)),
              },
            }
          : nothingSaid(need),
    },
  });
}

describe("/sandbox", () => {
  test("lends the environment to the pull request, with what is put back later", () => {
    const { ledger, answers, plan } = order({});
    assert.deepEqual(ledger?.sandboxes, [claim({ at: ledger?.sandboxes[0]?.at ?? 0 })]);
    assert.match(
      told(answers[0] ?? assert.fail()),
      /^done: `checkout\/integration` is lent to this pull request; .* writes `faster-cart` into `clusters\/dev\/root-sync.yaml`/,
    );
    const kinds = plan.actions.map(({ kind }) => kind);
    assert.ok(kinds.indexOf("remember") < kinds.indexOf("propose-sandbox"));
  });

  test("writes the head where the field takes a revision", () => {
    const { ledger } = order({ environment: { sandbox: { ...FIELD, writes: "revision" } } });
    assert.deepEqual(ledger?.sandboxes[0]?.wrote, [HEAD]);
  });

  const refusals: readonly (Row & { readonly name: string; readonly says: RegExp })[] = [
    {
      name: "an environment that is no sandbox, with what to write where",
      environment: { sandbox: undefined } as never,
      says: /is no sandbox: .* in line 1 of `.github\/stagecoach.yaml` .*`sandbox: \{ file: clusters\/dev\/root-sync.yaml/,
    },
    {
      name: "a second claim: who has it, since when, and how it gets free",
      claims: [claim({ number: 11, by: "ola" })],
      says: /is lent to pull request 11 by `ola` since 2026-11-20 11:50 UTC \| it is freed when pull request 11 closes, or by `\/sandbox release checkout\/integration`/,
    },
    {
      name: "what is still being put back",
      claims: [claim(OVER)],
      says: /what was there before is being put back \(pull request 12 is merged\) \| it is free as soon as/,
    },
    { name: "T13: a fork", on: { fork: true }, guarded: guarded({ fork: true }), says: /comes from a fork/ },
    {
      name: "a pull request to a branch without environments",
      guarded: [],
      says: /an open pull request of this repository/,
    },
    { name: "a closed pull request", on: { state: "closed" }, says: /this pull request is closed/ },
    { name: "a merged one", on: { state: "merged" }, says: /an open pull request of this repository/ },
    {
      name: "T19: a branch whose name is more than a name",
      guarded: guarded({ branch: 'x"\n  evil: true' }),
      says: /has characters that are not written/,
    },
    {
      name: "T14: a branch in backticks",
      guarded: guarded({ branch: "`$(id)`" }),
      says: /has characters that are not written/,
    },
    {
      name: "a file that cannot be changed, with the place",
      reading: () => known({ kind: "refused", path: FIELD.file, line: 4, column: 1, why: "It is a symbolic link." }),
      says: /the field cannot be changed, in `clusters\/dev\/root-sync.yaml:4` \| It is a symbolic link/,
    },
    {
      name: "a field that says the branch already",
      reading: (value) => known(fieldSays("faster-cart", value)),
      says: /says `faster-cart` already/,
    },
    {
      name: "a field whose value could not be put back",
      reading: (value) => known(fieldSays(">=1.0 <2.0", value)),
      says: /says `>=1.0 <2.0` now, which could not be put back/,
    },
    {
      name: "T6: whom the environment's `allow` does not name",
      environment: { allow: { sandbox: ["ola"] } },
      says: /./,
    },
  ];
  for (const { name, says, ...row } of refusals) {
    test(`refuses ${name}`, () => {
      const { answers, ledger } = order(row);
      const [answer] = answers;
      assert.equal(answer?.reaction, "refused", answer?.what);
      assert.match(told(answer ?? assert.fail()), says);
      assert.equal(ledger?.sandboxes.length ?? row.claims?.length ?? 0, row.claims?.length ?? 0);
    });
  }

  test("waits where the file could not be read, and answers nothing", () => {
    const { answers, ledger } = order({ reading: () => unknown("GitHub did not answer") });
    assert.deepEqual([answers, ledger], [[], undefined]);
  });

  test("from who has it already is noted", () => {
    const { answers, ledger } = order({ claims: [claim()] });
    assert.match(
      told(answers[0] ?? assert.fail()),
      /^noted: `checkout\/integration` is lent to pull request 12 by `maria`/,
    );
    assert.equal(ledger, undefined);
  });
});

describe("/sandbox release", () => {
  for (const text of ["/sandbox release", "/sandbox release integration", "/sandbox release checkout/integration"]) {
    test(`${text} ends it, and what was there before is put back`, () => {
      const { answers, ledger } = order({ text, claims: [claim()] });
      assert.equal(ledger?.sandboxes[0]?.ended, "`maria` released it");
      assert.equal(told(answers[0] ?? assert.fail()), `done: \`${KEY}\` is given back | \`main\` is put back first`);
    });
  }

  test("T6: without a name asks for the same right as with one", () => {
    const { answers, ledger } = order({
      text: "/sandbox release",
      claims: [claim()],
      environment: { allow: { sandbox: ["ola"] } },
    });
    assert.equal(answers[0]?.reaction, "refused");
    assert.equal(ledger, undefined);
  });

  test("of what nobody has is noted", () => {
    const { answers } = order({ text: "/sandbox release integration" });
    assert.equal(told(answers[0] ?? assert.fail()), "noted: nothing is lent here");
  });
});

test("/status names who has a sandbox", () => {
  const { answers } = order({ text: "/status integration", claims: [claim()] });
  const report = answers[0]?.report;
  assert.ok(report?.kind === "status");
  assert.match(
    report.environments[0]?.what ?? "",
    /^`checkout\/integration` is lent to pull request 12 by `maria` since/,
  );
});
