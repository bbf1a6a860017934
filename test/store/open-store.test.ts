// A store that cannot be opened says so, and keeps the password of its database to itself.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { pino } from "pino";
import { openStore } from "../../src/store/open-store.ts";

const log = pino({ level: "silent" });

describe("opening the store", () => {
  for (const databaseUrl of [
    "postgres://user:hunter2@127.0.0.1:1/stagecoach",
    "user:hunter2@somewhere:no port",
    "hunter2",
  ]) {
    it(`T22: fails without telling the password: ${databaseUrl.length} characters of DATABASE_URL`, async () => {
      await assert.rejects(openStore({ databaseUrl, log }), (error: Error) => {
        assert.doesNotMatch(inspect(error, { depth: 9 }), /hunter2/);
        return true;
      });
    });
  }
});
