// Senders of registry webhooks in the operator's settings file: who they are, which keys a line of each kind takes, and
// what proves that a delivery is theirs. How they are read is the receivers' affair.

import { WEBHOOK_KINDS, type WebhookKind } from "../domain/settings.ts";
import { listOf, text, word, yes } from "./basic-shapes.ts";
import { name } from "./name-shapes.ts";
import { host, imagePrefix, secretKey } from "./settings-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";

export type ProofKey = "secret-env" | "token" | "topic";
export type WebhookKey = ProofKey | "signed";

export interface WebhookRule {
  /** The sender by the name that people know. */
  readonly sender: string;
  /** The host where none is written; absent: a line needs `registry` or `repositories`. */
  readonly host?: string;
  /** Besides `id`, `kind`, `registry` and `repositories`, which everybody takes. */
  readonly takes: readonly WebhookKey[];
  /** At least one of them has to be there. */
  readonly proofs: readonly ProofKey[];
}

const BY_SECRET = { takes: ["secret-env"], proofs: ["secret-env"] } as const;

export const WEBHOOK_RULES: Readonly<Record<WebhookKind, WebhookRule>> = {
  dockerhub: { sender: "Docker Hub", host: "docker.io", ...BY_SECRET },
  ghcr: { sender: "a repository or organisation at GitHub", host: "ghcr.io", ...BY_SECRET },
  harbor: { sender: "Harbor", ...BY_SECRET },
  quay: { sender: "quay.io and Red Hat Quay", host: "quay.io", ...BY_SECRET },
  acr: { sender: "Azure Container Registry, by its webhooks or by Event Grid", ...BY_SECRET },
  jfrog: { sender: "JFrog Artifactory", takes: ["secret-env", "signed"], proofs: ["secret-env"] },
  nexus: { sender: "Sonatype Nexus 3", ...BY_SECRET },
  gitlab: { sender: "the registry of a self-managed GitLab", ...BY_SECRET },
  gitea: { sender: "Gitea", ...BY_SECRET },
  forgejo: { sender: "Forgejo", ...BY_SECRET },
  zot: { sender: "zot", ...BY_SECRET },
  aliyun: { sender: "Alibaba Cloud Container Registry", ...BY_SECRET },
  distribution: { sender: "a registry of the distribution project, and what speaks its format", ...BY_SECRET },
  generic: { sender: "a build job, or a sender whose body can be templated", ...BY_SECRET },
};

const repositoryTable = table({
  name: "webhook repository",
  says: "What the sender calls a repository or a host, and what image names begin with for it.",
  keys: {
    name: {
      shape: text({ expected: "the sender's name of a repository or a host", schema: { maxLength: 255 } }),
      says: "The sender's word: a repository of Nexus or Artifactory, the internal host of a Harbor or Gitea.",
      required: true,
      example: "docker-hosted",
    },
    image: {
      shape: imagePrefix(),
      says: "How the names of its images begin in pipeline files: a host, or a host and the first part of the path.",
      required: true,
      example: '"nexus.acme.com:8082"',
    },
  },
});

const tokenTable = table({
  name: "webhook token",
  says: "Whose tokens are accepted.",
  keys: {
    issuer: {
      shape: text({ expected: "the issuer of the tokens" }),
      says: "The issuer, `iss`.",
      required: true,
      example: "https://accounts.google.com",
    },
    audience: {
      shape: text({ expected: "the audience of the tokens" }),
      says: "The audience, `aud`.",
      required: true,
      example: "https://stagecoach.acme.com/hooks/registry/gar",
    },
    email: {
      shape: text({ expected: "the e-mail address of a service account" }),
      says: "The service account that the token has to be of.",
      example: "push@acme.iam.gserviceaccount.com",
    },
  },
});

export const webhookTable = table({
  name: "webhook",
  says: "Somebody who tells that an image was pushed: `POST /hooks/registry/<id>`.",
  keys: {
    id: { shape: name("an id such as `lab`"), says: "The last part of the route.", required: true, example: "lab" },
    kind: {
      shape: word(...WEBHOOK_KINDS),
      says: "Which sender it is, as above.",
      required: true,
      example: "distribution",
    },
    registry: {
      shape: host(),
      says: "The host whose images it speaks of, as image names have it. Needed where the table above has none.",
      example: '"127.0.0.1:5000"',
    },
    repositories: {
      shape: listOf(mapOf(repositoryTable), { least: 1 }),
      says:
        "What image names begin with where the sender uses other words. The same name twice means both. With it " +
        "`registry` may be left out; what is not listed is ignored then.",
      example: '[{ name: docker-hosted, image: "nexus.acme.com:8082" }]',
    },
    "secret-env": { shape: secretKey.shape, says: secretKey.says, example: secretKey.example },
    signed: {
      shape: yes(),
      says: "`jfrog`: it signs its body (“Use secret for payload signing”) instead of sending the secret.",
      example: "true",
    },
    token: {
      shape: mapOf(tokenTable),
      says: "Whose tokens are accepted.",
      example: '{ issuer: "https://accounts.google.com", audience: stagecoach, email: push@acme.example }',
    },
    topic: {
      shape: text({ expected: "the ARN of an SNS topic" }),
      says: "The SNS topic that may publish here.",
      example: '"arn:aws:sns:eu-west-1:123456789012:images"',
    },
  },
  misplaced: { secret: "A secret is never written here: name its environment variable with `secret-env`." },
});

export type WrittenWebhook = ReadKeys<(typeof webhookTable)["keys"]>;
export type WrittenWebhookToken = ReadKeys<(typeof tokenTable)["keys"]>;

/** The kinds as Markdown, for the settings reference. */
export function writeWebhookKinds(): string {
  const rows = Object.entries(WEBHOOK_RULES).map(([kind, { sender, host: usual, takes }]) => {
    const keys = takes.map((key) => `\`${key}\``).join(", ");
    return `| \`${kind}\` | ${sender} | ${usual === undefined ? "has to be written" : `\`${usual}\``} | ${keys} |`;
  });
  return ["| `kind` of a webhook | Sender | `registry` | What it takes besides |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
}
