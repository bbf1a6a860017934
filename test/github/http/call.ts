// One request of the API as a route's handler sees it, and the declaration of routes: GitHub's own path with its names
// in braces, who may ask, and the handler.

import type { Access, Actor, User } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import type { Repository, Role } from "../model/repository.ts";
import type { Reply } from "./reply.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Call {
  readonly model: Model;
  readonly actor: Actor;
  /** the account that acts; anonymous readers are nobody */
  readonly by: User;
  /** the names in the route's braces, decoded */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** a JSON object that GitHub's description accepts; empty when there was none */
  readonly body: Readonly<Record<string, unknown>>;
  /** where the request came in, for the links between pages */
  readonly requestUrl: URL;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** What a route asks of its caller. A repository's routes may open to any of several permissions. */
export type Need =
  | { readonly kind: "nothing" }
  | { readonly kind: "app" }
  | { readonly kind: "installation" }
  | {
      readonly kind: "repository";
      readonly permissions: readonly string[];
      readonly access: Access;
      /** for people, where another role than the usual one is needed */
      readonly role?: Role;
    };

export interface Route {
  readonly method: Method;
  readonly route: string;
  readonly need: Need;
  /** creates what people are notified of; GitHub allows 80 a minute and 500 an hour */
  readonly createsContent: boolean;
  readonly answer: (call: RepositoryCall) => Reply;
}

type Title = `${Method} /${string}`;

export function openRoute(title: Title, answer: (call: Call) => Reply): Route {
  return { ...parseTitle(title), need: { kind: "nothing" }, createsContent: false, answer };
}

/** Asked with the app's own JSON web token. */
export function appRoute(title: Title, answer: (call: Call) => Reply): Route {
  return { ...parseTitle(title), need: { kind: "app" }, createsContent: false, answer };
}

export function installationRoute(title: Title, answer: (call: Call) => Reply): Route {
  return { ...parseTitle(title), need: { kind: "installation" }, createsContent: false, answer };
}

export interface RepositoryNeed {
  /** `contents`, or `pull_requests|issues` where either is enough */
  readonly permission: string;
  readonly role?: Role;
  readonly createsContent?: boolean;
}

/** GET needs read access, everything else write access. */
export function repositoryRoute(title: Title, need: RepositoryNeed, answer: (call: RepositoryCall) => Reply): Route {
  const parsed = parseTitle(title);
  const { permission, role, createsContent = false } = need;
  const access = parsed.method === "GET" ? ("read" as const) : ("write" as const);
  const permissions = permission.split("|");
  return {
    ...parsed,
    need: { kind: "repository", permissions, access, ...(role && { role }) },
    createsContent,
    answer,
  };
}

function parseTitle(title: Title): { readonly method: Method; readonly route: string } {
  const space = title.indexOf(" ");
  const method = title.slice(0, space);
  return { method: method as Method, route: title.slice(space + 1) };
}
