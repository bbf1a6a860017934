// Turns a schema of GitHub's OpenAPI description into JSON Schema that ajv reads: `nullable` becomes the type null,
// references become absolute, and `oneOf` becomes `anyOf`, because GitHub's alternatives overlap (a private user is
// also a public user) and their own answers would match two of them.

export type Schema = { readonly [key: string]: unknown };

// Under these keys the next level is property or component names, so "nullable" there would be a property.
const mapsOfNames = new Set(["properties", "schemas", "parameters", "responses", "patternProperties"]);

export function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function normaliseSchema(value: unknown, document: string, namesAreChosen = false): unknown {
  if (Array.isArray(value)) return value.map((item) => normaliseSchema(item, document));
  if (!isSchema(value)) return value;
  const inner = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => namesAreChosen || (key !== "nullable" && key !== "discriminator"))
      .map(([key, child]) => normaliseKey({ key, child, document, namesAreChosen })),
  );
  return !namesAreChosen && value.nullable === true ? orNull(inner) : inner;
}

function normaliseKey(at: {
  key: string;
  child: unknown;
  document: string;
  namesAreChosen: boolean;
}): [string, unknown] {
  const { key, child, document, namesAreChosen } = at;
  if (namesAreChosen) return [key, normaliseSchema(child, document)];
  if (key === "$ref" && typeof child === "string") return [key, `${document}${child}`];
  if (key === "enum" || key === "default" || key === "const" || key === "required") return [key, child];
  return [key === "oneOf" ? "anyOf" : key, normaliseSchema(child, document, mapsOfNames.has(key))];
}

function orNull(schema: Schema): Schema {
  if (typeof schema.type !== "string") return { anyOf: [schema, { type: "null" }] };
  const withNull = { ...schema, type: [schema.type, "null"] };
  return Array.isArray(schema.enum) ? { ...withNull, enum: [...schema.enum, null] } : withNull;
}
