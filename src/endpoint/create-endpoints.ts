// Asks the operator's endpoints over HTTP: one POST, a limit on time and size, no redirects, the token for the named address
// alone. A repository names an id and reaches only endpoints that are for it.

import type { EndpointAnswer, EndpointQuestion } from "../domain/endpoint.ts";
import { type Seen, unknown } from "../domain/seen.ts";
import { type EndpointSettings, matchesName } from "../domain/settings.ts";
import { codeOf } from "../wire/code-of.ts";
import { readBounded } from "../wire/read-bounded.ts";
import type { EndpointRequest, Endpoints } from "./endpoint.ts";
import { readEndpointAnswer } from "./read-endpoint-answer.ts";

export interface EndpointsOptions {
  readonly endpoints: readonly EndpointSettings[];
  readonly userAgent: string;
  readonly fetch?: typeof fetch;
}

const LARGEST_BODY = 64 * 1024;
/** How long a repository waits before it tries once more what it may not ask; milliseconds. */
const REFUSED_FOR = 10 * 60_000;

export function createEndpoints({ endpoints, userAgent, fetch: send = fetch }: EndpointsOptions): Endpoints {
  return {
    async ask({ asker, question }) {
      const settings = endpoints.find(({ id }) => id === question.endpoint);
      // One sentence for both, so that nobody learns what others have (T20).
      if (!settings?.for.some((pattern) => matchesName(pattern, asker))) {
        const why = `the operator's settings have no endpoint of that id for ${asker}`;
        return { answer: unknown(why), every: REFUSED_FOR };
      }
      const answer = await post({ asker, question }, { settings, userAgent, send });
      return { answer: hide(answer, settings.token), every: settings.every };
    },
  };
}

interface Posting {
  readonly settings: EndpointSettings;
  readonly userAgent: string;
  readonly send: typeof fetch;
}

async function post(request: EndpointRequest, { settings, userAgent, send }: Posting): Promise<Seen<EndpointAnswer>> {
  const { url, token, timeout } = settings;
  try {
    const response = await send(url, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "user-agent": userAgent,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(bodyOf(request)),
      // Never followed: the token is for this address (T21).
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const body = await readBounded(response.body, LARGEST_BODY);
    if (response.status !== 200) return unknown(`it answered ${response.status}`);
    return body === undefined
      ? unknown(`it answered more than ${LARGEST_BODY / 1024} KiB`)
      : readEndpointAnswer(body.toString("utf8"));
  } catch (error) {
    return unknown(explainFailure(error, timeout));
  }
}

function bodyOf({ asker, question }: EndpointRequest): unknown {
  const { key, release, promotion }: EndpointQuestion = question;
  const [pipeline, environment] = key.split("/");
  return {
    repository: asker,
    pipeline,
    environment,
    release: release.versions.map(({ image, tag, digest }) => ({ image, tag, digest })),
    ...(promotion && { pullRequest: promotion.number, head: promotion.head }),
  };
}

/** In words of ours: the address, which an error may repeat, belongs to the operator and is not told. */
function explainFailure(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return "it could not be asked";
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return `it did not answer within ${timeout / 1000} s`;
  const code = codeOf(error);
  if (code === undefined) return "it could not be asked, or answered something that is no HTTP";
  if (code === "ECONNREFUSED") return "it refused the connection";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its host could not be found by its name";
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return `it did not answer within ${timeout / 1000} s`;
  return `it could not be reached (${code})`;
}

/** An endpoint that echoes what it was sent tells no secret to people (T22). */
function hide(answer: Seen<EndpointAnswer>, token: string | undefined): Seen<EndpointAnswer> {
  if (answer.kind === "unknown" || token === undefined || token === "") return answer;
  return { ...answer, value: { ...answer.value, reason: answer.value.reason.replaceAll(token, "…") } };
}
