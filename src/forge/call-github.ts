// How every capability asks GitHub: as a read, which may be asked once more when a new token is not known everywhere
// yet, or as a write, which says when nobody knows whether it happened. Decides nothing about the answers.

import { setTimeout } from "node:timers/promises";
import { classifyError, type GraphqlError, readGraphqlErrors } from "./classify-error.ts";
import type { GithubConnection, Octokit, RepositoryClient } from "./connect-github.ts";
import { RepositoryGone, type RepositoryReference } from "./forge.ts";

/** What each capability gets: the connection, and where a repository is called what now. */
export interface Github extends GithubConnection {
  readonly identity: () => Promise<AppIdentity>;
  readonly clientForSource: (at: SourceIdentity) => Promise<RepositoryClient | undefined>;
  /** Repository id -> its present name, as far as it was seen. */
  readonly names: Map<number, RepositoryName>;
  /** The numeric id of the app's bot account, once somebody asked for it. */
  readonly bot: { id?: number };
  /** Node id -> number of deployments, as far as they were seen. */
  readonly deployments: Map<string, number>;
}

/** A repository of the same installation, by name. */
export interface SourceIdentity {
  readonly installation: number;
  /** Without its owner, who is the installation's account. */
  readonly name: string;
}

export interface AppIdentity {
  readonly slug: string;
  readonly appId: number;
}

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export interface Call {
  readonly octokit: Octokit;
  /** As Octokit's REST methods want it. */
  readonly where: { readonly owner: string; readonly repo: string };
}

export interface CallRequest<T> {
  readonly at: RepositoryReference;
  /** As in "could not <doing>". */
  readonly doing: string;
  readonly ask: (call: Call) => Promise<T>;
}

export type Written<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "answered"; readonly status: number; readonly sentence: string; readonly error: Error }
  | { readonly kind: "unsure"; readonly error: Error };

/** A token younger than this may be refused by a part of GitHub that has not heard of it. */
const FRESH = 30_000;

export async function read<T>(github: Github, request: CallRequest<T>): Promise<T> {
  const result = await readOrRefusal(github, request);
  if (result.kind === "ok") return result.value;
  throw result.error;
}

/** Like `read`, with GitHub's refusals (404 and others) as values. */
export async function readOrRefusal<T>(
  github: Github,
  request: CallRequest<T>,
): Promise<Exclude<Written<T>, { readonly kind: "unsure" }>> {
  const result = await tryRead(github, request);
  if (result.kind === "unsure") throw result.error;
  return result;
}

/** Like `readOrRefusal`, for what may stay unknown while the rest goes on: also no answer is a value. */
export async function tryRead<T>(github: Github, request: CallRequest<T>): Promise<Written<T>> {
  const first = await tryOnce(github, request);
  if (first.kind !== "answered" || (first.status !== 401 && first.status !== 403)) return first;
  const { mintedAt } = await github.clientFor(request.at);
  if (first.status === 403 && github.now() - mintedAt >= FRESH) return first;
  if (first.status === 401) github.forget(request.at);
  await setTimeout(github.settings.lagMilliseconds ?? 1000);
  return tryOnce(github, request);
}

/** Why something is unknown, as a clause. */
export function whyNot(failed: Exclude<Written<unknown>, { readonly kind: "ok" }>): string {
  if (failed.kind === "answered") return `GitHub answered ${failed.status}, "${failed.sentence}"`;
  return failed.error.message.replace(/^Could/, "could").replace(/\.$/, "");
}

/** Asks once, never again. */
export async function write<T>(github: Github, request: CallRequest<T>): Promise<Written<T>> {
  const written = await tryOnce(github, request);
  if (written.kind === "answered" && written.status === 401) github.forget(request.at);
  return written;
}

async function tryOnce<T>(github: Github, { at, doing, ask }: CallRequest<T>): Promise<Written<T>> {
  const { octokit } = await github.clientFor(at);
  const { owner, name } = github.names.get(at.repository) ?? at;
  try {
    return { kind: "ok", value: await ask({ octokit, where: { owner, repo: name } }) };
  } catch (cause) {
    // An error in our own reading of an answer is not GitHub's.
    if (cause instanceof RepositoryGone || cause instanceof TypeError) throw cause;
    const where = `${doing} in ${owner}/${name}`;
    const failure = classifyError(cause, { doing: where, installation: at.installation, now: github.now() });
    if (failure.kind === "deferred") throw failure.error;
    return failure;
  }
}

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What came and what failed: a null with an error on its path is unknown, without one it is absent. */
export interface GraphqlAnswer<T> {
  readonly data: T;
  readonly errors: readonly GraphqlError[];
}

/** Gives partial answers as they are; throws only where there is no data at all, or GitHub asks for patience. */
export async function askGraphql<T>(octokit: Octokit, request: GraphqlRequest): Promise<GraphqlAnswer<T>> {
  try {
    return { data: await octokit.graphql<T>(request.query, { ...request.variables }), errors: [] };
  } catch (error) {
    const { data, errors } = partialAnswer(error);
    // No request limit is a fact about a field.
    const limited = errors.some(({ type, message }) => type === "RATE_LIMITED" || /rate limit/i.test(message));
    if (data === undefined || limited || errors.length === 0) throw error;
    return { data: data as T, errors };
  }
}

function partialAnswer(error: unknown): { readonly data: unknown; readonly errors: readonly GraphqlError[] } {
  if (typeof error !== "object" || error === null || !("data" in error) || !("errors" in error)) {
    return { data: undefined, errors: [] };
  }
  const { data } = error;
  return {
    data: typeof data === "object" && data !== null ? data : undefined,
    errors: readGraphqlErrors(error.errors),
  };
}

/** The error that explains why there is nothing at this path, where there is one. */
export function errorAt(errors: readonly GraphqlError[], path: readonly (string | number)[]): GraphqlError | undefined {
  return errors.find((error) => error.path !== undefined && path.every((step, index) => error.path?.[index] === step));
}
