// Shapes of times: durations, times of day, weekdays, zones, and the days or instants at which a freeze begins and ends.
// Days and local times mean nothing without a zone, so they stay as written until their zone is known.

import { Temporal } from "temporal-polyfill";
import type { DayRange } from "../domain/gate.ts";
import { parsedText, text } from "./basic-shapes.ts";
import { nearestWord } from "./nearest-word.ts";
import type { Shape } from "./shape.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST = 365 * 86_400_000;

/** Milliseconds. */
export function duration(): Shape<number> {
  const expected = "a duration such as `30m`, `24h` or `7d`";
  return parsedText({
    expected,
    schema: { pattern: "^([0-9]{1,6}[smhd])+$" },
    read(written) {
      const parts = /^(?:\d{1,6}[smhd])+$/.test(written) ? (written.match(/\d+[smhd]/g) ?? []) : [];
      if (parts.length === 0) return { message: `Expected ${expected}, found \`${written.slice(0, 60)}\`.` };
      const value = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0);
      if (value > 0 && value <= LONGEST) return { value };
      return {
        message: `A duration has to be more than nothing and at most 365 days; \`${written.slice(0, 60)}\` is not.`,
      };
    },
  });
}

/** Minutes after midnight; the end of a day is `24:00`. */
export function timeOfDay(): Shape<number> {
  const expected = 'a time of day such as "09:00"';
  return parsedText({
    expected,
    schema: { pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$" },
    read(written) {
      const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(written);
      if (match === null) return { message: `Expected ${expected}, found \`${written.slice(0, 60)}\`.` };
      return { value: written === "24:00" ? 24 * 60 : Number(match[1]) * 60 + Number(match[2]) };
    },
  });
}

export const WEEKDAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** ISO weekdays, 1 = Monday, from `mon`, `mon-thu` or `sat-mon`. */
export function weekdays(): Shape<readonly number[]> {
  const expected = "a day such as `mon`, or days such as `mon-thu`";
  const day = `(${WEEKDAYS.join("|")})`;
  return parsedText({
    expected,
    schema: { pattern: `^${day}(-${day})?$` },
    read(written) {
      const [first = "", last = first, ...more] = written.toLowerCase().split("-");
      const from = WEEKDAYS.indexOf(first.trim());
      const to = WEEKDAYS.indexOf(last.trim());
      if (from === -1 || to === -1 || more.length > 0) {
        const near = nearestWord(from === -1 ? first : last, WEEKDAYS);
        const message = `Expected ${expected}, found \`${written.slice(0, 60)}\`.`;
        return near === undefined ? { message } : { message, hint: `Did you mean \`${near}\`?` };
      }
      const days = ((to - from + 7) % 7) + 1;
      return { value: Array.from({ length: days }, (_, index) => ((from + index) % 7) + 1) };
    },
  });
}

export function zone(): Shape<string> {
  return text({
    expected: "a time zone such as `Europe/London`",
    schema: { pattern: "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$" },
    check(written) {
      if (/^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(written) && isZone(written)) return undefined;
      const hint = (): string => {
        const near = nearestWord(written, Intl.supportedValuesOf("timeZone"));
        return near === undefined
          ? "Use a name of the IANA time zone database, or `UTC`."
          : `Did you mean \`${near}\`?`;
      };
      return { message: `There is no time zone \`${written.slice(0, 60)}\`.`, hint };
    },
  });
}

export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    // The library's only answer to "is there such a zone" is an exception.
    return false;
  }
}

/** When a freeze begins or ends. */
export type Moment =
  | { readonly kind: "day"; readonly day: string }
  | { readonly kind: "local"; readonly time: string }
  | { readonly kind: "instant"; readonly at: number };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

export function moment(): Shape<Moment> {
  const expected = "a day such as `2026-12-19`, or a time such as `2026-12-19T18:00`";
  return parsedText({
    expected,
    schema: { pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$" },
    read(written) {
      const value = readMoment(written);
      if (value !== undefined) return { value };
      return { message: `Expected ${expected}, found \`${written.slice(0, 60)}\`.` };
    },
  });
}

const RANGE = "..";

/** A day, or the days from one to another, both of them included. */
export function dayRange(): Shape<DayRange> {
  const expected = "a day such as `2026-12-25`, or days such as `2026-12-24..2026-12-26`";
  const day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  return parsedText({
    expected,
    schema: { pattern: `^${day}(\\.\\.${day})?$` },
    read(written) {
      const [first = "", last = first, ...more] = written.split(RANGE);
      const [from, to] = [readDay(first), readDay(last)];
      if (from === undefined || to === undefined || more.length > 0)
        return { message: `Expected ${expected}, found \`${written.slice(0, 60)}\`.` };
      if (to < from) return { message: `\`${written.slice(0, 60)}\` ends before it begins.` };
      return { value: { from, to } };
    },
  });
}

function readDay(written: string): string | undefined {
  const value = DAY.test(written) ? readMoment(written) : undefined;
  return value?.kind === "day" ? value.day : undefined;
}

function readMoment(written: string): Moment | undefined {
  try {
    if (DAY.test(written))
      return { kind: "day", day: Temporal.PlainDate.from(written, { overflow: "reject" }).toString() };
    if (LOCAL.test(written)) {
      const time = Temporal.PlainDateTime.from(written.replace(" ", "T"), { overflow: "reject" });
      return { kind: "local", time: time.toString() };
    }
    if (!INSTANT.test(written)) return undefined;
    return { kind: "instant", at: Temporal.Instant.from(written.replace(" ", "T")).epochMilliseconds };
  } catch {
    // The form is right but there is no such day or hour.
    return undefined;
  }
}

/** Epoch milliseconds; a day is its first instant as a beginning and its last as an end (exclusive). */
export function instantOf(
  value: Moment,
  { zone: name, end }: { readonly zone: string; readonly end: boolean },
): number {
  switch (value.kind) {
    case "instant":
      return value.at;
    case "local":
      return Temporal.PlainDateTime.from(value.time).toZonedDateTime(name).epochMilliseconds;
    case "day": {
      const day = Temporal.PlainDate.from(value.day);
      return (end ? day.add({ days: 1 }) : day).toZonedDateTime(name).epochMilliseconds;
    }
  }
}
