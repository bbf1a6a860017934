// What a change takes out of environments, told from files alone: which of them count, and what is gone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nameObject } from "../../src/domain/object-reference.ts";
import { type Seen, unknown } from "../../src/domain/seen.ts";
import { blobId } from "../../src/manifests/blob-id.ts";
import { type RemovalReading, removalsBetween } from "../../src/manifests/find-removals.ts";
import { configuration, environment, pipeline } from "../plan/build.ts";
import { type Files, textsOf, treeOf } from "./tree.ts";

const object = (kind: string, name: string, { at = "v1", more = "" } = {}) =>
  `apiVersion: ${at}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;
const web = object("Deployment", "web", { at: "apps/v1" });
const service = object("Service", "web");
const volume = object("PersistentVolumeClaim", "data");
const list = (...resources: readonly string[]) => `resources:\n${resources.map((each) => `- ${each}\n`).join("")}`;

const LIVE = "apps/checkout/live";
const under = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

const PIPELINES = configuration({
  pipelines: [
    pipeline({ environments: [environment("staging"), environment("live"), environment("lab", { branch: "lab" })] }),
  ],
});

interface Asked {
  readonly branch?: string;
  readonly texts?: ReadonlyMap<string, Seen<string>>;
  readonly modes?: Readonly<Record<string, string>>;
}

function read(before: Files, after: Files, { branch = "main", texts, modes = {} }: Asked = {}): RemovalReading {
  return removalsBetween({
    configuration: PIPELINES,
    branch,
    defaultBranch: "main",
    before: treeOf(before),
    after: treeOf(after, modes),
    texts: texts ?? textsOf(before, after),
  });
}

/** In words: `checkout/live: Service web (emptied)`. */
function told(reading: RemovalReading): readonly string[] {
  if (reading.kind === "unknown") return [`unknown: ${reading.why}`];
  if (reading.kind === "wanted") return [`wanted: ${reading.oids.length}`];
  return reading.value.flatMap(({ key, objects, emptied, notes }) => [
    ...objects.map((each) => `${key}: ${nameObject(each)}${emptied ? " (emptied)" : ""}`),
    ...notes.map((note) => `${key}: ${note}`),
  ]);
}

interface Row {
  readonly when: string;
  readonly before: Files;
  readonly after: Files;
  readonly told: readonly string[];
}

const both = { "web.yaml": web, "service.yaml": service };
const SERVICE = ["checkout/live: Service web"];

const PLAIN: readonly Row[] = [
  { when: "a file is deleted", before: both, after: { "web.yaml": web }, told: SERVICE },
  {
    when: "a document is deleted",
    before: { "all.yaml": `${web}---\n${service}` },
    after: { "all.yaml": web },
    told: SERVICE,
  },
  { when: "an object moves to another file", before: both, after: { "all.yaml": `${web}---\n${service}` }, told: [] },
  {
    when: "an object moves to a folder below",
    before: both,
    after: { "web.yaml": web, "more/service.yaml": service },
    told: [],
  },
  {
    when: "an object changes",
    before: both,
    after: { ...both, "web.yaml": `${web}spec: { replicas: 2 }\n` },
    told: [],
  },
  {
    when: "its API version changes",
    before: { ...both, "web.yaml": web.replace("apps/v1", "apps/v1beta2") },
    after: both,
    told: [],
  },
  {
    when: "it is renamed",
    before: both,
    after: { ...both, "service.yaml": object("Service", "shop") },
    told: SERVICE,
  },
  {
    when: "its namespace changes",
    before: { ...both, "service.yaml": `${service}  namespace: a\n` },
    after: { ...both, "service.yaml": `${service}  namespace: b\n` },
    told: ["checkout/live: Service a/web"],
  },
  { when: "it stood twice and stands once", before: { ...both, "again.yaml": service }, after: both, told: [] },
  {
    when: "everything goes",
    before: both,
    after: {},
    told: ["checkout/live: Deployment web (emptied)", "checkout/live: Service web (emptied)"],
  },
  {
    when: "everything goes but values",
    before: both,
    after: { "values.yaml": "a: 1\n" },
    told: ["checkout/live: Deployment web (emptied)", "checkout/live: Service web (emptied)"],
  },
  { when: "there were only values", before: { "values.yaml": "a: 1\n" }, after: {}, told: [] },
  { when: "a text is deleted that is no manifest", before: { ...both, "README.md": "x" }, after: both, told: [] },
  {
    when: "a file is made into a template",
    before: both,
    after: { "web.yaml": web, "service.yaml": `${service}{{ .Values.more }}\n` },
    told: [
      ...SERVICE,
      "checkout/live: `apps/checkout/live/service.yaml` holds templates, so nobody can say which objects it makes",
    ],
  },
  {
    when: "everything becomes a template, which may well hold the same objects",
    before: { "web.yaml": web },
    after: { "templates/web.yaml": `${web}{{ .Values.more }}\n` },
    told: [
      "checkout/live: Deployment web",
      "checkout/live: `apps/checkout/live/templates/web.yaml` holds templates, so nobody can say which objects it makes",
    ],
  },
  {
    when: "a broken file is mended",
    before: { ...both, "service.yaml": "a: [\n" },
    after: both,
    told: ["checkout/live: before this change `apps/checkout/live/service.yaml:2:1`: The file is not valid YAML"],
  },
  {
    when: "a file is broken",
    before: both,
    after: { ...both, "service.yaml": `${service}a: [\n` },
    told: ["unknown: `apps/checkout/live/service.yaml:6:1`: The file is not valid YAML"],
  },
  {
    when: "a broken file is left as it is",
    before: { ...both, "x.yaml": "a: [\n" },
    after: { "web.yaml": web, "x.yaml": "a: [\n" },
    told: SERVICE,
  },
];

const BASE = { "kustomization.yaml": list("web.yaml", "service.yaml"), ...both };
const KUSTOMIZED: readonly Row[] = [
  {
    when: "a file is taken off `resources` and stays",
    before: BASE,
    after: { ...BASE, "kustomization.yaml": list("web.yaml") },
    told: SERVICE,
  },
  { when: "a file goes that nobody references", before: { ...BASE, "old.yaml": volume }, after: BASE, told: [] },
  {
    when: "a file below goes that nobody references",
    before: { ...BASE, "old/x.yaml": volume },
    after: BASE,
    told: [],
  },
  {
    when: "a kustomization is added that lists less than there is",
    before: both,
    after: { ...both, "kustomization.yaml": list("web.yaml") },
    told: SERVICE,
  },
  {
    when: "a folder is listed instead of its files",
    before: BASE,
    after: { "kustomization.yaml": list("sub"), ...under("sub", BASE) },
    told: [],
  },
  {
    when: "a folder is taken off, though it has a kustomization of its own",
    before: {
      "kustomization.yaml": list("web.yaml", "sub"),
      "web.yaml": web,
      ...under("sub", { "kustomization.yaml": list("service.yaml"), ...both }),
    },
    after: {
      "kustomization.yaml": list("web.yaml"),
      "web.yaml": web,
      ...under("sub", { "kustomization.yaml": list("service.yaml"), ...both }),
    },
    told: SERVICE,
  },
  {
    when: "the namespace of all changes",
    before: { ...BASE, "kustomization.yaml": `${BASE["kustomization.yaml"]}namespace: a\n` },
    after: { ...BASE, "kustomization.yaml": `${BASE["kustomization.yaml"]}namespace: b\n` },
    told: ["checkout/live: Deployment a/web", "checkout/live: Service a/web"],
  },
  {
    when: "a namespace of the kustomization replaces the same one in the files",
    before: { "web.yaml": `${web}  namespace: a\n`, "ns.yaml": object("Namespace", "a") },
    after: {
      "web.yaml": web,
      "ns.yaml": object("Namespace", "a"),
      "kustomization.yaml": `${list("web.yaml", "ns.yaml")}namespace: a\n`,
    },
    told: [],
  },
  {
    when: "a prefix is added",
    before: BASE,
    after: { ...BASE, "kustomization.yaml": `${BASE["kustomization.yaml"]}namePrefix: eu-\n` },
    told: ["checkout/live: Deployment web", "checkout/live: Service web"],
  },
  {
    when: "a patch deletes an object",
    before: BASE,
    after: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}patches:\n- patch: |\n    $patch: delete\n    apiVersion: v1\n    kind: Service\n    metadata: { name: web }\n`,
    },
    told: SERVICE,
  },
  {
    when: "a patch in a file of its own deletes an object",
    before: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}patches: [{ path: patch.yaml }]\n`,
      "patch.yaml": web,
    },
    after: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}patches: [{ path: patch.yaml }]\n`,
      "patch.yaml": `$patch: delete\n${service}`,
    },
    told: SERVICE,
  },
  {
    when: "a patch deletes an object in other letters",
    before: { ...BASE, "patch.yaml": web },
    after: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}patches: [{ path: patch.yaml }]\n`,
      "patch.yaml": `"\\x24patch": delete\n${service}`,
    },
    told: SERVICE,
  },
  {
    when: "a transformer deletes an object",
    before: BASE,
    after: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}transformers: [less.yaml]\n`,
      "less.yaml": `apiVersion: builtin\nkind: PatchTransformer\nmetadata: { name: less }\ntarget: { kind: Service }\npatch: "$patch: delete"\n`,
    },
    told: [
      "unknown: `apps/checkout/live/less.yaml:1:1`: A transformer deletes objects, so nobody can say which. Delete each object by a patch of its own",
    ],
  },
  {
    when: "a patch deletes by a pattern",
    before: BASE,
    after: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}patches: [{ target: { kind: Service, name: "w.*" }, patch: "$patch: delete" }]\n`,
    },
    told: [
      "unknown: `apps/checkout/live/kustomization.yaml:1:1`: A patch deletes objects by a pattern or a label, so nobody can say which. Name each object in a patch of its own",
    ],
  },
  {
    when: "a component that deletes is added",
    before: BASE,
    after: {
      ...BASE,
      "kustomization.yaml": `${BASE["kustomization.yaml"]}components: [less]\n`,
      "less/kustomization.yaml": `kind: Component\npatches:\n- { target: { kind: Service, name: web }, patch: "$patch: delete" }\n`,
    },
    told: SERVICE,
  },
  {
    when: "a generated config map, a remote base and a chart go",
    before: {
      ...BASE,
      "kustomization.yaml": `${list("web.yaml", "service.yaml", "https://github.com/acme/base//web?ref=v1", "github.com/acme/other?ref=v1")}configMapGenerator: [{ name: settings, literals: [a=b] }]\nhelmCharts: [{ name: redis }]\n`,
    },
    after: {
      ...BASE,
      "kustomization.yaml": list("web.yaml", "service.yaml", "https://github.com/acme/base//web?ref=v2"),
    },
    told: [
      "checkout/live: ConfigMap settings",
      "checkout/live: HelmChart redis",
      "checkout/live: RemoteBase github.com/acme/other",
    ],
  },
  {
    when: "a listed file is deleted and still listed",
    before: BASE,
    after: { "kustomization.yaml": BASE["kustomization.yaml"], "web.yaml": web },
    told: [
      "unknown: `apps/checkout/live/kustomization.yaml:1:1`: It names `service.yaml`, which the repository does not have",
    ],
  },
  {
    when: "T18: a kustomization leads out of the repository",
    before: BASE,
    after: { ...BASE, "kustomization.yaml": list("web.yaml", "service.yaml", "../../../../etc/passwd") },
    told: [
      "unknown: `apps/checkout/live/kustomization.yaml:1:1`: `../../../../etc/passwd` leads out of the repository and is not followed",
    ],
  },
  {
    when: "kustomizations name each other in a circle",
    before: BASE,
    after: {
      ...BASE,
      "kustomization.yaml": list("web.yaml", "service.yaml", "a"),
      "a/kustomization.yaml": list("../b", ".."),
      "b/kustomization.yaml": list("../a"),
    },
    told: [],
  },
];

describe("what is removed, when", () => {
  for (const { when, before, after, told: expected } of [...PLAIN, ...KUSTOMIZED]) {
    test(when, () => {
      const sides = [under(LIVE, before), under(LIVE, after)] as const;
      const actual = told(read(...sides));
      // The parser's own words end the sentence.
      const short = actual.map((line) => line.replace(/(not valid YAML).*/, "$1"));
      assert.deepEqual(short, expected);
    });
  }

  test("a base changes that stands outside of the environments' paths: all who build on it", () => {
    const overlay = list("../base");
    const around = {
      "apps/checkout/staging/kustomization.yaml": overlay,
      "apps/checkout/live/kustomization.yaml": overlay,
    };
    const before = { ...around, ...under("apps/checkout/base", BASE) };
    const after = { ...around, ...under("apps/checkout/base", { ...BASE, "kustomization.yaml": list("web.yaml") }) };
    assert.deepEqual(told(read(before, after)), ["checkout/staging: Service web", "checkout/live: Service web"]);
  });

  test("an overlay no longer names its base, which stands beside it in the same paths", () => {
    const before = under(LIVE, { ...under("base", BASE), "overlay/kustomization.yaml": list("../base") });
    const after = under(LIVE, { ...under("base", BASE), "overlay/kustomization.yaml": "resources: []\n" });
    assert.deepEqual(told(read(before, after)), [
      "checkout/live: Deployment web (emptied)",
      "checkout/live: Service web (emptied)",
    ]);
  });
});

describe("a reading", () => {
  const before = under(LIVE, { ...both, "volume.yaml": volume });
  const after = under(LIVE, { "web.yaml": web });

  test("is about the environments of the branch that the change goes to", () => {
    assert.deepEqual(told(read(before, after, { branch: "lab" })), []);
    const lab = under("apps/checkout/lab", both);
    assert.deepEqual(told(read(lab, {}, { branch: "lab" })).length, 2);
    assert.deepEqual(told(read(lab, {})), []);
  });

  test("says what protects an object and what holds data, data first", () => {
    const kept = `${service}  annotations:\n    argocd.argoproj.io/sync-options: "Prune=false, Delete=confirm, Validate=false"\n    kustomize.toolkit.fluxcd.io/prune: disabled\n    client.lifecycle.config.k8s.io/deletion: detach\n    helm.sh/resource-policy: keep\n    other: x\n`;
    const reading = read({ ...before, [`${LIVE}/service.yaml`]: kept }, after);
    assert.ok(reading.kind === "known");
    assert.deepEqual(
      reading.value[0]?.objects.map(({ kind, path, holdsData, protection }) => ({ kind, path, holdsData, protection })),
      [
        { kind: "PersistentVolumeClaim", path: `${LIVE}/volume.yaml`, holdsData: true, protection: [] },
        {
          kind: "Service",
          path: `${LIVE}/service.yaml`,
          holdsData: false,
          protection: [
            "argocd.argoproj.io/sync-options: Prune=false",
            "argocd.argoproj.io/sync-options: Delete=confirm",
            "kustomize.toolkit.fluxcd.io/prune: disabled",
            "client.lifecycle.config.k8s.io/deletion: detach",
            "helm.sh/resource-policy: keep",
          ],
        },
      ],
    );
  });

  test("holds for data: claims, volumes, stateful sets, namespaces and definitions of kinds", () => {
    const kinds = [
      ["PersistentVolume", "v1"],
      ["StatefulSet", "apps/v1"],
      ["Namespace", "v1"],
      ["CustomResourceDefinition", "apiextensions.k8s.io/v1"],
      ["StatefulSet", "example.com/v1"],
      ["Secret", "v1"],
    ] as const;
    const files = Object.fromEntries(
      kinds.map(([kind, at], index) => [`${index}.yaml`, object(kind, `x${index}`, { at })]),
    );
    const reading = read(under(LIVE, { ...files, "web.yaml": web }), after);
    assert.ok(reading.kind === "known");
    const data = reading.value[0]?.objects.filter(({ holdsData }) => holdsData).map(({ kind }) => kind);
    assert.deepEqual(data, ["CustomResourceDefinition", "Namespace", "PersistentVolume", "StatefulSet"]);
  });

  test("asks only for what it needs: nothing where nothing changed, first the changed files, all of them when one is gone", () => {
    const none = new Map<string, Seen<string>>();
    assert.deepEqual(told(read(before, before, { texts: none })), []);
    const changedOnly = { ...before, [`${LIVE}/web.yaml`]: `${web}spec: {}\n` };
    assert.deepEqual(told(read(before, changedOnly, { texts: none })), ["wanted: 2"]);
    assert.deepEqual(told(read(before, after, { texts: none })), ["wanted: 2"]);
    const first = textsOf({ a: service, b: volume });
    assert.deepEqual(told(read(before, after, { texts: first })), ["wanted: 1"]);
    assert.deepEqual(told(read({ ...before, "docs/a.md": "a" }, { ...before, "docs/a.md": "b" }, { texts: none })), []);
  });

  test("is unknown when a text could not be read, on either side", () => {
    const texts = new Map(textsOf(before, after));
    texts.set(blobId(service), unknown("GitHub answered 502"));
    assert.deepEqual(told(read(before, after, { texts })), [
      `unknown: ${LIVE}/service.yaml could not be read: GitHub answered 502`,
    ]);
  });

  test("T18: is unknown when a listed file becomes a link", () => {
    const side = under(LIVE, BASE);
    const modes = { [`${LIVE}/service.yaml`]: "120000" };
    assert.match(told(read(side, side, { modes })).join(), /`service.yaml` is a link and is not followed/);
  });

  test("T17: stays short when kustomizations multiply, and says so", () => {
    const folders = Array.from({ length: 28 }, (_, index) => [
      `f${index}/kustomization.yaml`,
      list(`../f${index + 1}`, `../f${index + 1}`),
    ]);
    const files = {
      ...Object.fromEntries(folders),
      "f28/kustomization.yaml": list("web.yaml"),
      "f28/web.yaml": web,
      "kustomization.yaml": list("f0"),
    };
    const started = performance.now();
    const reading = read(under(LIVE, { "web.yaml": web }), under(LIVE, files));
    assert.match(told(reading).join(), /^unknown: Kustomizations name too many files/);
    assert.ok(performance.now() - started < 5_000);
  });

  test("T17: one file that is listed thousands of times is looked into once", () => {
    const large = Array.from({ length: 300 }, (_, index) => object("ConfigMap", `c${index}`)).join("---\n");
    const files = { "kustomization.yaml": list(...Array<string>(15_000).fill("large.yaml")), "large.yaml": large };
    const reading = read(under(LIVE, { "web.yaml": web }), under(LIVE, files));
    assert.match(told(reading).join(), /^unknown: There are more than 20000 objects/);
  });
});
