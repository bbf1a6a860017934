// The cache: values by kind and key that may vanish at any moment. What the database cannot hold is simply not kept.

import { type Database, isStorable } from "./database.ts";
import type { Cache } from "./store.ts";

/** A read renews an entry at most this often, so that reading does not mean writing. */
const renewedEvery = 60 * 60 * 1000;

export function createCache(
  database: Database,
  { schema, now }: { readonly schema: string; readonly now: () => number },
): Cache {
  return {
    async read(kind, keys) {
      const rows = await database.query(
        `select key, value, used from ${schema}.cache where kind = $1 and key = any($2::text[])`,
        [kind, keys.filter(isStorable)],
      );
      const stale = rows.filter((row) => Number(row.used) < now() - renewedEvery).map((row) => row.key);
      if (stale.length > 0) {
        await database.query(
          `update ${schema}.cache set used = greatest(used, $3) where kind = $1 and key = any($2::text[])`,
          [kind, stale, now()],
        );
      }
      return new Map(rows.map((row) => [String(row.key), String(row.value)]));
    },

    async write(kind, entries) {
      const kept = [...entries].filter(([key, value]) => isStorable(key) && isStorable(value)).sort(byKey);
      if (kept.length === 0) {
        return;
      }
      await database.query(
        `insert into ${schema}.cache (kind, key, value, used)
         select $1, key, value, $4 from unnest($2::text[], $3::text[]) as entry (key, value)
         on conflict (kind, key) do update set value = excluded.value, used = excluded.used`,
        [kind, kept.map(([key]) => key), kept.map(([, value]) => value), now()],
      );
    },

    async sweep({ milliseconds }) {
      await database.query(`delete from ${schema}.cache where used < $1`, [now() - milliseconds - renewedEvery]);
    },
  };
}

/** The same order in every process, so that two of them that write the same keys wait instead of deadlocking. */
function byKey([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}
