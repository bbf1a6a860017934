// A chart travels as an image does, through environments that different tools read, alone or together with its container.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type RunningArgocd, startArgocd } from "../argocd/start-argocd.ts";
import { CONFIG, type Story } from "./begin-story.ts";
import { deployment } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const application = (version: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: checkout, namespace: argocd }
spec:
  source:
    chart: checkout
    repoURL: REGISTRY/acme/charts
    targetRevision: ${version} # moved by Stagecoach
`;

const release = (version: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: checkout, namespace: shop }
spec:
  chart:
    spec:
      chart: checkout
      version: ${version}
      sourceRef: { kind: HelmRepository, name: acme, namespace: flux-system }
`;

const REPOSITORY = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: acme, namespace: flux-system }
spec: { type: oci, url: "oci://REGISTRY/acme/charts" }
`;

const pipeline = (images: readonly string[], staging = "", live = ""): string => `version: 1
mode: full
pipelines:
  - name: checkout
    images:
${images.map((image) => `      - { image: ${image}, policy: { semver: "*" } }\n`).join("")}    environments:
      - { name: staging, paths: [apps/checkout/staging], merge: auto${staging} }
      - { name: live, after: [staging], paths: [apps/checkout/live, clusters/live/sources.yaml]${live} }
`;

const APPLICATION = "apps/checkout/staging/application.yaml";
const RELEASE = "apps/checkout/live/release.yaml";

const push = (story: Story, version: string): Promise<string> =>
  story.registry.pushChart({ folder: "acme/charts", name: "checkout", version });

/** The registry has the chart before the program starts. */
const ALONE = {
  pipeline: pipeline(["REGISTRY/acme/charts/checkout"]),
  files: {
    [APPLICATION]: application("1.7.0"),
    [RELEASE]: release("1.7.0"),
    "clusters/live/sources.yaml": REPOSITORY,
  },
  beside: async ({ registry }: Pick<Story, "registry">) => {
    await registry.pushChart({ folder: "acme/charts", name: "checkout", version: "1.7.0" });
    return {};
  },
};

tellInAllConditions(
  "a chart goes from an Application of Argo CD to a HelmRelease of Flux",
  async (story) => {
    const digest = await push(story, "1.8.0+build.5");
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("1.8.0+build.5"));
    assert.deepEqual(story.open(), ["live: `1.8.0_build.5`"]);
    const body = story.promotion("live").body ?? "";
    assert.match(body, /1\.7\.0.*1\.8\.0_build\.5/s);
    assert.ok(body.includes(digest), "the digest is told");
    assert.match(story.commits("live").join(), new RegExp(`charts/checkout\\S*1\\.8\\.0_build\\.5@${digest}`));
    assert.equal(story.reads(RELEASE), release("1.7.0"));
    await story.merge("live");
    assert.equal(story.reads(RELEASE), release("1.8.0+build.5"));
    assert.equal(story.reads("clusters/live/sources.yaml"), REPOSITORY);
    assert.deepEqual(story.open(), []);
  },
  ALONE,
);

tellInAllConditions(
  "a chart and its container move together",
  async (story) => {
    await push(story, "1.8.0");
    await story.push("2.1.0");
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("1.8.0"));
    assert.match(story.reads("apps/checkout/staging/deployment.yaml") ?? "", /checkout:2\.1\.0/);
    assert.equal(story.promotions("live").length, 1);
    await story.merge("live");
    assert.equal(story.reads(RELEASE), release("1.8.0"));
    assert.match(story.reads("apps/checkout/live/deployment.yaml") ?? "", /checkout:2\.1\.0/);
  },
  {
    ...ALONE,
    pipeline: pipeline(["REGISTRY/acme/charts/checkout", "REGISTRY/acme/checkout"]),
    pushed: ["checkout:2.0.0"],
    files: {
      ...ALONE.files,
      "apps/checkout/staging/deployment.yaml": deployment("2.0.0"),
      "apps/checkout/live/deployment.yaml": deployment("2.0.0"),
    },
  },
);

tell(
  "a range is followed by the reconciler and never moved, and people read why",
  async (story) => {
    await push(story, "1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /range/);
    await story.commit({ [RELEASE]: release("1.7.0").replaceAll("REGISTRY", story.registry.host) });
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  { ...ALONE, files: { ...ALONE.files, [RELEASE]: release('"1.x"') } },
);

tell(
  "a HelmRelease whose HelmRepository is nowhere waits with what is missing",
  async (story) => {
    await push(story, "1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /HelmRepository flux-system\/acme/);
  },
  { ...ALONE, files: { ...ALONE.files, "clusters/live/sources.yaml": "kind: ConfigMap\n" } },
);

tell(
  "a person's downgrade of a chart is seen, though the file that says where it comes from is another",
  async (story) => {
    await push(story, "1.6.0");
    await story.settle();
    const number = story.propose({ [RELEASE]: release("1.6.0") });
    await story.settle();
    const { headOid } = story.github.pullRequest({ repository: CONFIG, number });
    assert.match(story.check(headOid) ?? "", /^failure: .*goes back to 1\.6\.0 from 1\.7\.0/);
  },
  { ...ALONE, pipeline: pipeline(["REGISTRY/acme/charts/checkout"], "", ", guards: { downgrades: fail }") },
);

const MINUTE = 60_000;
const running: RunningArgocd[] = [];

tell(
  "the next environment waits until Argo CD itself has applied this version of the chart, and it is healthy",
  async (story) => {
    const [argocd] = running.splice(0);
    assert.ok(argocd);
    const played = argocd.application("checkout");
    await push(story, "1.8.0");
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("1.8.0"));
    assert.deepEqual(story.open(), [], "what runs is healthy, and still 1.7.0");
    assert.match(
      (await story.waits("live")).join(),
      /`1\.7\.0` of `\S+\/acme\/charts\/checkout` is applied, not `1\.8\.0`/,
    );
    played.syncs("1.8.0");
    await story.wait(5 * MINUTE);
    assert.deepEqual(story.open(), [], "applied, and on its way");
    played.healthy();
    await story.wait(5 * MINUTE);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.deepEqual(argocd.problems(), []);
    await argocd.stop();
  },
  {
    ...ALONE,
    pipeline: pipeline(["REGISTRY/acme/charts/checkout"], ", live: { source: dev, argocd: checkout }"),
    beside: async ({ registry, now }) => {
      await ALONE.beside({ registry });
      const argocd = await startArgocd({ now });
      running.push(argocd);
      const source = { repoURL: `${registry.host}/acme/charts`, chart: "checkout", targetRevision: "1.7.0" };
      argocd.application("checkout", { sources: [source], revisions: ["1.7.0"] });
      const access = { kind: "argocd", url: argocd.url, token: argocd.token } as const;
      return { live: [{ id: "dev", for: ["acme/*"], access, mayAskToSync: false }] };
    },
  },
);

const CHART = "charts/shop/Chart.yaml";
const umbrella = (version: string): string =>
  `apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n  - { name: checkout, version: ${version}, repository: "oci://REGISTRY/acme/charts" }\n`;

/** As Helm writes it. */
function lock(version: string, host: string): string {
  const dependency = { name: "checkout", version, repository: `oci://${host}/acme/charts` };
  const digest = createHash("sha256")
    .update(JSON.stringify([[dependency], [dependency]]))
    .digest("hex");
  return `dependencies:\n- name: checkout\n  repository: ${dependency.repository}\n  version: ${version}\ndigest: sha256:${digest}\n`;
}

tell(
  "a dependency of a chart moves together with the lock beside it, which no path names",
  async (story) => {
    const { host } = story.registry;
    await story.commit({ "charts/shop/Chart.lock": lock("1.7.0", host) });
    await push(story, "1.8.0");
    await story.settle();
    assert.equal(story.reads(CHART), umbrella("1.8.0"));
    assert.equal(story.reads("charts/shop/Chart.lock"), lock("1.8.0", host).replaceAll(host, "REGISTRY"));

    await story.commit({ "charts/shop/charts/checkout-1.8.0.tgz": "an archive" });
    await push(story, "1.9.0");
    await story.settle();
    assert.match((await story.waits("staging")).join(), /A copy of this dependency stands in the repository/);
    assert.equal(story.reads(CHART), umbrella("1.8.0"));
  },
  {
    ...ALONE,
    pipeline: pipeline(["REGISTRY/acme/charts/checkout"]).replace("apps/checkout/staging", CHART),
    files: { ...ALONE.files, [CHART]: umbrella("1.7.0") },
  },
);
