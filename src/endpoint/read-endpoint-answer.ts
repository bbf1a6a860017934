// Reads what an endpoint answered: its state, its reason, and until when it holds. Everything in it is hostile; what is not
// exactly of the documented form is no answer. Pure.

import type { EndpointAnswer } from "../domain/endpoint.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";

const STATES = ["pass", "wait", "fail"] as const;
const LONGEST_REASON = 300;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

export function readEndpointAnswer(text: string): Seen<EndpointAnswer> {
  const body = parse(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return unknown("it answered no JSON object");
  const fields: Readonly<Record<string, unknown>> = { ...body };
  const state = STATES.find((each) => each === fields.state);
  if (!state) return unknown("its `state` is none of `pass`, `wait` and `fail`");
  if (typeof fields.reason !== "string" || tidy(fields.reason) === "") return unknown("it gave no `reason`");
  const reason = tidy(fields.reason);
  if (fields.until === undefined || fields.until === null) return known({ state, reason });
  const until = typeof fields.until === "string" && INSTANT.test(fields.until) ? Date.parse(fields.until) : Number.NaN;
  if (!Number.isFinite(until)) return unknown("its `until` is no time with a zone, such as `2026-11-28T16:00:00Z`");
  return known({ state, reason, until });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Said by whoever asks for an object.
    return undefined;
  }
}

/** One line of readable characters. */
function tidy(reason: string): string {
  const line = reason
    .slice(0, LONGEST_REASON * 4)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return [...line].slice(0, LONGEST_REASON).join("");
}
