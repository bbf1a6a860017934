// Every folder of `cases/` is one edit: `before`, `after`, and what changes. Add a case by adding a folder.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Field } from "../../src/domain/pipeline.ts";
import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces, joinPlaces } from "../../src/manifests/find-places.ts";

interface Change {
  readonly path: string;
  readonly images: readonly string[];
  readonly tag: string;
  readonly digest: string;
  readonly fields?: readonly Field[];
}

const FOLDER = join(import.meta.dirname, "cases");

describe("edits", () => {
  for (const name of readdirSync(FOLDER).sort()) {
    it(name.replaceAll("-", " "), () => {
      const read = (file: string): string => readFileSync(join(FOLDER, name, file), "utf8");
      const change: Change = JSON.parse(read("change.json"));
      const extension = change.path.slice(change.path.lastIndexOf("."));
      const text = read(`before${extension}`);
      const { path, images, fields = [], tag, digest } = change;
      const { places, problems } = joinPlaces([findPlaces({ path, text, images, fields })], { images });
      assert.deepEqual(problems, []);
      const changes = places.map((place) => ({ place, tag, digest }));
      const result = editFile({ path, text, images, fields, changes });
      assert.equal(result.kind === "edited" ? result.text : JSON.stringify(result), read(`after${extension}`));
    });
  }
});
