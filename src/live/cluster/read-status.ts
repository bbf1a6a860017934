// Answers of a Kubernetes API server: JSON, and `Status` objects where something was refused.

import type { Reply } from "./reply.ts";

export interface ApiStatus {
  readonly message: string;
  readonly reason: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
}

/** `undefined`: not JSON, or no object. */
export function readJsonObject(reply: Reply): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(reply.body.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function readStatus(reply: Reply): ApiStatus | undefined {
  const body = readJsonObject(reply);
  if (body?.kind !== "Status") return undefined;
  const details = isObject(body.details) ? body.details : {};
  const causes: readonly unknown[] = Array.isArray(details.causes) ? details.causes : [];
  return {
    message: textOf(body.message),
    reason: textOf(body.reason),
    causes: causes.filter(isObject).map((cause) => ({
      reason: textOf(cause.reason),
      message: textOf(cause.message),
      field: textOf(cause.field),
    })),
  };
}

/** The server says that there is no such object, or no such kind; a 404 of somebody else on the way says nothing. */
export function saysAbsent(reply: Reply): boolean {
  if (reply.status !== 404) return false;
  return (
    readStatus(reply)?.reason === "NotFound" || reply.body.toString("utf8", 0, 100).trim() === "404 page not found"
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
