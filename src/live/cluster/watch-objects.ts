// A watch that does not end by itself: list, then watch from there, and whatever breaks it, again after a pause. What has
// changed in between is found by comparing. The library's own informer stops for good at the first broken connection.

import type { IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { known, type Seen, type Unknown, unknown } from "../../domain/seen.ts";
import { checkObject } from "./check-object.ts";
import type { KubernetesObject, ResourceKind } from "./cluster.ts";
import type { WatchLimits } from "./cluster-limits.ts";
import { explainFailure } from "./explain-failure.ts";
import { type Fingerprint, fingerprintObject } from "./fingerprint-object.ts";
import { listPages } from "./list-pages.ts";
import { readLines } from "./read-lines.ts";
import { isObject } from "./read-status.ts";
import { resourcePath } from "./resource-path.ts";
import { type Connection, openResponse } from "./send-request.ts";

export interface WatchOptions {
  readonly onChange: (object: KubernetesObject) => void;
  /** A fault of ours has ended the watch. */
  readonly onFault: (error: unknown) => void;
  /** Between 0 and 1; spreads what many watches do at once. */
  readonly random: () => number;
}

interface Sight {
  /** Where the next watch goes on; absent: the list has to be read again. */
  version: string | undefined;
  /** What is there, by namespace and name; absent before the first list. */
  seen: Map<string, Remembered> | undefined;
}

interface Remembered {
  readonly fingerprint: Fingerprint;
  readonly object: KubernetesObject;
}

/** `refused`: the kind is not there, or not for us; asking again soon helps nobody. */
type Ended = "proper" | "broken" | "refused";

export function watchObjects(kind: ResourceKind, options: WatchOptions, connection: Connection): { stop(): void } {
  const stopping = new AbortController();
  keepWatching({ kind, options, connection, signal: stopping.signal }).catch(options.onFault);
  return { stop: () => stopping.abort() };
}

interface Watching {
  readonly kind: ResourceKind;
  readonly options: WatchOptions;
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

async function keepWatching(watching: Watching): Promise<void> {
  const { options, connection, signal } = watching;
  const sight: Sight = { version: undefined, seen: undefined };
  for (let failures = 0; !signal.aborted; ) {
    const before = sight.version;
    const ended = await watchOnce(watching, sight);
    // A server that closes every watch at once, and says nothing, is not asked without end.
    failures = ended === "proper" && sight.version !== before ? 0 : failures + 1;
    const milliseconds = pauseAfter(ended, failures, connection.limits.watch) * (0.5 + options.random() / 2);
    await pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function pauseAfter(ended: Ended, failures: number, limits: WatchLimits): number {
  if (ended === "refused") return limits.refusedPause;
  return Math.min(limits.longestPause, limits.shortestPause * 2 ** Math.min(failures, 20));
}

async function watchOnce(watching: Watching, sight: Sight): Promise<Ended> {
  if (sight.version === undefined) {
    const looked = await lookAtAll(watching, sight);
    if (looked !== "proper") return looked;
  }
  const idle = new AbortController();
  const signal = AbortSignal.any([watching.signal, idle.signal]);
  const timer = setTimeout(() => idle.abort(), watching.connection.limits.request);
  timer.unref();
  try {
    const response = await openWatch(watching, { signal, version: sight.version ?? "" });
    clearTimeout(timer);
    if (response.kind === "unknown") return "broken";
    if (response.value.statusCode === 200) return await follow(watching, { response: response.value, sight, idle });
    response.value.destroy();
    return refusal(response.value.statusCode ?? 0, watching, sight);
  } catch (error) {
    // The body has broken off, or somebody has stopped: what else it may be is a fault of ours.
    if (!signal.aborted && !(error instanceof RangeError) && explainFailure(error) === undefined) throw error;
    return "broken";
  } finally {
    clearTimeout(timer);
  }
}

function openWatch(
  { kind, connection }: Watching,
  { signal, version }: { readonly signal: AbortSignal; readonly version: string },
): Promise<Seen<IncomingMessage>> | Unknown {
  const timeoutSeconds = String(Math.ceil(connection.limits.watch.open / 1_000));
  const query = { watch: "true", allowWatchBookmarks: "true", resourceVersion: version, timeoutSeconds };
  const path = resourcePath(kind, query);
  return path.kind === "unknown" ? path : openResponse({ method: "GET", path: path.value }, connection, signal);
}

function refusal(status: number, { connection }: Watching, sight: Sight): Ended {
  if (status === 401) connection.entrance.renew();
  if (status === 410 || status === 404) sight.version = undefined;
  return status === 403 ? "refused" : "broken";
}

interface Following {
  readonly response: IncomingMessage;
  readonly sight: Sight;
  /** Aborted when nothing has been heard for too long. */
  readonly idle: AbortController;
}

async function follow({ kind, options, connection }: Watching, { response, sight, idle }: Following): Promise<Ended> {
  const { open, silent, event: longest } = connection.limits.watch;
  const timer = setTimeout(() => idle.abort(), open + silent);
  timer.unref();
  try {
    for await (const line of readLines(response, longest)) {
      timer.refresh();
      const event = readEvent(line, kind);
      if (event.kind === "unknown") {
        sight.version = undefined;
        return "broken";
      }
      take(event.value, { sight, options });
    }
    return "proper";
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

/** Reads the list, and tells of what differs from what was there before the watch broke. */
async function lookAtAll({ kind, options, connection, signal }: Watching, sight: Sight): Promise<Ended> {
  const listing = await listPages(kind, connection);
  if (signal.aborted || listing.kind === "unknown") return "broken";
  const { objects, version } = listing.value;
  const before = sight.seen;
  const seen = new Map(objects.map((object) => [keyOf(object), remember(object, before?.get(keyOf(object)))]));
  sight.seen = seen;
  if (before !== undefined) {
    for (const [key, { fingerprint, object }] of seen) {
      if (before.get(key)?.fingerprint.whole !== fingerprint.whole) options.onChange(object);
    }
    for (const [key, { object }] of before) if (!seen.has(key)) options.onChange(object);
  }
  sight.version = version;
  return version === undefined ? "refused" : "proper";
}

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly version: string;
  readonly object?: KubernetesObject;
}

const TYPES: readonly WatchEvent["type"][] = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"];

/** Unknown: an `ERROR` event, or nothing that can be understood; the list tells the rest. */
function readEvent(line: string, kind: ResourceKind): Seen<WatchEvent> {
  const event = parseLine(line);
  const type = TYPES.find((known) => known === event?.type);
  const given = isObject(event?.object) ? event.object : {};
  const metadata = isObject(given.metadata) ? given.metadata : {};
  const version = metadata.resourceVersion;
  if (type === undefined || typeof version !== "string") return unknown("the watch broke off");
  const object = type === "BOOKMARK" ? undefined : checkObject(given, kind);
  return known({ type, version, ...(object !== undefined && { object }) });
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function take(
  { type, version, object }: WatchEvent,
  { sight, options }: { readonly sight: Sight; readonly options: WatchOptions },
): void {
  sight.version = version;
  if (object === undefined) return;
  const key = keyOf(object);
  const before = sight.seen?.get(key);
  const now = remember(object, before);
  if (type === "DELETED") sight.seen?.delete(key);
  else sight.seen?.set(key, now);
  if (type === "DELETED" || before?.fingerprint.whole !== now.fingerprint.whole) options.onChange(object);
}

/** Only what names it is kept, however large it is. */
function remember(object: KubernetesObject, before: Remembered | undefined): Remembered {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid } = metadata;
  const named = { name, ...(namespace !== undefined && { namespace }), ...(uid !== undefined && { uid }) };
  return { fingerprint: fingerprintObject(object, before?.fingerprint), object: { apiVersion, kind, metadata: named } };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
