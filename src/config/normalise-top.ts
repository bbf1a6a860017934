// What stands at the top of the main file besides pipelines: mode, limits, freezes, commands, the dashboard. Checks that a freeze ends after it
// begins and that the environments that it names exist.

import type { Configuration, Freeze } from "../domain/pipeline.ts";
import type { OwnReading } from "./make-reading.ts";
import { suggestWord } from "./nearest-word.ts";
import type { WrittenMain } from "./pipeline-table.ts";
import { instantOf, isZone } from "./time-shapes.ts";

const OPEN = 20;
const HOURLY = 60;

export type Top = Pick<Configuration, "mode" | "limits" | "freezes" | "commandPrefix" | "dashboard">;

export const NO_TOP: Top = { mode: "propose", limits: { open: OPEN, hourly: HOURLY }, freezes: [] };

export interface TopOptions {
  readonly reading: OwnReading;
  /** Names of all environments of all pipelines. */
  readonly environments: ReadonlySet<string>;
}

export function normaliseTop(written: WrittenMain, options: TopOptions): Top {
  const limits = written.limits?.value;
  const prefix = written.commands?.value.prefix;
  return {
    mode: written.mode?.value ?? "propose",
    limits: {
      open: limits?.open?.value ?? OPEN,
      hourly: limits?.hourly?.value ?? HOURLY,
      ...(limits?.environments !== undefined && { environments: limits.environments.value }),
    },
    freezes: freezesOf(written, options),
    ...(prefix !== undefined && { commandPrefix: prefix.value }),
    ...(written.dashboard?.value === true && { dashboard: true }),
  };
}

function freezesOf(written: WrittenMain, { reading, environments }: TopOptions): readonly Freeze[] {
  return (written.freezes?.value ?? []).flatMap(({ value }): readonly Freeze[] => {
    for (const named of value.environments?.value ?? []) {
      if (environments.has(named.value)) continue;
      const hint = (): string | undefined => suggestWord(named.value, [...environments]);
      reading.report({
        at: named.at,
        severity: "warning",
        message: `No pipeline has an environment \`${named.value}\`.`,
        hint,
      });
    }
    if (value.from === undefined || value.to === undefined) return [];
    const name = value.zone?.value ?? "UTC";
    if (value.zone !== undefined && !isZone(name)) return [];
    const from = instantOf(value.from.value, { zone: name, end: false });
    const to = instantOf(value.to.value, { zone: name, end: true });
    if (to <= from) {
      const message = "This freeze ends before it begins.";
      reading.report({
        at: value.to.at,
        message,
        hint: "`to` comes after `from`; the day in `to` belongs to the freeze.",
      });
      return [];
    }
    const bound = value.environments?.value.map((each) => each.value) ?? [];
    return [{ from, to, why: value.why?.value ?? "a freeze", environments: bound }];
  });
}
