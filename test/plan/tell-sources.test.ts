// What a promotion tells of where its versions come from, when that is asked, and what is told where it is not known.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageOrigin } from "../../src/domain/image-origin.ts";
import { imageKey, type Observed } from "../../src/domain/observed.ts";
import type { Action, Need } from "../../src/domain/plan.ts";
import type { Visibility } from "../../src/domain/repository.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { rangeKey, type SourceHistory } from "../../src/domain/source-history.ts";
import { traceSource } from "../../src/plan/trace-source.ts";
import {
  configuration,
  environment,
  everywhere,
  IMAGE,
  images,
  observed,
  pinned,
  pipeline,
  place,
  planFully,
  promotion,
} from "./build.ts";

const SOURCE = "acme/checkout";
const WORKER = "ghcr.io/acme/worker";
/** Every version has a commit of its own. */
const commitOf = (tag: string) => tag.replaceAll(".", "").padEnd(40, "0");
const saying = (tag: string): ImageOrigin => ({ revision: commitOf(tag), source: `https://github.com/${SOURCE}` });
const digestIn = (tag: string, image = IMAGE) => pinned(tag, image).digest;
const origin = (tag: string, says: Seen<ImageOrigin> = known(saying(tag)), image = IMAGE) => ({
  [imageKey({ image, digest: digestIn(tag, image) })]: says,
});
const range = (from: string, to: string) => ({ source: SOURCE, base: commitOf(from), head: commitOf(to) });
const history = (changes: Partial<SourceHistory> = {}): SourceHistory => ({
  visibility: "public",
  ahead: 1,
  behind: 0,
  commits: [{ id: commitOf("1.8.0"), title: "Fix the tax", by: "maria", pullRequest: 12 }],
  ...changes,
});

interface Given extends Partial<Observed> {
  readonly source?: string | null;
  readonly mode?: "full" | "observe";
}

/** Integration says 1.7.0, and the registry has 1.8.0. */
function plan({ source = SOURCE, mode = "full", ...given }: Given = {}) {
  const named = pipeline({ ...(source !== null && { source }), environments: [environment("integration")] });
  return planFully(
    observed({
      ...everywhere("1.7.0"),
      configuration: known(configuration({ mode, pipelines: [named] })),
      images: { [IMAGE]: known(images(["1.8.0"])) },
      ...given,
    }),
  ).plan;
}

type Planned = ReturnType<typeof plan>;

const sourceNeeds = ({ needs }: Planned): readonly Need[] =>
  needs.filter(({ kind }) => kind === "image-origin" || kind === "source-history");

function opened({ actions }: Planned): Extract<Action, { kind: "open" }>["view"] {
  const action = actions.find(({ kind }) => kind === "open");
  assert.ok(action?.kind === "open", "nothing opens");
  return action.view;
}

const BOTH = { ...origin("1.7.0"), ...origin("1.8.0") };
const HISTORY = { [rangeKey(range("1.7.0", "1.8.0"))]: known(history()) };

describe("the images of a promotion", () => {
  test("are asked for their commits once it is to be opened, those of now too", () => {
    assert.deepEqual(sourceNeeds(plan()), [{ kind: "image-origin", image: IMAGE, digest: digestIn("1.8.0") }]);
    assert.deepEqual(sourceNeeds(plan({ imageOrigins: origin("1.8.0") })), [
      { kind: "image-origin", image: IMAGE, digest: digestIn("1.7.0") },
    ]);
  });

  test("are not asked where the pipeline names no source, nor where nothing is written", () => {
    assert.deepEqual(sourceNeeds(plan({ source: null })), []);
    assert.equal(opened(plan({ source: null })).source, undefined);
    assert.deepEqual(sourceNeeds(plan({ mode: "observe" })), []);
    assert.deepEqual(sourceNeeds(plan({ images: { [IMAGE]: known(images(["1.7.0"])) } })), []);
  });

  test("lead to the history between their commits, which is told", () => {
    assert.deepEqual(sourceNeeds(plan({ imageOrigins: BOTH })), [
      { kind: "source-history", ...range("1.7.0", "1.8.0") },
    ]);
    const whole = plan({ imageOrigins: BOTH, sourceHistories: HISTORY });
    assert.deepEqual(sourceNeeds(whole), []);
    assert.deepEqual(opened(whole).source, {
      repository: SOURCE,
      revisions: [commitOf("1.8.0")],
      changes: [{ images: [IMAGE], base: commitOf("1.7.0"), head: commitOf("1.8.0"), history: history() }],
      gaps: [],
    });
  });

  test("hold nothing up: with every question open the promotion is planned all the same", () => {
    assert.equal(opened(plan()).source, undefined);
    assert.equal(opened(plan({ imageOrigins: BOTH })).source, undefined);
  });

  test("do not change by which text the pull request is known", () => {
    const whole = plan({ imageOrigins: BOTH, sourceHistories: HISTORY });
    assert.equal(opened(whole).fingerprint, opened(plan({ source: null })).fingerprint);
  });
});

