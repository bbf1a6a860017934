// The locks of `chart-lock/` are Helm's own (3.19): it wrote both, for the dependencies before and after. Only the time in
// the second is that of the first, since it is no part of what fits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { releaseOf } from "../../src/domain/release.ts";
import { blobId } from "../../src/manifests/blob-id.ts";
import { findPlaces } from "../../src/manifests/find-places.ts";
import { planEdit } from "../../src/manifests/plan-edit.ts";

const IMAGE = "127.0.0.1:5000/acme/charts/checkout";
const read = (file: string): string => readFileSync(join(import.meta.dirname, "chart-lock", file), "utf8");
const CHART = read("before/Chart.yaml");
const LOCK = read("before/Chart.lock");

function plan(files: Readonly<Record<string, string>>, vendored: readonly string[] = []) {
  const asked = { images: [IMAGE], fields: [] };
  const places = Object.entries(files).flatMap(([path, text]) => findPlaces({ path, text, ...asked }).places);
  const texts = new Map(
    Object.entries(files).map(([path, text]) => [path, { text, mode: "100644", oid: blobId(text) }]),
  );
  const release = releaseOf([{ image: IMAGE, tag: "1.8.0_build.5", digest: `sha256:${"b2".repeat(32)}` }]);
  return planEdit({ places, texts, release, environment: { images: [], fields: [] }, vendored });
}

describe("a dependency of a chart", () => {
  it("moves together with what Chart.lock says of it, as Helm would write it", () => {
    const result = plan({ "shop/Chart.yaml": CHART, "shop/Chart.lock": LOCK });
    assert.ok(result.kind === "edit", JSON.stringify(result));
    assert.deepEqual(
      result.edit.files.map(({ path, text }) => [path, text]),
      [
        ["shop/Chart.lock", read("after/Chart.lock")],
        ["shop/Chart.yaml", read("after/Chart.yaml")],
      ],
    );
    assert.deepEqual(
      result.edit.files[0]?.changes.map(({ line, from }) => [line, from.slice(0, 6)]),
      [
        [4, "1.7.3"],
        [8, "sha256"],
      ],
    );
  });

  it("moves alone where there is no lock, and leaves the locks of other charts", () => {
    const result = plan({ "Chart.yaml": CHART, "other/Chart.lock": "dependencies: []\n" });
    assert.deepEqual(result.kind === "edit" && result.edit.files.map(({ path }) => path), ["Chart.yaml"]);
  });

  const locks: readonly (readonly [name: string, lock: string, why: RegExp])[] = [
    ["did not fit before", LOCK.replace(/digest: sha256:./, "digest: sha256:_"), /digest is not the one that Helm/],
    ["has no digest", LOCK.replace(/digest: .*\n/, ""), /digest is not the one/],
    ["was made for other dependencies", LOCK.replace("redis", "valkey"), /digest is not the one/],
    ["is not YAML", "dependencies: [\n", /cannot be read/],
    ["is no lock", "- a\n", /cannot be read/],
    ["cannot be edited", LOCK.replace("digest: ", "digest: &d ").concat("again: *d\n"), /alias \*d/],
  ];
  for (const [name, lock, why] of locks) {
    it(`is not moved where Chart.lock ${name}; the command that helps is told`, () => {
      const result = plan({ "shop/Chart.yaml": CHART, "shop/Chart.lock": lock });
      assert.ok(result.kind === "refused", JSON.stringify(result));
      assert.equal(result.path, "shop/Chart.lock");
      assert.match(result.why, why);
      assert.match(result.why, /Run `helm dependency update shop`/);
    });
  }

  it("is not moved where a copy of it stands in the repository", () => {
    for (const copy of ["shop/charts/checkout-1.7.3.tgz", "shop/charts/checkout/Chart.yaml"]) {
      const result = plan({ "shop/Chart.yaml": CHART }, [copy]);
      assert.ok(result.kind === "refused");
      assert.equal(result.path, copy);
      assert.match(result.why, /Remove it/);
    }
    const others = ["shop/charts/checkout-web-1.7.3.tgz", "shop/charts/redis/Chart.yaml", "charts/checkout-1.7.3.tgz"];
    assert.equal(plan({ "shop/Chart.yaml": CHART }, others).kind, "edit");
  });
});
