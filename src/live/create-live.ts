// The live sources of the operator's settings behind one port: who may ask which, how long a source may take, and what
// was pushed. Nothing throws: a source that fails, and a fault of ours, end in unknown with a reason.

import type { DriftClaim, DriftFinding } from "../domain/drift.ts";
import type { LiveState } from "../domain/live-state.ts";
import { known, type Seen, type Unknown, unknown } from "../domain/seen.ts";
import { type LiveSettings, matchesName } from "../domain/settings.ts";
import { hurry } from "./hurry.ts";
import type { DriftRequest, Live, LiveRequest, SyncOutcome, TargetRequest, WantedTarget } from "./live.ts";
import type { LiveSource } from "./live-source.ts";
import { openSource } from "./open-source.ts";
import type { PushedReports } from "./pushed-reports.ts";
import { createRests, type RestLimits, type Rests } from "./rest-after-failure.ts";

export interface LiveOptions {
  readonly sources: readonly LiveSettings[];
  readonly reports: PushedReports;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log?: { warn(fields: object, message: string): void };
  readonly limits?: LiveLimits;
  /** What stands behind a source; `undefined`: it only pushes. The real ones unless given. */
  readonly open?: (settings: LiveSettings) => LiveSource | undefined;
}

/** Milliseconds. */
export interface LiveLimits extends RestLimits {
  /** One read of one source. */
  readonly read: number;
  /** One look at drift, which goes object by object. */
  readonly drift: number;
  readonly sync: number;
}

const LIVE_LIMITS: LiveLimits = { read: 15_000, drift: 30_000, sync: 15_000, slow: 2_000, rest: 30_000 };

export function createLive(options: LiveOptions): Live {
  const { limits = LIVE_LIMITS, now } = options;
  const open = options.open ?? ((settings: LiveSettings) => openSource(settings, options));
  const opened = new Map<string, LiveSource | undefined>();
  const desk: Desk = {
    ...options,
    limits,
    rests: createRests({ limits, now }),
    sourceOf: (settings) => {
      if (!opened.has(settings.id)) opened.set(settings.id, open(settings));
      return opened.get(settings.id);
    },
  };
  return {
    read: (request) => readTargets(request, desk),
    readClaims: (request) => readClaims(request, desk),
    verifyDrift: (request) => verifyDrift(request, desk),
    askToSync: (request) => askToSync(request, desk),
    watch: ({ source, onChange }) => {
      const settings = desk.sources.find(({ id }) => id === source);
      return (settings && desk.sourceOf(settings)?.watch({ onChange })) ?? { stop: () => undefined };
    },
  };
}

interface Desk extends Pick<LiveOptions, "sources" | "reports" | "now" | "log"> {
  readonly limits: LiveLimits;
  readonly rests: Rests;
  readonly sourceOf: (settings: LiveSettings) => LiveSource | undefined;
}

/** Whether a source exists is nobody's business but those whom it is for. */
function findSettings({ source, asker }: Pick<LiveRequest, "source" | "asker">, { sources }: Desk): Seen<LiveSettings> {
  const settings = sources.find(({ id }) => id === source);
  if (settings === undefined || !settings.for.some((pattern) => matchesName(pattern, asker))) {
    return unknown(`the operator's settings have no live source \`${source}\` for ${asker}`);
  }
  return known(settings);
}

async function readTargets(request: LiveRequest, desk: Desk): Promise<readonly Seen<LiveState>[]> {
  const { targets } = request;
  const settings = findSettings(request, desk);
  if (settings.kind === "unknown") return targets.map(() => settings);
  const { value } = settings;
  const source = desk.sourceOf(value);
  const pushed = targets.filter((wanted) => isPushed(wanted, value));
  const live = targets.filter((wanted) => !isPushed(wanted, value) && source?.serves.includes(wanted.target.kind));
  const [told, asked] = await Promise.all([
    pushed.length === 0 ? [] : readPushed(value, { pushed, desk }),
    live.length === 0 || source === undefined ? [] : readLive(source, { request, live, desk }),
  ]);
  const states = new Map<WantedTarget, Seen<LiveState> | undefined>([
    ...pushed.map((wanted, index) => [wanted, told[index]] as const),
    ...live.map((wanted, index) => [wanted, asked[index]] as const),
  ]);
  return targets.map((wanted) => {
    if (!states.has(wanted)) return unknown(explainMisfit(wanted, value));
    return states.get(wanted) ?? unknown(`the source ${value.id} said nothing about it`);
  });
}

