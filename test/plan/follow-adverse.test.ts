// What goes wrong around what runs: rollbacks that people refuse, releases that come back, clocks that disagree, clusters
// that fall silent half-way. Each is a short life, told by what the planner makes of it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Observed } from "../../src/domain/observed.ts";
import type { Action } from "../../src/domain/plan.ts";
import type { PastPromotion } from "../../src/domain/promotion.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import { IMAGE, images, minutes, promotion, reached, release } from "./build.ts";
import { type Following, follow, following, liveState, MERGE, merged, reading, STAGING } from "./build-live.ts";

const of = <K extends Action["kind"]>(actions: readonly Action[], kind: K) =>
  actions.filter((action): action is Extract<Action, { kind: K }> => action.kind === kind);

const degraded = (since: number) =>
  reading(liveState({ health: { state: "degraded", basis: "reconciler", since, message: "CrashLoopBackOff" } }));

const back = { onDegraded: { do: "rollback", deadline: 900_000 } } as const;
const came = { release: release("1.8.0"), at: merged, pullRequest: 7, commit: MERGE };
const before = { release: release("1.7.0"), at: minutes(-9000), healthyAt: minutes(-8990), soaked: 900_000 };
const stopped = [{ release: release("1.8.0"), at: minutes(-2), why: "staging was degraded with it" }];

function past(tag: string, changes: Partial<PastPromotion> = {}): PastPromotion {
  return {
    number: 5,
    key: STAGING,
    release: release(tag),
    outcome: "merged",
    base: "main",
    by: "maria",
    byUs: false,
    openedAt: minutes(-9100),
    endedAt: minutes(-9000),
    head: "e".repeat(40),
    approvals: [],
    ...changes,
  };
}

/** Staging is stopped with 1.8.0, and should go back to 1.7.0. */
function goingBack({ memory, changes, staging, ...rest }: Following = {}): Observed {
  return following({
    states: [degraded(minutes(-18))],
    staging: { ...back, ...staging },
    memory: { staging: { reached: [came, before], stopped }, ...memory },
    ...(changes && { changes }),
    ...rest,
  });
}

const proposedTo = (start: Observed, key: string) =>
  of(follow(start).plan.actions, "open")
    .filter((action) => action.key === key)
    .map(({ view }) => view.release.versions[0]?.tag);

describe("a rollback that a person refused", () => {
  const closed = past("1.7.0", { number: 9, outcome: "closed", openedAt: minutes(-3), endedAt: minutes(-1) });

  test("is not proposed again", () => {
    assert.deepEqual(proposedTo(goingBack({ changes: { past: [closed] } }), STAGING), []);
  });

  test("may be proposed again from another release: a newer one has ended the refusal", () => {
    const reachedThere = [{ ...came, release: release("1.8.0") }, reached("1.7.9", { at: minutes(-60) }), before];
    const start = goingBack({
      memory: { staging: { reached: reachedThere, stopped } },
      changes: { past: [{ ...closed, openedAt: minutes(-50), endedAt: minutes(-40) }] },
    });
    assert.deepEqual(proposedTo(start, STAGING), ["1.7.0"]);
  });

  test("does not close the promotion of a newer release that waits at its gates", () => {
    const start = goingBack({
      staging: { after: [], proposeWhen: [{ kind: "soak", duration: 1 }] },
      changes: {
        past: [closed],
        images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) },
        promotions: [promotion("staging", "1.9.0", { number: 10 })],
      },
    });
    assert.deepEqual(of(follow(start).plan.actions, "close"), []);
  });
});

describe("a rollback and what is not known", () => {
  test("a registry that does not answer turns no open promotion into a rollback", () => {
    const start = goingBack({
      changes: {
        images: { [IMAGE]: unknown("the registry answered 503") },
        promotions: [promotion("staging", "1.9.0", { number: 10 })],
      },
    });
    assert.deepEqual(of(follow(start).plan.actions, "update"), []);
  });

  test("a registry that does not answer keeps no rollback from being proposed", () => {
    const start = goingBack({ changes: { images: { [IMAGE]: unknown("the registry answered 503") } } });
    assert.deepEqual(proposedTo(start, STAGING), ["1.7.0"]);
  });

  test("what can still be asked is asked first", () => {
    const { plan } = follow(goingBack({ changes: { images: {} } }));
    assert.deepEqual(of(plan.actions, "open"), []);
    assert.ok(plan.needs.some(({ kind }) => kind === "tags"));
  });
});

describe("a release that comes back", () => {
  test("by a person's hand is not stopped for what it did the time before", () => {
    const start = goingBack({
      memory: { staging: { reached: [before, came], stopped, rolledBack: [] } },
    });
    const { news, plan } = follow(start);
    assert.match(news.join("; "), /checkout\/staging took `1.8.0`/);
    assert.deepEqual(
      of(plan.actions, "open").filter(({ key }) => key === STAGING),
      [],
    );
  });

  test("where an environment follows another, what was rolled back there does not come again", () => {
    const rollback = past("1.7.0", {
      number: 9,
      openedAt: minutes(-3),
      endedAt: minutes(-1),
      by: "stagecoach",
      byUs: true,
    });
    const start = following({
      states: [reading(liveState())],
      live: { ...back, sameAs: "staging", live: [{ source: "prod", kind: "flux", name: "checkout" }] },
      memory: { live: { reached: [came, before], stopped } },
      changes: { past: [{ ...rollback, key: "checkout/live" }] },
    });
    assert.deepEqual(proposedTo(start, "checkout/live"), []);
  });
});
