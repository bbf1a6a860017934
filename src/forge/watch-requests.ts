// The fetch through which everything goes to GitHub: a time limit, redirects only within the same origin (so that no
// token leaves it), and one line for those who count requests. Knows nothing of what is asked.

export interface RequestSeen {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  /** The part of the hour's budget that is left, 0 to 1, where GitHub says so. */
  readonly left?: number;
}

export interface WatchOptions {
  readonly fetch?: typeof fetch;
  readonly onRequest?: (request: RequestSeen) => void;
  readonly timeoutMilliseconds?: number;
}

const MOST_REDIRECTS = 3;

export function watchRequests({ fetch: inner, onRequest, timeoutMilliseconds = 30_000 }: WatchOptions): typeof fetch {
  async function once(url: URL, init: RequestInit): Promise<Response> {
    const seen = { method: init.method ?? "GET", path: url.pathname };
    try {
      const signal = AbortSignal.timeout(timeoutMilliseconds);
      // Looked up late, so that whoever replaces the global one is heard.
      const response = await (inner ?? globalThis.fetch)(url.href, { ...init, redirect: "manual", signal });
      const left = partLeft(response.headers);
      onRequest?.({ ...seen, status: response.status, ...(left !== undefined && { left }) });
      return response;
    } catch (error) {
      onRequest?.(seen);
      throw error;
    }
  }
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input);
    for (let redirects = 0; ; redirects += 1) {
      const response = await once(url, init);
      const target = redirectTarget(response, { url, method: init.method ?? "GET" });
      if (target === undefined) return response;
      if (target.origin !== url.origin || redirects === MOST_REDIRECTS) {
        throw new Error(`GitHub redirected ${url.pathname} to ${target.origin}; Stagecoach does not follow.`);
      }
      url = target;
    }
  };
}

function partLeft(headers: Headers): number | undefined {
  const [remaining, limit] = [headers.get("x-ratelimit-remaining"), headers.get("x-ratelimit-limit")].map(Number);
  return remaining === undefined || limit === undefined || !(limit > 0) ? undefined : remaining / limit;
}

/** A renamed or transferred repository answers 301 to reads and 307 to writes. */
function redirectTarget(
  response: Response,
  { url, method }: { readonly url: URL; readonly method: string },
): URL | undefined {
  const location = response.headers.get("location");
  const keepsMethod = response.status === 307 || response.status === 308;
  const redirects = keepsMethod || ((response.status === 301 || response.status === 302) && method === "GET");
  return redirects && location !== null ? new URL(location, url) : undefined;
}
