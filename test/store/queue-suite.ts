// When passes start: coalesced, at the earliest time that somebody asked for, and again for whatever came in between.

import assert from "node:assert/strict";
import type { Hint } from "../../src/domain/hint.ts";
import { waitUntil } from "./wait-until.ts";
import { type Backend, withStore } from "./with-store.ts";

const inAnHour = () => new Date(Date.now() + 3_600_000);

export function describeQueue(backend: Backend): void {
  describeTimes(backend);
  describeHintsInPasses(backend);
}

function describeTimes(backend: Backend): void {
  withStore(backend, "makes one pass of many wakes", async ({ work }) => {
    for (let count = 0; count < 5; count += 1) {
      await work.wake(7);
    }
    assert.equal(await work.pending(), 1);
    const passes: number[] = [];
    await work.start(async (repository) => void passes.push(repository));
    await waitUntil("the queue is empty", async () => (await work.pending()) === 0);
    assert.deepEqual(passes, [7]);
  });

  withStore(backend, "makes one more pass of many wakes that come while one runs", async ({ work }) => {
    let passes = 0;
    await work.wake(7);
    await work.start(async () => {
      passes += 1;
      if (passes === 1) {
        await Promise.all([work.wake(7), work.wake(7), work.wake(7)]);
      }
    });
    await waitUntil("the queue is empty", async () => passes > 0 && (await work.pending()) === 0);
    assert.equal(passes, 2);
  });

  withStore(backend, "lets a wake for now win over an earlier one for later", async ({ work }) => {
    await work.wake(7, { at: inAnHour() });
    assert.equal(await work.pending(), 0);
    const { promise, resolve } = Promise.withResolvers<number>();
    await work.start(async (repository) => resolve(repository));
    await work.wake(7);
    assert.equal(await promise, 7);
  });

  withStore(backend, "does not let a wake for later delay one for now", async ({ work }) => {
    await work.wake(7);
    await work.wake(7, { at: inAnHour() });
    const { promise, resolve } = Promise.withResolvers<number>();
    await work.start(async (repository) => resolve(repository));
    assert.equal(await promise, 7);
  });

  withStore(backend, "starts nothing before its time", async ({ work }) => {
    await work.wake(7, { at: inAnHour() });
    await work.wake(8);
    const passes: number[] = [];
    await work.start(async (repository) => void passes.push(repository));
    await waitUntil("repository 8 had its pass", async () => passes.length > 0 && (await work.pending()) === 0);
    assert.deepEqual(passes, [8]);
  });

  withStore(backend, "starts a pass when its time has come", async ({ work }) => {
    const { promise, resolve } = Promise.withResolvers<number>();
    await work.start(async () => resolve(Date.now()));
    const at = new Date(Date.now() + 300);
    await work.wake(7, { at });
    assert.ok((await promise) >= at.getTime() - 50);
  });
}

function describeHintsInPasses(backend: Backend): void {
  withStore(backend, "gives a hint that is stored while a pass runs a pass of its own", async ({ hints, work }) => {
    const late: Hint = { repository: 7, subject: { kind: "comment", number: 1, comment: 2 } };
    await hints.add({ delivery: "early", hints: [{ repository: 7, subject: { kind: "repository" } }] });
    const seen: string[][] = [];
    await work.start(async (repository) => {
      const read = await hints.of(repository);
      seen.push(read.map((hint) => hint.subject.kind));
      if (seen.length === 1) {
        await hints.add({ delivery: "late", hints: [late] });
      }
      await hints.remove(read.map((hint) => hint.id));
    });
    await waitUntil("the queue is empty", async () => seen.length > 0 && (await work.pending()) === 0);
    assert.deepEqual(seen, [["repository"], ["comment"]]);
  });

  withStore(backend, "comes back to hints that a pass left", async ({ hints, work }) => {
    await hints.add({ delivery: "one", hints: [{ repository: 7, subject: { kind: "repository" } }] });
    let passes = 0;
    await work.start(async (repository) => {
      passes += 1;
      if (passes > 1) {
        await hints.remove((await hints.of(repository)).map((hint) => hint.id));
      }
    });
    await waitUntil("the hint was handled", async () => (await hints.of(7)).length === 0);
    assert.equal(passes, 2);
  });

  withStore(backend, "forgets nothing that a hint named in a storm of deliveries", async ({ hints, work }) => {
    const named = new Set<string>();
    const handled = new Set<string>();
    await work.start(async (repository) => {
      const read = await hints.of(repository);
      for (const { subject } of read) {
        handled.add(`${repository}/${subject.kind === "pull-request" ? subject.number : subject.kind}`);
      }
      await hints.remove(read.map((hint) => hint.id));
    });
    const deliver = (number: number) => {
      const repositories = [number % 5, 5 + (number % 7)];
      for (const repository of repositories) {
        named.add(`${repository}/${number}`);
      }
      return hints.add({
        delivery: `delivery-${number}`,
        hints: repositories.map((repository) => ({ repository, subject: { kind: "pull-request", number } })),
      });
    };
    for (let first = 0; first < 200; first += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => deliver(first + index)));
    }
    await waitUntil("the queue is empty", async () => (await work.pending()) === 0);
    assert.deepEqual([...handled].sort(), [...named].sort());
  });
}
