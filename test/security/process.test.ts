// What the program leaves on the machine and says when it dies.

import assert from "node:assert/strict";
import { chmodSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { beginService, type Service } from "../cli/begin-service.ts";

const TOKEN = `ghs_${"b".repeat(36)}`;

describe("T22: the program on its machine", { timeout: 120_000 }, () => {
  let service: Service;
  before(async () => {
    service = await beginService();
  });
  after(() => service.end());

  it("keeps its data folder to itself, and says when others can read its key", async () => {
    const warning = /Everybody on this machine can read the file that PRIVATE_KEY_PATH names/;
    const first = await service.serve();
    assert.doesNotMatch(first.stderr(), warning);
    assert.equal(statSync(join(service.folder, "data")).mode & 0o777, 0o700);
    assert.equal(statSync(join(service.folder, "data.lock")).mode & 0o777, 0o600);
    first.child.kill("SIGTERM");
    assert.equal(await first.exited, 0, first.stderr());
    assert.ok(readdirSync(join(service.folder, "data")).length > 0);
    chmodSync(join(service.folder, "key.pem"), 0o644);
    const second = await service.serve();
    assert.match(second.stderr(), warning);
    second.child.kill("SIGTERM");
    await second.exited;
  });

  it("dies of a fault of its own without telling what hung on it", async () => {
    const fault = join(service.folder, "fault.mjs");
    const thrown = `Object.assign(new Error("boom ${TOKEN}"), { params: ["a whole file"] })`;
    writeFileSync(fault, `process.once("SIGUSR2", () => Promise.reject(${thrown}));\n`);
    Object.assign(service.variables, { NODE_OPTIONS: `--import=${pathToFileURL(fault).href}` });
    const program = await service.serve();
    program.child.kill("SIGUSR2");
    assert.equal(await program.exited, 1);
    assert.match(program.stderr(), /Stagecoach stops, because of a fault of its own\.\nboom \[redacted\]\n {4}at /);
    assert.doesNotMatch(program.stdout() + program.stderr(), /ghs_|whole file/);
  });
});
