// A pool of connections to the operator's PostgreSQL, as the store's `Database`.

import { Pool, type PoolClient } from "pg";
import type { Logger } from "pino";
import type { Database, Row, Sql } from "./database.ts";

/** `deadlock_detected` and `serialization_failure`: the same transaction may well pass when it is tried again. */
const givenUp: ReadonlySet<unknown> = new Set(["40P01", "40001"]);
const attempts = 4;

/** Connects at the first query. Throws when `url` is none, without repeating it: it holds a password. */
export function openPostgres({ url, log }: { readonly url: string; readonly log: Logger }): Database {
  if (!url.startsWith("/") && !URL.canParse(url)) {
    throw new Error("DATABASE_URL is not a URL. Write it as postgres://user:password@host:5432/database.");
  }
  const pool = new Pool({
    connectionString: url,
    max: 12,
    application_name: "stagecoach",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn({ err: error }, "A connection to PostgreSQL was lost"));
  return {
    engine: "postgres",
    query: async (text, values = []) => (await pool.query<Row>(text, [...values])).rows,
    transaction: (work) => runTransaction(pool, work),
    queue: { executeSql: (text, values) => pool.query(text, values) },
    close: () => pool.end(),
  };
}

async function runTransaction<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    try {
      const result = await runOnce(client, work);
      client.release();
      return result;
    } catch (error) {
      const broken = await rollBack(client);
      client.release(broken);
      if (attempt === attempts || !givenUp.has((error as { code?: unknown }).code)) {
        throw error;
      }
    }
  }
}

async function runOnce<T>(client: PoolClient, work: (sql: Sql) => Promise<T>): Promise<T> {
  await client.query("begin");
  const result = await work({
    query: async (text, values = []) => (await client.query<Row>(text, [...values])).rows,
  });
  await client.query("commit");
  return result;
}

/** Gives the error of a connection that cannot even roll back, which must not go back into the pool. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query("rollback");
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
