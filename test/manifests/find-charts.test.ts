import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartNameOf } from "../../src/domain/chart.ts";
import type { Field } from "../../src/domain/pipeline.ts";
import { findPlaces, joinPlaces } from "../../src/manifests/find-places.ts";

const CHART = "ghcr.io/acme/charts/checkout";
const IMAGE = "ghcr.io/acme/checkout";
const DIGEST = `sha256:${"a1".repeat(32)}`;
const PATH = "apps/checkout/live/release.yaml";

type Files = Readonly<Record<string, string>>;

function find(files: Files | string, { path = PATH, fields = [] as readonly Field[] } = {}) {
  const all = typeof files === "string" ? { [path]: files } : files;
  const found = Object.entries(all).map(([each, text]) =>
    findPlaces({ path: each, text, images: [CHART, IMAGE], fields }),
  );
  return joinPlaces(found, { images: [CHART, IMAGE] });
}

const object = (apiVersion: string, kind: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: checkout, namespace: shop}\nspec:\n${spec.replace(/^/gm, "  ")}\n`;

const HELM_RELEASE = "helm.toolkit.fluxcd.io/v2";
const SOURCE = "source.toolkit.fluxcd.io/v1";
const release = (version: string, { source = "{kind: HelmRepository, name: acme}", chart = "checkout" } = {}): string =>
  object(
    HELM_RELEASE,
    "HelmRelease",
    `chart:\n  spec:\n    chart: ${chart}\n    version: ${version}\n    sourceRef: ${source}`,
  );
const repository = (
  url: string,
  { name = "acme", namespace = "namespace: shop", type = "oci", apiVersion = SOURCE } = {},
): string =>
  `apiVersion: ${apiVersion}\nkind: HelmRepository\nmetadata:\n  name: ${name}\n  ${namespace}\nspec: {type: ${type}, url: "${url}"}\n`;
const REPOSITORY = repository("oci://ghcr.io/acme/charts");
const application = (source: string): string =>
  object("argoproj.io/v1alpha1", "Application", `source:\n${source.replace(/^/gm, "  ")}`);

interface Row {
  readonly name: string;
  readonly files: Files | string;
  readonly path?: string;
  /** Form, pointer and version. */
  readonly found: readonly (readonly [form: string, pointer: string, version: string])[];
}

describe("the version of a chart is found", () => {
  const rows: readonly Row[] = [
    {
      name: "in a HelmRelease beside its HelmRepository",
      files: `${release("1.7.3")}---\n${REPOSITORY}`,
      found: [["flux", "spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "in a HelmRelease whose HelmRepository stands in another file, whatever the order",
      files: { "z/release.yaml": release("1.7.3"), "a/sources.yaml": `kind: X\n---\n${REPOSITORY}` },
      found: [["flux", "spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "in older versions of the same kinds, and with a slash at the end of the address",
      files: `${release("1.7.3").replace("/v2", "/v2beta1")}---\n${repository("oci://ghcr.io/acme/charts/", { apiVersion: "source.toolkit.fluxcd.io/v1beta2" })}`,
      found: [["flux", "spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "in a HelmRelease that names another namespace than its own for the HelmRepository",
      files: {
        "a.yaml": release("1.7.3", { source: "{kind: HelmRepository, name: acme, namespace: flux-system}" }),
        "b.yaml": repository("oci://ghcr.io/acme/charts", { namespace: "namespace: flux-system" }),
        "c.yaml": repository("oci://ghcr.io/other/charts"),
      },
      found: [["flux", "spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "in a HelmRelease whose HelmRepository gets its namespace when it is applied",
      files: { "a.yaml": release("1.7.3"), "b.yaml": repository("oci://ghcr.io/acme/charts", { namespace: "" }) },
      found: [["flux", "spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "with build metadata, as the tag that the registry has",
      files: `${release("1.7.3+build.5")}---\n${REPOSITORY}`,
      found: [["flux", "spec.chart.spec.version", "1.7.3_build.5"]],
    },
    {
      name: "in lists of objects, as kubectl writes them",
      files: `apiVersion: v1\nkind: List\nitems:\n- ${release("1.7.3").trimEnd().replace(/\n/g, "\n  ")}\n- ${REPOSITORY.trimEnd().replace(/\n/g, "\n  ")}\n`,
      found: [["flux", "items.0.spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "in a HelmChart",
      files: `${object(SOURCE, "HelmChart", "chart: checkout\nversion: 1.7.3\nsourceRef: {kind: HelmRepository, name: acme}")}---\n${REPOSITORY}`,
      found: [["flux", "spec.version", "1.7.3"]],
    },
    {
      name: "in JSON",
      files: {
        "a.json": JSON.stringify({
          apiVersion: SOURCE,
          kind: "HelmRepository",
          metadata: { name: "acme", namespace: "shop" },
          spec: { type: "oci", url: "oci://ghcr.io/acme/charts" },
        }),
        "b.yaml": release("1.7.3"),
      },
      found: [["flux", "spec.chart.spec.version", "1.7.3"]],
    },
    {
      name: "in an OCIRepository, by tag",
      files: object(SOURCE, "OCIRepository", `url: oci://${CHART}\nref:\n  tag: 1.7.3_build.5`),
      found: [["flux", "spec.ref", "1.7.3_build.5"]],
    },
    {
      name: "in an OCIRepository, by tag and digest, whatever the range beside them",
      files: object(
        SOURCE,
        "OCIRepository",
        `url: oci://${CHART}/\nref: {semver: ">=1.0", tag: 1.7.3, digest: "${DIGEST}"}`,
      ),
      found: [["flux", "spec.ref", `1.7.3@${DIGEST}`]],
    },
    {
      name: "in an Application, with the registry's address as Argo CD wants it for charts",
      files: application("chart: checkout\nrepoURL: ghcr.io/acme/charts\ntargetRevision: 1.7.3"),
      found: [["argocd", "spec.source.targetRevision", "1.7.3"]],
    },
    {
      name: "in an Application, by an address with a scheme, as the tag that stands there",
      files: application(`repoURL: oci://${CHART}\npath: .\ntargetRevision: 1.7.3_build.5`),
      found: [["argocd", "spec.source.targetRevision", "1.7.3_build.5"]],
    },
    {
      name: "in an Application that pins an artifact by digest",
      files: application(`repoURL: oci://${CHART}\npath: .\ntargetRevision: ${DIGEST}`),
      found: [["argocd", "spec.source.targetRevision", `@${DIGEST}`]],
    },
    {
      name: "in every source of an Application with several",
      files: object(
        "argoproj.io/v1alpha1",
        "Application",
        `sources:\n- repoURL: https://github.com/acme/config.git\n  targetRevision: main\n  ref: values\n- chart: charts/checkout\n  repoURL: oci://ghcr.io/acme\n  targetRevision: v1.7.3`,
      ),
      found: [["argocd", "spec.sources.1.targetRevision", "v1.7.3"]],
    },
    {
      name: "in the template of an ApplicationSet",
      files: object(
        "argoproj.io/v1alpha1",
        "ApplicationSet",
        `template:\n  metadata: {name: "{{name}}"}\n  spec:\n    source: {chart: checkout, repoURL: ghcr.io/acme/charts, targetRevision: 1.7.3}`,
      ),
      found: [["argocd", "spec.template.spec.source.targetRevision", "1.7.3"]],
    },
    {
      name: "in a Kustomization",
      files:
        "helmCharts:\n- name: checkout\n  repo: oci://ghcr.io/acme/charts\n  version: 1.7.3\n  releaseName: checkout\n",
      path: "apps/kustomization.yaml",
      found: [["kustomize", "helmCharts.0.version", "1.7.3"]],
    },
    {
      name: "in a RootSync",
      files: object(
        "configsync.gke.io/v1beta1",
        "RootSync",
        "sourceType: helm\nhelm:\n  repo: oci://ghcr.io/acme/charts\n  chart: checkout\n  version: 1.7.3",
      ),
      found: [["config-sync", "spec.helm.version", "1.7.3"]],
    },
    {
      name: "in a RepoSync that takes an image",
      files: object(
        "configsync.gke.io/v1beta1",
        "RepoSync",
        `sourceType: oci\noci: {image: "${CHART}:1.7.3@${DIGEST}"}`,
      ),
      found: [["reference", "spec.oci.image", `1.7.3@${DIGEST}`]],
    },
    {
      name: "in the dependencies of a chart, under whatever alias",
      files:
        "apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- name: redis\n  repository: https://charts.acme.com\n  version: 1.x\n- name: checkout\n  alias: shop\n  repository: oci://ghcr.io/acme/charts\n  version: 1.7.3\n",
      path: "charts/umbrella/Chart.yaml",
      found: [["dependency", "dependencies.1.version", "1.7.3"]],
    },
  ];
  for (const { name, files, path, found } of rows) {
    it(name, () => {
      const { places, problems } = find(files, path === undefined ? {} : { path });
      assert.deepEqual(problems, []);
      assert.deepEqual(
        places.map(({ form, pointer, tag = "", digest, image, refusal }) => {
          assert.deepEqual([image, refusal], [CHART, undefined]);
          return [form, pointer.join("."), digest === undefined ? tag : `${tag}@${digest}`];
        }),
        found,
      );
    });
  }
});

