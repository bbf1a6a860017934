// Ten thousand broken bodies for each sender of registry webhooks, handed to the route in this process: no answer is a 5xx,
// nothing is thrown, and nothing grows but what was stored. The seed is in the name of the test; FUZZ_SEED sets another.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Hint } from "../../src/domain/hint.ts";
import { createRegistryRoutes } from "../../src/http/receive-registry.ts";
import type { Answer, PlainRequest, Route } from "../../src/http/route.ts";
import { RECEIVERS } from "../../src/registry/webhooks/receivers.ts";
import type { Store } from "../../src/store/store.ts";
import { bytesOf } from "../registry/webhooks/receiver-row.ts";
import { REFUSED_PROOFS } from "../registry/webhooks/refuse-proofs.ts";
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

function routeOf(routes: readonly Route[], { method, inPath }: { readonly method: string; readonly inPath: boolean }) {
  const route = routes.find((each) => each.method === method && each.path.endsWith(":secret") === inPath);
  assert.ok(route);
  return route;
}

/** Half of them are proven after they were broken: a sender that knows the secret is no safer than its software. */
function breakDelivery(random: Random, vendor: Vendor, delivery: VendorDelivery): Omit<PlainRequest, "id" | "address"> {
  const honest = bytesOf(delivery.body);
  const body = random.pick([
    () => bytesOf(mutateValue(random, delivery.body) ?? ""),
    () => bytesOf(mutateValue(random, mutateValue(random, delivery.body)) ?? ""),
    () => mutateBytes(random, honest),
    () => mutateBytes(random, mutateBytes(random, honest)),
  ])();
  const proof = vendor.prove(random.next(2) === 0 ? body : honest, secret);
  const headers = { ...delivery.headers, ...proof.headers };
  const inPath = proof.secretInPath === undefined || random.next(8) > 0 ? proof.secretInPath : "guessed";
  return {
    parameters: { id: "hook", ...(inPath !== undefined && { secret: inPath }) },
    headers: random.next(3) === 0 ? mutateHeaders(random, headers) : headers,
    body,
  };
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
  const vendors = new Map(VENDORS.toReversed().map((vendor) => [vendor.kind, vendor]));
  for (const [index, vendor] of [...vendors.values()].entries()) {
    it(`T1: of ${vendor.name} (${rounds} of them, seed ${seed})`, async (test) => {
      const random = createRandom(seed + index);
      const { store, hints } = keepInMemory();
      const settings = { id: "hook", kind: vendor.kind, ...vendor.settings, secrets: [secret] };
      const routes = createRegistryRoutes({
        ...{ store, webhooks: [settings], receivers: RECEIVERS, proofs: REFUSED_PROOFS, now: () => 0 },
      });
      const deliveries = [...Object.values(vendor.rows), ...vendor.more].flatMap((row) => row.deliveries);
      const statuses = new Map<number, number>();
      const answer = async (round: number): Promise<Answer> => {
        const delivery = random.pick(deliveries);
        const request = { id: String(round), address: "", ...breakDelivery(random, vendor, delivery) };
        const { method = "POST" } = delivery;
        const { handle } = routeOf(routes, { method, inPath: request.parameters.secret !== undefined });
        return handle(request);
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
      assert.ok(hints.size <= (statuses.get(202) ?? 0) * 2, `${hints.size} hints of ${statuses.get(202)} deliveries`);
    });
  }
});
