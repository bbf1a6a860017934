import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Policy, PolicyFilter, Selection } from "../../src/domain/pipeline.ts";
import { compareTags, rankTags, type TagTimes } from "../../src/plan/rank-versions.ts";

const HEX = "4f".repeat(32);

function policy(selection: Selection, filter: Partial<PolicyFilter> = {}): Policy {
  return { ...selection, ignore: [], ...filter };
}
const semver = (range: string, filter: Partial<PolicyFilter> = {}) => policy({ kind: "semver", range }, filter);

interface Row {
  readonly name: string;
  readonly policy: Policy;
  readonly tags: readonly string[];
  readonly times?: TagTimes;
  /** Best first. */
  readonly ranked: readonly string[];
  /** Reasons for some of the others. */
  readonly why?: Readonly<Record<string, RegExp>>;
}

const STAMPS = ["20261120120000123455", "20261120120000123456", "9"];
const ROWS: readonly Row[] = [
  {
    name: "semver takes the newest of the range and says why not the others",
    policy: semver(">=1.0 <2.0"),
    tags: ["1.8.0", "latest", "1.10.0", "2.0.0", "0.9.0", "1.11.0-rc.1", "1.9"],
    ranked: ["1.10.0", "1.8.0"],
    why: {
      latest: /not a version/,
      "2.0.0": /outside the range/,
      "1.11.0-rc.1": /pre-release.*-0/,
      "1.9": /not a version/,
    },
  },
  {
    name: "a range that asks for them admits pre-releases",
    policy: semver(">=1.0-0"),
    tags: ["1.0.0", "1.1.0-rc.2", "1.1.0-rc.10"],
    ranked: ["1.1.0-rc.10", "1.1.0-rc.2", "1.0.0"],
  },
  {
    name: "a pattern that somebody wrote admits pre-releases",
    policy: semver(">=1.0 <2.0", { tags: "^\\d" }),
    tags: ["1.0.0", "1.1.0-rc.2", "2.0.0-rc.1"],
    ranked: ["1.1.0-rc.2", "1.0.0"],
    why: { "2.0.0-rc.1": /outside the range/ },
  },
  {
    name: "what the group `version` captures is ranked, the whole tag is the answer",
    policy: semver("*", { tags: "^v(?P<version>.*)-stable$" }),
    tags: ["v1.9.0-stable", "v1.10.0-stable", "v2.0.0", "vnext-stable"],
    ranked: ["v1.10.0-stable", "v1.9.0-stable"],
    why: { "v2.0.0": /does not match/, "vnext-stable": /not a version/ },
  },
  {
    name: "the group may be spelt without the P",
    policy: semver("*", { tags: "^app-(?<version>.*)$" }),
    tags: ["app-1.0.0", "app-1.1.0"],
    ranked: ["app-1.1.0", "app-1.0.0"],
  },
  {
    name: "a group that takes no part captures nothing",
    policy: semver("*", { tags: "^(?P<version>\\d+\\.\\d+\\.\\d+)?" }),
    tags: ["1.0.0", "main"],
    ranked: ["1.0.0"],
    why: { main: /captures nothing/ },
  },
  {
    name: "`ignore` takes tags away, whatever else they match",
    policy: semver("*", { ignore: ["-debug$", "^1\\.9\\."] }),
    tags: ["1.8.0", "1.9.3", "1.9.4-debug"],
    ranked: ["1.8.0"],
    why: { "1.9.3": /`ignore`/ },
  },
  {
    name: "tags that mean the same: the shorter, then the first",
    policy: semver("*"),
    tags: ["v1.0.0", "1.0.0", "0.9.0"],
    ranked: ["1.0.0", "v1.0.0", "0.9.0"],
  },
  {
    name: "two tags that extract to the same value have an order",
    policy: semver("*", { tags: "^(?P<version>[0-9.]+)-(b|a|long)$" }),
    tags: ["1.0.0-long", "1.0.0-b", "1.0.0-a"],
    ranked: ["1.0.0-a", "1.0.0-b", "1.0.0-long"],
  },
  {
    name: "Helm's `_` is a `+`, and later builds are newer",
    policy: semver("*"),
    tags: ["1.2.0_build.9", "1.2.0_build.10", "1.2.0"],
    ranked: ["1.2.0_build.10", "1.2.0_build.9", "1.2.0"],
  },
  {
    name: "numerical compares numbers of any length",
    policy: policy({ kind: "numerical", order: "ascending" }),
    tags: [...STAMPS, "main"],
    ranked: [...STAMPS].sort((a, b) => b.length - a.length || (a < b ? 1 : -1)),
    why: { main: /not a number/ },
  },
  {
    name: "numerical, the least first",
    policy: policy({ kind: "numerical", order: "descending" }),
    tags: ["10", "9", "2.5", "2.50", "2.45"],
    ranked: ["2.45", "2.5", "2.50", "9", "10"],
  },
  {
    name: "numerical knows zeros",
    policy: policy({ kind: "numerical", order: "ascending" }),
    tags: ["0", "00", "0.0", "0.10", "0010", "10.", ".5"],
    ranked: ["0010", "0.10", "0", "00", "0.0"],
  },
  {
    name: "numerical ranks what a pattern captures",
    policy: policy({ kind: "numerical", order: "ascending" }, { tags: "^main-[0-9a-f]{7}-(?P<version>[0-9]+)$" }),
    tags: ["main-abcdef0-9", "main-1234567-10", "dev-1234567-11"],
    ranked: ["main-1234567-10", "main-abcdef0-9"],
  },
  {
    name: "alphabetical goes by bytes",
    policy: policy({ kind: "alphabetical", order: "ascending" }),
    tags: ["a", "B", "_", "b", "1", "a.b", "a-b"],
    ranked: ["b", "a.b", "a-b", "a", "_", "B", "1"],
  },
  {
    name: "alphabetical, the first first",
    policy: policy({ kind: "alphabetical", order: "descending" }),
    tags: ["b", "a", "C"],
    ranked: ["C", "a", "b"],
  },
  {
    name: "digest follows its tag alone",
    policy: policy({ kind: "digest", tag: "latest" }),
    tags: ["1.0.0", "latest"],
    ranked: ["latest"],
    why: { "1.0.0": /follows the tag “latest” alone/ },
  },
  {
    name: "newest goes by build time, else by first sight; unknown ages stand last",
    policy: policy({ kind: "newest" }),
    tags: ["a", "b", "c", "d", "ee"],
    times: { created: { a: 3000, b: 1000 }, firstSeen: { a: 9000, b: 9000, c: 2000, ee: 2000 } },
    ranked: ["a", "c", "ee", "b", "d"],
  },
  {
    name: "`__proto__` and `constructor` are tags like any other",
    policy: policy({ kind: "newest" }),
    tags: ["__proto__", "constructor", "a"],
    times: { created: { a: 1 } },
    ranked: ["a", "__proto__", "constructor"],
  },
  {
    name: "notes to images and things that are no tags never count",
    policy: policy({ kind: "alphabetical", order: "ascending" }),
    tags: [
      `sha256-${HEX}`,
      `sha256-${HEX}.sig`,
      `sha256-${HEX}.att`,
      `sha256-${HEX}.sbom`,
      `sha256:${HEX}`,
      "",
      "a b",
      "ok",
      "sha256-short",
    ],
    ranked: ["sha256-short", "ok"],
    why: { [`sha256-${HEX}.sig`]: /a signature/, [`sha256:${HEX}`]: /not a tag/, "": /not a tag/ },
  },
  {
    name: "a range that cannot be read ranks nothing and says so",
    policy: semver("newest"),
    tags: ["1.0.0"],
    ranked: [],
    why: { "1.0.0": /range cannot be read/ },
  },
  {
    name: "a pattern that cannot be read ranks nothing and says so",
    policy: semver("*", { tags: "(?=x)" }),
    tags: ["1.0.0"],
    ranked: [],
    why: { "1.0.0": /pattern of `tags` cannot be used/ },
  },
  {
    name: "an `ignore` that cannot be read ranks nothing and says so",
    policy: semver("*", { ignore: ["("] }),
    tags: ["1.0.0"],
    ranked: [],
    why: { "1.0.0": /pattern of `ignore` cannot be used/ },
  },
  { name: "no tags", policy: semver("*"), tags: [], ranked: [] },
];

