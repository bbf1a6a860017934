// The gate `signed`: a promotion waits for a signature by who is asked for, wherever tools put it, and for nobody else's.

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Authority,
  GITHUB_ACTIONS,
  type Json,
  makeAuthority,
  RELEASE_WORKFLOW,
} from "../signing/make-authority.ts";
import { bundleLayer, pushSignatures } from "../signing/push-signature.ts";
import { CONFIG, type Story, type StoryOptions } from "./begin-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const SOURCE = "acme/checkout";
const MINUTE = 60_000;
const BY_RELEASE = `{ signed: { issuer: "${GITHUB_ACTIONS}", subject: "${RELEASE_WORKFLOW.replace("main", "*")}" } }`;

let made: Promise<Authority> | undefined;
const authority = () => {
  made ??= makeAuthority();
  return made;
};

async function believing(): Promise<string> {
  const { root } = await authority();
  const path = join(await mkdtemp(join(tmpdir(), "signed-")), "trusted_root.json");
  await writeFile(path, JSON.stringify(root));
  return path;
}

function liveWith(
  options: { readonly when?: "merge-when" | "propose-when"; readonly gate?: string } = {},
): StoryOptions {
  const { when = "merge-when", gate = BY_RELEASE } = options;
  const line = environment("live", `merge: auto, ${when}: [ ${gate} ]`);
  return {
    pipeline: checkoutFile([line]).replace("    images:", `    source: ${SOURCE}\n    images:`),
    files: runs("1.7.0", ["live"]),
    beside: async ({ github }) => {
      github.createRepository({ owner: "acme", name: "checkout", files: { "README.md": "Checkout\n" } });
      return { signing: { trustedRootFile: await believing(), keys: [] } };
    },
  };
}

/** What the check says in full; its title is cut and has no backticks. */
function says(story: Story): string {
  const ref = story.promotion("live").headOid;
  const run = story.github.checkRuns({ repository: CONFIG, ref, app: "stagecoach" }).at(-1);
  return `${run?.conclusion ?? "in progress"}: ${run?.output.summary ?? ""}`;
}

async function sign(
  story: Story,
  digest: string,
  options: { readonly subject?: string; readonly name?: string } = {},
): Promise<void> {
  const { name = "checkout", ...by } = options;
  const bundle = await (await authority()).bundle({ digest, ...by });
  await pushSignatures([bundleLayer(bundle)], {
    host: story.registry.host,
    repository: `acme/${name}`,
    digest,
    place: "referrers-tag",
  });
}

async function attest(story: Story, digest: string): Promise<void> {
  const bundle: Json = await (await authority()).bundle({ digest });
  story.github.attest({ repository: SOURCE, digest, bundle });
}

tellInAllConditions(
  "a release waits for its signature, and goes on when it is there",
  async (story) => {
    const digest = await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.match(
      says(story),
      /^in progress.*it is not signed by `https:\/\/github\.com\/acme\/checkout\/.*cosign sign /s,
    );
    await sign(story, digest);
    await story.wait(10 * MINUTE);
    await story.wait(10 * MINUTE);
    assert.equal(story.declares("live"), "1.8.0");
  },
  liveWith(),
);

tellInAllConditions(
  "nothing is proposed before it is signed; GitHub's attestations count",
  async (story) => {
    const digest = await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /`1\.8\.0` is not proposed yet: it is not signed by/);
    await attest(story, digest);
    await story.wait(10 * MINUTE);
    await story.wait(10 * MINUTE);
    assert.equal(story.declares("live"), "1.8.0");
  },
  liveWith({ when: "propose-when" }),
);

tellInAllConditions(
  "a signature of somebody else fails the gate, until an administrator lets it pass",
  async (story) => {
    const digest = await story.push("1.8.0");
    await sign(story, digest, { subject: "https://github.com/evil/x/.github/workflows/a.yml@refs/heads/main" });
    await story.settle();
    assert.match(says(story), /^failure.*it is signed by `https:\/\/github\.com\/evil\/.*and not by `https:/s);
    await story.say("/override signed it is only the rehearsal", { on: "live", by: "maria" });
    assert.equal(story.declares("live"), "1.7.0");
    await story.say("/override signed it is only the rehearsal", { on: "live", by: "ann" });
    await story.wait(10 * MINUTE);
    assert.equal(story.declares("live"), "1.8.0");
  },
  liveWith(),
);

tell(
  "a signature that is missing is looked for later and later, and when the image is heard of; a verified one never again",
  async (story) => {
    const digest = await story.push("1.8.0");
    await story.settle();
    const looks = () => story.registry.requests().filter(({ path }) => path.includes("/referrers/")).length;
    const first = looks();
    await story.wait(60 * MINUTE);
    assert.ok(looks() - first <= 12, `It was looked for ${looks() - first} times in an hour.`);
    const later = looks();
    for (const text of ["Good\n", "Better\n", "Best\n"]) await story.commit({ "README.md": text });
    assert.ok(looks() - later <= 1, `Three commits had it looked for ${looks() - later} times.`);
    await sign(story, digest);
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
    const verified = looks();
    await story.wait(60 * MINUTE);
    assert.equal(looks(), verified);
  },
  liveWith(),
);

const BOTH = ["cart", "checkout"];

tell(
  "a group goes on when every image in it is signed",
  async (story) => {
    await story.settle();
    const [cart = "", checkout = ""] = await Promise.all(BOTH.map((name) => story.push("1.8.0", { name })));
    await story.settle();
    assert.equal(story.promotion("shop/prod").title, "Promote 2 services to prod");
    await sign(story, checkout);
    await story.wait(10 * MINUTE);
    assert.deepEqual(
      BOTH.map((name) => story.declares(`${name}/prod`)),
      ["1.7.0", "1.7.0"],
    );
    await sign(story, cart, { name: "cart" });
    await story.wait(10 * MINUTE);
    await story.wait(10 * MINUTE);
    assert.deepEqual(
      BOTH.map((name) => story.declares(`${name}/prod`)),
      ["1.8.0", "1.8.0"],
    );
  },
  {
    pipeline: `version: 1\nmode: full\npipelines:\n${BOTH.map(
      (name) => `  - name: ${name}
    images: [ { image: REGISTRY/acme/${name} } ]
    environments: [ { name: prod, group: shop, paths: [apps/${name}/prod], merge: auto, merge-when: [ ${BY_RELEASE} ] } ]
`,
    ).join("")}`,
    files: runs(
      "1.7.0",
      BOTH.map((name) => `${name}/prod`),
    ),
    pushed: BOTH.map((name) => `${name}:1.7.0`),
    beside: async () => ({ signing: { trustedRootFile: await believing(), keys: [] } }),
  },
);
