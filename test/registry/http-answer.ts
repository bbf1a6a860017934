// One answer of the test registry, and the forms that most of them have.

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function sendJson(value: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body };
}

export function refuse(status: number, code: string): HttpAnswer {
  return { ...sendJson({ errors: [{ code, message: code.toLowerCase().replaceAll("_", " ") }] }), status };
}
