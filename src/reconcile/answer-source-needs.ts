// Answers what the planner wants to know about where versions come from: what images say of themselves, and what came
// between two commits of a source repository. Neither ever changes, so each is asked once; what could not be read rests
// for a while, so that nothing that waits asks pass after pass.

import type { ImageOrigin } from "../domain/image-origin.ts";
import { imageKey, type Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen } from "../domain/seen.ts";
import { rangeKey, type SourceHistory } from "../domain/source-history.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type SourceNeed = Extract<Need, { kind: "image-origin" | "source-history" }>;

/** Shorter than the time between two periodic looks; milliseconds. */
const RESTS = 9 * 60_000;
const SIDE_BY_SIDE = 8;

export function isSourceNeed(need: Need): need is SourceNeed {
  return need.kind === "image-origin" || need.kind === "source-history";
}

export async function answerSourceNeeds(
  needs: readonly SourceNeed[],
  { observed, at, shell }: Answering,
): Promise<Partial<Observed>> {
  if (needs.length === 0) return {};
  const imageOrigins: Record<string, Seen<ImageOrigin>> = { ...observed.imageOrigins };
  const sourceHistories: Record<string, Seen<SourceHistory>> = { ...observed.sourceHistories };
  const ask = async (need: SourceNeed) => {
    switch (need.kind) {
      case "image-origin":
        // A digest says the same in every registry.
        imageOrigins[imageKey(need)] = await once<ImageOrigin>(
          { kind: "image-origin", key: `${at.repository} ${need.digest}` },
          { shell, read: () => shell.registry.readOrigin({ ...need, asker: `${at.owner}/${at.name}` }) },
        );
        break;
      case "source-history":
        // What one repository may read says nothing about what another may.
        sourceHistories[rangeKey(need)] = await once<SourceHistory>(
          { kind: "source-history", key: `${at.repository} ${rangeKey(need)}` },
          { shell, read: () => shell.forge.readSourceHistory(at, need) },
        );
        break;
    }
  };
  for (let first = 0; first < needs.length; first += SIDE_BY_SIDE)
    await Promise.all(needs.slice(first, first + SIDE_BY_SIDE).map(ask));
  return { imageOrigins, sourceHistories };
}

interface Question {
  readonly kind: "image-origin" | "source-history";
  readonly key: string;
}

async function once<T>(
  { kind, key }: Question,
  { shell, read }: { readonly shell: Shell; readonly read: () => Promise<Seen<T>> },
): Promise<Seen<T>> {
  const text = (await shell.store.cache.read(kind, [key])).get(key);
  if (text !== undefined) return known(JSON.parse(text) as T);
  const failed = shell.memory.unreadSources.get(`${kind} ${key}`);
  if (failed !== undefined && failed.until > shell.now()) return { kind: "unknown", why: failed.why };
  const seen = await read();
  if (seen.kind === "known") await shell.store.cache.write(kind, new Map([[key, JSON.stringify(seen.value)]]));
  else shell.memory.unreadSources.set(`${kind} ${key}`, { until: shell.now() + RESTS, why: seen.why });
  return seen;
}
