// What counts as a difference between a document in Git and an object that runs.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareDeclared } from "../../../src/live/drift/compare-declared.ts";
import { sameScalar } from "../../../src/live/drift/compare-scalars.ts";
import { readDeclaredDocument } from "../../../src/live/drift/declared-document.ts";
import { resolveField } from "../../../src/live/drift/resolve-field.ts";
import { showField } from "../../../src/live/drift/show-field.ts";

type Fields = Readonly<Record<string, unknown>>;

const paths = (declared: Fields, live: Fields, normal?: Fields) =>
  compareDeclared({ declared, live, normal }).mismatches.map(({ path }) => path);
const containers = (...list: readonly Fields[]) => ({ spec: { containers: list } });
const web = (more: Fields = {}) => ({ name: "web", image: "web:1", ...more });

describe("a difference", () => {
  const NONE: readonly (readonly [string, Fields, Fields])[] = [
    ["nothing is declared", {}, { spec: { replicas: 3 } }],
    ["the server has filled in defaults", containers(web()), containers(web({ imagePullPolicy: "Always" }))],
    ["it is the status", { status: { ready: 1 } }, { status: { ready: 2 } }],
    [
      "it is what the server keeps",
      { metadata: { uid: "a", generation: 1 } },
      { metadata: { uid: "b", generation: 2 } },
    ],
    ["items with names have another order", containers(web(), { name: "a" }), containers({ name: "a" }, web())],
    ["an item was added", containers(web()), containers({ name: "sidecar" }, web())],
    [
      "empty values are left out",
      { spec: { a: "", b: 0, c: false, d: {}, e: [], f: null, g: { h: {} } } },
      { spec: {} },
    ],
    [
      "a quantity is written in another form",
      containers(web({ resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { cpu: 1 } } })),
      containers(web({ resources: { limits: { cpu: "0.5", memory: "1024Mi" }, requests: { cpu: "1" } } })),
    ],
    ["a value is filled in on the way", { data: { host: "$" + "{HOST}" } }, { data: { host: "example.com" } }],
    [
      "two ports have the same number",
      { spec: { ports: [{ port: 53, protocol: "UDP" }, { port: 53 }] } },
      {
        spec: {
          ports: [
            { port: 53, protocol: "TCP" },
            { port: 53, protocol: "UDP" },
          ],
        },
      },
    ],
  ];
  for (const [when, declared, live] of NONE) {
    test(`is none when ${when}`, () => assert.deepEqual(paths(declared, live), []));
  }

  const SOME: readonly (readonly [string, Fields, Fields, readonly string[]])[] = [
    ["a value differs", { spec: { replicas: 2 } }, { spec: { replicas: 5 } }, ["/spec/replicas"]],
    ["a value is gone", { spec: { paused: true } }, { spec: {} }, ["/spec/paused"]],
    ["its type differs", { spec: { port: 80 } }, { spec: { port: "80" } }, ["/spec/port"]],
    ["a map became a text", { spec: { a: { b: 1 } } }, { spec: { a: "b" } }, ["/spec/a"]],
    [
      "an item of a list differs, wherever it stands",
      containers(web()),
      containers({ name: "a" }, web({ image: "web:2" })),
      ["/spec/containers/1/image"],
    ],
    ["an item is gone", containers(web(), { name: "b" }), containers(web()), ["/spec/containers/2"]],
    ["a list without names differs", { spec: { args: ["a", "b"] } }, { spec: { args: ["b", "a"] } }, ["/spec/args"]],
    [
      "labels and annotations differ",
      { metadata: { labels: { app: "web" }, annotations: { "a/b": "1" } } },
      { metadata: { labels: { app: "api" } } },
      ["/metadata/labels/app", "/metadata/annotations"],
    ],
    [
      "an annotation with a slash differs",
      { metadata: { annotations: { "a/b": "1" } } },
      { metadata: { annotations: { "a/b": "2" } } },
      ["/metadata/annotations/a~1b"],
    ],
    ["a label only looks like a quantity", { data: { size: "1" } }, { data: { size: "1000m" } }, ["/data/size"]],
  ];
  for (const [when, declared, live, expected] of SOME) {
    test(`is one when ${when}`, () => assert.deepEqual(paths(declared, live), expected));
  }

  test("is looked for in the server's own form where it has said how it would write the fields", () => {
    const declared = { spec: { time: "60m", unknown: 1, replicas: 2 } };
    const normal = { spec: { time: "1h0m0s", replicas: 2 } };
    assert.deepEqual(paths(declared, { spec: { time: "1h0m0s", replicas: 5 } }, normal), ["/spec/replicas"]);
  });

  test("T17: is looked for with an end: deep and wide objects", () => {
    let [declared, live]: [Fields, Fields] = [{ end: 1 }, { end: 2 }];
    for (let depth = 0; depth < 5_000; depth += 1) [declared, live] = [{ a: declared }, { a: live }];
    assert.deepEqual(paths(declared, live), []);
    const wide = (value: number) => ({
      data: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, value])),
    });
    assert.equal(paths(wide(1), wide(2)).length, 200);
  });
});

