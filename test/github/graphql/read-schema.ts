// GitHub's own GraphQL schema, as @octokit/graphql-schema publishes it. It is read once, when first asked for.
// It is assumed to be valid: GitHub's is, and proving it would cost every test run a second.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";

let schema: GraphQLSchema | undefined;

export function readSchema(): GraphQLSchema {
  if (schema === undefined) {
    const main = createRequire(import.meta.url).resolve("@octokit/graphql-schema");
    const text = readFileSync(join(dirname(main), "schema.graphql"), "utf8");
    schema = buildSchema(text, { assumeValidSDL: true, assumeValid: true, noLocation: true });
  }
  return schema;
}
