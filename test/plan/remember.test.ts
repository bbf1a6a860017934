// What the ledger has to remember after a look, a row each.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_LEDGER, NOTHING_REMEMBERED } from "../../src/domain/ledger.ts";
import type { PastPromotion } from "../../src/domain/promotion.ts";
import { compareReleases, orderFacts } from "../../src/plan/order-releases.ts";
import { type Memorised, type RememberContext, remember } from "../../src/plan/remember.ts";
import { memory, minutes, observed, pipeline, promotion, reached, release } from "./build.ts";

const facts = orderFacts({
  observed: observed(),
  pipeline: pipeline(),
  ledger: EMPTY_LEDGER,
});
const base: RememberContext = {
  key: "checkout/staging",
  memory: memory({ reached: [reached("1.8.0"), reached("1.7.0")] }),
  declared: release("1.8.0"),
  baseName: "main",
  needed: [],
  follows: false,
  base: { head: "c0ffee", tree: "t", committedAt: minutes(-5), author: "maria", usesMergeQueue: false },
  past: [],
  open: undefined,
  compare: (a, b) => compareReleases(a, b, { pipeline: pipeline(), facts }),
};

function past(tag: string, changes: Partial<PastPromotion> = {}): PastPromotion {
  return {
    number: 9,
    key: "checkout/staging",
    release: release(tag),
    outcome: "closed",
    base: "main",
    by: "maria",
    byUs: false,
    openedAt: minutes(-30),
    endedAt: minutes(-10),
    head: "h",
    approvals: ["omar"],
    ...changes,
  };
}

const tags = (entries: readonly { readonly release: ReturnType<typeof release> }[]) =>
  entries.map((each) => each.release.versions[0]?.tag);

interface Row {
  readonly name: string;
  readonly context: Partial<RememberContext>;
  readonly reached?: readonly string[];
  readonly declined?: readonly string[];
  readonly rolledBack?: readonly string[];
  readonly reasons: readonly string[];
}

