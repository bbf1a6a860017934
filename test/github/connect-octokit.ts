// Real Octokits on the stand-in, for its own tests: as the app, as an installation, as a person. No retries, no throttle.

import { createSign } from "node:crypto";
import { Octokit } from "@octokit/rest";
import type { Github } from "./start-github.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export function connect(github: Github, auth?: string): Octokit {
  return new Octokit({ baseUrl: github.url, log: silent, ...(auth !== undefined && { auth }) });
}

export function connectApp(github: Github): Octokit {
  return connect(github, makeJwt(github));
}

export function connectUser(github: Github, login: string): Octokit {
  return connect(github, `user:${login}`);
}

export interface Narrowing {
  readonly account?: string;
  readonly repositoryIds?: number[];
  readonly permissions?: Record<string, "read" | "write">;
}

export async function connectInstallation(
  github: Github,
  { account = "acme", repositoryIds, permissions }: Narrowing = {},
): Promise<Octokit> {
  const { data } = await connectApp(github).rest.apps.createInstallationAccessToken({
    installation_id: github.installation(account).id,
    ...(repositoryIds && { repository_ids: repositoryIds }),
    ...(permissions && { permissions }),
  });
  return connect(github, data.token);
}

export interface Claims {
  readonly issuedAt?: number;
  readonly expiresAt?: number;
  readonly issuer?: string;
  readonly algorithm?: string;
  readonly privateKey?: string;
}

/** @param claims what differs from a good token; times in seconds from now */
export function makeJwt(github: Github, claims: Claims = {}): string {
  const {
    issuedAt = -30,
    expiresAt = 500,
    issuer = String(github.appId),
    algorithm = "RS256",
    privateKey = github.privateKey,
  } = claims;
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const text = `${encode({ alg: algorithm, typ: "JWT" })}.${encode({ iat: now + issuedAt, exp: now + expiresAt, iss: issuer })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

/** The status and message of a refused request, for assert.rejects. */
export function refusal(status: number, message: string | RegExp) {
  return (error: unknown): boolean => {
    const found = error as { readonly status?: number; readonly message?: string };
    const fits = typeof message === "string" ? found.message?.includes(message) : message.test(found.message ?? "");
    if (found.status === status && fits) return true;
    throw new Error(`Expected ${status} ${message}, but got ${found.status} ${found.message}`);
  };
}

export const repository = { owner: "acme", repo: "config" };
export const fullName = "acme/config";