describe("what is not told, and why", () => {
  const rows: readonly { readonly name: string; readonly given: Given; readonly gap: RegExp; readonly built?: true }[] =
    [
      {
        name: "an image without labels",
        given: { imageOrigins: origin("1.8.0", known({})) },
        gap: /^the commits are not listed: `ghcr\.io\/acme\/checkout` does not say from which commit it was built/,
      },
      {
        name: "a registry that does not answer",
        given: { imageOrigins: origin("1.8.0", unknown("ghcr.io answered 503")) },
        gap: /could not be asked from which commit it was built: ghcr\.io answered 503$/,
      },
      {
        name: "what runs now has no label",
        given: { imageOrigins: { ...origin("1.8.0"), ...origin("1.7.0", known({})) } },
        gap: /`ghcr\.io\/acme\/checkout` was built from `1800000`, and what runs now does not say from which commit/,
        built: true,
      },
      {
        name: "what runs now is known by its tag alone",
        given: {
          imageOrigins: origin("1.8.0"),
          environments: {
            "checkout/integration": known({ places: [place("integration", { tag: "1.7.0" })], problems: [] }),
          },
          ledger: known({ kind: "absent" }),
          images: {
            [IMAGE]: known(
              images(["1.8.0"], { digests: { "1.7.0": known(undefined), "1.8.0": known(digestIn("1.8.0")) } }),
            ),
          },
        },
        gap: /and what runs now is not known by its digest$/,
        built: true,
      },
      {
        name: "another build of the same commit",
        given: { imageOrigins: { ...origin("1.8.0"), ...origin("1.7.0", known(saying("1.8.0"))) } },
        gap: /^`ghcr\.io\/acme\/checkout` was built from `1800000`, like what runs now: no commit came between$/,
        built: true,
      },
      {
        name: "GitHub does not show the source",
        given: {
          imageOrigins: BOTH,
          sourceHistories: { [rangeKey(range("1.7.0", "1.8.0"))]: unknown("GitHub shows no repository") },
        },
        gap: /^the commits from `1700000` to `1800000` are not listed: GitHub shows no repository$/,
        built: true,
      },
    ];
  for (const { name, given, gap, built } of rows) {
    test(name, () => {
      const planned = plan(given);
      assert.deepEqual(sourceNeeds(planned), []);
      const { source } = opened(planned);
      assert.match(source?.gaps.join("\n") ?? "", gap);
      assert.deepEqual(source?.changes, []);
      assert.deepEqual(source?.revisions, built ? [commitOf("1.8.0")] : []);
    });
  }
});

test("where the registry cannot be asked, what GitHub's event said of the image counts", () => {
  const told = { "1.8.0": { digest: digestIn("1.8.0"), ...saying("1.8.0"), at: 0 } };
  const { source } = opened(
    plan({
      imageOrigins: { ...origin("1.7.0"), ...origin("1.8.0", unknown("ghcr.io answered 403")) },
      images: { [IMAGE]: known(images(["1.8.0"], { told })) },
      sourceHistories: HISTORY,
    }),
  );
  assert.deepEqual(source?.revisions, [commitOf("1.8.0")]);
  assert.equal(source?.changes.length, 1);
});

describe("T25: commits are not told to more people than may read them", () => {
  const rows: readonly {
    readonly source: Visibility;
    readonly here: Visibility | undefined;
    readonly told: boolean;
  }[] = [
    { source: "public", here: "public", told: true },
    { source: "public", here: "private", told: true },
    { source: "internal", here: "private", told: true },
    { source: "internal", here: "internal", told: true },
    { source: "internal", here: "public", told: false },
    { source: "private", here: "private", told: true },
    { source: "private", here: "internal", told: false },
    { source: "private", here: "public", told: false },
    { source: "private", here: undefined, told: false },
    { source: "public", here: undefined, told: true },
  ];
  for (const { source, here, told } of rows) {
    test(`${source} commits in a repository that is ${here ?? "of unknown readers"}: ${told ? "told" : "not told"}`, () => {
      const { repository } = observed();
      const { visibility: _, ...unsaid } = repository;
      const planned = plan({
        repository: { ...unsaid, ...(here && { visibility: here }) },
        imageOrigins: BOTH,
        sourceHistories: { [rangeKey(range("1.7.0", "1.8.0"))]: known(history({ visibility: source })) },
      });
      const view = opened(planned);
      assert.equal(view.source?.changes.length, told ? 1 : 0);
      if (!told) {
        assert.match(view.source?.gaps.join() ?? "", new RegExp(`is ${source}, and this repository is`));
        assert.doesNotMatch(JSON.stringify(view), /Fix the tax/);
      }
    });
  }
});

