// How passes run: one at a time for a repository and for an installation, again after an error, later when GitHub asks
// for patience, and to the end when the process is told to stop.

import assert from "node:assert/strict";
import { Deferred } from "../../src/forge/forge.ts";
import type { Store } from "../../src/store/store.ts";
import { waitUntil } from "./wait-until.ts";
import { type Backend, withStore } from "./with-store.ts";

export function describePasses(backend: Backend): void {
  describeExclusion(backend);
  describeErrors(backend);
  describeDrain(backend);
}

async function saveRepositories(store: Store, installations: Readonly<Record<number, number>>): Promise<void> {
  for (const [repository, installation] of Object.entries(installations)) {
    await store.repositories.save({ repository: Number(repository), installation, owner: "acme", name: repository });
  }
}

function describeExclusion(backend: Backend): void {
  withStore(backend, "runs one pass of an installation at a time, and several installations at once", async (store) => {
    await saveRepositories(store, { 1: 10, 2: 10, 3: 10, 4: 20, 5: 30 });
    const running = new Map<number, number>();
    let most = 0;
    let together = 0;
    const passes: number[] = [];
    const both = Promise.withResolvers<void>();
    const installations = new Map([
      [4, 20],
      [5, 30],
    ]);
    await store.work.start(async (repository) => {
      const installation = installations.get(repository) ?? 10;
      running.set(installation, (running.get(installation) ?? 0) + 1);
      most = Math.max(most, ...running.values());
      together = Math.max(together, running.size);
      if (together >= 2) {
        both.resolve();
      }
      await both.promise;
      passes.push(repository);
      running.set(installation, (running.get(installation) ?? 0) - 1);
    });
    for (const repository of [1, 2, 3, 4, 5]) {
      await store.work.wake(repository);
    }
    await waitUntil("the queue is empty", async () => (await store.work.pending()) === 0);
    assert.deepEqual(passes.sort(), [1, 2, 3, 4, 5]);
    assert.equal(most, 1);
  });
}

function describeErrors(backend: Backend): void {
  withStore(backend, "tries a pass that failed again", async ({ work }) => {
    let passes = 0;
    await work.start(async () => {
      passes += 1;
      if (passes === 1) {
        throw new Error("GitHub answered 502.");
      }
    });
    await work.wake(7);
    await waitUntil("the queue is empty", async () => passes > 0 && (await work.pending()) === 0);
    assert.equal(passes, 2);
  });

  withStore(backend, "leaves a whole installation alone until GitHub's patience is back", async (store) => {
    await saveRepositories(store, { 1: 10, 2: 10, 3: 20 });
    const until = Date.now() + 3_600_000;
    const passes: number[] = [];
    await store.work.wake(1);
    await store.work.start(async (repository) => {
      passes.push(repository);
      if (repository === 1) {
        throw new Deferred("GitHub asks for patience.", { installation: 10, until });
      }
    });
    await waitUntil("the first pass was deferred", async () => (await store.budgets.deferredUntil(10)) !== undefined);
    await store.work.wake(2);
    await store.work.wake(3);
    await waitUntil("the queue is empty", async () => passes.includes(3) && (await store.work.pending()) === 0);
    assert.deepEqual(passes.sort(), [1, 3]);
    assert.deepEqual(await store.budgets.deferredUntil(10), new Date(until));
  });

  withStore(backend, "takes a deferred pass up when its time has come", async ({ work }) => {
    let passes = 0;
    await work.start(async () => {
      passes += 1;
      if (passes === 1) {
        throw new Deferred("GitHub asks for a moment.", { installation: 10, until: Date.now() });
      }
    });
    await work.wake(7);
    await waitUntil("the second pass", () => passes === 2);
  });
}

function describeDrain(backend: Backend): void {
  withStore(backend, "drains: ends what runs and starts nothing new", async ({ work }) => {
    const passes: number[] = [];
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    await work.start(async (repository) => {
      started.resolve();
      await finish.promise;
      passes.push(repository);
    });
    await work.wake(7);
    await started.promise;
    const stopped = work.stop({ milliseconds: 30_000 });
    await work.wake(8);
    finish.resolve();
    await stopped;
    assert.deepEqual(passes, [7]);
    assert.equal(await work.pending(), 1);
  });

  withStore(backend, "does not wait longer than it is told, and tells the pass to stop writing", async ({ work }) => {
    const told = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    await work.start(async (_repository, signal) => {
      signal.addEventListener("abort", () => told.resolve());
      started.resolve();
      await told.promise;
    });
    await work.wake(7);
    await started.promise;
    await work.stop({ milliseconds: 0 });
    await told.promise;
  });
}
