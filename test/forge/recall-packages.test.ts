// What the app reads in GitHub's log of deliveries: packages of its own installation, told lately, however they fared.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DIGEST, type ForgeOnGithub, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
before(async () => {
  world = await startForge();
  world.github.setWebhookUrl("http://127.0.0.1:9/nobody-listens");
});
after(() => world.close());

const OTHER = `sha256:${"cd".repeat(32)}`;

async function publish(tag: string, digest = DIGEST): Promise<void> {
  world.github.publishPackage({ repository: REPOSITORY, name: "checkout", tag, digest });
  await world.github.webhooks.settled();
}

describe("packages that GitHub told of", () => {
  it("are found though nobody took the delivery, and only those with a tag", async () => {
    world.github.webhooks.setSwitch({ mode: "fail" });
    await publish("1.8.0");
    await publish("");
    const { value, requests } = await world.count(() => world.forge.recallPackages(world.at));
    assert.deepEqual(
      value.map(({ image, tag, digest }) => ({ image, tag, digest })),
      [{ image: "ghcr.io/acme/checkout", tag: "1.8.0", digest: DIGEST }],
    );
    assert.ok(value.every(({ at }) => Number.isInteger(at)));
    assert.deepEqual(requests, [
      "GET /app/hook/deliveries",
      "GET /app/hook/deliveries/{delivery_id}",
      "GET /app/hook/deliveries/{delivery_id}",
    ]);
  });

  it("come newest first, over several pages of the log", async () => {
    for (let count = 0; count < 110; count += 1) await world.github.webhooks.ping();
    await publish("1.9.0", OTHER);
    const told = await world.forge.recallPackages(world.at);
    assert.deepEqual(
      told.map(({ tag }) => tag),
      ["1.9.0", "1.8.0"],
    );
  });

  it("T3: are no news when they are sent again", async () => {
    const [, old] = world.github.model.deliveries.filter(({ event }) => event === "registry_package");
    assert.ok(old);
    world.github.model.redeliver?.(old);
    await world.github.webhooks.settled();
    assert.ok(world.github.model.deliveries.some(({ redelivery }) => redelivery));
    const told = await world.forge.recallPackages(world.at);
    assert.deepEqual(
      told.map(({ tag }) => tag),
      ["1.9.0", "1.8.0"],
    );
  });

  it("T25: of another installation are none of the asker's business", async () => {
    const stranger = { ...world.at, installation: world.at.installation + 1 };
    assert.deepEqual(await world.forge.recallPackages(stranger), []);
  });
});
