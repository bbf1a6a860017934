// Lists: in pages, with selectors, and what a list says of itself.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Scene } from "./cluster-suite.ts";
import { configMap } from "./suite-objects.ts";

export function describePages(scene: () => Scene): void {
  const inPages = () => `/api/v1/namespaces/${scene().namespace}/configmaps?labelSelector=paged%3Dyes`;

  describe("lists", () => {
    before(async () => {
      for (const name of ["page-a", "page-b", "page-c", "page-d", "page-e"]) {
        const body = { ...configMap(name), metadata: { name, labels: { paged: "yes", own: name } } };
        await scene().ask({ method: "POST", path: `/api/v1/namespaces/${scene().namespace}/configmaps`, body });
      }
    });

    test("a list has its kind and a version, and its items have no kind", async () => {
      const list = await scene().ask({ path: inPages() });
      assert.deepEqual([list.body.kind, list.body.apiVersion], ["ConfigMapList", "v1"]);
      assert.match(list.body.metadata.resourceVersion, /^\d+$/);
      assert.equal("kind" in list.body.items[0], false);
      assert.equal(list.body.items.length, 5);
    });

    test("pages show every object once, and one moment", async () => {
      const names: string[] = [];
      let next = "";
      const versions = new Set<string>();
      do {
        const path = `${inPages()}&limit=2${next === "" ? "" : `&continue=${encodeURIComponent(next)}`}`;
        const page = await scene().ask({ path });
        assert.equal(page.status, 200);
        names.push(...page.body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name));
        versions.add(page.body.metadata.resourceVersion);
        next = page.body.metadata.continue ?? "";
      } while (next !== "");
      assert.deepEqual(names, ["page-a", "page-b", "page-c", "page-d", "page-e"]);
      assert.equal(versions.size, 1);
    });

    test("a page that cannot be understood is refused", async () => {
      const page = await scene().ask({ path: `${inPages()}&limit=2&continue=%21%21` });
      assert.deepEqual([page.status, page.body.reason], [400, "BadRequest"]);
    });

    test("everything of a kind can be listed across namespaces", async () => {
      const list = await scene().ask({ path: "/api/v1/configmaps?labelSelector=own%3Dpage-c" });
      assert.deepEqual(
        list.body.items.map(({ metadata }: { metadata: { namespace: string; name: string } }) => metadata.namespace),
        [scene().namespace],
      );
    });

    test("a namespace that is not there is an empty list", async () => {
      const list = await scene().ask({ path: "/api/v1/namespaces/no-such-place/configmaps" });
      assert.deepEqual([list.status, list.body.items], [200, []]);
    });
  });
}
