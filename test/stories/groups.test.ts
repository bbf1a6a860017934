// Several services of an environment in one pull request: opened together, edited when one of them gets a newer version,
// declined or merged together, and told apart again where each of them runs.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { type LiveStory, tellLiveInAllConditions } from "./live-story.ts";
import { runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const SERVICES = ["cart", "checkout", "search"] as const;
const PROD = "shop/prod";
const MINUTE = 60_000;

interface Writing {
  readonly top?: string;
  /** What each environment says besides. */
  readonly rest?: (name: string) => string;
}

function shopFile({ top = "mode: full", rest = () => "merge: manual" }: Writing = {}): string {
  const pipelines = SERVICES.map(
    (name) => `  - name: ${name}
    images: [ { image: REGISTRY/acme/${name} } ]
    environments: [ { name: prod, group: shop, paths: [apps/${name}/prod], ${rest(name)} } ]
`,
  );
  return `version: 1\n${top}\npipelines:\n${pipelines.join("")}`;
}

const KEYS = SERVICES.map((name) => `${name}/prod`);

function shop(writing: Writing = {}) {
  return {
    pipeline: shopFile(writing),
    files: runs("1.7.0", KEYS),
    pushed: SERVICES.flatMap((name) => [`${name}:1.7.0`, `${name}:1.8.0`]),
  };
}

function declared(story: Story): readonly (string | undefined)[] {
  return KEYS.map((key) => story.declares(key));
}

function trailers(message: string | undefined, name: string): readonly string[] {
  return [...(message ?? "").matchAll(new RegExp(`^${name}: (.*)$`, "gm"))].map(([, value = ""]) => value);
}

tellInAllConditions(
  "three services in one pull request: a newer version of one is edited in, and a person merges all",
  async (story) => {
    await story.settle();
    const opened = story.promotion(PROD);
    assert.equal(opened.title, "Promote 3 services to prod");
    for (const name of SERVICES) assert.match(opened.body ?? "", new RegExp(`^### ${name} 1\\.8\\.0$`, "m"));
    assert.deepEqual(story.check(PROD), "success: Every gate has passed; a person merges it");

    await story.push("1.9.0", { name: "cart" });
    await story.settle();
    assert.equal(story.promotion(PROD).number, opened.number, "edited in place");
    const [message, ...more] = story.commits(PROD);
    assert.deepEqual(more, []);
    assert.deepEqual(trailers(message, "Pipeline"), SERVICES);
    assert.deepEqual(
      trailers(message, "Image").map((image) => /:([^:@]+)@/.exec(image)?.[1]),
      ["1.9.0", "1.8.0", "1.8.0"],
    );
    assert.deepEqual(declared(story), ["1.7.0", "1.7.0", "1.7.0"]);

    await story.merge(PROD);
    assert.deepEqual(declared(story), ["1.9.0", "1.8.0", "1.8.0"]);
    assert.deepEqual(story.open(), []);
    for (const key of KEYS) {
      const ledger = story.reads(`environments/${key}.yaml`, { ref: "stagecoach-ledger" }) ?? "";
      assert.match(ledger, new RegExp(`pull-request: ${opened.number}\\n\\s+shared: true`));
    }
  },
  shop(),
);

tellInAllConditions(
  "everything merges by itself, and counts as one promotion for the limits",
  async (story) => {
    await story.settle();
    assert.deepEqual(declared(story), ["1.8.0", "1.8.0", "1.8.0"]);
    assert.equal(story.promotions(PROD).length, 1);
  },
  shop({ top: "mode: full\nlimits: { open: 1, hourly: 1 }", rest: () => "merge: auto" }),
);

tellInAllConditions(
  "a person closes it: what all of them were to get is declined, and a newer version of one comes alone",
  async (story) => {
    await story.settle();
    await story.close(PROD);
    assert.deepEqual(story.open(), []);
    for (const key of KEYS) assert.match((await story.waits(key)).join("\n"), /`1\.8\.0` was declined here by maria/);
    await story.push("1.9.0", { name: "search" });
    await story.settle();
    assert.equal(story.promotion(PROD).title, "Promote search 1.9.0 to prod");
    await story.merge(PROD);
    assert.deepEqual(declared(story), ["1.7.0", "1.7.0", "1.9.0"]);
  },
  shop(),
);

tellInAllConditions(
  "one is blocked: it leaves, and the others go on",
  async (story) => {
    await story.settle();
    assert.equal(story.promotion(PROD).title, "Promote 3 services to prod");
    await story.say("/block 1.8.1 it loses orders", { on: PROD });
    assert.equal(story.promotion(PROD).title, "Promote 2 services to prod");
    assert.deepEqual(trailers(story.commits(PROD)[0], "Pipeline"), ["checkout", "search"]);
    await story.merge(PROD);
    assert.deepEqual(declared(story), ["1.7.0", "1.8.0", "1.8.0"]);
  },
  { ...shop(), pushed: [...shop().pushed.filter((each) => each !== "cart:1.8.0"), "cart:1.8.1"] },
);

tellInAllConditions(
  "an approved head stays as it was seen, until it is merged",
  async (story) => {
    await story.settle();
    await story.approve(PROD, { by: "leo" });
    const { headOid } = story.promotion(PROD);
    await story.push("1.9.0", { name: "cart" });
    await story.settle();
    assert.equal(story.promotion(PROD).headOid, headOid);
    assert.match(story.check(PROD) ?? "", /^success/);
    await story.merge(PROD);
    assert.deepEqual(declared(story), ["1.8.0", "1.8.0", "1.8.0"]);
    assert.equal(story.promotion(PROD).title, "Promote cart 1.9.0 to prod");
  },
  shop(),
);

tell(
  "orders on it are for all of them, and an override counts for those that have such a gate",
  async (story) => {
    await story.settle();
    await story.say("/hold a sale", { on: PROD });
    assert.match(story.answers(PROD).at(-1) ?? "", /`cart\/prod`, `checkout\/prod` and `search\/prod` take nothing/);
    await story.say("/resume", { on: PROD });
    await story.say("/promote", { on: PROD });
    assert.match(story.answers(PROD).at(-1) ?? "", /several pipelines/);
    await story.say("/status", { on: PROD });
    for (const key of KEYS) assert.ok(story.answers(PROD).at(-1)?.includes(key), key);
    assert.match(story.check(PROD) ?? "", /^in progress: 0 of 1 gates passed: `?cart/);
    await story.say("/override approvals it is an emergency", { on: PROD, by: "ann" });
    assert.match(story.answers(PROD).at(-1) ?? "", /`1\.8\.0` may pass the gate `approvals` of `cart\/prod`\./);
    assert.match(story.check(PROD) ?? "", /^success/);
  },
  shop({ rest: (name) => (name === "cart" ? "merge-when: [ { approvals: 1 } ]" : "merge: manual") }),
);

const SHARED = SERVICES.map((name) => `  - { name: REGISTRY/acme/${name}, newTag: 1.7.0 }`);

tellInAllConditions(
  "a file that several of them share is written once, with all of their versions",
  async (story) => {
    await story.settle();
    const { number } = story.promotion(PROD);
    await story.push("1.9.0", { name: "checkout" });
    await story.settle();
    await story.merge(PROD);
    assert.equal(story.promotions(PROD).at(-1)?.number, number);
    const tags = [...(story.reads("prod/kustomization.yaml") ?? "").matchAll(/newTag: (\S+) }/g)].map(([, tag]) => tag);
    assert.deepEqual(tags, ["1.8.0", "1.9.0", "1.8.0"]);
  },
  {
    ...shop(),
    pipeline: shopFile().replaceAll(/apps\/[a-z]+\/prod/g, "prod"),
    files: { "prod/kustomization.yaml": `kind: Kustomization\nimages:\n${SHARED.join("\n")}\n` },
  },
);

tell(
  "an environment that gets a group closes its own pull request, and one that leaves it gets its own again",
  async (story) => {
    await story.settle();
    assert.deepEqual(story.open().length, 3);
    await story.configure(shopFile());
    await story.settle();
    assert.deepEqual(story.open(), ["shop/prod: services"]);
    await story.configure(shopFile().replace("group: shop, paths: [apps/cart/prod]", "paths: [apps/cart/prod]"));
    await story.settle();
    assert.deepEqual(story.open(), ["cart/prod: 1.8.0", "shop/prod: services"]);
    assert.equal(story.promotion(PROD).title, "Promote 2 services to prod");
  },
  { ...shop(), pipeline: shopFile().replaceAll("group: shop, ", "") },
);

tell(
  "one pull request for many costs as much as one for one",
  async (story) => {
    await story.settle();
    for (const name of SERVICES) await story.push("1.9.0", { name });
    story.github.forgetRequests();
    await story.settle();
    const created = story.github.requests().filter(({ kind }) => kind === "content-creating");
    assert.ok(created.length <= 3, `${created.length} content-creating requests`);
    assert.equal(story.github.pullRequests({ repository: CONFIG, state: "open" }).length, 1);
  },
  shop(),
);

function live(name: string): string {
  return `merge: manual, live: { source: dev, argocd: ${name}-prod }`;
}

tellLiveInAllConditions(
  "after the merge each service is followed on its own: one is healthy, one degraded, one not there yet",
  async (story) => {
    await story.settle();
    await story.merge(PROD);
    const { number } = story.promotions(PROD).at(-1) ?? assert.fail();
    assert.deepEqual(stages(story, number), ["cart: merged", "checkout: merged", "search: merged"]);
    await story.cluster("cart/prod").takes();
    await story.cluster("checkout/prod").takes({ healthy: false });
    await story.cluster("checkout/prod").degrades("CrashLoopBackOff");
    await story.wait(30 * MINUTE);
    assert.deepEqual(stages(story, number), ["cart: healthy", "checkout: degraded", "search: merged"]);
    assert.deepEqual(story.told("cart/prod", number).attention, ["stopped/checkout/prod"]);
    assert.equal(story.told("cart/prod", number).deployment.at(-1), "success");
    assert.equal(story.told("checkout/prod", number).deployment.at(-1), "failure");
    await story.cluster("checkout/prod").recovers();
    await story.cluster("search/prod").takes();
    assert.deepEqual(stages(story, number), ["cart: healthy", "checkout: healthy", "search: healthy"]);
  },
  { ...shop({ rest: live }), sources: { dev: { environments: KEYS } } },
);

function stages(story: LiveStory, number: number): readonly string[] {
  return SERVICES.map((name) => `${name}: ${story.told(`${name}/prod`, number).stage}`);
}