async function readPushed(
  settings: LiveSettings,
  { pushed, desk }: { readonly pushed: readonly WantedTarget[]; readonly desk: Desk },
): Promise<readonly Seen<LiveState>[]> {
  const work = () => desk.reports.readStates(settings, pushed);
  const states = await guard(desk, { what: "reading", source: settings.id, within: desk.limits.read, work });
  return isUnknown(states) ? pushed.map(() => states) : states;
}

async function readLive(
  source: LiveSource,
  {
    request,
    live,
    desk,
  }: { readonly request: LiveRequest; readonly live: readonly WantedTarget[]; readonly desk: Desk },
): Promise<readonly Seen<LiveState>[]> {
  const resting = desk.rests.why(request);
  if (resting !== undefined) return live.map(() => unknown(resting));
  const began = desk.now();
  const work = () => source.read(live, { now: began });
  const read = await guard(desk, { what: "reading", source: request.source, within: desk.limits.read, work });
  const states = isUnknown(read) ? live.map(() => read) : read;
  desk.rests.note(request, { states, began });
  return states;
}

async function readClaims(request: Pick<LiveRequest, "source" | "asker">, desk: Desk): Promise<readonly DriftClaim[]> {
  const settings = findSettings(request, desk);
  if (settings.kind === "unknown" || settings.value.reports === undefined) return [];
  const work = () => desk.reports.readClaims(settings.value);
  const claims = await guard(desk, { what: "reading", source: request.source, within: desk.limits.read, work });
  return isUnknown(claims) ? [] : claims;
}

async function verifyDrift(request: DriftRequest, desk: Desk): Promise<Seen<readonly DriftFinding[]>> {
  const found = findSource(request, desk);
  if (found.kind === "unknown") return found;
  const work = () => found.value.source.verifyDrift(request);
  return guard(desk, { what: "looking at drift in", source: request.source, within: desk.limits.drift, work });
}

async function askToSync(request: TargetRequest, desk: Desk): Promise<SyncOutcome> {
  const found = findSource(request, desk);
  if (found.kind === "unknown") return { kind: "refused", why: found.why };
  const { source, settings } = found.value;
  if (!settings.mayAskToSync) {
    return { kind: "refused", why: `the operator's settings do not let Stagecoach ask ${settings.id} to sync` };
  }
  const work = () => source.askToSync(request);
  const outcome = await guard(desk, { what: "asking", source: settings.id, within: desk.limits.sync, work });
  return isUnknown(outcome) ? { kind: "refused", why: outcome.why } : outcome;
}

interface Found {
  readonly settings: LiveSettings;
  readonly source: LiveSource;
}

/** A source that can itself be asked about the target. */
function findSource(request: TargetRequest, desk: Desk): Seen<Found> {
  const settings = findSettings(request, desk);
  if (settings.kind === "unknown") return settings;
  const source = desk.sourceOf(settings.value);
  if (source === undefined || isPushed(request, settings.value)) {
    return unknown(`${settings.value.id} only pushes reports for this, and cannot be asked`);
  }
  if (!source.serves.includes(request.target.kind)) return unknown(explainMisfit(request, settings.value));
  return known({ settings: settings.value, source });
}

interface Guarded<T> {
  /** For people: `reading`. */
  readonly what: string;
  readonly source: string;
  /** Milliseconds. */
  readonly within: number;
  readonly work: () => Promise<T>;
}

/** Whatever goes wrong becomes a reason. */
async function guard<T>({ log }: Desk, { what, source, within, work }: Guarded<T>): Promise<T | Unknown> {
  const late = () => unknown(`the source ${source} did not answer within ${within / 1_000} s`);
  try {
    return await hurry(work, { within, late });
  } catch (error) {
    log?.warn({ err: error, source }, `a fault of Stagecoach has ended ${what} a live source`);
    return unknown(`${what} the source ${source} was ended by a fault of Stagecoach`);
  }
}

function isPushed({ target }: Pick<WantedTarget, "target">, { access }: LiveSettings): boolean {
  return access.kind === "reports" || target.kind === "reports";
}

function explainMisfit({ target }: Pick<WantedTarget, "target">, { id, access }: LiveSettings): string {
  const what = access.kind === "argocd" ? "an Argo CD server" : "a cluster";
  return `the source ${id} is ${what}, where no \`${target.kind}\` target can be read`;
}

function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "unknown";
}
