// The proofs port over HTTP: few addresses, all of them the operator's, fixed, or checked by the receiver; one request at a
// time for each, limits on time, size and number, no redirects. What is kept, and for how long, is decided here.

import { lookup } from "node:dns/promises";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import { type Reply, sendRequest, type Transport } from "../send-request.ts";
import type { Proofs } from "../webhooks/proofs.ts";
import { createKeySets } from "./keep-key-sets.ts";

export interface ProofsOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly userAgent: string;
  readonly fetch?: typeof fetch;
  /** Milliseconds for one request; five seconds unless given, since senders do not wait for long. */
  readonly timeout?: number;
}

const LARGEST_CERTIFICATE = 16 * 1024;
/** A signer has one certificate for a year and then the next. */
const MOST_CERTIFICATES = 16;
/** Requests for certificates and confirmations in a while: more are made by nobody who means well. */
const BUDGET = { requests: 20, milliseconds: 10 * 60_000 };

export function createProofs({ now, userAgent, fetch: send = fetch, timeout = 5_000 }: ProofsOptions): Proofs {
  const transport: Transport = { fetch: send, userAgent, timeout, lookup: lookupAll };
  const get = (address: string, accept: string) =>
    sendRequest({ method: "GET", url: new URL(address), accept, redirects: false }, transport);
  const keySets = createKeySets({ now, get: (address) => get(address, "application/json") });
  const spend = createBudget(now);
  return {
    keySet: keySets,
    certificate: createCertificates(async (address) =>
      spend() ? readCertificate(await get(address, "*/*")) : tooMany(address),
    ),
    confirm: async (address) => (spend() ? readConfirmation(await get(address, "*/*")) : tooMany(address)),
  };
}

function createCertificates(fetchOne: (address: string) => Promise<Seen<string | undefined>>): Proofs["certificate"] {
  const kept = new Map<string, string>();
  const running = new Map<string, Promise<Seen<string | undefined>>>();
  return async (address) => {
    const certificate = kept.get(address);
    if (certificate !== undefined) return known(certificate);
    const asked = running.get(address) ?? fetchOne(address).finally(() => running.delete(address));
    running.set(address, asked);
    const answer = await asked;
    // Only what really lies there is kept, so nobody drives it out with made-up addresses.
    if (answer.kind === "known" && answer.value !== undefined) {
      kept.set(address, answer.value);
      for (const oldest of [...kept.keys()].slice(0, -MOST_CERTIFICATES)) kept.delete(oldest);
    }
    return answer;
  };
}

function readCertificate(reply: Reply | ReturnType<typeof unknown>): Seen<string | undefined> {
  if (reply.kind === "unknown") return reply;
  if (reply.status >= 500 || reply.status === 429) return unknown(`${reply.url.host} answered ${reply.status}`);
  if (reply.status !== 200 || reply.body.byteLength > LARGEST_CERTIFICATE) return known(undefined);
  return known(Buffer.from(reply.body).toString("latin1"));
}

function readConfirmation(reply: Reply | ReturnType<typeof unknown>): Seen<undefined> {
  if (reply.kind === "unknown") return reply;
  return reply.status === 200 ? known(undefined) : unknown(`${reply.url.host} answered ${reply.status}`);
}

function createBudget(now: () => number): () => boolean {
  const spent: number[] = [];
  return () => {
    while (spent[0] !== undefined && spent[0] <= now() - BUDGET.milliseconds) spent.shift();
    if (spent.length >= BUDGET.requests) return false;
    spent.push(now());
    return true;
  };
}

function tooMany(address: string): ReturnType<typeof unknown> {
  const minutes = BUDGET.milliseconds / 60_000;
  return unknown(`${new URL(address).host} was asked ${BUDGET.requests} times within ${minutes} minutes already`);
}

async function lookupAll(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
