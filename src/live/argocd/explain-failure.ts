// What a failed request to Argo CD means, in a clause that goes on after the host's name and says what to do.

import { codeOf } from "../../wire/code-of.ts";
import { cutText } from "../kubernetes/read-fields.ts";
import { hidePasswords } from "./hide-passwords.ts";

export function explainStatus({
  status,
  text,
  permission,
}: {
  readonly status: number;
  readonly text: string;
  readonly permission: string;
}): string {
  if (status >= 300 && status < 400) return "redirects elsewhere, and the token is sent nowhere else";
  if (status === 401) return "refuses the token: it has expired, or it was revoked";
  if (status === 403) return `does not let the token do this: it needs the permission \`${permission}\``;
  if (status === 404) return "knows no such Application, or has no API at this address";
  if (status === 429) return "answered 429: too many requests";
  const said = saidBy(text);
  return said === undefined ? `answered ${status}` : `answered ${status}: ${said}`;
}

/** Argo CD's errors are short and say what is wrong; those of proxies are pages, and are left out. */
function saidBy(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    return typeof error === "string" && error !== "" ? cutText(hidePasswords(error), 300) : undefined;
  } catch {
    return undefined;
  }
}

/** The message of the error itself may hold anything, so only its kind is told. */
export function explainError(error: unknown, signal?: AbortSignal | null): string {
  if (signal?.aborted || nameOf(error) === "TimeoutError") return "did not answer in time";
  const code = codeOf(error);
  if (code === undefined) return "could not be reached";
  if (code === "ECONNREFUSED") return "refused the connection";
  if (code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET") return "closed the connection early";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "could not be found by its name";
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return "did not answer in time";
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return `shows a certificate that is not trusted (${code})`;
  return `could not be reached (${code})`;
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
