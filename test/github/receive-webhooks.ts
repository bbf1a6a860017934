// A small world whose webhooks are received by a server of its own, which remembers them and answers as it is told.

import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { makeSmallWorld } from "./make-small-world.ts";
import { ensureUser } from "./model/manage-accounts.ts";
import type { Model } from "./model/model.ts";
import { startWebhooks, type Webhooks } from "./webhooks/start-webhooks.ts";

export const webhookSecret = "a webhook secret";
const closing: (() => unknown)[] = [];
after(() => {
  for (const close of closing) close();
});

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads are checked against GitHub's description when they are sent
  readonly payload: any;
  readonly name: string;
}

async function receive() {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks).toString("utf8");
      const payload = JSON.parse(raw);
      const event = String(request.headers["x-github-event"]);
      received.push({
        headers: request.headers,
        raw,
        payload,
        name: payload.action ? `${event}.${payload.action}` : event,
      });
      response.writeHead(answers.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { received, answers, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks` };
}

export async function makeWebhookWorld(
  more: Pick<NonNullable<Parameters<typeof makeSmallWorld>[0]>, "permissions" | "events"> = {},
) {
  const receiver = await receive();
  const line: { webhooks?: Webhooks } = {};
  const listen = (model: Model) => {
    model.url = "http://127.0.0.1:4010";
    line.webhooks = startWebhooks(model);
  };
  const world = makeSmallWorld({ ...more, webhook: { url: receiver.url, secret: webhookSecret }, listen });
  const webhooks = line.webhooks ?? assert.fail();
  const ann = ensureUser(world.model, { login: "ann" });
  world.repository.collaborators.set("ann", "write");
  await webhooks.settled();
  receiver.received.length = 0;
  return { ...world, ...receiver, webhooks, ann, names: () => receiver.received.map(({ name }) => name) };
}
