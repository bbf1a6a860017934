// Reports as a reporter sends them, whole and sound; tests change what they are about.

import { createHmac } from "node:crypto";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import type { LiveState } from "../../../src/domain/live-state.ts";

/** The time of these tests. */
export const NOW = Date.parse("2026-03-02T10:00:00Z");
export const MINUTE = 60_000;
export const at = (milliseconds: number) => new Date(milliseconds).toISOString();

export const COMMIT = "4f2a".repeat(10);
export const DIGEST = `sha256:${"b7".repeat(32)}`;

/** Every field of a live state is there. */
export function fullState(changes: Partial<LiveState> = {}): LiveState {
  const object = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: "apps",
    name: "shop",
  };
  const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web", uid: "u-1", generation: 4 };
  const revision = { kind: "git", id: COMMIT, repository: "acme/config", reference: "main" } as const;
  return {
    reconciler: "flux-kustomization",
    object: { ...object, uid: "u-0", generation: 2 },
    desired: [revision],
    attempted: [revision],
    observed: [revision],
    sync: { state: "out-of-sync", cause: "drift", message: "Deployment/shop/web configured" },
    health: { state: "healthy", basis: "kstatus", since: NOW - 30 * MINUTE, message: "all of 1" },
    suspended: "spec.suspend",
    freshness: { readAt: NOW - MINUTE, reconciledAt: NOW - 2 * MINUTE, proof: "timestamp", stale: "nobody looked" },
    lastResult: {
      phase: "succeeded",
      startedAt: NOW - 3 * MINUTE,
      at: NOW - 2 * MINUTE,
      message: "applied",
      by: "automated",
    },
    blocked: { code: "HealthCheckFailed", message: "timed out", retrying: true },
    resources: [{ object: web, sync: "synced", health: "healthy", message: "ready" }],
    suspects: [
      {
        object: web,
        change: "modified",
        fields: [
          {
            ...{ path: "/spec/replicas", desired: { kind: "shown", text: "2" }, live: { kind: "shown", text: "5" } },
            ...{ manager: "kubectl", operation: "Update", subresource: "scale", time: NOW - 5 * MINUTE },
          },
        ],
        evidence: "managed fields",
      },
    ],
    prunable: [{ object: web, protection: "confirm", holdsData: false }],
    containers: [
      {
        ...{ workload: "Deployment/shop/web", container: "web", image: `ghcr.io/acme/web@${DIGEST}` },
        pods: [{ name: "web-7c9-x2x", digest: DIGEST, ready: true, newest: true }],
      },
    ],
    healing: { on: true, how: "every 10m", ignored: ["/spec/replicas"] },
    link: "https://flux.acme.example/apps/shop",
    ...changes,
  };
}

export function liveReport(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    schema: "live-report/v1",
    reportId: "0f9d8c1e-6f1f-4a5d-9b1a-1d6b9f0a7c11",
    cluster: "us",
    reporter: { name: "stagecoach report", version: "0.1.0" },
    observedAt: at(NOW - MINUTE),
    states: [{ name: "flux:apps/shop", state: fullState() }],
    ...changes,
  };
}

export function driftReport(changes: Readonly<Record<string, unknown>> = {}) {
  const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web", uid: "u-1" };
  return {
    schema: "drift-report/v1",
    reportId: "5d2a4f3e-0000-4a5d-9b1a-1d6b9f0a7c11",
    cluster: "us",
    reporter: { name: "night-watch", version: "2.0", subject: "system:serviceaccount:watch:night-watch" },
    observedAt: at(NOW - MINUTE),
    target: { reconciler: "kubernetes", ...web, generation: 3 },
    revision: { commit: COMMIT, path: "clusters/us" },
    resources: [
      {
        ...{ ...web, resourceVersion: "235", generation: 3, change: "modified" },
        fields: [
          {
            ...{ path: "/spec/replicas", smdPath: ".spec.replicas", desired: 2, live: 5, manager: "kubectl" },
            ...{ operation: "Update", subresource: "scale", time: at(NOW - 2 * MINUTE) },
          },
        ],
      },
    ],
    ...changes,
  };
}

export interface Signing {
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly time?: number;
}

export function signReport(
  body: string | Uint8Array,
  { secret, time = NOW }: Signing,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(time / 1_000));
  const hmac = createHmac("sha256", secret).update(`${timestamp}.`).update(body);
  return { "x-drift-timestamp": timestamp, "x-drift-signature": `sha256=${hmac.digest("hex")}` };
}

export const ISSUER = "https://kubernetes.us.example";
export const AUDIENCE = "https://stagecoach.example/hooks/live/us";
export const SUBJECT = "system:serviceaccount:stagecoach-reporter:stagecoach-reporter";

export interface TokenIssuer {
  /** As the operator's settings have it. */
  readonly keys: string;
  readonly publicPem: string;
  /** A claim that is `undefined` is left out. */
  readonly sign: (claims?: Claims, header?: Readonly<Record<string, unknown>>) => Promise<string>;
}

/** A cluster that signs tokens for its ServiceAccounts. */
export async function createTokenIssuer(
  algorithm: "RS256" | "ES256" | "ES384" | "PS256" = "RS256",
): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "first", use: "sig" };
  const seconds = Math.floor(NOW / 1_000);
  const usual = {
    iss: ISSUER,
    aud: [AUDIENCE],
    sub: SUBJECT,
    iat: seconds - 60,
    nbf: seconds - 60,
    exp: seconds + 3_000,
  };
  return {
    keys: JSON.stringify({ keys: [jwk] }),
    publicPem: String(jwk.n ?? jwk.x),
    sign: (claims = {}, header = {}) =>
      new SignJWT(withoutUndefined({ ...usual, ...claims }))
        .setProtectedHeader({ alg: algorithm, kid: "first", ...header })
        .sign(privateKey),
  };
}

type Claims = { readonly [Name in keyof JWTPayload]?: JWTPayload[Name] | undefined };

function withoutUndefined(claims: Claims): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
