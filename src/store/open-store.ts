// Opens the store: on the operator's PostgreSQL, or on an embedded database in a folder (or in memory) for one process.
// An embedded database that will not open is set aside and a new one is made, because nothing in it is needed.

import { existsSync, renameSync } from "node:fs";
import { PgBoss } from "pg-boss";
import type { Logger } from "pino";
import { createBudgetStore } from "./create-budget-store.ts";
import { createCache } from "./create-cache.ts";
import { createHintStore } from "./create-hint-store.ts";
import { createRepositoryDirectory } from "./create-repository-directory.ts";
import { createWorkQueue, type Pace } from "./create-work-queue.ts";
import type { Database } from "./database.ts";
import { FolderInUse } from "./hold-folder.ts";
import { migrate } from "./migrate.ts";
import { openPglite } from "./open-pglite.ts";
import { openPostgres } from "./open-postgres.ts";
import type { Cache, Store } from "./store.ts";
import { type PassQueue, passQueue, wakeRepositories } from "./wake-repositories.ts";

export interface StoreOptions {
  /** PostgreSQL; several processes may share it. */
  readonly databaseUrl?: string;
  /** Folder of the embedded database, used when there is no `databaseUrl`. Neither: in memory. */
  readonly folder?: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log: Logger;
  readonly pace?: Partial<Pace>;
  /** Schema of the store's tables; the queue's stand in `<schema>_queue`. */
  readonly schema?: string;
}

const usualPace: Pace = {
  concurrency: 4,
  polling: 2,
  heartbeat: 30,
  supervise: 15,
  retry: 2,
  retryMost: 600,
  forget: 3_600,
};

/** How long a delivery id is remembered: longer than GitHub offers to deliver it again. */
const rememberedFor = 14 * 24 * 60 * 60 * 1000;
/** What nobody asks for any more: files of pull requests that are over, reports of clusters that are gone. */
const keptFor = 14 * 24 * 60 * 60 * 1000;

/** Throws `FolderInUse` when another process has the folder, and when the database cannot be reached. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, folder, log } = options;
  if (databaseUrl !== undefined) {
    return openOn(openPostgres({ url: databaseUrl, log }), options);
  }
  if (folder === undefined) {
    return openOn(await openPglite({}), options);
  }
  try {
    return await openOn(await openPglite({ folder }), options);
  } catch (error) {
    if (error instanceof FolderInUse || !existsSync(folder)) {
      throw error;
    }
    const aside = `${folder}.set-aside-${new Date(readClock(options)).toISOString().replaceAll(":", "-")}`;
    renameSync(folder, aside);
    log.error(
      { err: error, folder, aside },
      "The embedded database would not open. It was set aside and a new one made",
    );
    return openOn(await openPglite({ folder }), options);
  }
}

/** The store on a database that is already open; it is closed with the store. */
export async function openOn(database: Database, options: StoreOptions): Promise<Store> {
  const pace = { ...usualPace, ...options.pace };
  const schema = options.schema ?? "stagecoach";
  const queueSchema = `${schema}_queue`;
  try {
    await migrate(database, { schema });
    const boss = await startQueue(database, { schema: queueSchema, pace, log: options.log });
    const queue = { boss, schema, queueSchema };
    if (database.engine === "pglite") {
      await takeUpOrphans(database, queue);
    }
    return assemble(database, { ...options, pace, queue });
  } catch (error) {
    await database.close();
    throw error;
  }
}

function readClock({ now }: Pick<StoreOptions, "now">): number {
  return now === undefined ? Date.now() : now();
}

interface AssemblyOptions extends StoreOptions {
  readonly pace: Pace;
  readonly queue: PassQueue;
}

function assemble(database: Database, options: AssemblyOptions): Store {
  const { queue, log, pace } = options;
  const { schema } = queue;
  const now = () => readClock(options);
  const budgets = createBudgetStore(database, { schema, now });
  const work = createWorkQueue(database, { queue, budgets, now, log, pace });
  const cache = createCache(database, { schema, now });
  const forgetting = () => void forgetOld(database, { schema, now, log, cache });
  const forget = setInterval(forgetting, pace.forget * 1_000).unref();
  return {
    hints: createHintStore(database, { queue, now, nudge: work.nudge }),
    cache,
    repositories: createRepositoryDirectory(database, { schema }),
    work,
    budgets,
    async ping() {
      await database.query("select 1");
    },
    async close() {
      clearInterval(forget);
      await queue.boss.stop({ graceful: false });
      await database.close();
    },
  };
}

interface QueueOptions {
  readonly schema: string;
  readonly pace: Pace;
  readonly log: Logger;
}

/** One process at a time: pg-boss's own first steps do not bear a race. On PGlite there is nobody to race with. */
function startQueue(database: Database, options: QueueOptions): Promise<PgBoss> {
  if (database.engine === "pglite") {
    return startBoss(database, options);
  }
  return database.transaction(async (sql) => {
    await sql.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`stagecoach queue in ${options.schema}`]);
    return startBoss(database, options);
  });
}

async function startBoss(database: Database, { schema, pace, log }: QueueOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    db: database.queue,
    backend: database.engine === "pglite" ? "pglite" : "postgres",
    schema,
    schedule: false,
    superviseIntervalSeconds: pace.supervise,
    monitorIntervalSeconds: pace.supervise,
    maintenanceIntervalSeconds: 600,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on("error", (error) => log.warn({ err: error }, "The queue reported an error"));
  boss.on("warning", (warning) => log.warn({ warning }, "The queue reported a warning"));
  try {
    await boss.start();
    await createPassQueue(boss, pace);
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

async function createPassQueue(boss: PgBoss, pace: Pace): Promise<void> {
  const settings = {
    heartbeatSeconds: pace.heartbeat,
    retryLimit: 1000,
    retryDelay: pace.retry,
    retryBackoff: true,
    retryDelayMax: pace.retryMost,
    deleteAfterSeconds: 600,
  };
  // One queued entry for each repository. Not `stately`, which means the same and one running: its fetch passes over keys
  // that the monitor saw running, for up to a minute. That one pass runs at a time is the group's and the lease's to hold.
  await boss.createQueue(passQueue, { policy: "short", ...settings });
  // A queue that an earlier version made keeps its settings otherwise.
  await boss.updateQueue(passQueue, settings);
  // pg-boss reads the queue's settings once and keeps them. Read for the first time inside a transaction, they would
  // wait for the one connection that PGlite has, and the transaction for them.
  await boss.findJobs(passQueue, { key: "none" });
}

/** The only process that could run passes here is this one, and it runs none yet: whatever counts as running is dead. */
async function takeUpOrphans(database: Database, queue: PassQueue): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query(`delete from ${queue.schema}.leases`);
    const rows = await sql.query(
      `delete from ${queue.queueSchema}.job where name = $1 and state = 'active' returning singleton_key`,
      [passQueue],
    );
    await wakeRepositories(sql, queue, { repositories: rows.map((row) => Number(row.singleton_key)) });
  });
}

interface Forgetting {
  readonly schema: string;
  readonly now: () => number;
  readonly log: Logger;
  readonly cache: Cache;
}

async function forgetOld(database: Database, { schema, now, log, cache }: Forgetting): Promise<void> {
  try {
    await cache.sweep({ milliseconds: keptFor });
    await database.query(`delete from ${schema}.deliveries where received < $1`, [now() - rememberedFor]);
  } catch (error) {
    log.warn({ err: error }, "What is old could not be forgotten; it is tried again");
  }
}
