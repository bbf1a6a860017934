// Ten thousand broken bodies for each sender of registry webhooks, handed to the route in this process: no answer is a 5xx,
// nothing is thrown, and nothing grows but what was stored. The seed is in the name of the test; FUZZ_SEED sets another.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Hint } from "../../src/domain/hint.ts";
import { readGithubEvent } from "../../src/forge/read-github-event.ts";
import { createGithubRoute } from "../../src/http/receive-github.ts";
import { createRegistryRoutes } from "../../src/http/receive-registry.ts";
import type { Answer, PlainRequest, Route } from "../../src/http/route.ts";
import { RECEIVERS } from "../../src/registry/webhooks/receivers.ts";
import type { Store } from "../../src/store/store.ts";
import { bytesOf } from "../registry/webhooks/receiver-row.ts";
import { REFUSED_PROOFS } from "../registry/webhooks/refuse-proofs.ts";
import { KEYED_VENDORS, type KeyedVendor } from "../registry/webhooks/vendors/by-keys.ts";
import { ghcr } from "../registry/webhooks/vendors/ghcr.ts";
import type { Vendor, VendorDelivery } from "../registry/webhooks/vendors/vendor.ts";
import { VENDORS } from "../registry/webhooks/vendors/vendors.ts";
import { createRandom, mutateBytes, mutateHeaders, mutateValue, type Random } from "./mutate.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20260702);
const rounds = 10_000;
const secret = "a-secret-of-the-laboratory";
/** What the heap may be larger after 5,000 requests than after the 5,000 before: some caches of the engine, and no request. */
const heapRoom = 8 * 1024 * 1024;
const repository = { repository: 7, installation: 1, owner: "acme", name: "config" };

interface Kept {
  readonly store: Pick<Store, "hints" | "repositories">;
  readonly hints: Set<string>;
}

/** The port to the store with as little behind it as possible: the database has tests of its own. */
function keepInMemory(): Kept {
  const hints = new Set<string>();
  const never = () => Promise.reject(new Error("A route of registries has no need of this."));
  const unneeded = { save: never, find: never, list: never, remove: never, saveImages: never, saveSources: never };
  const add = async ({ hints: given }: { readonly hints: readonly Hint[] }) => {
    for (const hint of given) hints.add(JSON.stringify(hint));
    return "stored" as const;
  };
  return {
    hints,
    store: {
      hints: { add, of: never, remove: never },
      repositories: { ...unneeded, followers: never, followedSources: never, trackers: async () => [repository] },
    },
  };
}

interface Target {
  readonly name: string;
  /** Also breaks the headers and the address now and then. */
  readonly next: (random: Random) => { readonly route: Route; readonly request: Omit<PlainRequest, "id" | "address"> };
}

/** Who is proven by keys has no secret, and a time at which the proof is fresh. */
function targetOf(vendor: Vendor | KeyedVendor, { store }: Kept): Target {
  const keyed = "proofs" in vendor;
  const { proofs, now } = keyed ? vendor : { proofs: REFUSED_PROOFS, now: 0 };
  const settings = { id: "hook", kind: vendor.kind, ...vendor.settings, secrets: keyed ? [] : [secret] };
  const routes = createRegistryRoutes({
    ...{ store, webhooks: [settings], receivers: RECEIVERS, proofs, now: () => now },
  });
  const deliveries = [...Object.values(vendor.rows), ...vendor.more].flatMap((row) => row.deliveries);
  return {
    name: vendor.name,
    next: (random) => {
      const delivery = random.pick(deliveries);
      const { method = "POST" } = delivery;
      const { headers, body, secretInPath } = breakDelivery(random, { delivery, prove: vendor.prove });
      const inPath = secretInPath === undefined || random.next(8) > 0 ? secretInPath : "guessed";
      const route = routes.find(
        (each) => each.method === method && each.path.endsWith(":secret") === (inPath !== undefined),
      );
      assert.ok(route);
      const parameters = { id: "hook", ...(inPath !== undefined && { secret: inPath }) };
      return { route, request: { parameters, headers, body } };
    },
  };
}