describe("several images", () => {
  const two = (workerTag: string) =>
    ({
      configuration: known(
        configuration({
          pipelines: [
            pipeline({
              source: SOURCE,
              images: [IMAGE, WORKER].map((image) => ({ image, policy: { kind: "semver", range: "*", ignore: [] } })),
              environments: [environment("integration")],
            }),
          ],
        }),
      ),
      environments: {
        "checkout/integration": known({
          places: [place("integration", pinned("1.7.0")), place("integration", pinned("1.7.0", WORKER), WORKER)],
          problems: [],
        }),
      },
      ledger: known({ kind: "absent" }),
      images: {
        [IMAGE]: known(images(["1.8.0"])),
        [WORKER]: known(images(["1.8.0"], { digests: { "1.8.0": known(digestIn("1.8.0", WORKER)) } })),
      },
      imageOrigins: {
        ...BOTH,
        ...origin("1.7.0", known(saying(workerTag)), WORKER),
        ...origin("1.8.0", known(saying("1.8.0")), WORKER),
      },
    }) satisfies Given;

  test("of the same two commits are told of once", () => {
    const { source } = opened(plan({ ...two("1.7.0"), sourceHistories: HISTORY }));
    assert.deepEqual(source?.revisions, [commitOf("1.8.0")]);
    assert.deepEqual(
      source?.changes.map((change) => change.images),
      [[IMAGE, WORKER]],
    );
  });

  test("of different ones: the first is told of, and nothing is asked about the other", () => {
    const planned = plan({ ...two("1.6.0"), sourceHistories: HISTORY });
    assert.deepEqual(sourceNeeds(planned), []);
    const { source } = opened(planned);
    assert.deepEqual(source?.changes.length, 1);
    assert.match(source?.gaps.join() ?? "", /^the commits from `1600000` to `1800000` are not listed/);
  });
});

describe("a version that is a commit", () => {
  const move = (image: string) => ({
    image,
    from: { tag: "v1.7.0", digest: `commit:${commitOf("1.7.0")}` },
    to: { tag: "v1.8.0", digest: `commit:${commitOf("1.8.0")}` },
  });
  const trace = (image: string) =>
    traceSource([move(image)], {
      observed: observed({ sourceHistories: HISTORY }),
      source: SOURCE,
      depth: "changes",
      ranges: new Set(),
      mostRanges: 1,
    });

  test("is its own origin, and no registry is asked", () => {
    const traced = trace(`git:github.com/${SOURCE}`);
    assert.ok(traced.kind === "known");
    assert.deepEqual(traced.value.revisions, [commitOf("1.8.0")]);
    assert.equal(traced.value.changes.length, 1);
  });

  test("of another repository than the pipeline's source is not told of", () => {
    const traced = trace("git:github.com/acme/other");
    assert.ok(traced.kind === "known");
    assert.deepEqual(traced.value.changes, []);
    assert.match(traced.value.gaps.join(), /`git:github\.com\/acme\/other` is not `acme\/checkout`/);
  });
});

describe("an open promotion", () => {
  test("that stays as it is asks nothing", () => {
    const first = plan({ source: null });
    const { fingerprint } = opened(first);
    const proposed = promotion("integration", "1.8.0");
    const planned = plan({ promotions: [{ ...proposed, describedAs: fingerprint }] });
    assert.deepEqual(sourceNeeds(planned), []);
  });

  test("that has to say something else is asked about again, and told whole", () => {
    const proposed = promotion("integration", "1.8.0");
    const asked = plan({ promotions: [proposed] });
    assert.deepEqual(
      sourceNeeds(asked).map(({ kind }) => kind),
      ["image-origin"],
    );
    const whole = plan({ promotions: [proposed], imageOrigins: BOTH, sourceHistories: HISTORY });
    const described = whole.actions.find(({ kind }) => kind === "describe");
    assert.ok(described?.kind === "describe");
    assert.equal(described.view.source?.changes.length, 1);
  });

  test("that merges names the commit in its message, and asks for nothing more", () => {
    const proposed = promotion("integration", "1.8.0");
    const start = { promotions: [proposed], imageOrigins: origin("1.8.0") };
    const checked = plan(start);
    const described = checked.actions.find(({ kind }) => kind === "describe");
    const check = checked.actions.find(({ kind }) => kind === "set-check");
    assert.ok(described?.kind === "describe" && check?.kind === "set-check");
    const ready = {
      ...proposed,
      describedAs: described.view.fingerprint,
      check: { id: 1, state: check.check.state, fingerprint: check.check.fingerprint },
    };
    const merging = plan({ ...start, promotions: [ready] });
    const merge = merging.actions.find(({ kind }) => kind === "merge");
    assert.ok(merge?.kind === "merge");
    assert.deepEqual(merge.view.source?.revisions, [commitOf("1.8.0")]);
    assert.deepEqual(sourceNeeds(merging), []);
  });
});