const rows: readonly Row[] = [
  { name: "an unchanged environment has no news", context: {}, reached: ["1.8.0", "1.7.0"], reasons: [] },
  {
    name: "the first look remembers what is there",
    context: { memory: undefined },
    reached: ["1.8.0"],
    reasons: ["checkout/staging took `1.8.0`"],
  },
  {
    name: "nothing is remembered while the declared release is not fully known",
    context: { memory: undefined, declared: undefined },
    reached: [],
    reasons: [],
  },
  {
    name: "a newer release has arrived",
    context: { declared: release("1.9.0") },
    reached: ["1.9.0", "1.8.0", "1.7.0"],
    rolledBack: [],
    reasons: ["checkout/staging took `1.9.0`"],
  },
  {
    name: "going back to a release that was here is a rollback of what is newer",
    context: { declared: release("1.7.0") },
    reached: ["1.7.0", "1.8.0"],
    rolledBack: ["1.8.0"],
    reasons: ["checkout/staging took `1.7.0`", "`1.8.0` was rolled back in checkout/staging"],
  },
  {
    name: "going back to a release that was never here is a rollback too",
    context: { declared: release("1.6.0") },
    rolledBack: ["1.8.0", "1.7.0"],
    reasons: [
      "checkout/staging took `1.6.0`",
      "`1.8.0` was rolled back in checkout/staging",
      "`1.7.0` was rolled back in checkout/staging",
    ],
  },
  {
    name: "a person who brings back what was rolled back has the last word",
    context: {
      memory: memory({
        reached: [reached("1.7.0"), reached("1.8.0")],
        rolledBack: [{ release: release("1.8.0"), at: 0, to: "1.7.0", commit: "c" }],
      }),
    },
    reached: ["1.8.0", "1.7.0"],
    rolledBack: [],
    reasons: ["checkout/staging took `1.8.0`"],
  },
  {
    name: "a newer release makes the refusal of an older one moot",
    context: {
      declared: release("1.9.0"),
      memory: memory({
        reached: [reached("1.7.0")],
        declined: [{ release: release("1.8.0"), at: 0, pullRequest: 3, by: "maria" }],
      }),
    },
    declined: [],
    reasons: ["checkout/staging took `1.9.0`"],
  },
  {
    name: "a rollback is kept also when a newer release has come, for the environments after",
    context: {
      declared: release("1.9.0"),
      memory: memory({
        reached: [reached("1.7.0")],
        rolledBack: [{ release: release("1.8.0"), at: 0, to: "1.7.0", commit: "c" }],
      }),
    },
    rolledBack: ["1.8.0"],
    reasons: ["checkout/staging took `1.9.0`"],
  },
  {
    name: "a person closed the promotion: declined",
    context: { past: [past("1.9.0")] },
    declined: ["1.9.0"],
    reasons: ["maria declined `1.9.0` in pull request 9"],
  },
  {
    name: "we closed it ourselves: not declined",
    context: { past: [past("1.9.0", { byUs: true })] },
    declined: [],
    reasons: [],
  },
  {
    name: "declined once is remembered once",
    context: {
      past: [past("1.9.0")],
      memory: memory({
        reached: [reached("1.8.0")],
        declined: [{ release: release("1.9.0"), at: 0, pullRequest: 9, by: "maria" }],
      }),
    },
    declined: ["1.9.0"],
    reasons: [],
  },
  {
    name: "an old closed pull request of a version that Git has passed is moot",
    context: { past: [past("1.7.5")] },
    declined: [],
    reasons: [],
  },
  {
    name: "a reopened promotion is no longer declined",
    context: {
      open: promotion("staging", "1.9.0", { number: 9 }),
      memory: memory({
        reached: [reached("1.8.0")],
        declined: [{ release: release("1.9.0"), at: 0, pullRequest: 9, by: "maria" }],
      }),
    },
    declined: [],
    reasons: [],
  },
  {
    name: "twenty releases are kept",
    context: {
      declared: release("3.0.0"),
      memory: memory({ reached: Array.from({ length: 20 }, (_, index) => reached(`2.${20 - index}.0`)) }),
    },
    reached: ["3.0.0", ...Array.from({ length: 19 }, (_, index) => `2.${20 - index}.0`)],
    reasons: ["checkout/staging took `3.0.0`"],
  },
  {
    name: "of more than twenty those are kept that stand or are proposed somewhere in the pipeline",
    context: {
      declared: release("3.0.0"),
      memory: memory({ reached: Array.from({ length: 20 }, (_, index) => reached(`2.${20 - index}.0`)) }),
      needed: [release("3.0.0"), release("2.1.0"), release("2.3.0")],
    },
    reached: ["3.0.0", ...Array.from({ length: 18 }, (_, index) => `2.${20 - index}.0`).slice(0, 17), "2.3.0", "2.1.0"],
    reasons: ["checkout/staging took `3.0.0`"],
  },
  {
    name: "merged and taken back between two looks is a rollback",
    context: { past: [past("1.9.0", { outcome: "merged" })] },
    reached: ["1.8.0", "1.9.0", "1.7.0"],
    rolledBack: ["1.9.0"],
    reasons: ["checkout/staging took `1.8.0`", "`1.9.0` was rolled back in checkout/staging"],
  },
  {
    name: "merged, and followed by a newer one before anybody looked, is remembered and not rolled back",
    context: { past: [past("1.9.0", { outcome: "merged" })], declared: release("2.0.0") },
    reached: ["2.0.0", "1.9.0", "1.8.0", "1.7.0"],
    rolledBack: [],
    reasons: ["checkout/staging took `2.0.0`"],
  },
  {
    name: "merged into another branch, it was never here",
    context: { past: [past("1.9.0", { outcome: "merged", base: "develop" })] },
    reached: ["1.8.0", "1.7.0"],
    rolledBack: [],
    reasons: [],
  },
  {
    name: "merged before the last arrival that is remembered is old news",
    context: { past: [past("1.7.5", { outcome: "merged", endedAt: minutes(-90) })] },
    reached: ["1.8.0", "1.7.0"],
    reasons: [],
  },
  {
    name: "what follows another environment backwards by a promotion was taken back by nobody",
    context: { declared: release("1.7.0"), past: [past("1.7.0", { outcome: "merged" })], follows: true },
    reached: ["1.7.0", "1.8.0"],
    rolledBack: [],
    reasons: ["checkout/staging took `1.7.0`"],
  },
  {
    name: "a person's way back is a rollback also where another environment is followed",
    context: {
      declared: release("1.7.0"),
      past: [past("1.7.0", { outcome: "merged", endedAt: minutes(-90) })],
      follows: true,
    },
    rolledBack: ["1.8.0"],
    reasons: ["checkout/staging took `1.7.0`", "`1.8.0` was rolled back in checkout/staging"],
  },
];

