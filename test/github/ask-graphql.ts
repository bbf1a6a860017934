// Asks the stand-in's GraphQL inside a small world, in the app's name, and reads the answer as a client would.

import { answerGraphql } from "./graphql/answer-graphql.ts";
import { makeSmallWorld, type SmallWorld } from "./make-small-world.ts";
import type { Announcement } from "./model/announcement.ts";
import type { Permissions } from "./model/identity.ts";

export interface GraphqlReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a query answers depends on the query
  readonly data: any;
  readonly errors: readonly { type?: string; message: string; path?: readonly (string | number)[] }[];
  readonly message: string | undefined;
}

export interface GraphqlWorld extends SmallWorld {
  readonly announced: Announcement[];
  readonly ask: (query: string, variables?: object) => GraphqlReply;
}

export function makeGraphqlWorld(permissions?: Permissions): GraphqlWorld {
  const announced: Announcement[] = [];
  const world = makeSmallWorld(permissions && { permissions });
  world.model.listeners.add((announcement) => announced.push(announcement));
  const ask: GraphqlWorld["ask"] = (query, variables) => {
    const { model, actor } = world;
    const { status, body } = answerGraphql(model, { actor, body: { query, variables } });
    const { data, errors = [], message } = JSON.parse(JSON.stringify(body));
    return { status, data, errors, message };
  };
  return { ...world, announced, ask };
}

/** A query about the one repository of the small world. */
export function inRepository(fields: string): string {
  return `{ repository(owner: "acme", name: "config") { ${fields} } }`;
}
