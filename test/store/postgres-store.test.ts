// The store suite on PostgreSQL, and what only PostgreSQL has: several processes on one store.

import { after, describe, it } from "node:test";
import { pino } from "pino";
import { openStore } from "../../src/store/open-store.ts";
import { survivesKill } from "./crash-suite.ts";
import { describeReplicas } from "./replica-suite.ts";
import { startPostgres } from "./start-postgres.ts";
import { describeStore } from "./store-suite.ts";

const log = pino({ level: "silent" });
const postgres = await startPostgres();

if (postgres === undefined) {
  it("on PostgreSQL", (test) => {
    test.diagnostic("PostgreSQL is not installed on this machine: the store was NOT tested on it.");
  });
} else {
  const { url, stop } = postgres;
  describe("on PostgreSQL", () => {
    after(stop);
    let count = 0;
    const backend = {
      open: (options = {}) => {
        count += 1;
        const pace = { polling: 0.5, supervise: 1, retry: 0 };
        return openStore({ databaseUrl: url, log, schema: `suite_${count}`, pace, ...options });
      },
    };
    describeStore(backend);
    it("survives kill -9 with what was acknowledged, and every repository gets its pass", { timeout: 120_000 }, () =>
      survivesKill({ databaseUrl: url, schema: "crash", pace: { heartbeat: 10 } }),
    );
    describe("replicas", () => describeReplicas(backend));
  });
}
