// Reads fields of a request's body. Their types were checked against GitHub's description before, so a field of
// another type is as good as absent.

type Body = Readonly<Record<string, unknown>>;

export function readText(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}

/** null is told apart from absent */
export function readNullableText(body: Body, name: string): string | null | undefined {
  return body[name] === null ? null : readText(body, name);
}

export function readFlag(body: Body, name: string): boolean | undefined {
  const value = body[name];
  return typeof value === "boolean" ? value : undefined;
}

export function readNumbers(body: Body, name: string): readonly number[] | undefined {
  const value = body[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : undefined;
}

export function readTexts(body: Body, name: string): readonly string[] | undefined {
  const value = body[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

export function readObjects(body: Body, name: string): readonly Body[] | undefined {
  const value = body[name];
  return Array.isArray(value) ? value.filter(isObject) : undefined;
}

export function readPart(body: Body, name: string): Body | undefined {
  const value = body[name];
  return isObject(value) ? value : undefined;
}

export function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
