// GitHub's own GraphQL schema, as @octokit/graphql-schema publishes it. It is read once, when first asked for.
// It is assumed to be valid: GitHub's is, and proving it would cost every test run a second.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSchema, type GraphQLSchema } from "graphql";

let schema: GraphQLSchema | undefined;

export function readSchema(): GraphQLSchema {
  if (schema === undefined) {
    // the file stands beside the package's entry point, whose own text would be parsed twice
    const file = new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
    const text = readFileSync(fileURLToPath(file), "utf8");
    schema = buildSchema(text, { assumeValidSDL: true, assumeValid: true, noLocation: true });
  }
  return schema;
}
