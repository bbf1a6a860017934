// The queue of passes: pg-boss holds one entry per repository, runs it, tries it again with backoff, and takes up what a
// dead process left. This file starts and drains the workers; what one pass takes is decided in run-pass.ts.

import type { Job } from "pg-boss";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import { createPassRunner, type PassHandler } from "./run-pass.ts";
import type { BudgetStore, WorkQueue } from "./store.ts";
import { type PassQueue, passQueue, wakeRepositories } from "./wake-repositories.ts";

export interface WorkQueueOptions {
  readonly queue: PassQueue;
  readonly budgets: BudgetStore;
  readonly now: () => number;
  readonly log: Logger;
  readonly pace: Pace;
}

/** Seconds, apart from the first. */
export interface Pace {
  /** Passes at a time in this process. */
  readonly concurrency: number;
  /** How often workers look for entries that became due; what is due now is announced to them. */
  readonly polling: number;
  /** After how long without a sign of life a running pass counts as dead; 10 at least. */
  readonly heartbeat: number;
  readonly supervise: number;
  /** Backoff of failed passes: the first delay and the longest. */
  readonly retry: number;
  readonly retryMost: number;
  /** Between two times at which what is old is forgotten. */
  readonly forget: number;
}

export interface NudgedWorkQueue extends WorkQueue {
  /** Tells the idle workers of this process that something may be due. */
  nudge(): void;
}

interface PassData {
  readonly repository: number;
}

const longestTimer = 2 ** 31 - 1;

export function createWorkQueue(database: Database, options: WorkQueueOptions): NudgedWorkQueue {
  const { queue, log, pace } = options;
  const { boss } = queue;
  const workers: string[] = [];
  const stopped = new AbortController();
  let rescue: NodeJS.Timeout | undefined;
  let draining = false;

  function nudge(): void {
    for (const worker of workers) {
      boss.notifyWorker(worker);
    }
  }

  async function wake(repository: number, { at }: { readonly at?: Date } = {}): Promise<void> {
    await database.transaction((sql) => wakeRepositories(sql, queue, { repositories: [repository], at }));
    nudge();
  }

  async function startWorker(handler: PassHandler): Promise<void> {
    const runPass = createPassRunner(database, { ...options, wake, stopped: stopped.signal, handler });
    const worker = await boss.work<PassData>(
      passQueue,
      { pollingIntervalSeconds: pace.polling, groupConcurrency: 1 },
      async (jobs: readonly Job<PassData>[]) => {
        for (const job of jobs) {
          const { repository } = job.data;
          if (draining) {
            // It was on its way to us when the stop came: it goes back for whoever is next.
            await wake(repository);
            continue;
          }
          try {
            await runPass({ repository, claim: job.signal, holder: job.id });
          } catch (error) {
            log.error({ err: error, repository }, "A pass failed; it is tried again");
            // pg-boss keeps in its table what is thrown here, and with an error its whole request (T22).
            throw new Error("The pass failed; the log says why.");
          }
        }
        // The next entry of the same installation may have waited for this one.
        boss.notifyWorker(worker);
      },
    );
    workers.push(worker);
  }

  return {
    wake,
    nudge,

    async start(handler) {
      draining = false;
      for (let count = 0; count < pace.concurrency; count += 1) {
        await startWorker(handler);
      }
      rescue = setInterval(() => void rescueForgotten(database, options, nudge), pace.supervise * 1000).unref();
    },

    async stop({ milliseconds }) {
      draining = true;
      clearInterval(rescue);
      const ids = workers.splice(0);
      const drained = Promise.all(ids.map((id) => boss.offWork(passQueue, { id, wait: true }))).then(() => true);
      if (!(await settlesWithin(drained, milliseconds))) {
        log.warn("Passes were still running when the time to drain was over; another process takes them up");
        stopped.abort(new Error("The process is stopping."));
      }
    },

    async pending() {
      const [row] = await database.query(
        `select count(distinct singleton_key) as passes from ${queue.queueSchema}.job
         where name = $1 and (state in ('retry', 'active') or (state = 'created' and start_after <= now() + interval '2 seconds'))`,
        [passQueue],
      );
      return Number(row?.passes);
    },
  };
}

/** Wakes the repositories that have hints but nothing in the queue: their last pass left some, or failed for good. */
async function rescueForgotten(database: Database, { queue, log }: WorkQueueOptions, nudge: () => void): Promise<void> {
  try {
    const rows = await database.query(
      `select distinct hint.repository from ${queue.schema}.hints hint
       where not exists (
         select from ${queue.queueSchema}.job
         where name = $1 and state <= 'active' and coalesce(singleton_key, '') = hint.repository::text)`,
      [passQueue],
    );
    if (rows.length > 0) {
      const repositories = rows.map((row) => Number(row.repository));
      await database.transaction((sql) => wakeRepositories(sql, queue, { repositories }));
      nudge();
    }
  } catch (error) {
    log.warn({ err: error }, "The store could not look for hints that were left over; it tries again");
  }
}

async function settlesWithin(work: Promise<boolean>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.min(milliseconds, longestTimer));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
