// The right to write for one installation: a row that expires unless its holder renews it. pg-boss keeps passes of one
// group apart as well, but two replicas that fetch at the same instant can both get one; this row decides between them.

import type { Logger } from "pino";
import type { Database } from "./database.ts";

export interface Lease {
  /** Aborted when the lease was lost, so that its holder stops writing. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly schema: string;
  readonly key: string;
  /** Identifies this attempt, not this process: two passes of one process exclude each other, too. */
  readonly holder: string;
  readonly seconds: number;
  readonly log: Logger;
}

/** `undefined`: somebody else holds it. */
export async function takeLease(database: Database, options: LeaseOptions): Promise<Lease | undefined> {
  const { schema, key, holder, seconds } = options;
  const taken = await database.query(
    `insert into ${schema}.leases as held (key, holder, until) values ($1, $2, now() + $3 * interval '1 second')
     on conflict (key) do update set holder = excluded.holder, until = excluded.until where held.until < now()
     returning key`,
    [key, holder, seconds],
  );
  if (taken.length === 0) {
    return undefined;
  }
  const lost = new AbortController();
  let heldUntil = performance.now() + seconds * 1000;
  const keep = async () => {
    const asked = performance.now();
    if (await renew(database, options)) {
      heldUntil = asked + seconds * 1000;
    } else if (performance.now() >= heldUntil) {
      lost.abort(new Error(`The lease ${key} could not be kept.`));
    }
  };
  const timer = setInterval(() => void keep(), (seconds * 1000) / 3).unref();
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await database.query(`delete from ${schema}.leases where key = $1 and holder = $2`, [key, holder]);
    },
  };
}

/** Whether it is ours for another `seconds`. A database that does not answer may be back before the lease has run out. */
async function renew(database: Database, { schema, key, holder, seconds, log }: LeaseOptions): Promise<boolean> {
  try {
    const renewed = await database.query(
      `update ${schema}.leases set until = now() + $3 * interval '1 second' where key = $1 and holder = $2 returning key`,
      [key, holder, seconds],
    );
    if (renewed.length === 0) {
      log.error({ lease: key }, "The lease of an installation was taken by another process while a pass was running");
    }
    return renewed.length > 0;
  } catch (error) {
    log.warn({ err: error, lease: key }, "The lease of an installation could not be renewed");
    return false;
  }
}
