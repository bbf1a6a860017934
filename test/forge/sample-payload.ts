// Makes bodies of GitHub's webhooks from its own description: every property that the description demands, and, when
// asked, those that it only allows. No more than a corpus for robustness; nobody reads meaning into the values.

import { readFileSync } from "node:fs";

type Schema = Readonly<Record<string, unknown>>;

interface Description {
  readonly webhooks: Readonly<Record<string, { readonly post: Schema }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const description: Description = JSON.parse(
  readFileSync(new URL("../github/description/webhooks.json", import.meta.url), "utf8"),
);

export interface SamplePayload {
  readonly name: string;
  /** As in `X-GitHub-Event`. */
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export function samplePayloads({ optional }: { readonly optional: boolean }): readonly SamplePayload[] {
  return Object.entries(description.webhooks).flatMap(([name, { post }]) => {
    const schema = bodySchema(post);
    const payload = schema && sample(schema, { optional, depth: 0 });
    return isRecord(payload) ? [{ name, event: eventOf(name, payload), payload }] : [];
  });
}

/** `check-run-created` with the action `created` is the event `check_run`. */
function eventOf(name: string, payload: Readonly<Record<string, unknown>>): string {
  const action = typeof payload.action === "string" ? `_${payload.action}` : "";
  const words = name.replaceAll("-", "_");
  return action !== "" && words.endsWith(action) ? words.slice(0, -action.length) : words;
}

function bodySchema(post: Schema): Schema | undefined {
  let found: unknown = post;
  for (const step of ["requestBody", "content", "application/json", "schema"]) {
    found = isRecord(found) ? found[step] : undefined;
  }
  return isRecord(found) ? found : undefined;
}

interface Wish {
  readonly optional: boolean;
  readonly depth: number;
}

function sample(schema: Schema, wish: Wish): unknown {
  if (typeof schema.$ref === "string") {
    const target = description.components.schemas[schema.$ref.split("/").at(-1) ?? ""];
    return target ? sample(target, wish) : null;
  }
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ("const" in schema) return schema.const;
  if ("default" in schema) return schema.default;
  for (const key of ["oneOf", "anyOf"]) {
    const options = schema[key];
    if (Array.isArray(options)) return sample(options.find(isRecord) ?? {}, wish);
  }
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map((part: Schema) => sample(part, wish)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object" || isRecord(schema.properties)) return sampleObject(schema, wish);
  if (type === "array") return wish.depth > 6 || !isRecord(schema.items) ? [] : [sample(schema.items, deeper(wish))];
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return false;
  return type === "string" ? sampleText(schema) : null;
}

function sampleObject(schema: Schema, wish: Wish): unknown {
  if (wish.depth > 8 || !isRecord(schema.properties)) return {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const entries = Object.entries(schema.properties).filter(([name]) => wish.optional || required.has(name));
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (isRecord(value) ? [[name, sample(value, deeper(wish))]] : [])),
  );
}

function sampleText(schema: Schema): string {
  if (schema.format === "date-time") return "2030-01-01T00:00:00Z";
  return schema.format === "uri" ? "https://github.example/x" : "text";
}

function deeper({ optional, depth }: Wish): Wish {
  return { optional, depth: depth + 1 };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
