// Whether a declared value and a live one mean the same: equal, or the same quantity in another form (`500m` and `0.5`).

const QUANTITY_PATH =
  /\/(?:limits|requests|capacity|hard|max|min|default|defaultRequest|maxLimitRequestRatio|overhead\/podFixed)\/[^/]+$|\/(?:sizeLimit|storage|divisor|maxUnavailableQuantity)$/;
const QUANTITY = /^([+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18}))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;

const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `path` is the field's JSON pointer: only some fields hold quantities, and elsewhere `1` and `1000m` are two texts. */
export function sameScalar(declared: unknown, live: unknown, path: string): boolean {
  if (Object.is(declared, live)) return true;
  // What a reconciler fills in on the way is not in Git.
  if (typeof declared === "string" && declared.includes("${")) return true;
  if (typeof declared === "object" || typeof live === "object")
    return JSON.stringify(declared) === JSON.stringify(live);
  if (!QUANTITY_PATH.test(path)) return false;
  const [wanted, found] = [readQuantity(declared), readQuantity(live)];
  if (wanted === undefined || found === undefined) return false;
  return Math.abs(wanted - found) <= 1e-9 * Math.max(Math.abs(wanted), Math.abs(found));
}

function readQuantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? QUANTITY.exec(value) : null;
  if (!match) return undefined;
  const [, digits, unit, exponent] = match;
  return Number(digits) * (unit === undefined ? 1 : (UNITS[unit] ?? Number.NaN)) * 10 ** Number(exponent ?? 0);
}
