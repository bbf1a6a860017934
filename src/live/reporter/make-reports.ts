// What a cluster's targets are, as reports: read with the same readers that Stagecoach uses itself, cut to the format, and
// spread over as many reports as the receiver's limit asks for.

import type { ReporterSettings } from "../../domain/reporter.ts";
import { unknown } from "../../domain/seen.ts";
import { hurry } from "../hurry.ts";
import type { LiveSource } from "../live-source.ts";
import { MOST_ITEMS } from "../reports/json-shape.ts";
import { LIVE_REPORT, type NamedState } from "../reports/live-report.ts";
import { fitState } from "./fit-state.ts";
import type { MadeReport } from "./reporter.ts";

export interface ReportMaking {
  readonly settings: ReporterSettings;
  readonly source: Pick<LiveSource, "read">;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly makeId: () => string;
}

/** The receiver takes 256 KiB. */
const LARGEST_REPORT = 240 * 1024;
/** The reader of a cluster waits for each list, but not for ever for all of them. */
const PATIENCE = 60_000;

export async function makeReports(making: ReportMaking): Promise<readonly MadeReport[]> {
  const states = await readStates(making);
  return spread(states).map((some) => ({ body: write(some, making), states: some }));
}

async function readStates({ settings: { targets }, source, now }: ReportMaking): Promise<readonly NamedState[]> {
  const wanted = targets.map(({ kind, target, images, objects }) => ({
    ...{ target: { source: "", kind, name: target }, images, objects, awaited: false },
  }));
  const late = () => wanted.map(() => unknown(`the cluster did not answer within ${PATIENCE / 1_000} s`));
  const seen = await hurry(() => source.read(wanted, { now }), { within: PATIENCE, late });
  return targets.map(({ name }, index) => fitState(name, seen[index] ?? unknown("the cluster said nothing about it")));
}

function spread(states: readonly NamedState[]): readonly (readonly NamedState[])[] {
  const reports: NamedState[][] = [[]];
  let size = 0;
  for (const state of states) {
    const fitting =
      sizeOf(state) <= LARGEST_REPORT ? state : { name: state.name, error: "what was read is too large to report" };
    const last = reports.at(-1) ?? [];
    if (size + sizeOf(fitting) > LARGEST_REPORT || last.length === MOST_ITEMS) {
      reports.push([fitting]);
      size = sizeOf(fitting);
    } else {
      last.push(fitting);
      size += sizeOf(fitting);
    }
  }
  return reports;
}

function sizeOf(state: NamedState): number {
  return Buffer.byteLength(JSON.stringify(state)) + 1;
}

function write(states: readonly NamedState[], { settings, version, now, makeId }: ReportMaking): string {
  return JSON.stringify({
    schema: LIVE_REPORT,
    reportId: makeId(),
    cluster: settings.cluster,
    reporter: { name: "stagecoach report", version },
    observedAt: new Date(now).toISOString(),
    states,
  });
}
