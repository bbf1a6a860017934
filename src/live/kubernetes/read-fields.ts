// Reads single fields of objects as a server gave them. Every field may be absent, or of another type than its kind's
// definition says; then it is `undefined` here, and what that means is the caller's to say. Long texts are cut.

import { withoutMeasuredTimes } from "./measured-times.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Of a message that people read; longer ones are cut where they come in. */
export const LONGEST_MESSAGE = 1_000;
const LONGEST_NAME = 512;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `path` is written with dots: `status.conditions`. Only what the object has itself, nothing inherited. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of path.split(".")) {
    if (!isFields(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

export function fieldsAt(value: unknown, path: string): Fields {
  const found = valueAt(value, path);
  return isFields(found) ? found : {};
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** A name, a reason, an address: longer than 512 characters it is none. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" && found !== "" && found.length <= LONGEST_NAME ? found : undefined;
}

export function messageAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  if (typeof found !== "string" || found.trim() === "") return undefined;
  return withoutMeasuredTimes(cutText(found.trim(), LONGEST_MESSAGE));
}

export function numberAt(value: unknown, path: string): number | undefined {
  const found = valueAt(value, path);
  return typeof found === "number" && Number.isSafeInteger(found) ? found : undefined;
}

export function isTrueAt(value: unknown, path: string): boolean {
  return valueAt(value, path) === true;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds of an RFC 3339 time. */
export function timeAt(value: unknown, path: string): number | undefined {
  const text = textAt(value, path);
  if (text === undefined || !TIME.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}

/** Annotation and label keys have dots, so they have readers of their own. */
export function annotationOf(object: unknown, key: string): string | undefined {
  return entryOf(fieldsAt(object, "metadata.annotations"), key);
}

export function labelOf(object: unknown, key: string): string | undefined {
  return entryOf(fieldsAt(object, "metadata.labels"), key);
}

export function entryOf(fields: Fields, key: string): string | undefined {
  const found = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof found === "string" ? cutText(found, LONGEST_MESSAGE) : undefined;
}

export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  // A surrogate pair is never cut in two.
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
