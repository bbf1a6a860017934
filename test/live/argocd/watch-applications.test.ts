import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { createArgocdSource } from "../../../src/live/argocd/argocd-source.ts";
import type { GatherTimes } from "../../../src/live/cluster/gather-changes.ts";
import { startArgocd } from "../../argocd/start-argocd.ts";
import { FIRST } from "./make-application.ts";

test("tells of changes, once for many, and goes on after a broken line", async (t) => {
  const { argocd, changes, until, stop } = await begin(t);
  for (const name of ["one", "two", "three"]) argocd.application(name, { revisions: [FIRST] });
  await until(() => changes() === 1, "the first opening is told once");
  argocd.application("one").degraded("no pods");
  await until(() => changes() === 2, "a change is told");
  for (let times = 1; times <= 3; times++) {
    argocd.breakStreams();
    await until(() => changes() === 2 + times, "after a break it is opened again, and told");
  }
  stop();
  await until(() => argocd.streams() === 0, "the line is closed");
});

test("T27: a server that speaks without a pause is told of now and then", async (t) => {
  const { argocd, changes, until } = await begin(t, { gather: { delay: 1, every: 60_000 } });
  argocd.application("one", { revisions: [FIRST] });
  await until(() => changes() === 1, "the first opening is told");
  for (let times = 1; times <= 3; times++) {
    const asked = argocd.requests().length;
    argocd.breakStreams();
    await until(() => argocd.requests().length > asked, "it is opened again");
  }
  assert.equal(changes(), 1);
});

test("a server that is down, refuses or shows a page is no change, and is asked again", async (t) => {
  const { argocd, changes, until } = await begin(t, { fault: { kind: "page" } });
  argocd.application("one", { revisions: [FIRST] });
  await until(() => argocd.requests().length >= 2, "asked again after a page");
  argocd.fail({ kind: "status", status: 401 });
  const asked = argocd.requests().length;
  await until(() => argocd.requests().length > asked + 1, "asked again after a refusal");
  assert.equal(changes(), 0);
  argocd.fail();
  await until(() => changes() === 1, "told once it works");
});

async function begin(
  t: TestContext,
  {
    fault,
    gather = { delay: 30, every: 0 },
  }: {
    readonly fault?: Parameters<Awaited<ReturnType<typeof startArgocd>>["fail"]>[0];
    readonly gather?: GatherTimes;
  } = {},
) {
  const argocd = await startArgocd();
  argocd.fail(fault);
  const source = createArgocdSource(argocd, { now: Date.now, limits: { backoff: 5, gather } });
  let changes = 0;
  const watching = source.watch({ onChange: () => changes++ });
  t.after(async () => {
    watching.stop();
    await argocd.stop();
  });
  const until = async (holds: () => boolean, what: string): Promise<void> => {
    const deadline = performance.now() + 10_000;
    while (!holds()) {
      assert.ok(performance.now() < deadline, `${what}: ${changes} changes, ${argocd.requests().length} requests`);
      await wait(5);
    }
  };
  return { argocd, changes: () => changes, until, stop: () => watching.stop() };
}
