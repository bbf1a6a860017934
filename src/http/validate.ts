// `PUT /api/validate`: checks a pipeline file that anybody sends, as an editor or a CI job would. It stores nothing and
// knows nobody, so it is small and rate-limited.

import type { Finding } from "../domain/finding.ts";
import type { RateLimit } from "./limit-rate.ts";
import { type Answer, type PlainRequest, type Route, refuse } from "./route.ts";

export interface ValidateRouteOptions {
  readonly validate: (text: string) => Validation | Promise<Validation>;
  readonly rate: RateLimit;
}

export interface Validation {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** As large as a pipeline file may be. */
const largestFile = 400 * 1024;
/** Milliseconds that cost as much as one more request: what is made to take long is soon over. */
const workPerToken = 50;

export function createValidateRoute({ validate, rate }: ValidateRouteOptions): Route {
  return {
    method: "PUT",
    path: "/api/validate",
    limit: largestFile,
    intake: false,
    admit: ({ address }) => tooMany(rate.take(address)),
    handle: async ({ body, address }: PlainRequest) => {
      const text = decode(body);
      if (text === undefined) {
        return refuse(400, {
          code: "malformed",
          message: "The body is not UTF-8 text. Send the pipeline file as it is.",
        });
      }
      const started = performance.now();
      const { ok, findings } = await validate(text);
      rate.charge(address, Math.floor((performance.now() - started) / workPerToken));
      return { status: 200, body: { ok, findings } };
    },
  };
}

function tooMany(seconds: number): Answer | undefined {
  if (seconds === 0) {
    return undefined;
  }
  const message = `Too many files were sent for checking. Try again in ${seconds} s, or run \`stagecoach validate\`.`;
  return refuse(429, { code: "too-many", message, headers: { "retry-after": String(seconds) } });
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
