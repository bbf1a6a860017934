// Durations as Go writes them: `10m`, `1h30m0s`, `2m0.8s`.

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h)){1,8}$/;

/** Milliseconds. */
export function parseDuration(text: string | undefined): number | undefined {
  if (text === undefined || !DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    sum += Number(amount) * (UNITS[unit] ?? 0);
  return sum;
}
