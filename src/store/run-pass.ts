// One pass of one repository: whether it may run now (GitHub's patience, the lease of its installation), what becomes of
// it when not, and what an error means. What the pass does is the handler's affair.

import type { Logger } from "pino";
import { Deferred } from "../forge/forge.ts";
import type { Database } from "./database.ts";
import { type Lease, takeLease } from "./lease.ts";
import type { BudgetStore } from "./store.ts";
import { groupOf, type PassQueue } from "./wake-repositories.ts";

export type PassHandler = (repository: number, signal: AbortSignal) => Promise<void>;

export interface PassRunnerOptions {
  readonly queue: PassQueue;
  readonly budgets: BudgetStore;
  readonly now: () => number;
  readonly log: Logger;
  readonly pace: { readonly heartbeat: number };
  readonly wake: (repository: number, options: { readonly at: Date }) => Promise<void>;
  /** Aborted when the process no longer waits for passes. */
  readonly stopped: AbortSignal;
  readonly handler: PassHandler;
}

export interface PassRequest {
  readonly repository: number;
  /** Aborted when the queue no longer counts this pass as ours. */
  readonly claim: AbortSignal;
  readonly holder: string;
}

/** How soon a pass that found its installation busy, or asked for no delay at all, comes again. */
const soon = 1_000;

/** Throws when the handler throws, so that the queue tries again with backoff. */
export function createPassRunner(
  database: Database,
  options: PassRunnerOptions,
): (request: PassRequest) => Promise<void> {
  const { queue, budgets, now, log, wake } = options;
  return async (request) => {
    const { repository } = request;
    const installation = await findInstallation(database, { schema: queue.schema, repository });
    const deferred = installation === undefined ? undefined : await budgets.deferredUntil(installation);
    if (deferred !== undefined) {
      return wake(repository, { at: deferred });
    }
    const lease = await takeLease(database, {
      schema: queue.schema,
      key: groupOf({ repository, installation }),
      holder: request.holder,
      seconds: options.pace.heartbeat,
      log,
    });
    if (lease === undefined) {
      return wake(repository, { at: new Date(now() + soon) });
    }
    await runWithLease(options, request, lease);
  };
}

async function runWithLease(options: PassRunnerOptions, request: PassRequest, lease: Lease): Promise<void> {
  const { budgets, now, log, wake, handler, stopped } = options;
  const { repository, claim } = request;
  try {
    await handler(repository, AbortSignal.any([claim, lease.lost, stopped]));
  } catch (error) {
    if (!(error instanceof Deferred)) throw error;
    const at = new Date(Math.max(error.until, now() + soon));
    log.info({ repository, installation: error.installation, until: at.toISOString() }, error.message);
    await budgets.defer(error.installation, at);
    await wake(repository, { at });
  } finally {
    await lease.release();
  }
}

async function findInstallation(
  database: Database,
  { schema, repository }: { readonly schema: string; readonly repository: number },
): Promise<number | undefined> {
  const [row] = await database.query(`select installation from ${schema}.repositories where id = $1`, [repository]);
  return row === undefined ? undefined : Number(row.installation);
}
