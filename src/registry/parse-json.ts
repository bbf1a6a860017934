// JSON from outside as unknown values: parsed without throwing, its objects told apart from the rest. What the shape
// must be is decided where it is read.

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** `undefined` when the bytes are no JSON text in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch (error) {
    // Both say that the bytes are not what they should be; nothing else can go wrong here.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
