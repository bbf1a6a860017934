// Says where a REST request or answer differs from GitHub's OpenAPI description (rest.json). It only answers findings;
// whoever asks decides what they mean (the stand-in throws). Validators are compiled when first needed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { findUnknownProperties } from "./find-unknown-properties.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { isKnownMistake } from "./known-mistakes.ts";
import { isSchema, normaliseSchema, type Schema } from "./normalise-schema.ts";
import { prepareValidator, validatorOptions } from "./prepare-validator.ts";

type Operation = {
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: unknown; readonly required: boolean } | undefined;
  readonly responses: Schema;
};
type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: unknown };

/** `route` is GitHub's own path, with its names in braces: "/repos/{owner}/{repo}/git/refs/{ref}". */
export type RestOperation = { readonly method: string; readonly route: string };

const document = "github-rest";
let loaded: { readonly paths: Schema; readonly root: Schema; readonly bodies: Ajv; readonly texts: Ajv } | undefined;
const compiled = new Map<string, ValidateFunction>();
const operations = new Map<string, Operation>();

export function isDescribed({ method, route }: RestOperation): boolean {
  const path = load().paths[route];
  return isSchema(path) && Object.hasOwn(path, method.toLowerCase());
}

/**
 * Checks a request. `parameters` are those of the path and of the query together, as text or already as numbers;
 * a `body` of undefined is no body. Properties that GitHub does not know are findings too.
 */
export function validateRequest(
  request: RestOperation & { readonly parameters?: Readonly<Record<string, unknown>>; readonly body?: unknown },
): readonly Finding[] {
  if (!isDescribed(request)) return [notDescribed(request)];
  const operation = operationOf(request);
  return [...parameterFindings(request, operation), ...bodyFindings(request, operation)];
}

/** Checks an answer. A `body` of undefined, null or "" is no body. Errors that are not described need a message. */
export function validateResponse(
  response: RestOperation & { readonly status: number; readonly body?: unknown },
): readonly Finding[] {
  if (!isDescribed(response)) return [notDescribed(response)];
  const place = `response ${response.status}`;
  const described = dereference(operationOf(response).responses[String(response.status)]);
  const isEmpty = response.body === undefined || response.body === null || response.body === "";
  if (!isSchema(described)) {
    if (response.status >= 400) return checkError(response, place);
    return [{ where: place, message: `GitHub does not describe this status for ${nameOf(response)}` }];
  }
  const schema = jsonSchemaOf(described);
  // where an error is described without a body GitHub sends its usual one all the same
  if (schema === undefined && response.status >= 400) return isEmpty ? [] : checkError(response, place);
  if (schema === undefined) return isEmpty ? [] : [{ where: place, message: "GitHub sends no body here" }];
  if (isEmpty) return isShapeless(schema) ? [] : [{ where: place, message: "GitHub sends a body here" }];
  const validate = compile(`${nameOf(response)} ${response.status}`, schema, load().bodies);
  return validate(response.body) ? [] : findingsOf(place, withoutKnownMistakes(nameOf(response), validate.errors));
}

// "An object" of which nothing is known is GitHub's way to describe an answer that is {} or nothing at all.
function isShapeless(schema: unknown): boolean {
  const known = dereference(schema);
  return isSchema(known) && known.properties === undefined && known.type === "object";
}

function checkError(response: RestOperation & { readonly body?: unknown }, place: string): readonly Finding[] {
  const schema = { $ref: `${document}#/components/schemas/basic-error` };
  const validate = compile("error", schema, load().bodies);
  if (isSchema(response.body) && validate(response.body)) return [];
  return [{ where: place, message: "an error of GitHub is an object with a message and a documentation_url" }];
}