/** The same packages as the App gets them. */
function appTarget({ store }: Kept): Target {
  const route = createGithubRoute({ store, secrets: [secret], readEvent: readGithubEvent });
  const deliveries = [...Object.values(ghcr.rows), ...ghcr.more].flatMap((row) => row.deliveries);
  return {
    name: "GHCR by the App",
    next: (random) => {
      const { headers, body } = breakDelivery(random, { delivery: random.pick(deliveries), prove: ghcr.prove });
      return { route, request: { parameters: {}, headers, body } };
    },
  };
}

/** Half of them are proven after they were broken: a sender that knows the secret is no safer than its software. */
function breakDelivery(
  random: Random,
  { delivery, prove }: { readonly delivery: VendorDelivery; readonly prove: Vendor["prove"] },
) {
  const honest = bytesOf(delivery.body);
  const body = random.pick([
    () => bytesOf(mutateValue(random, delivery.body) ?? ""),
    () => bytesOf(mutateValue(random, mutateValue(random, delivery.body)) ?? ""),
    () => mutateBytes(random, honest),
    () => mutateBytes(random, mutateBytes(random, honest)),
  ])();
  const { headers: proof, secretInPath } = prove(random.next(2) === 0 ? body : honest, secret);
  const headers = { ...delivery.headers, ...proof };
  return { body, secretInPath, headers: random.next(3) === 0 ? mutateHeaders(random, headers) : headers };
}

describe("broken deliveries of registries", () => {
  const unhandled: unknown[] = [];
  const remember = (reason: unknown) => unhandled.push(reason);
  let collectGarbage: () => void;

  before(() => {
    setFlagsFromString("--expose-gc");
    collectGarbage = runInNewContext("gc") as () => void;
    process.on("unhandledRejection", remember);
  });
  after(() => process.off("unhandledRejection", remember));

  // What differs only in its proof is read by the same code.
  const vendors = [...new Map(VENDORS.toReversed().map((vendor) => [vendor.kind, vendor])).values()];
  const targets = [
    ...[...vendors, ...KEYED_VENDORS].map((vendor) => (kept: Kept) => targetOf(vendor, kept)),
    appTarget,
  ];
  for (const [index, open] of targets.entries()) {
    const kept = keepInMemory();
    const target = open(kept);
    it(`T1: of ${target.name} (${rounds} of them, seed ${seed})`, async (test) => {
      const random = createRandom(seed + index);
      const statuses = new Map<number, number>();
      const answer = async (round: number): Promise<Answer> => {
        const { route, request } = target.next(random);
        const head = { id: String(round), address: "", ...request };
        return route.admit?.(head) ?? route.handle(head);
      };
      const run = async (from: number, to: number) => {
        for (let round = from; round < to; round += 1) {
          const { status } = await answer(round);
          assert.ok(status < 500, `${status} in round ${round}`);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        collectGarbage();
        return { heap: process.memoryUsage().heapUsed, resources: process.getActiveResourcesInfo().length };
      };
      const half = await run(0, rounds / 2);
      const whole = await run(rounds / 2, rounds);
      test.diagnostic([...statuses].map(([status, count]) => `${status}: ${count}`).join(", "));
      assert.deepEqual(unhandled, []);
      for (const status of [202, 400, 401]) assert.ok(statuses.has(status), `nothing was answered ${status}`);
      assert.ok(whole.heap - half.heap < heapRoom, `the heap grew from ${half.heap} to ${whole.heap} bytes`);
      assert.ok(whole.resources <= half.resources, `${whole.resources - half.resources} more things are open`);
      assert.ok(kept.hints.size <= (statuses.get(202) ?? 0) * 2, `${kept.hints.size} hints were kept`);
    });
  }
});
