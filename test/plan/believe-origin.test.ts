// Which words of an image about its own origin count.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageOrigin } from "../../src/domain/image-origin.ts";
import { believeOrigin } from "../../src/plan/believe-origin.ts";

const COMMIT = "4f1c2ab0".repeat(5);
const HERE = "https://github.com/acme/checkout";

describe("an image is believed", () => {
  const rows: readonly { readonly says: string; readonly origin: ImageOrigin }[] = [
    { says: "the address of the pipeline's source", origin: { revision: COMMIT, source: HERE } },
    { says: "it with `.git`", origin: { revision: COMMIT, source: `${HERE}.git` } },
    { says: "it with a slash behind", origin: { revision: COMMIT, source: `${HERE}/` } },
    { says: "a folder in it", origin: { revision: COMMIT, source: `${HERE}/tree/main/services/checkout` } },
    { says: "it in other capitals", origin: { revision: COMMIT, source: "https://GitHub.com/Acme/Checkout" } },
    { says: "it as Git writes it", origin: { revision: COMMIT, source: "git@github.com:acme/checkout.git" } },
    { says: "it by ssh", origin: { revision: COMMIT, source: "ssh://git@github.example:2222/acme/checkout" } },
    { says: "the commit in capitals", origin: { revision: COMMIT.toUpperCase(), source: HERE } },
    { says: "branch and commit, as Flux does", origin: { revision: `main@sha1:${COMMIT}`, source: HERE } },
    { says: "the commit with a line behind it", origin: { revision: `${COMMIT}\n`, source: HERE } },
  ];
  for (const { says, origin } of rows) {
    test(`that says ${says}`, () => {
      assert.deepEqual(believeOrigin(origin, "acme/checkout"), { kind: "known", value: COMMIT });
    });
  }
});

describe("an image is not believed", () => {
  const rows: readonly { readonly says: string; readonly origin: ImageOrigin; readonly why: RegExp }[] = [
    { says: "nothing", origin: {}, why: /no label `org\.opencontainers\.image\.revision`$/ },
    { says: "no repository", origin: { revision: COMMIT }, why: /no label `org\.opencontainers\.image\.source`$/ },
    {
      says: "the repository of the image that it is built upon",
      origin: { revision: COMMIT, source: "https://github.com/docker-library/python" },
      why: /docker-library\/python`, which is not `acme\/checkout`; that may be what the image below says$/,
    },
    {
      says: "a repository whose name begins with ours",
      origin: { revision: COMMIT, source: `${HERE}-fork` },
      why: /is not `acme\/checkout`/,
    },
    {
      says: "a repository whose path holds ours",
      origin: { revision: COMMIT, source: "https://evil.example/x/acme/checkout" },
      why: /is not `acme\/checkout`/,
    },
    {
      says: "T14: a script",
      origin: { revision: COMMIT, source: "javascript:alert(1)//acme/checkout" },
      why: /is not `acme\/checkout`/,
    },
    {
      says: "T14: a line of its own",
      origin: { revision: COMMIT, source: `evil\n${HERE}` },
      why: /is not `acme\/checkout`/,
    },
    { says: "a short commit", origin: { revision: COMMIT.slice(0, 12), source: HERE }, why: /no whole commit id$/ },
    { says: "a branch", origin: { revision: "main", source: HERE }, why: /`main`, which is no whole commit id$/ },
    { says: "T14: Markdown", origin: { revision: "](x) `@maria`", source: HERE }, why: /'@maria'`, which is no/ },
    {
      says: "a commit that goes on and on",
      origin: { revision: `${COMMIT}${"0".repeat(10_000)}`, source: HERE },
      why: /…`, which is no whole commit id$/,
    },
  ];
  for (const { says, origin, why } of rows) {
    test(`that says ${says}`, () => {
      const believed = believeOrigin(origin, "acme/checkout");
      assert.match(believed.kind === "unknown" ? believed.why : "", why);
      assert.ok(believed.kind === "unknown" && believed.why.length < 300);
    });
  }

  test("hostile lengths cost no time", () => {
    const source = `https://${"a.".repeat(50_000)}`;
    const began = performance.now();
    believeOrigin({ revision: COMMIT, source }, "acme/checkout");
    believeOrigin({ revision: "a".repeat(100_000), source: HERE }, "acme/checkout");
    assert.ok(performance.now() - began < 500);
  });
});