describe("an Application's own images are found", () => {
  const parameters = (list: string): string => application(`repoURL: https://x\nhelm:\n  parameters:\n${list}`);
  const rows: readonly (readonly [name: string, text: string, found: readonly (readonly [string, string])[]])[] = [
    [
      "for Kustomize, with and without another name before them",
      application(
        `repoURL: https://x\nkustomize:\n  images:\n  - app=${IMAGE}:1.7.3@${DIGEST}\n  - ${IMAGE}:1.7.2\n  - app=${IMAGE}\n  - other:1`,
      ),
      [
        ["spec.source.kustomize.images.0", `1.7.3@${DIGEST}`],
        ["spec.source.kustomize.images.1", "1.7.2"],
      ],
    ],
    [
      "as Helm parameters, by the repository beside the tag",
      parameters(
        `  - {name: web.image.repository, value: acme/checkout}\n  - {name: web.image.registry, value: ghcr.io}\n  - {name: web.image.tag, value: "1.7.3"}\n  - {name: image.tag, value: "9"}`,
      ),
      [["spec.source.helm.parameters.2.value", "1.7.3"]],
    ],
    [
      "as Helm parameters that pin the digest",
      parameters(`  - {name: repository, value: ${IMAGE}}\n  - {name: digest, value: "${DIGEST}"}`),
      [["spec.source.helm.parameters.1.value", `@${DIGEST}`]],
    ],
    [
      "as one Helm parameter with a whole reference",
      parameters(`  - {name: web.image, value: "${IMAGE}:1.7.3"}\n  - {name: image.repository, value: ${IMAGE}}`),
      [["spec.source.helm.parameters.0.value", "1.7.3"]],
    ],
  ];
  for (const [name, text, found] of rows) {
    it(name, () => {
      assert.deepEqual(
        find(text).places.map(({ form, pointer, tag = "", digest, image }) => {
          assert.deepEqual([form, image], ["argocd", IMAGE]);
          return [pointer.join("."), digest === undefined ? tag : `${tag}@${digest}`];
        }),
        found,
      );
    });
  }
});

