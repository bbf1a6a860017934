// T8: GitHub keeps a check by its commit, and several pull requests may have the same one: another branch at that commit,
// another base. What is harmless for one of them must not speak for the others.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Observed, removalsKey } from "../../src/domain/observed.ts";
import type { GuardedHead } from "../../src/domain/promotion.ts";
import type { Removal } from "../../src/domain/removal.ts";
import { known, type Seen } from "../../src/domain/seen.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import { configuration, environment, IMAGE, images, observed, pipeline, promotion } from "../plan/build.ts";

const HEAD = "shared-head";
const NOTHING: Seen<readonly Removal[]> = known([]);
const VOLUME: Seen<readonly Removal[]> = known([
  {
    key: "checkout/live",
    objects: [
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: "data",
        path: "v.yaml",
        protection: [],
        holdsData: true,
      },
    ],
    emptied: false,
    notes: [],
  },
]);

function pull(number: number, base: string): GuardedHead {
  return { head: HEAD, number, base, contains: [] };
}

function checksOn(head: string, changes: Partial<Observed>) {
  const live = environment("live", { branch: "live", merge: "manual" });
  const plan = planRepository(
    observed({
      configuration: known(configuration({ pipelines: [pipeline({ environments: [environment("staging"), live] })] })),
      images: { [IMAGE]: known(images(["1.7.0"])) },
      changes: Object.fromEntries(
        (changes.guarded ?? []).map((each) => [removalsKey(each), known({ environments: [] })]),
      ),
      ...changes,
    }),
  );
  return plan.actions.flatMap((action) =>
    action.kind === "set-check" && action.head === head ? [action.check.state] : [],
  );
}

describe("T8: a commit that two pull requests propose", () => {
  const removals = {
    [removalsKey({ head: HEAD, base: "main" })]: NOTHING,
    [removalsKey({ head: HEAD, base: "live" })]: VOLUME,
  };

  for (const guarded of [
    [pull(12, "main"), pull(13, "live")],
    [pull(13, "live"), pull(12, "main")],
  ]) {
    it(`to ${guarded.map(({ base }) => base).join(" and to ")} has the worse verdict of the two, once`, () => {
      assert.deepEqual(checksOn(HEAD, { guarded, removals, reviews: { 13: known([]) } }), ["failure"]);
    });
  }

  it("has no verdict as long as one of the two is not known", () => {
    const half = { [removalsKey({ head: HEAD, base: "main" })]: NOTHING };
    assert.deepEqual(checksOn(HEAD, { guarded: [pull(12, "main"), pull(13, "live")], removals: half }), []);
  });
});

describe("T8: somebody's pull request on the commit of a promotion", () => {
  const ours = promotion("live", "1.8.0", { number: 7, base: "main" });
  const theirs: GuardedHead = { head: ours.head.oid, number: 12, base: "main", contains: [] };
  const start = (removals: Seen<readonly Removal[]>) => ({
    configuration: known(configuration()),
    promotions: [ours],
    guarded: [theirs],
    removals: { [removalsKey(theirs)]: removals },
    reviews: { 12: known([]) },
  });

  it("gets no verdict besides what the promotion's gates say", () => {
    const alone = checksOn(ours.head.oid, { ...start(NOTHING), guarded: [] });
    assert.deepEqual(checksOn(ours.head.oid, start(NOTHING)), alone);
  });

  it("gets no success from the promotion where it removes something", () => {
    assert.deepEqual(checksOn(ours.head.oid, start(VOLUME)), ["failure"]);
  });
});
