// Several processes on one PostgreSQL, played by several stores: they share the work and never meet in one installation.

import assert from "node:assert/strict";
import { it } from "node:test";
import type { Store } from "../../src/store/store.ts";
import { waitUntil } from "./wait-until.ts";
import type { Backend } from "./with-store.ts";

async function withReplicas(
  backend: Backend,
  { schema, count }: { readonly schema: string; readonly count: number },
  body: (stores: readonly Store[]) => Promise<void>,
): Promise<void> {
  // All at once, so that they race for the migrations, too.
  const opened = await Promise.allSettled(Array.from({ length: count }, () => backend.open({ schema })));
  const stores = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  try {
    assert.deepEqual(
      opened.filter((each) => each.status === "rejected"),
      [],
    );
    await body(stores);
  } finally {
    await Promise.all(stores.map((store) => store.work.stop({ milliseconds: 5_000 })));
    await Promise.all(stores.map((store) => store.close()));
  }
}

export function describeReplicas(backend: Backend): void {
  it("have one writer per installation, and handle every hint", { timeout: 120_000 }, () =>
    withReplicas(backend, { schema: "replicas", count: 3 }, async (stores) => {
      const [first] = stores;
      assert.ok(first);
      const repositories = Array.from({ length: 24 }, (_, index) => index + 1);
      const installationOf = (repository: number) => repository % 3;
      for (const repository of repositories) {
        const installation = installationOf(repository);
        await first.repositories.save({ repository, installation, owner: "acme", name: String(repository) });
      }
      const running = new Map<number, number>();
      const overlaps: string[] = [];
      const workers = new Set<number>();
      const handler = (worker: number, store: Store) => async (repository: number) => {
        const installation = installationOf(repository);
        const other = running.get(installation);
        if (other !== undefined) {
          overlaps.push(`repositories ${other} and ${repository} of installation ${installation}`);
        }
        running.set(installation, repository);
        workers.add(worker);
        const read = await store.hints.of(repository);
        await store.hints.remove(read.map((hint) => hint.id));
        await store.ping();
        running.delete(installation);
      };
      await Promise.all(stores.map((store, worker) => store.work.start(handler(worker, store))));
      for (let round = 0; round < 5; round += 1) {
        await Promise.all(
          repositories.map((repository) =>
            stores[repository % stores.length]?.hints.add({
              delivery: `${round}-${repository}`,
              hints: [{ repository, subject: { kind: "pull-request", number: round } }],
            }),
          ),
        );
      }
      await waitUntil("the queue is empty", async () => (await first.work.pending()) === 0);
      assert.deepEqual(overlaps, []);
      const left = await Promise.all(repositories.map((repository) => first.hints.of(repository)));
      assert.deepEqual(left.flat(), []);
      assert.ok(workers.size > 1, "one replica did all the work");
    }),
  );

  it("take over the passes of one that was drained", { timeout: 60_000 }, () =>
    withReplicas(backend, { schema: "takeover", count: 2 }, async ([leaving, staying]) => {
      assert.ok(leaving && staying);
      const started = Promise.withResolvers<void>();
      await leaving.work.start(async (_repository, signal) => {
        started.resolve();
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        signal.throwIfAborted();
      });
      await leaving.work.wake(7);
      await started.promise;
      const taken = Promise.withResolvers<number>();
      await staying.work.start(async (repository) => taken.resolve(repository));
      await leaving.work.stop({ milliseconds: 0 });
      assert.equal(await taken.promise, 7);
    }),
  );
}