describe("ranking tags", () => {
  for (const { name, policy, tags, times = {}, ranked, why = {} } of ROWS) {
    test(name, () => {
      const ranking = rankTags({ policy, tags, ...times });
      assert.deepEqual(ranking.tags, ranked);
      assert.equal(ranking.tags.length + ranking.passedOver.length, new Set(tags).size, "every tag is accounted for");
      for (const [tag, pattern] of Object.entries(why)) {
        assert.match(ranking.passedOver.find((each) => each.tag === tag)?.why ?? "ranked", pattern, tag);
      }
    });
  }

  test("newest names the tags of unknown age", () => {
    const ranking = rankTags({ policy: policy({ kind: "newest" }), tags: ["a", "b"], firstSeen: { b: 1 } });
    assert.deepEqual(ranking.undated, ["a"]);
  });

  test("ten thousand tags take less than a second", () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => `v1.${index % 100}.${Math.floor(index / 100)}-stable`);
    const chosen = semver(">=1.0 <2.0", { tags: "^v(?P<version>[0-9.]+)-stable$", ignore: ["-debug$"] });
    rankTags({ policy: chosen, tags: tags.slice(0, 10) });
    const began = performance.now();
    assert.equal(rankTags({ policy: chosen, tags }).tags[0], "v1.99.99-stable");
    assert.ok(performance.now() - began < 1000, `${performance.now() - began} ms`);
  });
});

