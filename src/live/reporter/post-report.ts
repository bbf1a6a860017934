// Sends one report: signed over its bytes with the time, or with the token that stands in the file at this moment. No
// redirect is followed, the answer is read only as far as people read it, and nobody is waited for for ever.

import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ReporterSettings } from "../../domain/reporter.ts";
import { cutText } from "../kubernetes/read-fields.ts";
import { isObject, objectIn } from "../reports/read-push.ts";
import type { PostOutcome } from "./reporter.ts";

export interface Posting extends Pick<ReporterSettings, "url" | "proof"> {
  readonly body: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
}

const PATIENCE = 20_000;
const LONGEST_ANSWER = 64 * 1024;
const LONGEST_NOTE = 300;

export async function postReport(posting: Posting): Promise<PostOutcome> {
  const headers = await proofHeaders(posting);
  if (headers === undefined) return { kind: "failed", why: "the token file cannot be read, or is empty" };
  try {
    const response = await fetch(posting.url, {
      ...{ method: "POST", body: posting.body, redirect: "manual" },
      headers: { "content-type": "application/json", ...headers },
      signal: AbortSignal.any([posting.signal, AbortSignal.timeout(PATIENCE)]),
    });
    return judge(response.status, await readAnswer(response));
  } catch (error) {
    return { kind: "failed", why: explain(error) };
  }
}

async function proofHeaders({ proof, body, now }: Posting): Promise<Readonly<Record<string, string>> | undefined> {
  switch (proof.kind) {
    case "secret": {
      const timestamp = String(Math.floor(now / 1_000));
      const hmac = createHmac("sha256", proof.secret).update(`${timestamp}.${body}`).digest("hex");
      return { "x-drift-timestamp": timestamp, "x-drift-signature": `sha256=${hmac}` };
    }
    case "token-file": {
      const token = await readFile(proof.path, "utf8").then(
        (text) => text.trim(),
        () => "",
      );
      // A header with another character would be refused with a message that repeats it, token and all (T22).
      return /^[\x21-\x7e]+$/.test(token) ? { authorization: `Bearer ${token}` } : undefined;
    }
  }
}

function judge(status: number, answer: string): PostOutcome {
  const note = answer === "" ? {} : { note: answer };
  if (status >= 200 && status < 300) return { kind: "taken", ...note };
  const why = `Stagecoach answered ${status}${answer === "" ? "" : `: ${answer}`}`;
  return status === 429 || status >= 500 ? { kind: "failed", why } : { kind: "refused", why };
}

/** What the answer says to people, if it is one of Stagecoach's. */
async function readAnswer(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER) return "";
  }
  const value = parse(text);
  if (!isObject(value)) return "";
  const said = objectIn(value, "error").message ?? value.ignored;
  return typeof said === "string" ? cutText(said.replace(/\.$/, ""), LONGEST_NOTE) : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page of HTML says nothing that its status does not.
    return undefined;
  }
}

function explain(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "the request failed";
  if (cause.name === "TimeoutError") return `Stagecoach did not answer within ${PATIENCE / 1_000} s`;
  if (cause.name === "AbortError") return "it was told to stop";
  const code = "code" in cause && typeof cause.code === "string" ? `${cause.code}: ` : "";
  return `Stagecoach was not reached: ${code}${cutText(cause.message, LONGEST_NOTE)}`;
}
