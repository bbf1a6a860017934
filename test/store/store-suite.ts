// What every store must do, whatever database it stands on.

import { describe } from "node:test";
import { describePasses } from "./pass-suite.ts";
import { describeQueue } from "./queue-suite.ts";
import { describeTables } from "./table-suite.ts";
import type { Backend } from "./with-store.ts";

export function describeStore(backend: Backend): void {
  describe("what is remembered", () => describeTables(backend));
  describe("the queue", () => describeQueue(backend));
  describe("passes", () => describePasses(backend));
}
