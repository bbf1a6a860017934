// Runs passes as the work queue asks for them, and makes sure that every repository is looked at now and then whatever
// events are lost. The one place where failures of the world end: they are logged once and tried again.

import { Deferred, RepositoryGone, type RepositoryReference } from "../forge/forge.ts";
import { runPass } from "./run-pass.ts";
import type { Shell } from "./shell.ts";

/** How often every repository is looked at without a reason; milliseconds. */
const LOOK_EVERY = 10 * 60_000;

export async function startWork(shell: Shell): Promise<void> {
  await shell.store.work.start((repository, signal) => work(repository, { shell, signal }));
}

async function work(
  repository: number,
  { shell, signal }: { readonly shell: Shell; readonly signal: AbortSignal },
): Promise<void> {
  const at = await shell.store.repositories.find(repository);
  if (!at) return;
  const until = await shell.store.budgets.deferredUntil(at.installation);
  if (until && until.getTime() > shell.now()) {
    await shell.store.work.wake(repository, { at: until });
    return;
  }
  try {
    const { nextLook } = await runPass({ at, shell, signal });
    const next = Math.min(nextLook ?? Number.POSITIVE_INFINITY, shell.now() + LOOK_EVERY);
    await shell.store.work.wake(repository, next <= shell.now() ? {} : { at: new Date(next) });
  } catch (error) {
    await endFailure(error, { at, shell });
  }
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
 * Finds the repositories of every installation and wakes each, spread over the time until the next look. Called at the
 * start and then now and then; what webhooks say about installations only makes it quicker.
 */
export async function lookEverywhere(shell: Shell, { spread }: { readonly spread: boolean }): Promise<void> {
  const installations = await shell.forge.listInstallations();
  const found: RepositoryReference[] = [];
  for (const { id, suspended } of installations) {
    // A suspended installation waits: its repositories are kept and nothing is asked of GitHub in its name.
    if (!suspended) found.push(...(await shell.forge.listRepositories(id)));
  }
  const gap = spread && found.length > 0 ? LOOK_EVERY / found.length : 0;
  for (const [index, repository] of found.entries()) {
    await shell.store.repositories.save(repository);
    await shell.store.work.wake(repository.repository, gap === 0 ? {} : { at: new Date(shell.now() + index * gap) });
  }
}
