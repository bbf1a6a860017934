// Which of two releases is newer, a row for each policy and each way of not knowing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_LEDGER } from "../../src/domain/ledger.ts";
import type { Pipeline, Policy } from "../../src/domain/pipeline.ts";
import { known } from "../../src/domain/seen.ts";
import { compareReleases, compareToDeclared, type Order, orderFacts } from "../../src/plan/order-releases.ts";
import {
  digestOf,
  environment,
  IMAGE,
  images,
  memory,
  minutes,
  observed,
  pinned,
  pipeline,
  reached,
  release,
} from "./build.ts";

const WORKER = "ghcr.io/acme/worker";
const SEMVER: Policy = { kind: "semver", range: "*", ignore: [] };
const policies: Readonly<Record<string, Policy>> = {
  semver: SEMVER,
  numerical: { kind: "numerical", order: "ascending", ignore: [] },
  newest: { kind: "newest", ignore: [] },
  digest: { kind: "digest", tag: "latest", ignore: [] },
};

function under(policy: string): Pipeline {
  return pipeline({ images: [{ image: IMAGE, policy: policies[policy] ?? { kind: "newest", ignore: [] } }] });
}

const seen = { firstSeen: { [digestOf("first")]: minutes(-60), [digestOf("second")]: minutes(-5) } };
const built = {
  created: { [digestOf("first")]: known(minutes(0)), [digestOf("second")]: known(minutes(-600)) },
  ...seen,
};

const rows: readonly {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly a: string;
  readonly b: string;
  readonly state?: object;
  readonly order: Order;
}[] = [
  { name: "semver", pipeline: under("semver"), a: "1.10.0", b: "1.9.0", order: "newer" },
  {
    name: "semver, whatever the range: what stands there may lie outside",
    pipeline: under("semver"),
    a: "1.8.0",
    b: "2.0.0-rc.1",
    order: "older",
  },
  {
    name: "semver against a tag that is no version",
    pipeline: under("semver"),
    a: "1.8.0",
    b: "main",
    order: "unordered",
  },
  {
    name: "numbers of any length",
    pipeline: under("numerical"),
    a: "20261121120000000000",
    b: "20261121119999999999",
    order: "newer",
  },
  {
    name: "first seen, where nothing is said of the build",
    pipeline: under("digest"),
    a: "second",
    b: "first",
    state: seen,
    order: "newer",
  },
  { name: "built, where it is said", pipeline: under("newest"), a: "second", b: "first", state: built, order: "older" },
  {
    name: "what nobody ever saw was there before us",
    pipeline: under("digest"),
    a: "second",
    b: "unseen",
    state: seen,
    order: "newer",
  },
  {
    name: "what was there when Stagecoach began to look has no age",
    pipeline: under("newest"),
    a: "first",
    b: "second",
    state: { firstSeen: { [digestOf("first")]: 0, [digestOf("second")]: 0 } },
    order: "unordered",
  },
  {
    name: "what came since is newer than what was there",
    pipeline: under("newest"),
    a: "second",
    b: "first",
    state: { firstSeen: { [digestOf("first")]: 0, [digestOf("second")]: minutes(-5) } },
    order: "newer",
  },
  {
    name: "what a followed tag names now is the newest, whatever its age",
    pipeline: under("digest"),
    a: "first",
    b: "second",
    state: {
      digests: { latest: known(digestOf("first")) },
      firstSeen: { [digestOf("first")]: 0, [digestOf("second")]: minutes(-5) },
    },
    order: "newer",
  },
  { name: "two that nobody ever saw", pipeline: under("digest"), a: "unseen", b: "unknown", order: "unordered" },
  { name: "the same digest", pipeline: under("digest"), a: "first", b: "first", order: "same" },
];

describe("the order of two releases", () => {
  for (const { name, pipeline: ordered, a, b, state, order } of rows) {
    test(name, () => {
      const world = observed({ images: { [IMAGE]: known(images([], state)) } });
      const facts = orderFacts({ observed: world, pipeline: ordered, ledger: EMPTY_LEDGER });
      assert.equal(compareReleases(release(a), release(b), { pipeline: ordered, facts }), order);
    });
  }

  test("several images: newer in one and older in another is neither", () => {
    const two = pipeline({
      images: [
        { image: IMAGE, policy: SEMVER },
        { image: WORKER, policy: SEMVER },
      ],
    });
    const facts = orderFacts({ observed: observed(), pipeline: two, ledger: EMPTY_LEDGER });
    const at = (web: string, worker: string) => ({
      versions: [...release(web).versions, ...release(worker, WORKER).versions],
    });
    const order = (a: ReturnType<typeof at>, b: ReturnType<typeof at>) =>
      compareReleases(a, b, { pipeline: two, facts });
    assert.equal(order(at("1.9.0", "1.0.0"), at("1.8.0", "1.1.0")), "mixed");
    assert.equal(order(at("1.9.0", "1.0.0"), at("1.8.0", "1.0.0")), "newer");
  });

  test("a release that came back is as old as when it came first", () => {
    const ordered = under("digest");
    const ledger = {
      ...EMPTY_LEDGER,
      environments: {
        "checkout/integration": memory({
          reached: [reached("first", { at: minutes(-90) }), reached("second", { at: minutes(-30) })],
        }),
      },
    };
    const facts = orderFacts({ observed: observed(), pipeline: ordered, ledger });
    assert.equal(compareReleases(release("second"), release("first"), { pipeline: ordered, facts }), "newer");
  });

  test("an environment with tags of its own is ranked by what its group captures", () => {
    const live = environment("live", {
      images: [
        { image: "eu.example/live/checkout", as: IMAGE, policy: { tags: "^v(?P<version>.*)-stable$", ignore: [] } },
      ],
    });
    const facts = orderFacts({ observed: observed(), pipeline: under("semver"), ledger: EMPTY_LEDGER });
    const declared = { images: [{ image: IMAGE, pins: [{ tag: "v1.9.0-stable" }] }] };
    assert.equal(
      compareToDeclared(release("1.8.0"), declared, { pipeline: under("semver"), environment: live, facts }),
      "older",
    );
    assert.equal(
      compareToDeclared(release("1.10.0"), declared, { pipeline: under("semver"), environment: live, facts }),
      "newer",
    );
  });

  test("places that disagree are compared one by one", () => {
    const facts = orderFacts({ observed: observed(), pipeline: under("semver"), ledger: EMPTY_LEDGER });
    const declared = { images: [{ image: IMAGE, pins: [pinned("1.7.0"), pinned("1.9.0")] }] };
    const context = { pipeline: under("semver"), environment: environment("integration"), facts };
    assert.equal(compareToDeclared(release("1.8.0"), declared, context), "mixed");
    assert.equal(compareToDeclared(release("1.9.0"), declared, context), "newer");
  });
});
