// Versions that are revisions of a Git repository: a tag, or a commit of a branch, becomes a promotion of what the files
// of each environment pin.

import assert from "node:assert/strict";
import { type RunningArgocd, startArgocd } from "../argocd/start-argocd.ts";
import { CONFIG, type Story, type StoryOptions } from "./begin-story.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const MANIFESTS = "acme/checkout-manifests";
const APPLICATION = "apps/checkout/integration/application.yaml";
const KUSTOMIZATION = "apps/checkout/live/kustomization.yaml";

function pipeline(policy: string, integration = ""): string {
  return `version: 1
mode: full
pipelines:
  - name: checkout
    images: [ { git: ${MANIFESTS}, policy: ${policy} } ]
    environments:
      - { name: integration, paths: [apps/checkout/integration], merge: auto${integration} }
      - { name: live, after: [integration], paths: [apps/checkout/live] }
`;
}

function application(revision: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: checkout-integration }
spec:
  source:
    repoURL: https://GITHUB/acme/checkout-manifests.git
    targetRevision: ${revision} # what runs
`;
}

function kustomization(revision: string): string {
  return `resources:
  - namespace.yaml
  - https://GITHUB/acme/checkout-manifests//deploy?ref=${revision}&submodules=0
`;
}

function change(story: Pick<Story, "github">, message: string): string {
  return story.github.commitFiles({
    repository: MANIFESTS,
    author: "leo",
    message,
    files: { "deploy/a.yaml": message },
  });
}

/** Both environments run what `revision` gives of the first commit, which is tagged `v1.7.0`. */
function following(policy: string, revision: (first: string) => string): StoryOptions {
  return {
    pipeline: pipeline(policy),
    files: {},
    pushed: [],
    beside: async ({ github }) => {
      github.createRepository({ owner: "acme", name: "checkout-manifests" });
      const first = github.branchTip({ repository: MANIFESTS, branch: "main" }) ?? "";
      github.pushTag({ repository: MANIFESTS, tag: "v1.7.0" });
      const host = new URL(github.url).host;
      const files = { [APPLICATION]: application(revision(first)), [KUSTOMIZATION]: kustomization(revision(first)) };
      const located = Object.entries(files).map(([path, text]) => [path, text.replaceAll("GITHUB", host)]);
      github.commitFiles({ repository: CONFIG, author: "ann", message: "Begin", files: Object.fromEntries(located) });
      return {};
    },
  };
}

tellInAllConditions(
  "a tag that is pushed becomes a promotion from environment to environment",
  async (story) => {
    await story.settle();
    assert.deepEqual(story.open(), []);
    const oid = change(story, "Two replicas");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0", annotated: true });
    story.github.pushTag({ repository: MANIFESTS, tag: "nightly" });
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("v1.8.0"));
    assert.equal(story.reads(KUSTOMIZATION), kustomization("v1.7.0"));
    assert.deepEqual(story.open(), ["live: v1.8.0"]);
    const { title, body, number } = story.promotion("live");
    assert.equal(title, "Promote checkout v1.8.0 to live");
    assert.match(body ?? "", /Merging this moves \*\*live\*\* from \*\*checkout\*\* `v1.7.0` to `v1.8.0`/);
    assert.ok(body?.includes(`\`v1.8.0\` · \`commit ${oid.slice(0, 7)}\``), body ?? "");
    assert.match(body ?? "", /Two replicas/, "the commits that come are told");
    assert.deepEqual(
      story.commits("live").map((message) => message.split("\n").filter((line) => /^(Image|From):/.test(line)).length),
      [2],
    );
    await story.merge("live");
    assert.equal(story.reads(KUSTOMIZATION), kustomization("v1.8.0"));
    assert.deepEqual(story.open(), []);
    assert.equal(story.promotions("live").length, 1, `${number}`);
  },
  following('{ semver: ">=1.0" }', () => "v1.7.0"),
);

tellInAllConditions(
  "a commit of a branch that is followed becomes a promotion, and what pinned a commit pins one",
  async (story) => {
    await story.settle();
    assert.deepEqual(story.open(), []);
    const oid = change(story, "Three replicas");
    await story.settle();
    assert.equal(story.reads(APPLICATION), application(oid));
    assert.deepEqual(story.open(), [`live: \`main@${oid.slice(0, 7)}\``]);
    const next = change(story, "Four replicas");
    await story.settle();
    assert.equal(story.reads(APPLICATION), application(next));
    assert.deepEqual(story.open(), [`live: \`main@${next.slice(0, 7)}\``]);
    await story.merge("live");
    assert.equal(story.reads(KUSTOMIZATION), kustomization(next));
    assert.deepEqual(story.open(), []);
  },
  following("{ branch: main }", (first) => first),
);

tell(
  "a commit is rolled back to and blocked by its first digits",
  async (story) => {
    await story.settle();
    const first = story.github.branchTip({ repository: MANIFESTS, branch: "main" }) ?? "";
    const oid = change(story, "Three replicas");
    await story.settle();
    await story.merge("live");
    const { number } = story.promotions("live")[0] ?? {};
    assert.ok(number !== undefined);
    await story.say(`/block ${oid.slice(0, 7)} it breaks carts`, { on: number });
    await story.say("/rollback live", { on: number });
    assert.ok(story.open()[0]?.includes(`main@${first.slice(0, 7)}`), story.answers(number).join("\n"));
    await story.merge("live");
    assert.equal(story.reads(KUSTOMIZATION), kustomization(first));
    assert.ok(story.answers(number)[0]?.includes(`commit ${oid.slice(0, 7)}`), story.answers(number).join("\n"));
  },
  following("{ branch: main }", (first) => first),
);

