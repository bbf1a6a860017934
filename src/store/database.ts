// The little that the store asks of a database, so that PostgreSQL and the embedded PGlite look the same to every table.
// Instants of our own are epoch milliseconds in `bigint` columns; only leases and the queue go by the database's clock.

import type { Db } from "pg-boss";

export type Row = Readonly<Record<string, unknown>>;

export interface Sql {
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database extends Sql {
  readonly engine: "postgres" | "pglite";
  /** All or nothing. Runs `work` again when the database broke a deadlock by giving up this transaction. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** The same database as pg-boss wants to see it. */
  readonly queue: Db;
  close(): Promise<void>;
}

/** Text that a `text` column takes as it is: PostgreSQL knows no NUL, and half a surrogate pair is no UTF-8. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
