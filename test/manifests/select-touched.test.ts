// Which environments a change touches, and with which of its files.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { selectTouched } from "../../src/manifests/select-touched.ts";
import { configuration, environment, pipeline } from "../plan/build.ts";
import { type Files, treeOf } from "./tree.ts";

const TWO = configuration({
  pipelines: [
    pipeline({
      environments: [
        environment("staging", { paths: ["apps/staging", "!apps/staging/jobs"] }),
        environment("live", {
          paths: [],
          fields: [{ file: "live.env", path: ["TAG"], writes: "tag", image: "ghcr.io/acme/checkout" }],
        }),
        environment("lab", { branch: "lab", paths: ["apps/staging"] }),
      ],
    }),
  ],
});

function touched(before: Files, after: Files, branch = "main") {
  const sides = { before: treeOf(before), after: treeOf(after) };
  return selectTouched(TWO, { branch, defaultBranch: "main", ...sides }).map(
    ({ key, before: old, after: now, everyAfter }) =>
      `${key}: ${[old, now, everyAfter].map((files) => files.map(({ path }) => path).join(" ") || "-").join(", ")}`,
  );
}

describe("what a change touches", () => {
  const ROWS: readonly {
    readonly when: string;
    readonly is: ReturnType<typeof touched>;
    readonly expected: readonly string[];
  }[] = [
    {
      when: "a manifest changes",
      is: touched({ "apps/staging/a.yaml": "a" }, { "apps/staging/a.yaml": "b" }),
      expected: ["checkout/staging: apps/staging/a.yaml, apps/staging/a.yaml, apps/staging/a.yaml"],
    },
    {
      when: "a file goes",
      is: touched({ "apps/staging/a.yaml": "a" }, {}),
      expected: ["checkout/staging: apps/staging/a.yaml, -, -"],
    },
    {
      when: "a file comes that says no version",
      is: touched({}, { "apps/staging/app.env": "a" }),
      expected: ["checkout/staging: -, -, apps/staging/app.env"],
    },
    {
      when: "a file of a field changes",
      is: touched({}, { "live.env": "a" }),
      expected: ["checkout/live: -, live.env, live.env"],
    },
    { when: "an excluded file changes", is: touched({}, { "apps/staging/jobs/a.yaml": "a" }), expected: [] },
    { when: "something else changes", is: touched({}, { "README.md": "a" }), expected: [] },
    {
      when: "it goes to another branch",
      is: touched({}, { "apps/staging/a.yaml": "a" }, "lab"),
      expected: ["checkout/lab: -, apps/staging/a.yaml, apps/staging/a.yaml"],
    },
  ];
  for (const { when, is, expected } of ROWS) test(`when ${when}`, () => assert.deepEqual(is, expected));
});
