// The trusted root of the public Sigstore, from a mirror of the tests: fetched and verified by The Update Framework, kept for
// a day, good for a week where the mirror fails, and never one that somebody on the way has changed.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { initializeTUFRepo, tufHandlers } from "@tufjs/repo-mock";
import { createPublicRoots } from "../../src/signing/public-roots.ts";
import { type Authority, makeAuthority } from "./make-authority.ts";

const DAY = 24 * 60 * 60_000;
const closings: (() => Promise<void> | void)[] = [];
let authority: Authority;
before(async () => {
  authority = await makeAuthority();
});
after(async () => {
  for (const close of closings) await close();
});

async function startMirror() {
  const folder = await mkdtemp(join(tmpdir(), "mirror-"));
  const repository = initializeTUFRepo([{ name: "trusted_root.json", content: JSON.stringify(authority.root) }]);
  const handlers = new Map(tufHandlers(repository, { metadataPathPrefix: "" }).map(({ path, fn }) => [path, fn]));
  const asked: string[] = [];
  let mood: "well" | "down" | "changed" = "well";
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const found = mood === "down" ? undefined : handlers.get(path)?.();
    const body = Buffer.from(found?.response ?? "");
    const changed = mood === "changed" && path.includes("trusted_root.json");
    response
      .writeHead(found?.statusCode ?? 404)
      .end(changed ? Buffer.concat([body.subarray(1), Buffer.from(" ")]) : body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closings.push(
    () => void server.close(),
    () => rm(folder, { recursive: true, force: true }),
  );
  const rootPath = join(folder, "root.json");
  await writeFile(rootPath, JSON.stringify(repository.rootMeta.toJSON()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let now = 0;
  const roots = createPublicRoots({ folder: join(folder, "kept"), now: () => now, mirror: { url, rootPath } });
  return {
    read: async () => {
      const found = await roots.read();
      return found.kind === "unknown" ? found.why : `${found.value.roots[0]?.certificateAuthorities.length} authority`;
    },
    asked,
    become: (next: typeof mood) => {
      mood = next;
    },
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe("the trusted root of the public Sigstore", () => {
  test("is fetched when it is needed, and once a day", async () => {
    const { read, asked, wait } = await startMirror();
    assert.deepEqual(asked, []);
    assert.equal(await read(), "1 authority");
    const first = asked.length;
    assert.ok(first > 0);
    wait(DAY - 1);
    assert.equal(await read(), "1 authority");
    assert.equal(asked.length, first);
    wait(1);
    assert.equal(await read(), "1 authority");
    assert.ok(asked.length > first);
  });

  test("is asked for once, however many want it at a time", async () => {
    const { read, asked } = await startMirror();
    await Promise.all([read(), read(), read()]);
    assert.equal(asked.filter((path) => path === "/timestamp.json").length, 1);
  });

  test("is not known while the mirror does not answer, and is tried again after ten minutes", async () => {
    const { read, asked, become, wait } = await startMirror();
    become("down");
    assert.match(
      await read(),
      /^the trusted root of the public Sigstore could not be fetched or did not verify; the op/,
    );
    become("well");
    const tried = asked.length;
    wait(10 * 60_000 - 1);
    assert.match(await read(), /could not be fetched/);
    assert.equal(asked.length, tried);
    wait(1);
    assert.equal(await read(), "1 authority");
  });

  test("is good for a week where the mirror fails later", async () => {
    const { read, become, wait } = await startMirror();
    assert.equal(await read(), "1 authority");
    become("down");
    wait(7 * DAY - 1);
    assert.equal(await read(), "1 authority");
    wait(DAY);
    assert.match(await read(), /could not be fetched/);
  });

  test("that somebody on the way has changed is not believed", async () => {
    const { read, become } = await startMirror();
    become("changed");
    assert.match(await read(), /could not be fetched or did not verify/);
  });
});
