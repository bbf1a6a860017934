// A point in time as people write one on the command line. Without a zone it would mean another time on every machine,
// so a zone has to be there; what does not exist or exists twice is said, not guessed.

import { Temporal } from "temporal-polyfill";

export type TimeReading =
  /** Epoch milliseconds. */
  | { readonly kind: "time"; readonly at: number }
  /** A sentence. */
  | { readonly kind: "wrong"; readonly why: string };

const LOCAL = "\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(?::\\d{2})?";
const INSTANT = new RegExp(`^${LOCAL}(?:Z|[+-]\\d{2}:?\\d{2})$`);
const ZONED = new RegExp(`^(${LOCAL})\\[([A-Za-z][\\w+-]*(?:/[\\w+-]+)*)\\]$`);
const EXAMPLES = "`2026-11-01T12:00Z`, `2026-11-01T12:00+01:00` or `2026-11-01T12:00[Europe/London]`";

export function readTime(written: string): TimeReading {
  const text = written.trim();
  const [, local, zone] = ZONED.exec(text) ?? [];
  try {
    if (INSTANT.test(text)) return { kind: "time", at: Temporal.Instant.from(text).epochMilliseconds };
    if (local !== undefined && zone !== undefined) return readZoned(local, zone);
  } catch {
    // The form is right, but there is no such day, hour or zone.
    return { kind: "wrong", why: `There is no time \`${text.slice(0, 60)}\`.` };
  }
  const lacksZone = new RegExp(`^${LOCAL}$`).test(text);
  const what = lacksZone ? "says no time zone" : "is not a point in time";
  return { kind: "wrong", why: `\`${text.slice(0, 60)}\` ${what}. Write it as ${EXAMPLES}.` };
}

function readZoned(local: string, zone: string): TimeReading {
  const time = Temporal.PlainDateTime.from(local.replace(" ", "T"), { overflow: "reject" });
  const earlier = time.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = time.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { kind: "time", at: earlier.epochMilliseconds };
  const isTwice = earlier.toPlainDateTime().equals(time);
  const what = isTwice ? "is twice" : "does not exist";
  const why = `\`${local}\` ${what} in ${zone}, because the clocks change. Write it with its offset, such as \`${earlier.toInstant().toString({ smallestUnit: "minute" })}\`.`;
  return { kind: "wrong", why };
}
