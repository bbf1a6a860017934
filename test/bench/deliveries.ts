// How many signed deliveries a second are stored and acknowledged, and how long the slowest wait, on both databases;
// beside Probot's own middleware in the same run, which verifies the same bytes but stores nothing. Sender and receiver
// share one process and its processor, so the ratios say more than the figures.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, createServer, request as startRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createNodeMiddleware, createProbot } from "probot";
import { readGithubEvent } from "../../src/forge/read-github-event.ts";
import { createHttpServer } from "../../src/http/create-server.ts";
import { createGithubRoute } from "../../src/http/receive-github.ts";
import { openStore, type StoreOptions } from "../../src/store/open-store.ts";
import { sign } from "../http/start-app.ts";
import { startPostgres } from "../store/start-postgres.ts";

export interface DeliveryFigures {
  readonly receiver: string;
  readonly stored: boolean;
  readonly perSecond: number;
  /** Milliseconds from sending to acknowledgement. */
  readonly median: number;
  readonly p99: number;
  /** Against Probot's middleware in the same run; 1 is as many a second. */
  readonly rate: number;
}

interface Receiver {
  readonly name: string;
  readonly stored: boolean;
  readonly port: number;
  stop(): Promise<void>;
}

const log = pino({ level: "silent" });
const secret = "a-secret-for-the-bench-alone";
const size = 20 * 1024;
const perRound = 400;
const rounds = 3;
const atOnce = 20;

export async function benchDeliveries(): Promise<readonly DeliveryFigures[]> {
  const postgres = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-bench-"));
  const receivers = [
    await startProbot(),
    await startOurs("embedded PGlite", { folder: join(folder, "database") }),
    ...(postgres === undefined ? [] : [await startOurs("PostgreSQL", { databaseUrl: postgres.url })]),
  ];
  try {
    return await compare(receivers);
  } finally {
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(receivers: readonly Receiver[]): Promise<readonly DeliveryFigures[]> {
  const laps = new Map(receivers.map((receiver) => [receiver, [] as Lap[]]));
  // In turns, so that whatever else the machine does hits all of them; the first lap only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [receiver, done] of laps) {
      const lap = await runLap(receiver, round);
      if (round > 0) {
        done.push(lap);
      }
    }
  }
  const perSecond = (done: readonly Lap[]) =>
    (done.length * perRound * 1000) / sum(done.map((lap) => lap.milliseconds));
  const [first] = laps.values();
  const yardstick = perSecond(first ?? []);
  return [...laps].map(([{ name, stored }, done]) => {
    const waits = done.flatMap((lap) => lap.waits).sort((left, right) => left - right);
    const at = (part: number) => waits[Math.floor(waits.length * part)] ?? Number.NaN;
    const rate = perSecond(done) / yardstick;
    return { receiver: name, stored, perSecond: perSecond(done), median: at(0.5), p99: at(0.99), rate };
  });
}

interface Lap {
  readonly milliseconds: number;
  readonly waits: readonly number[];
}

async function runLap({ port }: Receiver, round: number): Promise<Lap> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const waits: number[] = [];
  const started = performance.now();
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < perRound) {
      const number = next;
      next += 1;
      const sent = performance.now();
      await deliver({ agent, port, number, round });
      waits.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  agent.destroy();
  return { milliseconds: performance.now() - started, waits };
}

interface Delivery {
  readonly agent: Agent;
  readonly port: number;
  readonly number: number;
  readonly round: number;
}

function deliver({ agent, port, number, round }: Delivery): Promise<void> {
  const repository = { id: (number % 50) + 1, full_name: "acme/config" };
  const payload = { ref: `refs/heads/branch-${number}`, repository, installation: { id: 1 }, filler: "x".repeat(size) };
  const body = JSON.stringify(payload);
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "x-github-event": "push",
    "x-github-delivery": `bench-${round}-${number}`,
    "x-hub-signature-256": sign(body, secret),
  };
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(
      { agent, port, host: "127.0.0.1", method: "POST", path: "/api/github/webhooks", headers },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        const settle = () => (status < 300 ? resolve() : reject(new Error(`A delivery was answered with ${status}.`)));
        response.on("end", settle);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

type Place = Pick<StoreOptions, "databaseUrl" | "folder">;

async function startOurs(name: string, place: Place): Promise<Receiver> {
  const store = await openStore({ log, ...place });
  const routes = [createGithubRoute({ store, secrets: [secret], readEvent: readGithubEvent })];
  const server = createHttpServer({ log, routes });
  const port = await server.listen({ port: 0, host: "127.0.0.1" });
  const stop = async () => {
    await server.close({ milliseconds: 0 });
    await store.close();
  };
  return { name, stored: true, port, stop };
}

async function startProbot(): Promise<Receiver> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const probot = createProbot({ overrides: { appId: 1, privateKey, secret, log } });
  const middleware = await createNodeMiddleware((app) => void app.on("push", () => undefined), { probot });
  const server = createServer((request, response) => void middleware(request, response));
  const listening = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  await listening;
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { name: "Probot's middleware", stored: false, port: (server.address() as AddressInfo).port, stop };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
