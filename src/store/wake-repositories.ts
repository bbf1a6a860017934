// Puts repositories into the queue of passes, at most once each. A wake that finds its repository queued moves that
// entry forward where it is earlier, and always locks it: a worker passes over a locked entry, so a pass that starts
// after this transaction sees what it stored, and one that started before leaves room for another entry.

import { randomUUID } from "node:crypto";
import type { PgBoss } from "pg-boss";
import type { Sql } from "./database.ts";

export const passQueue = "pass";

export interface Wake {
  readonly repositories: readonly number[];
  /** Now, when absent. */
  readonly at?: Date | undefined;
}

export interface PassQueue {
  readonly boss: PgBoss;
  /** Schema of the store's own tables. */
  readonly schema: string;
  readonly queueSchema: string;
}

/** To be called inside a transaction; the passes can start when it is committed. */
export async function wakeRepositories(sql: Sql, queue: PassQueue, { repositories, at }: Wake): Promise<void> {
  // Sorted, so that two transactions that wake the same repositories wait for each other instead of deadlocking.
  let missing = [...new Set(repositories.map(String))].sort();
  while (missing.length > 0) {
    const found = await moveForward(sql, queue, { keys: missing, at });
    missing = missing.filter((key) => !found.has(key));
    if (missing.length > 0) {
      const queued = await enqueue(sql, queue, { keys: missing, at });
      // Whoever is still missing was queued by somebody else just now: that entry has to be locked, too.
      missing = missing.filter((key) => !queued.has(key));
    }
  }
}

interface Keys {
  readonly keys: readonly string[];
  readonly at: Date | undefined;
}

async function moveForward(sql: Sql, { queueSchema }: PassQueue, { keys, at }: Keys): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `with queued as (
       select id from ${queueSchema}.job
       where name = '${passQueue}' and policy = 'short' and state <= 'active' and state < 'active'
         and coalesce(singleton_key, '') = any($1::text[])
       order by singleton_key for update)
     update ${queueSchema}.job job set start_after = least(job.start_after, coalesce($2::timestamptz, now()))
     from queued where job.id = queued.id and job.name = '${passQueue}'
     returning job.singleton_key`,
    [keys, at ?? null],
  );
  return new Set(rows.map((row) => String(row.singleton_key)));
}

async function enqueue(sql: Sql, queue: PassQueue, { keys, at }: Keys): Promise<ReadonlySet<string>> {
  const groups = await readGroups(sql, queue, keys);
  const jobs = keys.map((key) => ({
    id: randomUUID(),
    singletonKey: key,
    data: { repository: Number(key) },
    group: { id: groups.get(key) ?? groupOf({ repository: Number(key), installation: undefined }) },
    ...(at === undefined ? {} : { startAfter: at }),
  }));
  const db = {
    executeSql: async (text: string, values?: unknown[]) => ({ rows: [...(await sql.query(text, values))] }),
  };
  const made = new Set((await queue.boss.insert(passQueue, jobs, { db, returnId: true })) ?? []);
  return new Set(jobs.filter((job) => made.has(job.id)).map((job) => job.singletonKey));
}

async function readGroups(
  sql: Sql,
  { schema }: PassQueue,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query(`select id, installation from ${schema}.repositories where id = any($1::bigint[])`, [
    keys,
  ]);
  return new Map(
    rows.map((row) => [
      String(row.id),
      groupOf({ repository: Number(row.id), installation: Number(row.installation) }),
    ]),
  );
}

/** Passes of one group never run at the same time. A repository that nobody has announced yet is a group of its own. */
export function groupOf(of: { readonly repository: number; readonly installation: number | undefined }): string {
  return of.installation === undefined ? `repository/${of.repository}` : `installation/${of.installation}`;
}