describe("comparing tags", () => {
  const rows = [
    { policy: semver("*"), a: "1.10.0", b: "1.9.0", order: 1 },
    { policy: semver("*"), a: "1.9.0", b: "1.10.0", order: -1 },
    { policy: semver("*"), a: "1.9.0", b: "1.9.0", order: 0 },
    { policy: semver("<1"), a: "1.9.0", b: "1.10.0", order: -1 },
    { policy: semver("*", { ignore: ["^1"] }), a: "1.9.0", b: "1.10.0", order: -1 },
    { policy: semver("*"), a: "1.9.0", b: "main", order: undefined },
    { policy: semver("*", { tags: "-x$" }), a: "1.9.0-x", b: "1.9.0", order: undefined },
    { policy: policy({ kind: "newest" }), a: "a", b: "b", order: undefined },
    { policy: policy({ kind: "digest", tag: "latest" }), a: "latest", b: "old", order: undefined },
  ];
  for (const { policy: chosen, a, b, order } of rows) {
    test(`${chosen.kind}: ${a} and ${b}`, () => {
      const answer = compareTags(chosen, a, b);
      assert.equal(answer === undefined ? undefined : Math.sign(answer), order);
    });
  }

  test("newest compares by the times that it is given", () => {
    assert.ok((compareTags(policy({ kind: "newest" }), "a", "b", { created: { a: 2, b: 1 } }) ?? 0) > 0);
  });

  test("agrees with the ranking, and is an order", () => {
    const part = fc.integer({ min: 0, max: 3 });
    const version = fc
      .tuple(fc.constantFrom("", "v"), part, part, part, fc.constantFrom("", "-rc.1", "-rc.10", "_b.1", "-01"))
      .map(([v, major, minor, patch, rest]) => `${v}${major}.${minor}.${patch}${rest}`);
    const policies: readonly Policy[] = [
      semver("*-0"),
      policy({ kind: "alphabetical", order: "descending" }),
      policy({ kind: "numerical", order: "ascending" }, { tags: "^v?(?P<version>[0-9]+[.][0-9]+)" }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...policies), fc.array(version, { maxLength: 12 }), (chosen, tags) => {
        const ranked = rankTags({ policy: chosen, tags }).tags;
        assert.deepEqual(rankTags({ policy: chosen, tags: [...tags].reverse() }).tags, ranked);
        for (const [index, a] of ranked.entries()) {
          for (const b of ranked.slice(index + 1)) assert.ok((compareTags(chosen, a, b) ?? 0) > 0, `${a} before ${b}`);
        }
      }),
      { seed: 20261120 },
    );
  });
});
