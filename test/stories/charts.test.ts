// A chart travels as an image does, through environments that different tools read, alone or together with its container.

import assert from "node:assert/strict";
import type { Story } from "./begin-story.ts";
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

const pipeline = (images: readonly string[]): string => `version: 1
mode: full
pipelines:
  - name: checkout
    images:
${images.map((image) => `      - { image: ${image}, policy: { semver: "*" } }\n`).join("")}    environments:
      - { name: staging, paths: [apps/checkout/staging], merge: auto }
      - { name: live, after: [staging], paths: [apps/checkout/live, clusters/live/sources.yaml] }
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
