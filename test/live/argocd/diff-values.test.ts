import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { diffValues } from "../../../src/live/argocd/diff-values.ts";
import { findAuthors } from "../../../src/live/argocd/find-author.ts";

describe("the fields in which two values differ", () => {
  const rows: readonly {
    readonly name: string;
    readonly live: unknown;
    readonly desired: unknown;
    readonly paths: readonly string[];
  }[] = [
    { name: "none", live: { a: [1, { b: null }] }, desired: { a: [1, { b: null }] }, paths: [] },
    { name: "a value", live: { spec: { replicas: 3 } }, desired: { spec: { replicas: 2 } }, paths: ["/spec/replicas"] },
    { name: "a field that is gone", live: {}, desired: { paused: true }, paths: ["/paused"] },
    { name: "a field that was added", live: { paused: true }, desired: {}, paths: ["/paused"] },
    { name: "a key with a slash and a tilde", live: { "a/b~c": 1 }, desired: {}, paths: ["/a~1b~0c"] },
    { name: "another type", live: { a: {} }, desired: { a: [] }, paths: ["/a"] },
    { name: "null is not nothing", live: { a: null }, desired: { a: 0 }, paths: ["/a"] },
    { name: "a list of plain values by place", live: ["x", "y"], desired: ["x", "z"], paths: ["/1"] },
    {
      name: "a list of another length as a whole",
      live: { args: ["x"] },
      desired: { args: ["x", "y"] },
      paths: ["/args"],
    },
    {
      name: "named items by name, whatever their order",
      live: [{ name: "b", v: 1 }, { name: "a", v: 1 }, { name: "extra" }],
      desired: [{ name: "a", v: 2 }, { name: "b", v: 1 }, { name: "missing" }],
      paths: ["/1/v", "/2", "/5"],
    },
    {
      name: "items of which two have one name by place",
      live: [
        { name: "a", v: 1 },
        { name: "a", v: 2 },
      ],
      desired: [
        { name: "a", v: 1 },
        { name: "a", v: 3 },
      ],
      paths: ["/1/v"],
    },
    {
      name: "inherited names are none",
      live: {},
      desired: { constructor: 1, toString: 2 },
      paths: ["/constructor", "/toString"],
    },
  ];
  for (const { name, live, desired, paths } of rows) {
    test(name, () => {
      assert.deepEqual(
        diffValues({ live, desired }, { declaredOnly: false }).map(({ path }) => path),
        paths,
      );
    });
  }

  test("where only what Git declares counts, defaults of the server are no difference", () => {
    const found = diffValues({ live: { a: 1, uid: "x", b: 2 }, desired: { a: 1, b: 3 } }, { declaredOnly: true });
    assert.deepEqual(found, [{ path: "/b", live: 2, desired: 3 }]);
  });

  test("T17: deep and wide values end", () => {
    const nest = (inner: unknown) => {
      let deep = inner;
      for (let depth = 0; depth < 20_000; depth++) deep = [deep];
      return deep;
    };
    assert.deepEqual(diffValues({ live: nest(1), desired: nest(2) }, { declaredOnly: false }), []);
    const wide = (value: number) => Array.from({ length: 100_000 }, (_, index) => ({ name: `n${index}`, value }));
    assert.equal(diffValues({ live: wide(1), desired: wide(2) }, { declaredOnly: false }).length, 200);
  });
});

describe("who wrote a field", () => {
  const entry = (manager: string, time: string | undefined, more: object = {}) => ({
    manager,
    operation: "Update",
    ...(time !== undefined && { time }),
    fieldsV1: { "f:spec": { "f:replicas": {} } },
    ...more,
  });
  const author = (...managedFields: readonly unknown[]) =>
    findAuthors({ metadata: { managedFields }, spec: { replicas: 3 } }, [
      { path: "/spec/replicas", live: { kind: "shown", text: "3" } },
    ])[0]?.manager;

  test("is the last of several", () => {
    const [old, young] = [entry("helm", "2027-03-01T08:00:00Z"), entry("kubectl-edit", "2027-03-01T09:00:00Z")];
    assert.deepEqual([author(old, young), author(young, old)], ["kubectl-edit", "kubectl-edit"]);
  });

  test("is the one without a time, as kubectl scale leaves none", () => {
    assert.equal(
      author(entry("helm", "2027-03-01T08:00:00Z"), entry("kubectl", undefined, { subresource: "scale" })),
      "kubectl",
    );
  });

  test("is never who wrote the status", () => {
    assert.equal(
      author(entry("kube-controller-manager", "2027-03-01T08:00:00Z", { subresource: "status" })),
      undefined,
    );
  });

  test("is nobody where nothing is known", () => {
    assert.equal(author(null, 7, { manager: [] }), undefined);
    assert.equal(findAuthors(undefined, [{ path: "/a" }])[0]?.manager, undefined);
  });
});
