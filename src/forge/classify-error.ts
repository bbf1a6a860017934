// Decides what an error of a request to GitHub means: patience is asked for, GitHub understood and refuses, or nobody
// knows whether the request was carried out. Looks only at the shape of Octokit's errors; retries nothing.

import { Deferred } from "./forge.ts";

export type Failure =
  /** GitHub asks for patience: a rate limit, or a suspended installation. */
  | { readonly kind: "deferred"; readonly error: Deferred }
  /** GitHub understood and did nothing. `status` is 200 for the errors of a GraphQL request. */
  | { readonly kind: "answered"; readonly status: number; readonly sentence: string; readonly error: Error }
  /** 5xx, a lost connection, a timeout: a write may have happened. */
  | { readonly kind: "unsure"; readonly error: Error };

export interface Request {
  /** What was attempted, as in "could not <doing>". */
  readonly doing: string;
  readonly installation: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface GraphqlError {
  readonly message: string;
  readonly type?: string;
  readonly path?: readonly (string | number)[];
}

interface Shape {
  readonly status: number | undefined;
  readonly sentence: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphqlError[];
}

const SECONDARY = /secondary rate|abuse detection|temporarily blocked from content creation/i;
const PRIMARY = /rate limit (?:already )?exceeded/i;
const SUSPENDED = /installation has been suspended|account was suspended/i;
const HICCUP = /something went wrong|timed? ?out|timeout|internal (?:server )?error/i;

/** GitHub asks for at least a minute where it does not say how long. */
const PATIENCE = 60_000;
const SUSPENSION_PATIENCE = 3_600_000;

export function classifyError(cause: unknown, request: Request): Failure {
  if (cause instanceof Deferred) return { kind: "deferred", error: cause };
  const shape = shapeOf(cause);
  const patience = patienceAskedFor(shape, request.now);
  if (patience !== undefined) {
    const message = `GitHub asks for patience until ${new Date(patience.until).toISOString()}: ${patience.why}`;
    const { installation } = request;
    return { kind: "deferred", error: new Deferred(message, { installation, until: patience.until, cause }) };
  }
  const answered = shape.status === undefined ? "no answer" : `${shape.status}`;
  const message = `Could not ${request.doing}: GitHub gave ${answered}${shape.sentence && `, "${shape.sentence}"`}.`;
  const error = new Error(message, { cause });
  const understood =
    shape.status === 200 ? !shape.errors.some(isHiccup) : shape.status !== undefined && shape.status < 500;
  return understood
    ? { kind: "answered", status: shape.status ?? 0, sentence: shape.sentence, error }
    : { kind: "unsure", error };
}

/** One line, short, and without anything that looks like a credential. */
export function cleanSentence(text: string): string {
  // Cut before the work, too: what is hostile may be long.
  const shown = text
    .slice(0, 4_000)
    .replace(/gh[a-z]_[A-Za-z0-9_]{8,}|github_pat_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "***")
    .replace(/\/\/[^/@\s]+@/g, "//***@")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .trim();
  return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown;
}

/** The errors of a GraphQL answer, as far as they have the shape of errors. */
export function readGraphqlErrors(value: unknown): readonly GraphqlError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((error) => ({
    message: cleanSentence(typeof error.message === "string" ? error.message : "no message"),
    ...(typeof error.type === "string" && { type: error.type }),
    ...(Array.isArray(error.path) && { path: error.path }),
  }));
}

function shapeOf(error: unknown): Shape {
  const outer = isRecord(error) ? error : {};
  const response = isRecord(outer.response) ? outer.response : {};
  const headers = isRecord(response.headers) ? response.headers : isRecord(outer.headers) ? outer.headers : {};
  const data = isRecord(response.data) ? response.data : response;
  const errors = readGraphqlErrors(outer.errors ?? data.errors);
  // The network's errors carry 500 in Octokit, and no response: nothing was answered.
  const answered = Object.keys(response).length > 0;
  const status = typeof outer.status === "number" && answered ? outer.status : errors.length > 0 ? 200 : undefined;
  return { status, sentence: sentenceOf(status === 200 ? {} : data, { error, errors }), headers, errors };
}

function sentenceOf(
  data: Readonly<Record<string, unknown>>,
  { error, errors }: { readonly error: unknown; readonly errors: readonly GraphqlError[] },
): string {
  const own = typeof data.message === "string" ? data.message : error instanceof Error ? error.message : String(error);
  const details = Array.isArray(data.errors) ? data.errors.map(describeDetail) : [];
  const all =
    typeof data.message === "string" || errors.length === 0 ? [own, ...details] : errors.map((e) => e.message);
  return cleanSentence(all.filter((text) => text !== "").join("; "));
}

/** GitHub names the field and what is the matter with it, or says it in words. */
function describeDetail(detail: unknown): string {
  if (!isRecord(detail)) return typeof detail === "string" ? detail : "";
  if (typeof detail.message === "string") return detail.message;
  return typeof detail.field === "string" ? `${detail.field} ${String(detail.code ?? "invalid")}` : "";
}

function patienceAskedFor(shape: Shape, now: number): { readonly until: number; readonly why: string } | undefined {
  const { status, sentence, headers, errors } = shape;
  const limited = errors.some((error) => error.type === "RATE_LIMITED");
  if (status !== 403 && status !== 429 && status !== 200) return undefined;
  if (SUSPENDED.test(sentence)) return { until: now + SUSPENSION_PATIENCE, why: "the installation is suspended." };
  const retryAfter = Number(headers["retry-after"]);
  if (SECONDARY.test(sentence) || (status !== 200 && retryAfter > 0)) {
    const wait = Math.max(PATIENCE, Number.isFinite(retryAfter) ? retryAfter * 1000 : 0);
    return { until: now + wait, why: "its secondary rate limit is reached." };
  }
  const exhausted = status !== 200 && String(headers["x-ratelimit-remaining"]) === "0";
  if (limited || exhausted || PRIMARY.test(sentence) || status === 429) {
    const reset = Number(headers["x-ratelimit-reset"]) * 1000;
    const until = Number.isFinite(reset) && reset > now ? reset + 1000 : now + PATIENCE;
    return { until, why: "the requests of this hour are used up." };
  }
  return undefined;
}

function isHiccup(error: GraphqlError): boolean {
  return error.type === undefined && HICCUP.test(error.message);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
