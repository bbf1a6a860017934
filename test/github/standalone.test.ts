// Holds the stand-in as a program of its own: one line that says where it is, repositories from a folder, people with
// permissions, and deliveries that the app's owner can look at and ask for again.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { verify } from "@octokit/webhooks-methods";
import { connect, connectApp, refusal, repository } from "./connect-octokit.ts";
import type { Github } from "./start-github.ts";

const folder = mkdtempSync(join(tmpdir(), "standalone-"));
const program = join(import.meta.dirname, "main.ts");
const deliveries: { readonly event: string; readonly signature: string; readonly text: string }[] = [];
let receiver: Server;
let child: ChildProcess;
let line: {
  readonly url: string;
  readonly appId: number;
  readonly privateKeyPath: string;
  readonly webhookSecret: string;
  readonly installationId: number;
};
let github: Github;

before(async () => {
  const place = join(folder, "seed", "acme", "config", "apps");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "app.yaml"), "image: checkout:1.0.0\n");
  symlinkSync("app.yaml", join(place, "link.yaml"));
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { "x-github-event": event, "x-hub-signature-256": signature } = request.headers;
      deliveries.push({
        event: String(event),
        signature: String(signature),
        text: Buffer.concat(chunks).toString("utf8"),
      });
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/api/github/webhooks`;
  const args = [
    "--port",
    "0",
    "--data",
    join(folder, "data"),
    "--seed",
    join(folder, "seed"),
    "--webhook-url",
    hook,
    "--user",
    "bob:write",
  ];
  child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  line = JSON.parse(await firstLine(child));
  github = { ...line, privateKey: readFileSync(line.privateKeyPath, "utf8") } as unknown as Github;
});
after(() => {
  child.kill();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

function firstLine(from: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    from.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    from.once("exit", (code) => reject(new Error(`The program ended with ${code}.`)));
  });
}

/** The deliveries of this event, once there are so many. */
async function waitForDeliveries(event: string, count: number) {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const found = deliveries.filter((delivery) => delivery.event === event);
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${count} deliveries of ${event} did not come.`);
}

describe("the program", () => {
  it("signs the app in with the key that it names", async () => {
    const { data } = await connectApp(github).rest.apps.listInstallations();
    assert.deepEqual(
      data.map(({ id, app_id }) => [id, app_id]),
      [[line.installationId, line.appId]],
    );
  });

  it("has the repositories of the folder, symlinks and all", async () => {
    const { data } = await connect(github, "user:bob").rest.git.getTree({
      ...repository,
      tree_sha: "main",
      recursive: "1",
    });
    assert.deepEqual(
      data.tree.map(({ path, mode }) => [path, mode]),
      [
        ["apps", "040000"],
        ["apps/app.yaml", "100644"],
        ["apps/link.yaml", "120000"],
      ],
    );
  });

  it("gives people their permission", async () => {
    const person = connect(github, "user:bob");
    assert.equal((await person.rest.issues.create({ ...repository, title: "Dashboard" })).data.user?.login, "bob");
    await assert.rejects(connect(github, "user:zoe").rest.repos.get(repository), refusal(401, "Bad credentials"));
  });

  it("sends signed webhooks, lists them with their long ids, and sends one again", async () => {
    const person = connect(github, "user:bob");
    await person.rest.issues.createComment({ ...repository, issue_number: 1, body: "/status" });
    const [delivery] = await waitForDeliveries("issue_comment", 1);
    assert.ok(delivery && (await verify(line.webhookSecret, delivery.text, delivery.signature)));
    const app = connectApp(github);
    const answer = await fetch(`${line.url}/app/hook/deliveries`, {
      headers: { authorization: `Bearer ${await tokenOf(app)}` },
    });
    const id = /"id":(\d+),"guid":"[^"]+"[^{}]*"event":"issue_comment"/.exec(await answer.text())?.[1] ?? "";
    assert.ok(BigInt(id) > BigInt(Number.MAX_SAFE_INTEGER));
    await app.request(`POST /app/hook/deliveries/${id}/attempts`);
    assert.equal((await waitForDeliveries("issue_comment", 2)).length, 2);
  });

  it("says what is wrong with its options", async () => {
    const wrong = spawn(process.execPath, [program, "--port", "4010"], { stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    wrong.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    const code = await new Promise((resolve) => wrong.once("close", resolve));
    assert.equal(code, 2);
    assert.match(text, /Say with --data in which folder the repositories are kept\./);
  });
});

async function tokenOf(octokit: ReturnType<typeof connectApp>): Promise<string> {
  const authentication = (await octokit.auth()) as { readonly token: string };
  return authentication.token;
}