tell(
  "a tag in one place and its commit in another are one version",
  async (story) => {
    await story.settle();
    const first = story.github.branchTip({ repository: MANIFESTS, branch: "main" }) ?? "";
    const second = "apps/checkout/integration/kustomization.yaml";
    await story.commit({ [second]: kustomization(first) });
    assert.deepEqual(story.open(), []);
    const oid = change(story, "Two replicas");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0" });
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("v1.8.0"));
    assert.equal(story.reads(second), kustomization(oid));
    assert.equal(story.promotions("integration").length, 1);
    assert.deepEqual(story.open(), ["live: v1.8.0"]);
  },
  following('{ semver: "*" }', () => "v1.7.0"),
);

tell(
  "a place that follows a branch by itself is told, and left alone",
  async (story) => {
    await story.settle();
    change(story, "Two replicas");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0" });
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("main"));
    assert.deepEqual(story.open(), []);
    const [why = ""] = await story.waits("integration");
    assert.match(why, /has no tag `main`; where that is a branch, write what runs now once, in its place/);
  },
  following('{ semver: "*" }', () => "main"),
);

tell(
  "a tag that moved after it was proven is not promoted under its name",
  async (story) => {
    await story.settle();
    change(story, "Two replicas");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0" });
    await story.settle();
    assert.deepEqual(story.open(), ["live: v1.8.0"]);
    const proven = story.github.branchTip({ repository: MANIFESTS, branch: "main" }) ?? "";
    const other = change(story, "Something else");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0", by: "leo" });
    await story.settle();
    assert.match(story.check("live") ?? "", /^failure: /);
    assert.ok(
      story
        .promotion("live")
        .body?.includes(
          `is \`commit ${other.slice(0, 7)}\` now, but \`commit ${proven.slice(0, 7)}\` is what was proven`,
        ),
      story.promotion("live").body ?? "",
    );
  },
  following('{ semver: "*" }', () => "v1.7.0"),
);

tell(
  "a push to a branch that nobody follows wakes nobody, and a tag costs one request more than an image",
  async (story) => {
    await story.settle();
    story.github.forgetRequests();
    story.github.commitFiles({
      repository: MANIFESTS,
      branch: "feature",
      author: "leo",
      message: "Try",
      files: { a: "a" },
    });
    await story.github.webhooks.settled();
    const [config] = await story.app().shell.store.repositories.list();
    assert.equal(config?.name, "platform-config");
    assert.deepEqual(await story.store().hints.of(config?.repository ?? 0), []);
    change(story, "Two replicas");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0" });
    await story.settle();
    const asked = story.github.requests().map(({ operation }) => operation);
    assert.equal(asked.filter((operation) => operation === "Tags").length, 1);
    assert.equal(asked.filter((operation) => operation === "Revisions").length, 0);
  },
  following('{ semver: "*" }', () => "v1.7.0"),
);

tell(
  "a place that follows the followed branch by itself is told, and left alone",
  async (story) => {
    await story.settle();
    change(story, "Two replicas");
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("main"));
    const [why = ""] = await story.waits("integration");
    assert.match(why, /`main` moves by itself, so nobody can say which commit of `git:\S+` runs; write what runs now/);
  },
  following("{ branch: main }", () => "main"),
);

const MINUTE = 60_000;
const running: RunningArgocd[] = [];
const TAGGED = following('{ semver: "*" }', () => "v1.7.0");

tell(
  "the next environment waits until Argo CD, which follows the promoted repository itself, has applied its commit",
  async (story) => {
    const [argocd] = running.splice(0);
    assert.ok(argocd);
    const played = argocd.application("checkout");
    const oid = change(story, "Two replicas");
    story.github.pushTag({ repository: MANIFESTS, tag: "v1.8.0" });
    await story.settle();
    assert.equal(story.reads(APPLICATION), application("v1.8.0"));
    assert.deepEqual(story.open(), [], "what runs is healthy, and still v1.7.0");
    assert.match((await story.waits("live")).join(), /it runs commit `[0-9a-f]{7}` of `acme\/checkout-manifests`, not/);
    played.syncs(oid);
    await story.wait(5 * MINUTE);
    assert.deepEqual(story.open(), [], "applied, and on its way");
    played.healthy();
    await story.wait(5 * MINUTE);
    assert.deepEqual(story.open(), ["live: v1.8.0"]);
    assert.deepEqual(argocd.problems(), []);
    await argocd.stop();
  },
  {
    ...TAGGED,
    pipeline: pipeline('{ semver: "*" }', ", live: { source: dev, argocd: checkout }"),
    beside: async (world) => {
      await TAGGED.beside?.(world);
      const first = world.github.branchTip({ repository: MANIFESTS, branch: "main" }) ?? "";
      const argocd = await startArgocd({ now: world.now });
      running.push(argocd);
      const source = { repoURL: `https://${new URL(world.github.url).host}/${MANIFESTS}.git`, path: "deploy" };
      argocd.application("checkout", { sources: [{ ...source, targetRevision: "v1.7.0" }], revisions: [first] });
      const access = { kind: "argocd", url: argocd.url, token: argocd.token } as const;
      return { live: [{ id: "dev", for: ["acme/*"], access, mayAskToSync: false }] };
    },
  },
);
