// The store suite on the embedded database, and what only the embedded one has: a folder that one process may use.

import { after, describe } from "node:test";
import { pino } from "pino";
import { openPglite } from "../../src/store/open-pglite.ts";
import { openOn } from "../../src/store/open-store.ts";
import { describeStore } from "./store-suite.ts";

const log = pino({ level: "silent" });

describe("on PGlite", async () => {
  // One database for the whole suite, because a cold start takes seconds; every store has a schema of its own.
  const database = await openPglite({});
  after(() => database.close());
  let count = 0;
  describeStore({
    open: (options) => {
      count += 1;
      const shared = { ...database, close: async () => undefined };
      const pace = { polling: 0.5, supervise: 1, retry: 0 };
      return openOn(shared, { log, schema: `suite_${count}`, pace, ...options });
    },
  });
});
