// Stagecoach on a fleet, pass by pass: the world in another process, the program in this one. Gives what one pass cost,
// in requests and time. Nothing runs by itself: every pass is asked for.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { App } from "../../src/cli/command.ts";
import { NO_SETTINGS } from "../../src/domain/settings.ts";
import { startApp } from "../../src/index.ts";
import { runPass } from "../../src/reconcile/run-pass.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { createHandDrivenStore } from "../stories/hand-driven-store.ts";
import type { FleetSize } from "./fleet.ts";
import type { Counts, Order, World } from "./serve-fleet.ts";

export interface PassFigures extends Counts {
  readonly milliseconds: number;
  /** What was done, by kind. */
  readonly actions: Readonly<Record<string, number>>;
}

export interface FleetOptions extends FleetSize {
  /** The embedded database, or nothing but this process's memory. */
  readonly store: "embedded" | "memory";
}

export interface OpenFleet {
  /** A new version of one service, told by the registry's notification. */
  push(service: number, tag: string): Promise<void>;
  pass(): Promise<PassFigures>;
  /** Passes until one does nothing. */
  settle(): Promise<readonly PassFigures[]>;
  /** The clock goes on by so many milliseconds. */
  elapse(milliseconds: number): void;
  close(): Promise<void>;
}

const SECRET = "a-secret-for-the-bench-alone";

export async function openFleet({ services, places, store: kind }: FleetOptions): Promise<OpenFleet> {
  const child = fork(fileURLToPath(new URL("serve-fleet.ts", import.meta.url)), [String(services), String(places)]);
  const send = async (order: Order): Promise<Counts | undefined> => {
    const answered = once(child, "message");
    child.send(order);
    const [{ answer }] = (await answered) as [{ readonly answer?: Counts }];
    return answer;
  };
  const count = async (): Promise<Counts> => {
    const counts = await send({ kind: "count" });
    if (counts === undefined) throw new Error("The fleet's world did not count.");
    return counts;
  };
  const [{ world }] = (await once(child, "message")) as [{ readonly world: World }];
  const stored = kind === "embedded" ? await openStore({ log: pino({ level: "silent" }) }) : storeInMemory();
  const store = { ...stored, work: ASLEEP };
  const clock = { ahead: 0 };
  const app = await start({ world, store, now: () => Date.now() + clock.ahead });
  await send({ kind: "notify", url: `${app.url}/hooks/registry/lab`, secret: SECRET });
  await app.lookEverywhere();
  const [at] = await app.shell.store.repositories.list();
  if (at === undefined) throw new Error("Stagecoach found no repository.");
  await count();

  const pass = async (): Promise<PassFigures> => {
    const started = performance.now();
    const { acted } = await runPass({ at, shell: app.shell, signal: new AbortController().signal });
    const milliseconds = performance.now() - started;
    const actions: Record<string, number> = {};
    for (const { action } of acted.outcomes) actions[action.kind] = (actions[action.kind] ?? 0) + 1;
    const counts = await count();
    if (counts.deviations.length > 0) throw new Error(`GitHub would not have it so: ${counts.deviations.join("; ")}`);
    return { ...counts, milliseconds, actions };
  };
  return {
    push: async (service, tag) => void (await send({ kind: "push", service, tag })),
    pass,
    settle: async () => {
      const passes: PassFigures[] = [];
      while (passes.length < 200) {
        const figures = await pass();
        passes.push(figures);
        if (Object.keys(figures.actions).length === 0 && figures.registry === 0) return passes;
      }
      throw new Error("The fleet never goes quiet.");
    },
    elapse: (milliseconds) => {
      clock.ahead += milliseconds;
    },
    close: async () => {
      await app.stop();
      child.disconnect();
      await once(child, "exit").catch(() => undefined);
    },
  };
}

function storeInMemory(): Store {
  const onFailure = (error: Error): never => {
    throw error;
  };
  return createHandDrivenStore({ now: Date.now, onFailure });
}

/** A queue that remembers nothing and starts nothing. */
const ASLEEP: Store["work"] = {
  wake: async () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
  pending: async () => 0,
};

function start(parts: { readonly world: World; readonly store: Store; readonly now: () => number }): Promise<App> {
  const { store, now } = parts;
  const { url, appId, privateKey, webhookSecret, registry } = parts.world;
  return startApp({
    now,
    app: { appId, privateKey, webhookSecrets: [webhookSecret], baseUrl: url },
    settings: {
      ...NO_SETTINGS,
      registries: [{ host: registry, prefix: "", for: ["*"], insecure: true, every: 600_000 }],
      webhooks: [{ id: "lab", kind: "distribution", registry, secrets: [SECRET] }],
    },
    store,
    http: { host: "127.0.0.1", port: 0, metricsPort: 0 },
    logLevel: "silent",
    throttle: false,
  });
}