describe("what the ledger remembers", () => {
  for (const row of rows) {
    test(row.name, () => {
      const result: Memorised = remember({ ...base, ...row.context });
      assert.deepEqual(result.reasons, row.reasons);
      if (row.reached) assert.deepEqual(tags(result.memory.reached), row.reached);
      if (row.declined) assert.deepEqual(tags(result.memory.declined), row.declined);
      if (row.rolledBack) assert.deepEqual(tags(result.memory.rolledBack), row.rolledBack);
    });
  }

  test("however many came since, the last healthy one stays, and the last that was so for longest", () => {
    const many = Array.from({ length: 20 }, (_, index) => reached(`2.${20 - index}.0`));
    const proven = [
      reached("1.9.0", { healthyAt: minutes(-70) }),
      reached("1.8.0", { healthyAt: minutes(-80), soaked: 9 }),
    ];
    const before = memory({ reached: [...many.slice(0, 18), ...proven] });
    const { memory: after } = remember({ ...base, memory: before, declared: release("3.0.0") });
    assert.deepEqual(tags(after.reached).slice(-2), ["1.9.0", "1.8.0"]);
    assert.equal(after.reached.length, 20);
  });

  test("an arrival by promotion keeps its pull request, merger, approvers and head", () => {
    const { memory: after } = remember({
      ...base,
      declared: release("1.9.0"),
      past: [past("1.9.0", { outcome: "merged", by: "maria" })],
    });
    assert.deepEqual(after.reached[0], {
      release: release("1.9.0"),
      at: minutes(-10),
      pullRequest: 9,
      mergedBy: "maria",
      approvedBy: ["omar"],
      head: "h",
    });
  });

  test("a release that comes back keeps the time when it came first", () => {
    const before = memory({ reached: [reached("1.8.0"), reached("1.7.0", { at: minutes(-90) })] });
    const { memory: after } = remember({ ...base, memory: before, declared: release("1.7.0") });
    assert.equal(after.reached[0]?.at, minutes(-90));
  });

  test("what was stopped and is brought again has to prove itself again", () => {
    const before = memory({
      reached: [reached("1.8.0"), reached("1.7.0", { healthyAt: minutes(-50), soaked: 9 })],
      stopped: [{ release: release("1.7.0"), at: minutes(-40), why: "it was degraded" }],
    });
    const { memory: after } = remember({ ...base, memory: before, declared: release("1.7.0") });
    assert.deepEqual(
      [after.reached[0]?.healthyAt, after.reached[0]?.soaked, after.stopped],
      [undefined, undefined, []],
    );
  });

  test("what a promotion brought long ago was brought by people every time after", () => {
    const merged = past("1.7.0", { outcome: "merged", number: 5, endedAt: minutes(-90) });
    const before = memory({
      reached: [reached("1.8.0"), reached("1.7.0", { at: minutes(-90), again: minutes(-70) })],
    });
    const { memory: after } = remember({ ...base, memory: before, declared: release("1.7.0"), past: [merged] });
    assert.equal(after.reached[0]?.pullRequest, undefined);
    assert.equal(after.reached[0]?.again, minutes(-5));
  });

  test("what it remembers is news only once", () => {
    const first = remember({ ...base, declared: release("1.7.0"), past: [past("1.9.0")] });
    const second = remember({ ...base, memory: first.memory, declared: release("1.7.0"), past: [past("1.9.0")] });
    assert.deepEqual(second, { memory: first.memory, reasons: [] });
    assert.notEqual(first.memory, NOTHING_REMEMBERED);
  });
});
