// Brings the store's own tables to the shape that this version needs: numbered steps, each run once, by one process at
// a time. The tables of the queue are pg-boss's own affair.

import type { Database, Sql } from "./database.ts";

const steps: readonly ((schema: string) => readonly string[])[] = [
  (schema) => [
    `create table ${schema}.deliveries (id text primary key, received bigint not null)`,
    `create index on ${schema}.deliveries (received)`,
    `create table ${schema}.hints (
       id bigint generated always as identity primary key,
       repository bigint not null, subject text not null, stored bigint not null)`,
    `create index on ${schema}.hints (repository, id)`,
    `create table ${schema}.repositories (
       id bigint primary key, installation bigint not null, owner text not null, name text not null)`,
    `create table ${schema}.images (
       image text not null, repository bigint not null, primary key (image, repository))`,
    `create index on ${schema}.images (repository)`,
    `create table ${schema}.cache (
       kind text not null, key text not null, value text not null, used bigint not null, primary key (kind, key))`,
    `create index on ${schema}.cache (used)`,
    `create table ${schema}.budgets (installation bigint primary key, deferred_until bigint not null)`,
    `create table ${schema}.leases (key text primary key, holder uuid not null, until timestamptz not null)`,
  ],
  (schema) => [
    `create table ${schema}.sources (
       source text not null, repository bigint not null, primary key (source, repository))`,
    `create index on ${schema}.sources (repository)`,
  ],
];

/** Throws when the tables were made by a newer version than this one. */
export async function migrate(database: Database, { schema }: { readonly schema: string }): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`stagecoach migrations of ${schema}`]);
    await sql.query(`create schema if not exists ${schema}`);
    await sql.query(`create table if not exists ${schema}.migrations (step integer primary key)`);
    const done = await readDone(sql, schema);
    if (done > steps.length) {
      throw new Error(
        `The tables in schema ${schema} were made by a newer version (step ${done}, this one knows ${steps.length}). ` +
          `Run that version, or drop the schema: nothing in it is needed.`,
      );
    }
    for (const [index, step] of steps.entries()) {
      if (index < done) {
        continue;
      }
      for (const statement of step(schema)) {
        await sql.query(statement);
      }
      await sql.query(`insert into ${schema}.migrations (step) values ($1)`, [index + 1]);
    }
  });
}

async function readDone(sql: Sql, schema: string): Promise<number> {
  const [row] = await sql.query(`select coalesce(max(step), 0) as step from ${schema}.migrations`);
  return Number(row?.step);
}
