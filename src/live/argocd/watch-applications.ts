// Listens to Argo CD's stream of changes until it is stopped. A line that ends is opened again after a pause; the server
// then begins with every Application there is, and that counts as a change, since something may have been missed. What
// the lines say is not read: a change is a hint to look. Changes are gathered, and told once.

import { setTimeout as wait } from "node:timers/promises";
import { gatherChanges, REAL_TIMER } from "../cluster/gather-changes.ts";
import type { SourceContext } from "./ask-argocd.ts";

const LONGEST_PAUSE = 60_000;
/** A line that held for so long was a good one. */
const GOOD_LINE = 30_000;

export function watchApplications({ client, limits, onChange }: SourceContext & { readonly onChange: () => void }): {
  stop(): void;
} {
  const stopped = new AbortController();
  const { signal } = stopped;
  const gathered = gatherChanges(onChange, { times: limits.gather, timer: REAL_TIMER });
  const tell = gathered.changed;
  void listen({ listenOnce: () => listenOnce({ client, tell, signal }), backoff: limits.backoff, signal });
  return {
    stop: () => {
      stopped.abort();
      gathered.stop();
    },
  };
}

async function listen({
  listenOnce,
  backoff,
  signal,
}: {
  readonly listenOnce: () => Promise<void>;
  readonly backoff: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  let pause = backoff;
  while (!signal.aborted) {
    const opened = performance.now();
    await listenOnce();
    if (performance.now() - opened > GOOD_LINE) pause = backoff;
    // Only the signal cuts the pause short, and then the loop ends.
    await wait(pause, undefined, { signal, ref: false }).catch(() => undefined);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** Ends with the line; `fetch` itself gives up one on which nothing has come for five minutes. */
async function listenOnce({
  client,
  tell,
  signal,
}: Pick<SourceContext, "client"> & { readonly tell: () => void; readonly signal: AbortSignal }): Promise<void> {
  try {
    const response = await client.open({ path: ["stream", "applications"] }, signal);
    let first = true;
    for await (const chunk of response?.body ?? []) {
      // A page to log in is no change, however often it comes.
      if (first && !/^\s*(?:data:\s*)?\{"result"/.test(Buffer.from(chunk).toString("utf8", 0, 64))) break;
      first = false;
      tell();
    }
  } catch {
    // Whatever broke the line, it is opened again; why nothing comes, the reads say.
  }
}
