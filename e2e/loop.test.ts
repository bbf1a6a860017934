// The whole loop with the real program: a push becomes a promotion, Flux applies what was merged, Stagecoach follows it
// into the cluster and goes on, or does not. One story, each step builds on those before.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { EnvironmentName } from "./declare-loop.ts";
import { type Loop, startLoop } from "./start-loop.ts";
import { waitUntil } from "./wait-until.ts";

/** milliseconds; after an outage Flux itself has been seen to take more than two minutes */
const PATIENCE = 300_000;
const BY_HAND = "registry.k8s.io/pause:3.10";

describe("the whole loop, with Flux and an API server", () => {
  const stops: (() => unknown)[] = [];
  let loop: Loop;
  let broken = false;

  before(async () => {
    loop = await startLoop(stops);
  });
  after(async () => {
    if (broken && loop !== undefined) process.stderr.write(loop.program.log().split("\n").slice(-60).join("\n"));
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  const step = (what: string, work: () => Promise<void>) =>
    it(what, async () => {
      assert.ok(!broken, "a step before this one has failed");
      broken = true;
      await work();
      broken = false;
    });
  const until = (what: string, ask: () => unknown) =>
    waitUntil(what, { ask: async () => ((await ask()) ? true : undefined), patience: PATIENCE, pause: 250 });
  const isCalm = () => /"actions":\[\]/.test(loop.program.passes().at(-1) ?? "");
  const untilStage = (stage: string, tag: string, environment: EnvironmentName) =>
    until(`${tag} is ${stage} in ${environment}`, () => loop.stage(tag, environment) === stage);

  step("carries a pushed image through integration into staging", async () => {
    const digest = await loop.push("1.8.0");
    await untilStage("healthy", "1.8.0", "integration");
    await untilStage("healthy", "1.8.0", "staging");
    assert.equal(loop.declares("integration"), "1.8.0");
    assert.equal(loop.declares("staging"), "1.8.0");
    assert.deepEqual(await loop.digestsIn("staging"), [digest]);
    // what is not pinned shows the digest of the platform, which is known to be the same version
    const [child, ...others] = await loop.digestsIn("integration");
    assert.notEqual(child, digest);
    assert.deepEqual(others, []);
    for (const environment of ["integration", "staging"] as const) {
      await until("the deployment is a success", () => loop.deployment("1.8.0", environment) === "success");
      assert.equal(loop.followed("1.8.0", environment)?.length, 1);
    }
  });

  step("stops what does not start, and calls somebody", async () => {
    loop.breakImage("1.9.0");
    await loop.push("1.9.0");
    await untilStage("degraded", "1.9.0", "integration");
    assert.match(loop.followed("1.9.0", "integration")?.[0] ?? "", /`ImagePullBackOff`: `Container checkout: /);
    const { number = 0 } = loop.promotion("1.9.0", "integration") ?? {};
    await until("somebody is called", () => loop.comments(number, "attention/stopped").length > 0);
    await until("the deployment is a failure", () => loop.deployment("1.9.0", "integration") === "failure");
    assert.equal(loop.comments(number, "attention").length, 1);
  });

  step("lets nothing of it go on, and goes on with what is newer", async () => {
    await loop.push("1.9.1");
    await untilStage("healthy", "1.9.1", "integration");
    await untilStage("healthy", "1.9.1", "staging");
    await untilStage("replaced", "1.9.0", "integration");
    assert.equal(loop.promotion("1.9.0", "staging"), undefined);
    await until("the promotion to live has the newer one", () => loop.promotion("1.9.1", "live"));
    await until("it may be merged", () => loop.check("1.9.1", "live")?.startsWith("success"));
  });

  step("does not mistake what Flux takes back for drift that stays", async () => {
    const declared = await loop.imageIn("integration");
    await loop.kubectl("integration", ["set", "image", "deployment/checkout", `checkout=${BY_HAND}`]);
    assert.equal(await loop.imageIn("integration"), BY_HAND);
    await until("Flux takes it back", async () => (await loop.imageIn("integration")) === declared);
    await until("no issue is open", () => loop.driftIssues("integration").every(({ state }) => state === "closed"));
    await untilStage("healthy", "1.9.1", "integration");
  });

  for (const environment of ["integration", "staging"] as const)
    step(`tells of changes by hand that nobody takes back in ${environment}, until somebody does`, async () => {
      await loop.suspend(environment);
      await untilStage("suspended", "1.9.1", environment);
      await loop.kubectl(environment, ["scale", "deployment/checkout", "--replicas=3"]);
      await loop.kubectl(environment, ["set", "image", "deployment/checkout", `checkout=${BY_HAND}`]);
      await loop.kubectl(environment, [
        "set",
        "env",
        "deployment/checkout",
        "COLOUR=blue",
        "DATABASE_PASSWORD=hunter2",
      ]);
      const open = () => loop.driftIssues(environment).find(({ state }) => state === "open");
      const body = () => open()?.body ?? "";
      await until("the issue tells of all", () => ["replicas", BY_HAND, "env"].every((word) => body().includes(word)));
      assert.match(body(), /`\/spec\/replicas` \| `2` \| `3` \| `kubectl` \(`scale`\)/);
      assert.match(body(), /checkout:1\.9\.1[^|]*\| `"registry\.k8s\.io\/pause:3\.10"` \| `kubectl-set`/);
      await untilStage("drifted", "1.9.1", environment);
      assert.doesNotMatch(`${body()}${loop.followed("1.9.1", environment)}`, /hunter2/);
      if (environment === "staging")
        await until("what comes after waits", () => /^in_progress.*drift/s.test(loop.check("1.9.1", "live") ?? ""));
      await loop.resume(environment);
      await until("Flux takes back what Git declares", async () => (await loop.imageIn(environment)) !== BY_HAND);
      await until("the issue is closed", () => open() === undefined);
      await untilStage("healthy", "1.9.1", environment);
    });

  step("waits where a Kustomization is suspended, and goes on when it is resumed", async () => {
    await loop.suspend("integration");
    await loop.push("1.10.0");
    await untilStage("suspended", "1.10.0", "integration");
    assert.equal(loop.promotion("1.10.0", "staging"), undefined);
    await loop.resume("integration");
    await untilStage("healthy", "1.10.0", "integration");
    await untilStage("healthy", "1.10.0", "staging");
  });

  step("takes the silence of a cluster for nothing, and goes on when it is back", async () => {
    await loop.cluster.apiServer?.breakDown();
    await loop.push("1.11.0");
    await untilStage("no-news", "1.11.0", "integration");
    assert.equal(loop.promotion("1.11.0", "staging"), undefined);
    await loop.cluster.apiServer?.comeBack();
    await untilStage("healthy", "1.11.0", "integration");
    await untilStage("healthy", "1.11.0", "staging");
  });

  step("follows a release into a cluster that only reports", async () => {
    await until("the promotion to live has it", () => loop.promotion("1.11.0", "live"));
    await until("it may be merged", () => loop.check("1.11.0", "live")?.startsWith("success"));
    assert.equal(loop.promotion("1.10.0", "live"), undefined);
    assert.equal(loop.merge("1.11.0", "live"), "merged");
    await untilStage("no-news", "1.11.0", "live");
    await until("reports make it healthy", async () => {
      const { code, stdout, stderr } = await loop.report();
      assert.equal(code, 0, `${stdout}${stderr}`);
      return loop.stage("1.11.0", "live") === "healthy";
    });
  });

  step("tells people at a terminal the same", async () => {
    for (const environment of ["integration", "staging"] as const) {
      const { code, stdout } = await loop.program.command(["live", environment, "acme/platform-config"]);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /health +healthy \(the reconciler says\)/);
      for (const digest of await loop.digestsIn(environment)) assert.match(stdout, new RegExp(digest));
    }
  });

  step("makes no pass for clusters in which nothing happens", async () => {
    const runs = async () => Math.min(await loop.runsOf("integration"), await loop.runsOf("staging"));
    let seen = { passes: -1, runs: 0 };
    await until("Flux has looked twice, and nobody else", async () => {
      const now = { passes: loop.program.passes().length, runs: await runs() };
      if (now.passes !== seen.passes) seen = now;
      return now.runs >= seen.runs + 2;
    });
  });

  step("begins again without its database, and says nothing twice", async () => {
    const said = loop.said();
    await loop.program.forget();
    await until("it has looked, and there is nothing to do", isCalm);
    assert.equal(loop.said(), said);
  });

  step("hears of what happens by Flux's signed events where it may not watch", async () => {
    // without a report it would look for one every minute
    assert.equal((await loop.report()).code, 0);
    const isDueLate = () => isCalm() && loop.program.dueAt() > Date.now() + 3 * 60_000;
    await until("nothing is left to do, and the next look is due in some minutes", isDueLate);
    await untilStage("healthy", "1.11.0", "live");
    await loop.kubectl("staging", ["set", "image", "deployment/checkout", `checkout=${BY_HAND}`]);
    const { length } = loop.program.passes();
    await until("Flux takes it back", async () => (await loop.imageIn("staging")) !== BY_HAND);
    await until("that makes a pass", () => loop.program.passes().length > length);
  });

  step("asks GitHub for nothing that GitHub does not know", async () => assert.deepEqual(loop.github.deviations(), []));

  it("has cost so much", (context) => {
    const asked = loop.github.requests().filter(({ kind }) => kind !== "git");
    const writes = asked.filter(({ method, path }) => method !== "GET" && path.includes("/comments"));
    context.diagnostic(`${asked.length} requests to GitHub, ${writes.length} of them wrote a comment`);
  });
});
