// Runs passes as the work queue asks for them, and makes sure that every repository is looked at now and then whatever
// events are lost. The one place where failures of the world end: they are logged once and tried again.

import { Deferred, RepositoryGone, type RepositoryReference } from "../forge/forge.ts";
import { rememberLook, whenNothingMatters } from "./last-look.ts";
import { type PassOptions, runPass } from "./run-pass.ts";
import type { Shell } from "./shell.ts";

interface Work {
  readonly shell: Shell;
  /** How often a repository is looked at without a reason; milliseconds. */
  readonly lookEvery: number;
}

export async function startWork({ shell, lookEvery }: Work): Promise<void> {
  await shell.store.work.start((repository, signal) => work(repository, { shell, lookEvery, signal }));
}

async function work(
  repository: number,
  { shell, lookEvery, signal }: Work & { readonly signal: AbortSignal },
): Promise<void> {
  const at = await shell.store.repositories.find(repository);
  if (!at) return;
  const until = await shell.store.budgets.deferredUntil(at.installation);
  if (until && until.getTime() > shell.now()) {
    await shell.store.work.wake(repository, { at: until });
    return;
  }
  try {
    const spared = await whenNothingMatters({ at, shell });
    const next = spared ?? (await look({ at, shell, signal, lookEvery }));
    await shell.store.work.wake(repository, next <= shell.now() ? {} : { at: new Date(next) });
  } catch (error) {
    await endFailure(error, { at, shell });
  }
}

/** Makes a pass, and gives the time of the next one. */
async function look({ at, shell, signal, lookEvery }: Work & PassOptions): Promise<number> {
  const { observed, nextLook } = await runPass({ at, shell, signal });
  const next = Math.min(nextLook ?? Number.POSITIVE_INFINITY, shell.now() + lookEvery);
  await rememberLook(observed, { nextLook: next, at, shell });
  return next;
}

async function endFailure(error: unknown, { at, shell }: { at: RepositoryReference; shell: Shell }): Promise<void> {
  if (error instanceof Deferred) {
    shell.metrics.passFinished({ milliseconds: 0, outcome: "deferred" });
    shell.log.warn(
      { repository: at.repository, until: new Date(error.until).toISOString() },
      "GitHub asks for patience",
    );
    throw error;
  }
  if (error instanceof RepositoryGone) {
    shell.log.info({ repository: at.repository }, "the repository is gone or no longer ours to read");
    await shell.store.repositories.remove(at.repository);
    return;
  }
  shell.metrics.passFinished({ milliseconds: 0, outcome: "failed" });
  shell.log.warn({ repository: at.repository, err: error }, "pass failed; it is tried again");
  throw error;
}

/**
 * Finds the repositories of every installation and wakes those that nobody knew, at the start all of them, a second
 * apart at the most: from then on each asks for its own next look. What webhooks say about installations is only quicker.
 */
export async function findRepositories(shell: Shell, { wake }: { readonly wake: "all" | "new" }): Promise<void> {
  const known = new Set((await shell.store.repositories.list()).map(({ repository }) => repository));
  const found: RepositoryReference[] = [];
  for (const { id, suspended } of await shell.forge.listInstallations()) {
    // A suspended installation waits: nothing is asked of GitHub in its name.
    if (!suspended) found.push(...(await shell.forge.listRepositories(id)));
  }
  for (const repository of found) await shell.store.repositories.save(repository);
  const woken = found.filter(({ repository }) => wake === "all" || !known.has(repository));
  const gap = Math.min(1_000, 60_000 / Math.max(1, woken.length));
  for (const [index, { repository }] of woken.entries()) {
    await shell.store.work.wake(repository, index === 0 ? {} : { at: new Date(shell.now() + index * gap) });
  }
}

/** After GitHub could not be asked; milliseconds. */
const SEARCH_AGAIN = 15_000;

/**
 * Finds repositories that no event told of, and at the start all of them, until it is ended by what it gives. GitHub out
 * of reach is no reason not to start.
 */
export function keepSearching(shell: Shell, { every }: { readonly every: number }): () => void {
  const search = { found: false, stopped: false, timer: undefined as NodeJS.Timeout | undefined };
  const look = async () => {
    let next = every;
    try {
      await findRepositories(shell, { wake: search.found ? "new" : "all" });
      search.found = true;
    } catch (error) {
      shell.log.warn({ err: error }, "could not look for repositories; it is tried again");
      next = Math.min(every, SEARCH_AGAIN);
    }
    if (!search.stopped) search.timer = setTimeout(() => void look(), next).unref();
  };
  void look();
  return () => {
    search.stopped = true;
    clearTimeout(search.timer);
  };
}
