// Random stories about a group: releases, holds, blocks and people in any order, and a pass now and then. Whatever happens,
// the world goes quiet, the group has one pull request at most, and nothing that is held or blocked is merged with it. A
// failing story prints its seed and its shortest form.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Ledger } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Action, PromotionView } from "../../src/domain/plan.ts";
import type { PastPromotion, Promotion } from "../../src/domain/promotion.ts";
import { known } from "../../src/domain/seen.ts";
import { minutes, planFully } from "./build.ts";
import { blocked, held, keyOf, proposing, SERVICES, type Service, shop } from "./shop.ts";

type Event =
  | { readonly kind: "pass" | "approve" | "merge" | "close" }
  | { readonly kind: "release" | "hold" | "resume" | "block" | "unblock"; readonly service: Service };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("approve", "merge", "close") }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("release", "release", "hold", "resume", "block", "unblock"),
      service: fc.constantFrom(...SERVICES),
    }),
  },
);

class ShopWorld {
  readonly merge: "auto" | "manual";
  readonly newest: Record<Service, string> = { cart: "1.7.0", checkout: "1.7.0", search: "1.7.0" };
  readonly declared: Record<Service, string> = { cart: "1.7.0", checkout: "1.7.0", search: "1.7.0" };
  ledger: Ledger;
  open: Promotion | undefined;
  past: PastPromotion[] = [];
  steps = 0;

  constructor(merge: "auto" | "manual") {
    this.merge = merge;
    const { ledger } = shop();
    assert.ok(ledger.kind === "known" && ledger.value.kind === "trusted");
    this.ledger = ledger.value.ledger;
  }

  observe(): Observed {
    const environments = Object.fromEntries(SERVICES.map((name) => [name, { merge: this.merge }]));
    return shop({
      newest: this.newest,
      declared: this.declared,
      environments,
      world: {
        now: minutes(this.steps),
        ledger: known({ kind: "trusted", ledger: this.ledger, head: `${this.steps}`, tree: "tree" }),
        promotions: this.open ? [this.open] : [],
        past: this.past,
      },
    });
  }

  happen(each: Event): void {
    this.steps += 1;
    const { holds, blocks } = this.ledger;
    switch (each.kind) {
      case "pass":
        this.pass();
        return;
      case "approve":
        if (this.open) this.open = { ...this.open, approvals: [{ by: "ann", head: this.open.head.oid }] };
        return;
      case "merge":
        if (this.open?.check?.state === "success") this.end({ outcome: "merged", by: "maria", byUs: false });
        return;
      case "close":
        this.end({ outcome: "closed", by: "maria", byUs: false });
        return;
      case "release":
        this.newest[each.service] = `1.${8 + this.steps}.0`;
        return;
      case "hold":
        this.ledger = { ...this.ledger, holds: [...holds, held(each.service)] };
        return;
      case "resume":
        this.ledger = { ...this.ledger, holds: holds.filter(({ pipeline }) => pipeline !== each.service) };
        return;
      case "block":
        this.ledger = { ...this.ledger, blocks: [...blocks, blocked(each.service, this.newest[each.service])] };
        return;
      case "unblock":
        this.ledger = { ...this.ledger, blocks: blocks.filter(({ image }) => !image.endsWith(each.service)) };
        return;
    }
  }

  /** Gives how many things were done. */
  pass(): number {
    const { plan } = planFully(this.observe());
    assert.deepEqual(plan.needs, []);
    for (const action of plan.actions) this.perform(action);
    return plan.actions.length;
  }

  perform(action: Action): void {
    switch (action.kind) {
      case "remember":
        this.ledger = action.ledger;
        return;
      case "open":
        assert.equal(this.open, undefined, "two pull requests for one group");
        this.open = this.#written(action, { number: 100 + this.steps, openedAt: minutes(this.steps), approvals: [] });
        return;
      case "update":
        assert.equal(action.head, this.open?.head.oid, "the head is not where the plan says");
        this.open = this.#written(action, this.open);
        return;
      case "describe":
        if (this.open) this.open = { ...this.open, describedAs: action.view.fingerprint };
        return;
      case "set-check":
        if (this.open?.head.oid === action.head) this.open = { ...this.open, check: { id: 1, ...action.check } };
        return;
      case "close":
        this.end({ outcome: "closed", by: "stagecoach", byUs: true });
        return;
      case "merge":
        assert.equal(this.open?.check?.state, "success", "merged without a green check");
        for (const key of partsOf(action.view).map((part) => part.key))
          assert.ok(!this.ledger.holds.some(({ pipeline }) => keyOf(pipeline) === key), `${key} is held`);
        this.end({ outcome: "merged", by: "stagecoach", byUs: true });
        return;
    }
  }

  #written(
    { view, check }: Extract<Action, { kind: "open" | "update" }>,
    before: Partial<Promotion> | undefined,
  ): Promotion {
    const { head, ...rest } = proposing({});
    const oid = `head ${this.steps} ${view.fingerprint}`;
    const written = { describedAs: view.fingerprint, check: { id: 1, ...check } };
    return { ...rest, ...before, head: { ...head, oid, parts: partsOf(view) }, ...written };
  }

  end(how: Pick<PastPromotion, "outcome" | "by" | "byUs">): void {
    if (!this.open) return;
    const { number, key, base, openedAt, head } = this.open;
    const { parts = [] } = head;
    for (const { key: member, release } of how.outcome === "merged" ? parts : []) {
      const name = SERVICES.find((each) => keyOf(each) === member);
      if (name) this.declared[name] = release.versions[0]?.tag ?? "";
    }
    const ended = { number, key, base, openedAt, parts, endedAt: minutes(this.steps), head: head.oid, approvals: [] };
    this.past = [...this.past, { ...ended, ...how }];
    this.open = undefined;
  }
}

function partsOf(view: PromotionView) {
  return (view.parts ?? [view]).map(({ pipeline, release }) => ({ key: keyOf(pipeline), release }));
}

const PASSES_UNTIL_QUIET = 8;

for (const merge of ["auto", "manual"] as const) {
  test(`a group that is merged ${merge === "auto" ? "by itself" : "by people"} always comes to rest`, () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const world = new ShopWorld(merge);
        for (const each of events) world.happen(each);
        let passes = 0;
        while (world.pass() > 0) {
          passes += 1;
          world.steps += 1;
          assert.ok(passes < PASSES_UNTIL_QUIET, "it never goes quiet");
        }
      }),
      { numRuns: 400 },
    );
  });
}
