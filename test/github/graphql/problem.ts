// Errors as GitHub's GraphQL reports them: a type in capitals, a message and the path of the field.
// One kind is our own: a field that this stand-in does not model. It must never look like an answer of GitHub.

import { GraphQLError } from "graphql";

export type ProblemType =
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "UNPROCESSABLE"
  | "STALE_DATA"
  | "INVALID_CURSOR_ARGUMENTS"
  | "ARGUMENT_LIMIT"
  | "MISSING_PAGINATION_BOUNDARIES"
  | "EXCESSIVE_PAGINATION"
  | "MAX_NODE_LIMIT_EXCEEDED"
  | "RATE_LIMITED";

export function problem(type: ProblemType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export function notModelled(what: string): GraphQLError {
  return new GraphQLError(`not modelled: ${what}`, { extensions: { notModelled: true } });
}

/** What GitHub answers for one field when something behind it failed; the rest of the answer stands. */
export function brokenField(): GraphQLError {
  return new GraphQLError("Something went wrong while executing your query. This may be the result of a timeout.");
}

export function isNotModelled(error: GraphQLError): boolean {
  return error.extensions.notModelled === true;
}

/** What a resolver threw that is no answer of GitHub's: a mistake in this stand-in. */
export function isMistake(error: GraphQLError): boolean {
  return error.originalError !== undefined && !(error.originalError instanceof GraphQLError);
}