describe("what is no chart of ours is left alone", () => {
  const chart = "chart: checkout\nrepoURL: ghcr.io/acme/charts\ntargetRevision: 1.7.3";
  const rows: readonly (readonly [name: string, files: Files | string, path?: string])[] = [
    [
      "a chart of the same name from a repository that is no registry",
      `${release("1.7.3")}---\n${repository("https://charts.acme.com", { type: "default" })}`,
    ],
    [
      "a chart of the same name from another registry",
      `${release("1.7.3")}---\n${repository("oci://quay.io/acme/charts")}`,
    ],
    [
      "a chart that stands in Git",
      release("1.7.3", { source: "{kind: GitRepository, name: acme}", chart: "./charts/checkout" }),
    ],
    [
      "a HelmRelease of another group",
      `${release("1.7.3").replace(HELM_RELEASE, "helm.fluxcd.io/v1")}---\n${REPOSITORY}`,
    ],
    [
      "an OCIRepository of another group",
      object("example.com/v1", "OCIRepository", `url: oci://${CHART}\nref: {tag: 1.7.3}`),
    ],
    ["an Application of another group", application(chart).replace("argoproj.io/v1alpha1", "app.k8s.io/v1beta1")],
    ["an Application's chart from an index of charts", application(chart.replace("ghcr", "https://ghcr"))],
    ["an Application that names no registry's host", application(chart.replace("ghcr.io/acme", "acme"))],
    ["an Application whose chart is a template", application(chart.replace("checkout", '"{{.chart}}" # checkout'))],
    ["an Argo CD source outside of an Application", `source:\n${chart.replace(/^/gm, "  ")}\n`],
    [
      "a RootSync of another group",
      object("example.com/v1", "RootSync", "helm: {repo: oci://ghcr.io/acme/charts, chart: checkout, version: 1.7.3}"),
    ],
    [
      "dependencies in a file of another name",
      "dependencies:\n- {name: checkout, repository: oci://ghcr.io/acme/charts, version: 1.7.3}\n",
      "requirements.yml",
    ],
    [
      "charts in Flux's Kustomization",
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nhelmCharts: [{name: checkout, repo: oci://ghcr.io/acme/charts, version: 1.7.3}]\n",
    ],
  ];
  for (const [name, files, path] of rows) {
    it(name, () => {
      const { places, problems } = find(files, path === undefined ? {} : { path });
      assert.deepEqual([places, problems], [[], []]);
    });
  }
});

describe("a chart's version that must not be edited says why", () => {
  const artifact = (reference: string): string => object(SOURCE, "OCIRepository", `url: oci://${CHART}${reference}`);
  const argo = (revision: string): string => application(`chart: checkout\nrepoURL: ghcr.io/acme/charts${revision}`);
  const native = (revision: string): string => application(`repoURL: oci://${CHART}${revision}`);
  const flux = (version: string): string => `${release(version)}---\n${REPOSITORY}`;
  const rows: readonly (readonly [name: string, text: string, line: number, why: RegExp])[] = [
    ["a range", flux('">=1.0 <2.0"'), 8, /no exact version but a range/],
    ["a wildcard", flux('"1.7.x"'), 8, /no exact version/],
    ["all versions", flux('"*"'), 8, /no exact version/],
    ["a partial version, which is a range, too", flux("1.7"), 8, /no exact version/],
    ["nothing", flux(""), 8, /newest one of every moment/],
    ["no key at all", flux("1.7.3").replace(/ +version: .*\n/, ""), 7, /Write `version`/],
    ["a template", flux('"{{ version }}"'), 8, /template/],
    [
      "a shared value",
      flux("&v 1.7.3").replace("name: checkout, ", "name: checkout, labels: {v: *v}, "),
      8,
      /no exact version|alias/,
    ],
    ["a block scalar", flux("|\n        1.7.3"), 8, /block scalar/],
    [
      "a range of an OCIRepository",
      artifact('\nref: {tag: 1.7.3, semver: "1.x"}'),
      6,
      /"1\.x" is a range, which Flux follows/,
    ],
    ["an OCIRepository without a version", artifact(""), 5, /Write the `ref.tag`/],
    ["an Application's range", argo("\ntargetRevision: 1.*"), 8, /no exact version/],
    ["an Application without a revision", argo(""), 6, /Write `targetRevision`/],
    ["an Application's template", argo('\ntargetRevision: "{{.version}}"'), 8, /no exact version/],
    ["an artifact's range", native("\ntargetRevision: 1.x"), 7, /no exact version/],
    ["an artifact's newest", native('\ntargetRevision: "*"'), 7, /no exact version/],
  ];
  for (const [name, text, line, why] of rows) {
    it(name, () => {
      const { places, problems } = find(text);
      assert.deepEqual([places.length, problems], [1, []], JSON.stringify(places));
      assert.match(places[0]?.refusal ?? "", why);
      assert.equal(places[0]?.line, line);
    });
  }

  it("a version that comes through an alias, a merge key or a shared map", () => {
    const source = "chart: checkout, repoURL: ghcr.io/acme/charts";
    const spec = (text: string): string => object("argoproj.io/v1alpha1", "Application", text);
    const texts = [
      spec(`v: &v 1.7.3\nsource: {${source}, targetRevision: *v}`),
      spec(`base: &base {targetRevision: 1.7.3}\nsource: {<<: *base, ${source}}`),
      spec(`base: &base {${source}, targetRevision: 1.7.3}\nsource: *base`),
      spec(`base: &base {${source}, targetRevision: 1.7.3}\nsources: [*base]`),
    ];
    for (const text of texts) {
      const { places } = find(text);
      assert.equal(places.length, 1, text);
      assert.match(places[0]?.refusal ?? "", /alias/);
    }
  });
});

describe("a HelmRelease whose HelmRepository is not known is a problem", () => {
  it("with the name that is missing, and what to do", () => {
    const { places, problems } = find(release("1.7.3"));
    assert.deepEqual(places, []);
    assert.deepEqual(
      problems.map(({ path, line }) => [path, line]),
      [[PATH, 8]],
    );
    assert.match(
      problems[0]?.why ?? "",
      /no file of the environment has the HelmRepository shop\/acme.*`paths`.*`fields`/,
    );
  });

  it("where several of the name may be meant", () => {
    const { problems } = find({
      "a.yaml": release("1.7.3").replace(", namespace: shop", ""),
      "b.yaml": `${REPOSITORY}---\n${repository("oci://quay.io/acme", { namespace: "namespace: other" })}`,
    });
    assert.match(problems[0]?.why ?? "", /several addresses for the HelmRepository acme/);
  });

  it("where the one of its name is in another namespace, or in a file that cannot be read", () => {
    const elsewhere = repository("oci://ghcr.io/acme/charts", { namespace: "namespace: other" });
    for (const text of [elsewhere, `${REPOSITORY}broken: [\n`, REPOSITORY.replace(SOURCE, "example.com/v1")]) {
      assert.equal(find({ "a.yaml": release("1.7.3"), "b.yaml": text }).problems.length, 1);
    }
  });

  it("but not for a chart of another name, nor where a field names the version", () => {
    assert.deepEqual(find(release("1.7.3", { chart: "redis" })).problems, []);
    const field: Field = { file: PATH, path: ["spec", "chart", "spec", "version"], writes: "version", image: CHART };
    const { places, problems } = find(release("1.7.3+5"), { fields: [field] });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      places.map(({ form, tag }) => [form, tag]),
      [["field", "1.7.3_5"]],
    );
  });
});

describe("address and chart are joined as the tools do it", () => {
  const rows: readonly (readonly [address: string, chart: string | undefined, name: string | undefined])[] = [
    ["oci://ghcr.io/acme/charts", "checkout", CHART],
    ["oci://ghcr.io/acme/charts//", "checkout", CHART],
    ["oci://ghcr.io", "acme/charts/checkout", CHART],
    ["oci://ghcr.io/acme/charts/checkout", undefined, CHART],
    ["ghcr.io/acme/charts", "checkout", CHART],
    ["oci://registry-1.docker.io/bitnamicharts", "redis", "docker.io/bitnamicharts/redis"],
    ["oci://localhost:5000/charts", "checkout", "localhost:5000/charts/checkout"],
    ["https://ghcr.io/acme/charts", "checkout", undefined],
    ["oci://acme/charts", "checkout", undefined],
    ["oci://ghcr.io/acme/charts", "", undefined],
    ["oci://ghcr.io/acme/charts", "../checkout", undefined],
    ["oci://ghcr.io/acme/charts", "checkout:1.0.0", undefined],
    ["oci://user@ghcr.io/acme/charts", "checkout", undefined],
    ["oci://ghcr.io/{{.team}}/charts", "checkout", undefined],
    ["", "checkout", undefined],
  ];
  for (const [address, chart, name] of rows) {
    it(`${address} and ${chart ?? "nothing"}: ${name ?? "no chart of a registry"}`, () => {
      assert.equal(chartNameOf(address, { bare: true, ...(chart !== undefined && { chart }) }), name);
    });
  }

  it("an address without a scheme counts only where the tool asks for one", () => {
    assert.equal(chartNameOf("ghcr.io/acme/charts", { chart: "checkout" }), undefined);
  });
});

describe("T17: charts in files made to be slow", () => {
  const source = "{chart: checkout, repoURL: ghcr.io/acme/charts, targetRevision: 1.7.3}";
  const several = (items: readonly string[]): string =>
    object("argoproj.io/v1alpha1", "Application", `sources:\n${items.map((item) => `- ${item}`).join("\n")}`);
  const hostile: readonly (readonly [name: string, text: string, places: number])[] = [
    ["10,000 sources", several(Array.from({ length: 10_000 }, () => source)), 10_000],
    ["30,000 times the same source", several([`&a ${source}`, ...Array.from({ length: 30_000 }, () => "*a")]), 30_001],
    [
      "a source that merges itself and 20,000 times another",
      several([
        `&a ${source}`,
        `&b {<<: [*b, ${Array.from({ length: 20_000 }, () => "*a").join(", ")}], helm: {}}`,
        ...Array.from({ length: 100 }, () => "*b"),
      ]),
      102,
    ],
    [
      "12,000 parameters that are all repositories",
      application(
        `repoURL: https://x\nhelm:\n  parameters:\n${Array.from({ length: 12_000 }, (_, index) => `  - {name: a${index}.repository, value: ${IMAGE}}`).join("\n")}`,
      ),
      0,
    ],
    [
      "2,000 HelmReleases and as many HelmRepositories of one name",
      `${release("1.7.3")}---\n${REPOSITORY}---\n`.repeat(2_000).replace(/---\n$/, ""),
      2_000,
    ],
  ];
  for (const [name, text, count] of hostile) {
    it(name, () => {
      const before = process.cpuUsage();
      const { places, problems } = find(text);
      assert.deepEqual([places.length, problems], [count, []]);
      assert.ok(process.cpuUsage(before).user < 8_000_000, `${process.cpuUsage(before).user / 1e6} s`);
    });
  }
});

describe("documents about other charts", () => {
  it("are not parsed", () => {
    const other = release("1.0.0", { chart: "redis" }).replace("name: checkout", "name: redis");
    const text = `${`${other}---\n`.repeat(50)}${release("1.7.3")}`;
    const { parsed } = findPlaces({ path: PATH, text, images: [CHART], fields: [] });
    assert.equal(parsed, 1);
  });
});
