// Until when GitHub wants to be left alone by an installation. Of two such wishes the longer one holds.

import type { Database } from "./database.ts";
import type { BudgetStore } from "./store.ts";

export function createBudgetStore(
  database: Database,
  { schema, now }: { readonly schema: string; readonly now: () => number },
): BudgetStore {
  return {
    async defer(installation, until) {
      await database.query(
        `insert into ${schema}.budgets as b (installation, deferred_until) values ($1, $2)
         on conflict (installation) do update set deferred_until = greatest(b.deferred_until, excluded.deferred_until)`,
        [installation, until.getTime()],
      );
    },

    async deferredUntil(installation) {
      const [row] = await database.query(
        `select deferred_until from ${schema}.budgets where installation = $1 and deferred_until > $2`,
        [installation, now()],
      );
      return row === undefined ? undefined : new Date(Number(row.deferred_until));
    },
  };
}
