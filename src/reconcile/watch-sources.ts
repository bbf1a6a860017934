// Keeps an eye on the live sources that some repository follows: a change in one is a hint for those repositories. It
// only makes passes come sooner; what is lost is found by the next periodic one.

import { randomUUID } from "node:crypto";
import type { Shell } from "./shell.ts";

/** Repositories come and go; milliseconds. */
const LOOK_FOR_SOURCES_EVERY = 60_000;

/** Gives what ends it. */
export function watchSources(shell: Shell): () => void {
  const watches = new Map<string, { stop(): void }>();
  const state = { stopped: false, timer: undefined as NodeJS.Timeout | undefined };
  const follow = async () => {
    try {
      const followed = new Set(await shell.store.repositories.followedSources());
      if (state.stopped) return;
      for (const source of followed) {
        if (watches.has(source)) continue;
        watches.set(source, shell.live.watch({ source, onChange: () => void tellFollowers(source, shell) }));
      }
      for (const [source, watch] of watches) {
        if (followed.has(source)) continue;
        watch.stop();
        watches.delete(source);
      }
    } catch (error) {
      shell.log.warn({ err: error }, "could not find out which live sources to watch; it is tried again");
    }
    if (!state.stopped) state.timer = setTimeout(() => void follow(), LOOK_FOR_SOURCES_EVERY).unref();
  };
  void follow();
  return () => {
    state.stopped = true;
    clearTimeout(state.timer);
    for (const watch of watches.values()) watch.stop();
  };
}

async function tellFollowers(source: string, { store, log }: Shell): Promise<void> {
  try {
    const followers = await store.repositories.followers(source);
    const hints = followers.map(({ repository }) => ({ repository, subject: { kind: "live", source } as const }));
    if (hints.length > 0) await store.hints.add({ delivery: `watch/${randomUUID()}`, hints });
  } catch (error) {
    log.warn({ err: error, source }, "a change in a live source could not be noted; the next periodic look finds it");
  }
}
