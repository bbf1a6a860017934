// The body of an authenticated push as a JSON object, and the few names in it that may be repeated.

const UTF8 = new TextDecoder("utf-8", { fatal: true });

export type JsonObject = Readonly<Record<string, unknown>>;

/** `undefined` when the bytes are no JSON object in UTF-8. */
export function readPush(body: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(body));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as far as it is a name of Kubernetes; anything else is not repeated to anybody. */
export function nameIn(object: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === "string" && /^[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/.test(value)
    ? value
    : undefined;
}

export function objectIn(object: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : {};
}
