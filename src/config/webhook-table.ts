// Senders of registry webhooks in the operator's settings file: who they are, which keys a line of each kind takes, and
// what proves that a delivery is theirs. How they are read is the receivers' affair.

import { WEBHOOK_KINDS, type WebhookKind } from "../domain/settings.ts";
import { listOf, text, word, yes } from "./basic-shapes.ts";
import { name } from "./name-shapes.ts";
import { address, host, imagePrefix, issuer, secretKey, topic } from "./settings-shapes.ts";
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
  gar: { sender: "Google Artifact Registry, by a push subscription of Pub/Sub", takes: ["token"], proofs: ["token"] },
  ecr: {
    sender: "Amazon ECR, by EventBridge or an SNS topic",
    takes: ["secret-env", "topic"],
    proofs: ["secret-env", "topic"],
  },
  cloudevents: { sender: "whoever sends CloudEvents", ...BY_SECRET },
  cdevents: { sender: "whoever sends CDEvents", ...BY_SECRET },
  generic: {
    sender: "a build job, or a sender whose body can be templated",
    takes: ["secret-env", "token"],
    proofs: ["secret-env", "token"],
  },
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

/** These only narrow down what the others say: whose token it is. */
export const NARROWING_CLAIMS: readonly string[] = [
  "ref",
  "ref_type",
  "ref_protected",
  "environment",
  "event_name",
  "job_workflow_ref",
];

const claim = (says: string, example: string) => ({ shape: text({ expected: "the claim's text" }), says, example });

const claimsTable = table({
  name: "webhook token claims",
  says: "Claims of a token, compared letter for letter.",
  keys: {
    repository_owner: claim("GitHub Actions: the owner of the repository.", "acme"),
    repository_owner_id: claim("GitHub Actions: the owner's number, which nobody else gets.", '"4711"'),
    repository: claim("GitHub Actions: the repository.", "acme/checkout"),
    repository_id: claim("GitHub Actions: the repository's number.", '"4712"'),
    namespace_path: claim("GitLab: the group or the user.", "acme"),
    namespace_id: claim("GitLab: the group's or the user's number.", '"72"'),
    project_path: claim("GitLab: the project.", "acme/checkout"),
    project_id: claim("GitLab: the project's number.", '"20"'),
    sub: claim("Whose token it is, in the words of its issuer.", "repo:acme/checkout:ref:refs/heads/main"),
    ref: claim("The branch or the tag that was built.", "refs/heads/main"),
    ref_type: claim("Whether that is a branch or a tag.", "branch"),
    ref_protected: claim("GitLab: whether it is protected.", '"true"'),
    environment: claim("The environment of the job.", "release"),
    event_name: claim("GitHub Actions: what started the workflow.", "push"),
    job_workflow_ref: claim(
      "GitHub Actions: the workflow file; others may call it, too.",
      "acme/ci/.github/workflows/image.yml@refs/heads/main",
    ),
  },
});

const tokenTable = table({
  name: "webhook token",
  says: "Whose tokens are accepted.",
  keys: {
    issuer: {
      shape: issuer(),
      says: "The issuer, `iss`. Only for `gar` it may be left out; it is Google then.",
      example: '"https://token.actions.githubusercontent.com"',
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
    claims: {
      shape: mapOf(claimsTable),
      says: "Claims that the token has to have. For `generic` at least one of them has to say whose token it is.",
      example: "{ repository_owner: acme }",
    },
    keys: {
      shape: address(),
      says: "Where the issuer's keys are, if not where its `/.well-known/openid-configuration` says.",
      example: '"https://gitlab.acme.com/oauth/discovery/keys"',
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
      shape: topic(),
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
