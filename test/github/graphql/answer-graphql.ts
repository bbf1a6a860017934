// Answers POST /graphql: parse, check, execute on GitHub's schema, and print errors in GitHub's way: HTTP 200, what
// could be read in `data`, one error for each path that could not. Who is asking was decided before.

import {
  type DocumentNode,
  execute,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import type { Actor } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import { checkLimits } from "./check-limits.ts";
import type { RateLimitState } from "./context.ts";
import { isMistake, isNotModelled } from "./problem.ts";
import { readSchema } from "./read-schema.ts";
import { nameType, resolveField } from "./resolve-field.ts";

export interface GraphqlRequest {
  readonly actor: Actor;
  /** the parsed JSON body: { query, variables?, operationName? } */
  readonly body: unknown;
  /** takes so many points out of the actor's budget; undefined = there are not so many left */
  readonly spend?: (points: number) => RateLimitState | undefined;
  /** fields that fail, as "Type.field": null (or what is above them) with an error on their path */
  readonly brokenFields?: readonly string[];
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Prepared =
  | { readonly kind: "refused"; readonly answer: GraphqlAnswer }
  | {
      readonly kind: "ready";
      readonly document: DocumentNode;
      readonly operation: OperationDefinitionNode;
      readonly variables: Readonly<Record<string, unknown>>;
    };

/** A field that is not modelled answers 501, and a mistake of ours throws: neither may pass for GitHub's word. */
export function answerGraphql(model: Model, { actor, body, spend, brokenFields = [] }: GraphqlRequest): GraphqlAnswer {
  if (actor.kind === "anonymous") {
    return { status: 401, body: { message: "This endpoint requires you to be authenticated.", ...documentation } };
  }
  const prepared = prepare(body);
  if (prepared.kind === "refused") return prepared.answer;
  const { document, operation, variables } = prepared;
  const schema = readSchema();
  const { errors, points, nodeCount } = checkLimits(schema, { document, operation, variables });
  if (errors.length > 0) return { status: 200, body: { errors: errors.map(printError) } };
  const left = spend === undefined ? untouched(model, points) : spend(points);
  if (left === undefined) return { status: 200, body: { errors: [exceeded(actor)] } };
  const result = execute({
    schema,
    document,
    operationName: operation.name?.value,
    variableValues: variables,
    contextValue: { model, actor, rateLimit: { ...left, cost: points, nodeCount }, brokenFields },
    fieldResolver: resolveField,
    typeResolver: nameType,
  });
  if ("then" in result) throw new Error("A resolver of the stand-in is asynchronous; its state would not stand still.");
  return print(result.data ?? null, result.errors ?? []);
}

const documentation = { documentation_url: "https://docs.github.com/graphql", status: "401" };

function prepare(body: unknown): Prepared {
  const { query, variables, operationName } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof query !== "string") {
    return {
      kind: "refused",
      answer: {
        status: 200,
        body: { errors: [{ message: "A query attribute must be specified and must be a string." }] },
      },
    };
  }
  const checked = checkDocument(query);
  if (checked.kind === "invalid") return refuse(checked.errors);
  const { document } = checked;
  const operation = getOperationAST(document, typeof operationName === "string" ? operationName : undefined);
  if (!operation) {
    return {
      kind: "refused",
      answer: { status: 200, body: { errors: [{ message: "An operation name is required" }] } },
    };
  }
  return { kind: "ready", document, operation, variables: (variables ?? {}) as Readonly<Record<string, unknown>> };
}

type CheckedDocument =
  | { readonly kind: "valid"; readonly document: DocumentNode }
  | { readonly kind: "invalid"; readonly errors: readonly GraphQLError[] };

/** A client asks the same few queries over and over, and checking one takes longer than answering it. */
const checkedDocuments = new Map<string, CheckedDocument>();
const rememberedDocuments = 200;

function checkDocument(query: string): CheckedDocument {
  const known = checkedDocuments.get(query);
  if (known !== undefined) return known;
  if (checkedDocuments.size >= rememberedDocuments) checkedDocuments.clear();
  const checked = parseAndValidate(query);
  checkedDocuments.set(query, checked);
  return checked;
}

function parseAndValidate(query: string): CheckedDocument {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return { kind: "invalid", errors: [error] };
    throw error;
  }
  const errors = validate(readSchema(), document);
  return errors.length === 0 ? { kind: "valid", document } : { kind: "invalid", errors };
}

function refuse(errors: readonly GraphQLError[]): Prepared {
  return { kind: "refused", answer: { status: 200, body: { errors: errors.map(printError) } } };
}

function print(data: unknown, errors: readonly GraphQLError[]): GraphqlAnswer {
  const mistake = errors.find(isMistake);
  if (mistake !== undefined)
    throw new Error(`${mistake.message} at ${mistake.path?.join(".")}`, { cause: mistake.originalError });
  const missing = errors.filter(isNotModelled);
  if (missing.length > 0) return { status: 501, body: { message: missing.map(({ message }) => message).join("; ") } };
  return { status: 200, body: errors.length === 0 ? { data } : { data, errors: errors.map(printError) } };
}

function printError({ message, path, locations, extensions }: GraphQLError): unknown {
  const { type, ...rest } = extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: rest }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}

function exceeded(actor: Actor): unknown {
  const who = actor.kind === "installation" ? `installation ID ${actor.installation.id}` : "this user";
  return { type: "RATE_LIMITED", message: `API rate limit exceeded for ${who}.` };
}

function untouched(model: Model, points: number): RateLimitState {
  const limit = model.settings.hourlyRequests;
  return { limit, remaining: limit - points, used: points, resetAt: new Date(model.now().getTime() + 3_600_000) };
}
