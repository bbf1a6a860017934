// Faults that a test switches on: which requests they meet, how often, and what goes wrong then.

import { fail, type Reply } from "./reply.ts";

export type Fault =
  /** the request is done, then the connection breaks: the client never learns of it */
  | { readonly kind: "reply-lost" }
  /** nothing is done */
  | { readonly kind: "error-before"; readonly status?: number; readonly message?: string }
  /** the request is done, and an error answered nevertheless */
  | { readonly kind: "error-after"; readonly status?: number }
  /** 403 with GitHub's text and `retry-after`, while /rate_limit shows plenty left */
  | { readonly kind: "secondary-limit"; readonly retryAfter?: number }
  | { readonly kind: "primary-limit" }
  /** nothing is done and nothing is ever answered */
  | { readonly kind: "never-answers" }
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** a token that was minted a moment ago is not known everywhere yet: 401, or 403 as some saw it */
  | { readonly kind: "token-not-yet-known"; readonly status?: 401 | 403 }
  /** one field of GraphQL fails, "PullRequest.reviews": null with an error on its path, and the rest is answered */
  | { readonly kind: "broken-field"; readonly field: string }
  /** somebody does something just before the request is done */
  | { readonly kind: "meanwhile"; readonly happens: () => void }
  /** reads see the repositories (refs, issues, pull requests) as they were so many requests ago */
  | { readonly kind: "lag"; readonly requests: number };

export interface FaultRequest {
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly body: unknown;
}

export interface FaultRule {
  /** `POST /repos/{owner}/{repo}/pulls`, `POST *`, `* *`, or an expression over "METHOD route" */
  readonly on: string | RegExp;
  /** more about the request than its route, for example a mutation's name in a GraphQL body */
  readonly when?: (request: FaultRequest) => boolean;
  /** how many requests it meets; without it every one until it is taken away */
  readonly times?: number;
  readonly fault: Fault;
}

export interface ActiveFault {
  readonly rule: FaultRule;
  left: number;
}

/** The faults that meet this request, each used up by one. */
export function takeFaults(active: readonly ActiveFault[], request: FaultRequest): readonly Fault[] {
  const met = active.filter(({ rule, left }) => left > 0 && meets(rule, request));
  for (const fault of met) fault.left -= 1;
  return met.map(({ rule }) => rule.fault);
}

export function brokenReply(status: number, message = "Server Error"): Reply {
  return fail(status, message);
}

function meets({ on, when }: FaultRule, request: FaultRequest): boolean {
  const name = `${request.method} ${request.route}`;
  const matches = typeof on === "string" ? matchesText(on, name) : on.test(name);
  return matches && (when === undefined || when(request));
}

function matchesText(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
