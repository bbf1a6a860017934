// Finds what a request says that GitHub's description does not know. The description forbids nothing extra, and GitHub
// ignores a misspelt field without a word; here it is a finding. Which values are right is left to ajv.
import { isSchema, type Schema } from "./normalise-schema.ts";

export type Resolve = (reference: string) => unknown;

// Answers the paths ("/committer/emial") of all properties that no alternative of the schema names.
export function findUnknownProperties(
  schema: unknown,
  value: unknown,
  { resolve, path = "" }: { readonly resolve: Resolve; readonly path?: string },
): readonly string[] {
  const alternatives = flatten(schema, resolve);
  if (Array.isArray(value)) {
    const items = { anyOf: alternatives.flatMap((one) => (one.items === undefined ? [] : [one.items])) };
    return value.flatMap((item, index) => findUnknownProperties(items, item, { resolve, path: `${path}/${index}` }));
  }
  if (!isSchema(value)) return [];
  if (!alternatives.some((one) => isSchema(one.properties)) || alternatives.some(acceptsAnything)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = alternatives.flatMap((one) => {
      const properties = one.properties;
      return isSchema(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [];
    });
    if (known.length === 0) return [`${path}/${key}`];
    return findUnknownProperties({ anyOf: known }, inner, { resolve, path: `${path}/${key}` });
  });
}

function acceptsAnything(schema: Schema): boolean {
  return schema.additionalProperties !== undefined && schema.additionalProperties !== false;
}

function flatten(schema: unknown, resolve: Resolve): readonly Schema[] {
  if (!isSchema(schema)) return [];
  if (typeof schema.$ref === "string") return flatten(resolve(schema.$ref), resolve);
  const parts = ["allOf", "anyOf"].flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list) ? list : [];
  });
  return [schema, ...parts.flatMap((part) => flatten(part, resolve))];
}
