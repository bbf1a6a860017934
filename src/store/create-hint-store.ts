// Hints: stored with the delivery that brought them and with the wake of their repositories, in one transaction.
// The same hint again takes the place of the older row under a new id, so a storm of one event stays one row, and a pass
// that had read the older row cannot remove the newer one.

import type { Hint, HintSubject, StoredHint } from "../domain/hint.ts";
import type { Database, Row, Sql } from "./database.ts";
import { joinCalls } from "./join-calls.ts";
import type { HintStore } from "./store.ts";
import { type PassQueue, wakeRepositories } from "./wake-repositories.ts";

export interface HintStoreOptions {
  readonly queue: PassQueue;
  readonly now: () => number;
  /** Called after a commit that woke somebody. */
  readonly nudge: () => void;
}

interface Message {
  readonly delivery: string;
  readonly hints: readonly Hint[];
}

/** Deliveries in one transaction; so many that the fixed costs hardly count, and so few that it stays short. */
const mostAtOnce = 50;

export function createHintStore(database: Database, options: HintStoreOptions): HintStore {
  const { schema } = options.queue;
  return {
    add: joinCalls((messages) => addAll(database, options, messages), { most: mostAtOnce }),

    async of(repository) {
      const rows = await database.query(`select * from ${schema}.hints where repository = $1 order by id`, [
        repository,
      ]);
      return rows.map(readHint);
    },

    async remove(ids) {
      await database.query(`delete from ${schema}.hints where id = any($1::bigint[])`, [ids]);
    },
  };
}

async function addAll(
  database: Database,
  { queue, now, nudge }: HintStoreOptions,
  messages: readonly Message[],
): Promise<readonly ("stored" | "duplicate")[]> {
  // Of several messages of one delivery, the first counts.
  const firsts = new Map([...messages].reverse().map((message) => [message.delivery, message]));
  const fresh = await database.transaction(async (sql) => {
    const rows = await sql.query(
      `insert into ${queue.schema}.deliveries (id, received) select unnest($1::text[]), $2
       on conflict do nothing returning id`,
      [[...firsts.keys()].sort(), now()],
    );
    const stored = rows.flatMap((row) => firsts.get(String(row.id)) ?? []);
    const hints = stored.flatMap((message) => message.hints);
    if (hints.length > 0) {
      await wakeRepositories(sql, queue, { repositories: hints.map((hint) => hint.repository) });
      await insertHints(sql, queue.schema, { hints, stored: now() });
    }
    return new Set(stored);
  });
  nudge();
  return messages.map((message) => (fresh.has(message) ? "stored" : "duplicate"));
}

interface Batch {
  readonly hints: readonly Hint[];
  readonly stored: number;
}

async function insertHints(sql: Sql, schema: string, { hints, stored }: Batch): Promise<void> {
  // As JSON text, which can hold whatever a payload held: a `jsonb` column refuses an escaped NUL.
  const distinct = new Map(hints.map((hint) => [`${hint.repository} ${JSON.stringify(hint.subject)}`, hint]));
  const rows = [...distinct.values()];
  await sql.query(
    `with fresh as (select * from unnest($1::bigint[], $2::text[]) as hint (repository, subject)),
     gone as (
       delete from ${schema}.hints old using fresh
       where old.repository = fresh.repository and old.subject = fresh.subject)
     insert into ${schema}.hints (repository, subject, stored) select repository, subject, $3 from fresh`,
    [rows.map((hint) => hint.repository), rows.map((hint) => JSON.stringify(hint.subject)), stored],
  );
}

function readHint(row: Row): StoredHint {
  return {
    id: String(row.id),
    repository: Number(row.repository),
    subject: JSON.parse(String(row.subject)) as HintSubject,
    storedAt: Number(row.stored),
  };
}