describe("quantities", () => {
  const at = "/spec/containers/0/resources/limits/cpu";
  const SAME: readonly (readonly [unknown, unknown])[] = [
    ["500m", "0.5"],
    [1, "1"],
    ["1", "1000m"],
    ["1Gi", "1024Mi"],
    ["1G", "1000M"],
    ["1e3", "1k"],
    ["0.1", "100m"],
    [".5", "500m"],
  ];
  for (const [one, other] of SAME) test(`${one} is ${other}`, () => assert.ok(sameScalar(one, other, at)));
  const DIFFERENT: readonly (readonly [unknown, unknown])[] = [
    ["500m", "5"],
    ["1Gi", "1G"],
    ["1x", "1"],
    ["", "0"],
    ["1", true],
  ];
  for (const [one, other] of DIFFERENT) test(`${one} is not ${other}`, () => assert.ok(!sameScalar(one, other, at)));
});

describe("a document of Git", () => {
  test("is compared without its status and without marks of reconcilers", () => {
    const document = readDeclaredDocument({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "a",
        uid: "x",
        annotations: { "configsync.gke.io/resource-id": "x", "argocd.argoproj.io/tracking-id": "x", mine: "1" },
        labels: { "kustomize.toolkit.fluxcd.io/name": "x", app: "a" },
      },
      status: {},
    });
    assert.deepEqual(document, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", labels: { app: "a" }, annotations: { mine: "1" } },
    });
  });

  test("has the data of a Secret as a server writes it", () => {
    const document = readDeclaredDocument({ kind: "Secret", data: { a: "eA==" }, stringData: { b: "y" } });
    assert.deepEqual(document?.data, { a: "eA==", b: "eQ==" });
  });

  const NOT: readonly (readonly [string, unknown])[] = [
    ["is encrypted", { kind: "Secret", data: { a: "ENC[x]" }, sops: { mac: "x" } }],
    ["is no map", ["a"]],
    ["is not there", undefined],
  ];
  for (const [what, given] of NOT)
    test(`is not compared where it ${what}`, () => assert.equal(readDeclaredDocument(given), undefined));
});

describe("a field in a server's words", () => {
  const object = {
    metadata: { annotations: { "a.b/c": "1", a: "2" }, finalizers: ["x", "y"] },
    spec: { containers: [{ name: "a" }, { name: 'we"]b', ports: [{ containerPort: 80 }] }] },
  };
  const ROWS: readonly (readonly [string, string | undefined])[] = [
    ['.spec.containers[name="a"].name', "/spec/containers/0/name"],
    [
      '.spec.containers[name="we\\"]b"].ports[containerPort=80,protocol="TCP"].containerPort',
      "/spec/containers/1/ports/0/containerPort",
    ],
    [".metadata.annotations.a.b/c", "/metadata/annotations/a.b~1c"],
    [".metadata.annotations.a", "/metadata/annotations/a"],
    ['.metadata.finalizers[="y"]', "/metadata/finalizers/1"],
    [".metadata.finalizers[0]", "/metadata/finalizers/0"],
    ['.spec.containers[name="gone"].image', undefined],
    [".spec.replicas", undefined],
    ['.spec.containers[name="a"', undefined],
    [".metadata.finalizers[9]", undefined],
    ["]]]", undefined],
  ];
  for (const [field, pointer] of ROWS) {
    test(`${field} is ${pointer ?? "not there"}`, () => assert.equal(resolveField(field, object), pointer));
  }
});

describe("T24: what is shown of a value", () => {
  const env = (name: string, value: unknown) => ({ spec: { env: [{ name, value }] } });
  const shown = (name: string, value: unknown) =>
    showField({ kind: "Deployment", path: "/spec/env/0/value", value, within: [env(name, value)] });
  const ROWS: readonly (readonly [string, ReturnType<typeof showField>, "shown" | "hidden" | "nothing"])[] = [
    ["a plain variable", shown("LOG_LEVEL", "debug"), "shown"],
    ["a variable whose name looks secret", shown("DB_PASSWORD", "debug"), "hidden"],
    ["a variable whose value looks secret", shown("URL", "https://u:p4ss@example.com/"), "hidden"],
    [
      "a variable without a name",
      showField({ kind: "Pod", path: "/spec/env/0/value", value: "x", within: [{}] }),
      "hidden",
    ],
    [
      "a variable taken from elsewhere",
      showField({ kind: "Pod", path: "/spec/env/0", value: { name: "A", valueFrom: {} }, within: [] }),
      "hidden",
    ],
    ["a value of a Secret", showField({ kind: "Secret", path: "/data/a", value: "eA==", within: [] }), "hidden"],
    ["replicas", showField({ kind: "Deployment", path: "/spec/replicas", value: 3, within: [] }), "shown"],
    [
      "what is not there",
      showField({ kind: "Deployment", path: "/spec/replicas", value: undefined, within: [] }),
      "nothing",
    ],
  ];
  for (const [what, value, kind] of ROWS) test(`${what}: ${kind}`, () => assert.equal(value?.kind ?? "nothing", kind));
});
