// Labels that people with triage rights put on an issue about drift.

/** It holds nothing up while the label stands; with a day, `stagecoach/ignore-until-2026-12-01`, until that day begins (UTC). */
export const IGNORE_LABEL = "stagecoach/ignore";

/** Until when it holds nothing up, epoch milliseconds; absent: it does. Of several labels the latest counts. */
export function ignoredUntil(labels: readonly string[]): number | undefined {
  const times = labels.flatMap((label) => {
    if (label === IGNORE_LABEL) return Number.POSITIVE_INFINITY;
    const [, day] = /^stagecoach\/ignore-until-(\d{4}-\d\d-\d\d)$/.exec(label) ?? [];
    const at = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(at) ? [] : at;
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The reconciler is asked to sync, where the operator allows that. */
export const SYNC_LABEL = "stagecoach/sync";

/** What runs is proposed to Git. */
export const ADOPT_LABEL = "stagecoach/adopt";
