// Says where a webhook payload differs from GitHub's webhook description (webhooks.json). It only answers findings;
// headers and signatures are the sender's business.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { nameInDescription } from "./described-operations.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { isKnownMistake } from "./known-mistakes.ts";
import { isSchema, normaliseSchema, type Schema } from "./normalise-schema.ts";
import { prepareValidator, validatorOptions } from "./prepare-validator.ts";

const document = "github-webhooks";
let loaded: { readonly webhooks: Schema; readonly ajv: Ajv2020 } | undefined;
const compiled = new Map<string, ValidateFunction>();

/** `event` as in X-GitHub-Event ("pull_request"); `action` as in the payload, undefined where the event has none. */
export function validateWebhook(webhook: {
  readonly event: string;
  readonly action?: string | undefined;
  readonly payload: unknown;
}): readonly Finding[] {
  const name = nameInDescription(webhook.event, webhook.action);
  const validate = validatorOf(name);
  if (validate === undefined) {
    return [{ where: name, message: "not in webhooks.json; add it to described-operations.ts, run the script" }];
  }
  if (validate(webhook.payload)) return [];
  const errors = (validate.errors ?? []).filter((error) => !isKnownMistake(name, error));
  return findingsOf("payload", errors);
}

function load(): NonNullable<typeof loaded> {
  if (loaded === undefined) {
    const text = readFileSync(join(import.meta.dirname, "webhooks.json"), "utf8");
    const root = normaliseSchema(JSON.parse(text), document) as Schema;
    const ajv = new Ajv2020(validatorOptions);
    prepareValidator(ajv, { document, components: root.components });
    loaded = { webhooks: root.webhooks as Schema, ajv };
  }
  return loaded;
}

function validatorOf(name: string): ValidateFunction | undefined {
  const existing = compiled.get(name);
  if (existing !== undefined) return existing;
  const schema = ["post", "requestBody", "content", "application/json", "schema"].reduce<unknown>(
    (at, key) => (isSchema(at) ? at[key] : undefined),
    load().webhooks[name],
  );
  if (!isSchema(schema)) return undefined;
  const validate = load().ajv.compile(schema);
  compiled.set(name, validate);
  return validate;
}
