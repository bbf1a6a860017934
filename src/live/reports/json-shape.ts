// What JSON from a reporter has to look like, said once: each shape reads a value of it and gives its JSON Schema. Names
// that are too long are refused, prose is cut; a key that is not known is refused; nothing is thrown.

import { cutText } from "../kubernetes/read-fields.ts";

export type JsonSchema = { readonly [key: string]: unknown };

export type Shaped<T> =
  | { readonly kind: "fits"; readonly value: T }
  /** A clause without a full stop, made of our own words and of the value's place alone. */
  | { readonly kind: "faulty"; readonly why: string };

export interface JsonShape<T> {
  readonly schema: JsonSchema;
  /** `at` is the place of the value: `states[3].state.health`. */
  readonly read: (value: unknown, at: string) => Shaped<T>;
}

const LONGEST_PROSE = 1_000;
export const MOST_ITEMS = 200;

export function fits<T>(value: T): Shaped<T> {
  return { kind: "fits", value };
}

export function faulty(at: string, what: string): { readonly kind: "faulty"; readonly why: string } {
  return { kind: "faulty", why: `\`${at}\` ${what}` };
}

/** A text that means something to a program. */
export function textLike(
  pattern: RegExp,
  { most, says }: { readonly most: number; readonly says: string },
): JsonShape<string> {
  return {
    schema: { type: "string", pattern: pattern.source, maxLength: most, description: says },
    read: (value, at) =>
      typeof value === "string" && value.length <= most && pattern.test(value)
        ? fits(value)
        : faulty(at, `is not ${says}`),
  };
}

/** A text for people; what is too long is cut, and only what shows it decides how. */
export function prose(most = LONGEST_PROSE): JsonShape<string> {
  return {
    schema: { type: "string", description: `Cut after ${most} characters.` },
    read: (value, at) => (typeof value === "string" ? fits(cutText(value, most)) : faulty(at, "is not a text")),
  };
}

export function word<W extends string>(...words: readonly W[]): JsonShape<W> {
  return {
    schema: { enum: words },
    read(value, at) {
      const known = words.find((each) => each === value);
      return known === undefined ? faulty(at, `is not one of ${words.join(", ")}`) : fits(known);
    },
  };
}

export const flag: JsonShape<boolean> = {
  schema: { type: "boolean" },
  read: (value, at) => (typeof value === "boolean" ? fits(value) : faulty(at, "is not true or false")),
};

export function wholeNumber(says: string, most = Number.MAX_SAFE_INTEGER): JsonShape<number> {
  return {
    schema: { type: "integer", minimum: 0, maximum: most, description: says },
    read: (value, at) =>
      typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= most
        ? fits(value)
        : faulty(at, `is not ${says}`),
  };
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 time, read as epoch milliseconds. */
export const time: JsonShape<number> = {
  schema: { type: "string", format: "date-time" },
  read(value, at) {
    const read = typeof value === "string" && value.length <= 40 && TIME.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isFinite(read) ? fits(read) : faulty(at, "is not a time such as 2026-03-02T10:02:00Z");
  },
};

export function listOf<T>(
  item: JsonShape<T>,
  { most = MOST_ITEMS }: { readonly most?: number } = {},
): JsonShape<readonly T[]> {
  return {
    schema: { type: "array", maxItems: most, items: item.schema },
    read(value, at) {
      if (!Array.isArray(value)) return faulty(at, "is not a list");
      if (value.length > most) return faulty(at, `has more than ${most} items`);
      const items: T[] = [];
      for (const [index, each] of value.entries()) {
        const read = item.read(each, `${at}[${index}]`);
        if (read.kind === "faulty") return read;
        items.push(read.value);
      }
      return fits(items);
    },
  };
}

type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type RequiredShapes<T> = { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: JsonShape<T[K]> };
type OptionalShapes<T> = { readonly [K in OptionalKeys<T>]: JsonShape<Exclude<T[K], undefined>> };

/** An object with a shape for every key of the type, none left out. */
export function objectOf<T extends object>(
  required: RequiredShapes<T>,
  optional: OptionalShapes<T>,
  says?: string,
): JsonShape<T> {
  const needed = new Map(Object.entries<JsonShape<unknown>>(required));
  const shapes = new Map([...needed, ...Object.entries<JsonShape<unknown>>(optional)]);
  return {
    schema: {
      type: "object",
      ...(says !== undefined && { description: says }),
      properties: Object.fromEntries([...shapes].map(([key, { schema }]) => [key, schema])),
      required: [...needed.keys()],
      additionalProperties: false,
    },
    read: (value, at) => readObject<T>(value, { at, shapes, needed }),
  };
}

interface ObjectReading {
  readonly at: string;
  readonly shapes: ReadonlyMap<string, JsonShape<unknown>>;
  readonly needed: ReadonlyMap<string, JsonShape<unknown>>;
}

function readObject<T>(value: unknown, { at, shapes, needed }: ObjectReading): Shaped<T> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return faulty(at || "the body", "is not an object");
  const given = new Map(Object.entries(value));
  const place = (key: string) => (at === "" ? key : `${at}.${key}`);
  // What a stranger called a key is not repeated.
  if ([...given.keys()].some((key) => !shapes.has(key))) {
    return faulty(at || "the body", `has a key besides ${[...shapes.keys()].join(", ")}`);
  }
  const entries: [string, unknown][] = [];
  for (const [key, shape] of shapes) {
    if (!given.has(key)) {
      if (needed.has(key)) return faulty(place(key), "is missing");
      continue;
    }
    const read = shape.read(given.get(key), place(key));
    if (read.kind === "faulty") return read;
    entries.push([key, read.value]);
  }
  // Every key was read by the shape that the type of this key has.
  return fits(Object.fromEntries(entries) as T);
}
