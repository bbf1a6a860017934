// How an environment names a release that was proven elsewhere: by the words of a tag, or by what a tag points to.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageState } from "../../src/domain/image-state.ts";
import type { PolicyFilter } from "../../src/domain/pipeline.ts";
import type { Need } from "../../src/domain/plan.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { nameReleaseFor } from "../../src/plan/name-release.ts";
import { digestOf, environment, IMAGE, images, observed, pipeline, release } from "./build.ts";

const OWN = "europe-docker.pkg.dev/acme/live/checkout";
const PROVEN = digestOf("1.8.0");
const STABLE: PolicyFilter = { tags: "^v(?P<version>.*)-stable$", ignore: [] };

interface Row {
  readonly name: string;
  /** Tags of the environment's registry, and what each of them points to. */
  readonly has: Readonly<Record<string, string>>;
  /** What was not asked so far. */
  readonly unread?: readonly string[];
  readonly policy?: PolicyFilter;
  readonly tag?: string;
  readonly moved?: RegExp;
  readonly why?: RegExp;
  readonly needs?: readonly string[];
}

const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`build-${100 + at}`, digestOf(`other ${at}`)]));

const rows: readonly Row[] = [
  { name: "without a rule the tag stays the same", has: { "1.8.0": PROVEN }, tag: "1.8.0" },
  {
    name: "without a rule the copy under another tag is no name",
    has: { "1.8.0-copy": PROVEN },
    why: /has no tag `1\.8\.0`; write `\/retag 1\.8\.0 in live`, or copy it: `skopeo copy/,
  },
  {
    name: "a rule says which part is the version",
    has: { "v1.8.0-stable": PROVEN },
    policy: STABLE,
    tag: "v1.8.0-stable",
  },
  {
    name: "a name that is only another's beginning is not taken",
    has: { "v1.8.0.1-stable": PROVEN },
    policy: STABLE,
    why: /no tag that matches `\^v\(\?P<version>\.\*\)-stable\$` for `1\.8\.0`/,
  },
  {
    name: "a name that points to another digest has moved",
    has: { "v1.8.0-stable": digestOf("other") },
    policy: STABLE,
    tag: "v1.8.0-stable",
    moved:
      /`europe-docker\.pkg\.dev\/acme\/live\/checkout:v1\.8\.0-stable` is `sha256:.*` is what was proven as `1\.8\.0`/,
  },
  {
    name: "of two names the one with the digest counts, whatever the other points to",
    has: { "1.8.0-amd": digestOf("other"), "1.8.0-all": PROVEN },
    policy: { tags: "^(?P<version>[0-9.]+)-(?:amd|all)$", ignore: [] },
    tag: "1.8.0-all",
  },
  {
    name: "what is ignored is no name",
    has: { "v1.8.0-stable": PROVEN },
    policy: { ...STABLE, ignore: ["stable"] },
    why: /write `\/retag <tag> in live` with a tag that matches, or copy it under one/,
  },
  {
    name: "a rule without the version's part finds the name by what it points to",
    has: { "build-7": digestOf("other"), "build-8": PROVEN },
    policy: { tags: "^build-", ignore: [] },
    tag: "build-8",
  },
  {
    name: "tags that mention the version are looked up first",
    has: { ...many, "build-1.8.0": PROVEN },
    policy: { tags: "^build-", ignore: [] },
    tag: "build-1.8.0",
  },
  {
    name: "a tag that such a rule allows and that points elsewhere has not moved",
    has: { "build-1.8.0": digestOf("other") },
    policy: { tags: "^build-", ignore: [] },
    why: /no tag that matches `\^build-` for `1\.8\.0`; write `\/retag <tag> in live`/,
  },
  {
    name: "not all of many tags are looked up, and it says so",
    has: many,
    policy: { tags: "^build-", ignore: [] },
    why: /among the 20 that were looked up; with a group `\(\?P<version>…\)` in the rule/,
  },
  {
    name: "what was not read is asked for",
    has: { "v1.8.0-stable": PROVEN },
    unread: ["v1.8.0-stable"],
    policy: STABLE,
    why: /has not been read yet/,
    needs: ["v1.8.0-stable"],
  },
];

describe("the name of a proven release", () => {
  for (const row of rows) {
    test(row.name, () => {
      const answer = nameAs(row, known(stateOf(row)));
      if (row.why !== undefined) {
        assert.match(answer.kind === "unknown" ? answer.why : "it has a name", row.why);
        assert.deepEqual(answer.kind === "unknown" && answer.needs.map(tagAsked), row.needs ?? []);
        return;
      }
      assert.ok(answer.kind === "known", JSON.stringify(answer));
      assert.deepEqual(answer.value.release.versions, [{ image: IMAGE, tag: row.tag, digest: PROVEN }]);
      assert.match(answer.value.moved?.reason ?? "", row.moved ?? /^$/);
      if (row.moved) assert.equal(answer.value.moved?.state, "failed");
    });
  }

  test("a registry out of reach gives no name, and says why", () => {
    const answer = nameAs({ name: "", has: {} }, unknown("it answered 503"));
    assert.match(answer.kind === "unknown" ? answer.why : "", /the tags of `.*` are not known: it answered 503/);
  });
});

function stateOf({ has, unread = [] }: Row): ImageState {
  const read = Object.entries(has).filter(([tag]) => !unread.includes(tag));
  const digests = Object.fromEntries(read.map(([tag, digest]) => [tag, known(digest)]));
  return images(Object.keys(has), { digests });
}

function nameAs({ policy }: Row, state: Seen<ImageState>) {
  const live = environment("live", { images: [{ image: OWN, as: IMAGE, ...(policy && { policy }) }] });
  const context = { observed: observed({ images: { [OWN]: state } }), pipeline: pipeline(), environment: live };
  return nameReleaseFor(release("1.8.0"), context);
}

function tagAsked(need: Need): string {
  return need.kind === "digest" ? need.tag : need.kind;
}
