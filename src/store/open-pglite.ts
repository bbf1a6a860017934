// The embedded database: PGlite on a folder, or in memory. One process per folder, because PGlite itself takes no lock
// and two processes on one folder lose each other's rows without a word.

import { mkdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { PGlite, type Transaction } from "@electric-sql/pglite";
import { fromPglite } from "pg-boss";
import type { Database, Row, Sql } from "./database.ts";
import { holdFolder } from "./hold-folder.ts";

/** Without a folder the database is in memory and ends with the process. Throws `FolderInUse`. */
export async function openPglite({ folder }: { readonly folder?: string }): Promise<Database> {
  if (folder === undefined) {
    return asDatabase(await PGlite.create(), () => undefined);
  }
  // Whole files of config repositories are kept in it; nobody else on this machine has to read them.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = holdFolder(folder);
  try {
    return asDatabase(await PGlite.create({ dataDir: folder }), release);
  } catch (error) {
    release();
    throw new Error(`The embedded database in ${folder} does not open.`, { cause: error });
  }
}

/** Milliseconds. PGlite runs in this thread and never gives way by itself: timers and sockets would starve. */
const longestWithoutTurn = 5;

function asDatabase(pglite: PGlite, release: () => void): Database {
  let turned = performance.now();
  async function giveWay(): Promise<void> {
    if (performance.now() - turned > longestWithoutTurn) {
      await setImmediate();
      turned = performance.now();
    }
  }
  return {
    engine: "pglite",
    query: async (text, values) => {
      await giveWay();
      return query(pglite, text, values);
    },
    transaction: async (work) => {
      await giveWay();
      return pglite.transaction((transaction) => work(asSql(transaction)));
    },
    queue: fromPglite(pglite),
    close: async () => {
      try {
        await pglite.close();
      } finally {
        release();
      }
    },
  };
}

function asSql(transaction: Transaction): Sql {
  return { query: (text, values) => query(transaction, text, values) };
}

async function query(
  on: Pick<PGlite, "query">,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return (await on.query<Row>(text, [...values])).rows;
}