function parameterFindings(
  request: RestOperation & { readonly parameters?: Readonly<Record<string, unknown>> },
  operation: Operation,
): readonly Finding[] {
  const given = Object.fromEntries(Object.entries(request.parameters ?? {}).filter(([, value]) => value !== undefined));
  const properties = Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, schema]));
  const required = operation.parameters.filter((parameter) => parameter.required === true).map(({ name }) => name);
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ where: `request parameter ${name}`, message: "GitHub does not know this parameter" }));
  const validate = compile(`${nameOf(request)} parameters`, { type: "object", properties, required }, load().texts);
  // A copy, because the validator turns the text of a path or query into the number that it stands for.
  return validate({ ...given }) ? unknown : [...unknown, ...findingsOf("request parameter", validate.errors)];
}

function bodyFindings(request: RestOperation & { readonly body?: unknown }, { body }: Operation): readonly Finding[] {
  const place = "request body";
  const isEmpty = request.body === undefined || request.body === "";
  if (body === undefined) {
    const hasContent = !isEmpty && !(isSchema(request.body) && Object.keys(request.body).length === 0);
    return hasContent ? [{ where: place, message: "GitHub takes no body here" }] : [];
  }
  if (isEmpty) return body.required ? [{ where: place, message: "GitHub demands a body here" }] : [];
  const unknown = findUnknownProperties(body.schema, request.body, { resolve }).map((path) => ({
    where: `${place} ${path}`,
    message: "GitHub does not know this property",
  }));
  const validate = compile(`${nameOf(request)} body`, body.schema, load().bodies);
  return validate(request.body) ? unknown : [...unknown, ...findingsOf(place, validate.errors)];
}

function withoutKnownMistakes(
  operation: string,
  errors: readonly ErrorObject[] | null | undefined,
): readonly ErrorObject[] {
  return (errors ?? []).filter((error) => !isKnownMistake(operation, error));
}

function nameOf({ method, route }: RestOperation): string {
  return `${method.toUpperCase()} ${route}`;
}

function notDescribed(operation: RestOperation): Finding {
  return { where: nameOf(operation), message: "not in rest.json; add it to described-operations.ts, run the script" };
}

function load(): NonNullable<typeof loaded> {
  if (loaded === undefined) {
    const text = readFileSync(join(import.meta.dirname, "rest.json"), "utf8");
    const root = normaliseSchema(JSON.parse(text), document) as Schema;
    const bodies = new Ajv(validatorOptions);
    const texts = new Ajv({ ...validatorOptions, coerceTypes: "array" });
    for (const ajv of [bodies, texts]) prepareValidator(ajv, { document, components: root.components });
    loaded = { paths: root.paths as Schema, root, bodies, texts };
  }
  return loaded;
}

function compile(name: string, schema: unknown, ajv: Ajv): ValidateFunction {
  const existing = compiled.get(name);
  if (existing !== undefined) return existing;
  const validate = ajv.compile(schema as Schema);
  compiled.set(name, validate);
  return validate;
}

function operationOf(named: RestOperation): Operation {
  const existing = operations.get(nameOf(named));
  if (existing !== undefined) return existing;
  const described = (load().paths[named.route] as Schema)[named.method.toLowerCase()] as Schema;
  const listed = Array.isArray(described.parameters) ? described.parameters : [];
  const requestBody = dereference(described.requestBody);
  const schema = isSchema(requestBody) ? jsonSchemaOf(requestBody) : undefined;
  const operation: Operation = {
    parameters: listed.map((parameter) => dereference(parameter) as Parameter),
    body:
      schema === undefined ? undefined : { schema, required: isSchema(requestBody) && requestBody.required === true },
    responses: described.responses as Schema,
  };
  operations.set(nameOf(named), operation);
  return operation;
}

function jsonSchemaOf(described: Schema): unknown {
  const content = described.content;
  const json = isSchema(content) ? content["application/json"] : undefined;
  return isSchema(json) ? json.schema : undefined;
}

function dereference(value: unknown): unknown {
  return isSchema(value) && typeof value.$ref === "string" ? resolve(value.$ref) : value;
}

function resolve(reference: string): unknown {
  const names = reference.replace(`${document}#/`, "").split("/");
  return names.reduce<unknown>((at, name) => (isSchema(at) ? at[name] : undefined), load().root);
}
