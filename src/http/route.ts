// What a route is: a function of a plain request to a plain answer. It never sees a socket; limits, reading and writing
// are the server's.

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RequestHead {
  /** Our own id of this request, also sent back as `X-Request-Id`. */
  readonly id: string;
  /** The parts of the path that the pattern names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Headers;
  readonly address: string;
}

export interface PlainRequest extends RequestHead {
  /** The bytes as they came. */
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  /** An object is sent as JSON, a string as plain text. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "OPTIONS";
  /** `/hooks/registry/:id`. Also the name of the route in logs and metrics, since a path may hold a secret. */
  readonly path: string;
  /** Bytes of a body. */
  readonly limit: number;
  /** Takes in work: refused while the process drains. */
  readonly intake: boolean;
  /** Refuses before a byte of the body is read; `undefined` lets it in. */
  readonly admit?: (head: RequestHead) => Answer | undefined;
  readonly handle: (request: PlainRequest) => Answer | Promise<Answer>;
}

export function refuse(
  status: number,
  { code, message, headers }: { readonly code: string; readonly message: string; readonly headers?: Answer["headers"] },
): Answer {
  return { status, body: { error: { code, message } }, ...(headers && { headers }) };
}

/** One value of a header; a header that came several times has none. */
export function readHeader(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}
