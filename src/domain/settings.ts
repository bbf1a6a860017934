// The operator's settings as the rest of the house sees them: complete and checked. Secrets are values here, read from
// the environment; what people write names only the variables. Nothing of this may be logged as a whole.

import type { Gate } from "./gate.ts";

export interface Settings {
  readonly registries: readonly RegistrySettings[];
  readonly webhooks: readonly WebhookSettings[];
  readonly live: readonly LiveSettings[];
  readonly endpoints: readonly EndpointSettings[];
  /** Absent: the public Sigstore is believed, and there are no keys. */
  readonly signing?: SigningSettings;
  readonly floor: readonly SettingsFloor[];
}

/** Whom the gate `signed` believes. */
export interface SigningSettings {
  /** Path of trusted roots, JSON or a JSON text on each line, in place of the public Sigstore's. */
  readonly trustedRootFile?: string;
  readonly keys: readonly SigningKey[];
}

export interface SigningKey {
  readonly id: string;
  /** Config repositories whose gates may name it, as `owner/name` with `*`. */
  readonly for: readonly string[];
  /** A public key, PEM. */
  readonly from: { readonly kind: "text"; readonly pem: string } | { readonly kind: "file"; readonly path: string };
}

/** A program of the operator that gates may ask. */
export interface EndpointSettings {
  readonly id: string;
  readonly url: string;
  /** Config repositories that may ask it, as `owner/name` with `*`. */
  readonly for: readonly string[];
  readonly token?: string;
  /** Milliseconds between two times that the same question is asked. */
  readonly every: number;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface RegistrySettings {
  /** As image names have it: `ghcr.io`, `127.0.0.1:5000`. */
  readonly host: string;
  /** Only repositories whose name begins so; empty: all of the host. */
  readonly prefix: string;
  /** Config repositories that may use it, as `owner/name` with `*`. */
  readonly for: readonly string[];
  readonly auth?: RegistryAuth;
  /** Plain HTTP. */
  readonly insecure: boolean;
  /** A further host that may hand out this registry's tokens: `gitlab.example.com`. */
  readonly realm?: string;
  /** Milliseconds between two looks at its tags. */
  readonly every: number;
  /** What may be written there; absent: nothing. */
  readonly push?: PushSettings;
}

export interface PushSettings {
  /** Patterns of RE2's language; one of them has to match the whole tag. */
  readonly tags: readonly string[];
  /** Instead of those for reading. */
  readonly auth?: RegistryAuth;
  /** Bytes that may be sent for one name. */
  readonly most: number;
}

export type RegistryAuth =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string };

/** Senders of registry webhooks; each has a receiver and a row in the table of the settings file. */
export const WEBHOOK_KINDS = [
  "dockerhub",
  "ghcr",
  "harbor",
  "quay",
  "acr",
  "jfrog",
  "nexus",
  "gitlab",
  "gitea",
  "forgejo",
  "zot",
  "aliyun",
  "gar",
  "ecr",
  "distribution",
  "cloudevents",
  "cdevents",
  "generic",
] as const;

export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

export interface WebhookSettings {
  /** The last part of its route, `/hooks/registry/<id>`. */
  readonly id: string;
  readonly kind: WebhookKind;
  /** Host of the registry that it speaks of, as image names have it; empty: only what `repositories` lists. */
  readonly registry: string;
  /** What the sender calls a repository or a host, and what image names begin with for it; one name may have several. */
  readonly repositories?: readonly WebhookRepository[];
  /** Any of them is accepted, so that they can be changed without a gap; empty where something else proves the sender. */
  readonly secrets: readonly string[];
  /** It signs what it sends, where its kind could also send the secret itself. */
  readonly signed?: boolean;
  /** Whose tokens are accepted. */
  readonly token?: WebhookToken;
  /** The SNS topic that it publishes to. */
  readonly topic?: string;
}

export interface WebhookRepository {
  /** The sender's word: `docker-hosted`, `harbor.internal:8443`. */
  readonly name: string;
  /** `nexus.acme.com:8082`, `acme.jfrog.io/docker`. */
  readonly image: string;
}

export interface WebhookToken {
  readonly issuer: string;
  readonly audience: string;
  /** The service account that the token has to be of. */
  readonly email?: string;
  /** Where the issuer's keys are, where its own configuration does not say so. */
  readonly keys?: string;
  /** Further claims that it has to have, with exactly these values. */
  readonly claims: Readonly<Record<string, string>>;
}

export interface LiveSettings {
  readonly id: string;
  readonly for: readonly string[];
  readonly access: LiveAccess;
  /** It may be asked to sync; without this everything is read only. */
  readonly mayAskToSync: boolean;
  /** What it pushes to `/hooks/live/<id>`. */
  readonly reports?: ReportsSettings;
}

export type LiveAccess =
  | { readonly kind: "argocd"; readonly url: string; readonly token: string }
  | { readonly kind: "kubernetes"; readonly kubeconfig: string; readonly context?: string }
  /** Nothing to ask: it only pushes. */
  | { readonly kind: "reports" };

export interface ReportsSettings {
  /** Whose messages they are; the parser follows from this, never from the message. */
  readonly from: "argocd" | "flux" | "reporter";
  /** Any of them is accepted; empty where only tokens are. */
  readonly secrets: readonly string[];
  /** A ServiceAccount token instead of a signature. */
  readonly token?: ReportToken;
  /** Milliseconds; an older report says nothing. */
  readonly maxAge: number;
}

/** Whose ServiceAccount tokens are accepted, and against which keys they are checked. */
export interface ReportToken {
  readonly issuer: string;
  readonly audience: string;
  /** `system:serviceaccount:<namespace>:<name>`. */
  readonly subject: string;
  /** The cluster's keys as a JSON Web Key Set. */
  readonly keys: string;
}

/** What no repository may go below. */
export interface SettingsFloor {
  /** Names of environments, with `*`. */
  readonly environments: readonly string[];
  readonly mergeWhen: readonly Gate[];
  /** Per verb who may give the command, beside what the repository says: `organisation/team`, a login, `CODEOWNERS`. */
  readonly allow?: Readonly<Record<string, readonly string[]>>;
}

export const NO_SETTINGS: Settings = { registries: [], webhooks: [], live: [], endpoints: [], floor: [] };

/** Whether a pattern such as `acme/*` or `prod*` means this name; `*` stands for anything without a slash. */
export function matchesName(pattern: string, name: string): boolean {
  if (pattern === "*") return true;
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  let remaining = name.toLowerCase();
  if (!remaining.startsWith(first)) return false;
  remaining = remaining.slice(first.length);
  for (const [index, part] of rest.entries()) {
    const at = index === rest.length - 1 ? remaining.length - part.length : remaining.indexOf(part);
    if (at < 0 || !remaining.endsWith(part, at + part.length) || remaining.slice(0, at).includes("/")) return false;
    remaining = remaining.slice(at + part.length);
  }
  return remaining === "";
}
