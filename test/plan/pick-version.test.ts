// The version that a policy picks, where it asks more of a version than its name: what is asked of the registry for it,
// in which order, and what is said of those that were passed over.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageState } from "../../src/domain/image-state.ts";
import type { Policy } from "../../src/domain/pipeline.ts";
import type { Need } from "../../src/domain/plan.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { pickVersion } from "../../src/plan/pick-version.ts";
import { configuration, declares, digestOf, IMAGE, images, observed, pipeline, planFully } from "./build.ts";

const ARM: Policy = { kind: "semver", range: "*", ignore: [], platforms: ["linux/amd64", "linux/arm64"] };
const [BOTH, AMD] = [known(["linux/amd64", "linux/arm64"]), known(["linux/amd64"])];

function platforms(of: Readonly<Record<string, Seen<readonly string[]>>>): Pick<ImageState, "platforms"> {
  return { platforms: Object.fromEntries(Object.entries(of).map(([tag, seen]) => [digestOf(tag), seen])) };
}

function pick(state: ImageState, { policy = ARM, blocked = [] as readonly string[] } = {}) {
  const isBlocked = (digest: string) => blocked.map(digestOf).includes(digest);
  return pickVersion({ image: IMAGE, policy }, { state: known(state), isBlocked });
}

describe("a policy that needs platforms", () => {
  test("asks for those of the best version alone, and takes it", () => {
    const tags = ["1.7.0", "1.8.0"];
    const asked = pick(images(tags));
    assert.deepEqual(asked, {
      kind: "unknown",
      why: "the platforms of `ghcr.io/acme/checkout:1.8.0` have not been read yet",
      needs: [{ kind: "platforms", image: IMAGE, digest: digestOf("1.8.0") }],
    });
    const picked = pick(images(tags, platforms({ "1.8.0": BOTH })));
    assert.equal(picked.kind === "known" && picked.value.kind === "version" && picked.value.version.tag, "1.8.0");
  });

  test("passes over what lacks one, with the reason", () => {
    const picked = pick(images(["1.7.0", "1.8.0"], platforms({ "1.8.0": AMD, "1.7.0": BOTH })));
    assert.ok(picked.kind === "known" && picked.value.kind === "version");
    assert.equal(picked.value.version.tag, "1.7.0");
    assert.deepEqual(picked.value.passedOver, [
      { tag: "1.8.0", why: "It has no image for linux/arm64 (only for linux/amd64)" },
    ]);
  });

  test("does not go on where the platforms of a better version are not known", () => {
    const state = images(["1.7.0", "1.8.0"], platforms({ "1.8.0": unknown("ghcr.io answered 503"), "1.7.0": BOTH }));
    assert.deepEqual(pick(state), {
      kind: "unknown",
      why: "the platforms of `ghcr.io/acme/checkout:1.8.0` are not known: ghcr.io answered 503",
      needs: [],
    });
  });

  test("does not ask about what may not be had anyway", () => {
    const picked = pick(images(["1.7.0", "1.8.0"], platforms({ "1.7.0": BOTH })), { blocked: ["1.8.0"] });
    assert.ok(picked.kind === "known" && picked.value.kind === "version");
    assert.deepEqual(picked.value.passedOver, [{ tag: "1.8.0", why: "It is blocked" }]);
  });

  test("says of what is for no platform that it names none", () => {
    const picked = pick(images(["1.8.0"], platforms({ "1.8.0": known([]) })));
    assert.equal(
      picked.kind === "known" && picked.value.kind === "none" && picked.value.why,
      "no tag of `ghcr.io/acme/checkout` is allowed by its policy: `1.8.0` was passed over: it has no image for linux/amd64 and linux/arm64 (it names no platform)",
    );
  });

  test("asks for more at once the more it has passed over, and ends after twenty in at most eight rounds", () => {
    const tags = Array.from({ length: 300 }, (_, minor) => `1.${minor}.0`);
    let state = images(tags, { digests: {} });
    const requests: number[] = [];
    for (;;) {
      const picked = pick(state);
      if (picked.kind === "known") {
        assert.match(
          picked.value.kind === "none" ? picked.value.why : "",
          /`1\.299\.0` was passed over, and 19 more with it: .*; no more than 20 are looked into$/,
        );
        break;
      }
      requests.push(picked.needs.length);
      state = answerAll(picked.needs, state);
    }
    assert.deepEqual(requests, [1, 1, 5, 5, 14, 14]);
  });
});

function answerAll(needs: readonly Need[], state: ImageState): ImageState {
  const digests = needs.flatMap((need) => (need.kind === "digest" ? [[need.tag, known(digestOf(need.tag))]] : []));
  const read = needs.flatMap((need) => (need.kind === "platforms" ? [[need.digest, AMD]] : []));
  return {
    ...state,
    digests: { ...state.digests, ...Object.fromEntries(digests) },
    platforms: { ...state.platforms, ...Object.fromEntries(read) },
  };
}

describe("tags with names that objects have of their own", () => {
  test("are asked for like any other", () => {
    const policy: Policy = { kind: "alphabetical", order: "ascending", ignore: [] };
    const asked = pick(images(["constructor"], { digests: {} }), { policy });
    assert.deepEqual(asked.kind === "unknown" && asked.needs, [{ kind: "digest", image: IMAGE, tag: "constructor" }]);
  });
});

describe("an environment", () => {
  const world = (changes: Partial<ImageState>, tag: string) =>
    observed({
      configuration: known(configuration({ pipelines: [pipeline({ images: [{ image: IMAGE, policy: ARM }] })] })),
      images: { [IMAGE]: known(images(["1.7.0", "1.8.0"], changes)) },
      ...declares({ integration: tag, staging: "1.6.0", live: "1.6.0" }),
    });
  const integration = (plan: ReturnType<typeof planFully>["plan"]) => ({
    actions: plan.actions.filter((action) => action.kind === "open").map(({ reason }) => reason),
    waits: plan.waits.filter(({ key }) => key === "checkout/integration").map(({ reason }) => reason),
  });

  test("is told why a newer version is no candidate, also where it has all it can have", () => {
    const { plan } = planFully(world(platforms({ "1.8.0": AMD, "1.7.0": BOTH }), "1.7.0"));
    assert.deepEqual(integration(plan).waits, [
      "integration has `1.7.0` already; `1.8.0` was passed over: it has no image for linux/arm64 (only for linux/amd64)",
    ]);
  });

  test("is offered the best that has them", () => {
    const { plan } = planFully(world(platforms({ "1.8.0": AMD, "1.7.0": BOTH }), "1.6.0"));
    const [opening = ""] = integration(plan).actions;
    assert.match(opening, /`1\.7\.0` is the newest for integration: its policy picks it; `1\.8\.0` was passed over/);
  });
});
