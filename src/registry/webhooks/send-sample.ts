// Posts a sample delivery to a Stagecoach that runs, and gives back what it answered. The address is what somebody typed; the
// secret goes there and, since no redirect is followed, nowhere else.

import { codeOf } from "../../wire/code-of.ts";
import { readBounded } from "../../wire/read-bounded.ts";
import { parseJson } from "../parse-json.ts";
import { makeSample } from "./make-sample.ts";
import type { SampleAddress, SampleAnswer, SampleDelivery, Samples } from "./sample.ts";

export const SAMPLES: Samples = { make: makeSample, send: sendSample };

const LARGEST_ANSWER = 256 * 1024;
/** Milliseconds. */
const TIMEOUT = 10_000;

async function sendSample(
  { headers, proof, secretInPath, body }: SampleDelivery,
  { base, id }: SampleAddress,
): Promise<SampleAnswer> {
  const secret = secretInPath === undefined ? "" : `/${encodeURIComponent(secretInPath)}`;
  const url = new URL(`${base.replace(/\/$/, "")}/hooks/registry/${encodeURIComponent(id)}${secret}`);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, ...proof },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const bytes = await readBounded(response.body, LARGEST_ANSWER);
    return { kind: "answered", status: response.status, body: bytes && parseJson(bytes) };
  } catch (error) {
    return { kind: "unanswered", why: `${url.host} ${explainFailure(error)}` };
  }
}

/** In words of ours: the address in an error may hold the secret (T22). */
function explainFailure(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return `did not answer within ${TIMEOUT / 1000} s`;
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return "refused the connection";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "could not be found by its name";
  return code === undefined ? "could not be asked" : `could not be reached (${code})`;
}
