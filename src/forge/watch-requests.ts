// The fetch through which everything goes to GitHub: a time limit, redirects only within the same origin (so that no
// token leaves it), and one line for those who count requests. Knows nothing of what is asked.

export interface RequestSeen {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  /** What GitHub says is left of the hour, where it says so. */
  readonly remaining?: number;
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
      const remaining = response.headers.get("x-ratelimit-remaining");
      onRequest?.({ ...seen, status: response.status, ...(remaining !== null && { remaining: Number(remaining) }) });
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
