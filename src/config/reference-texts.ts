// What the tables cannot say: the sentences before the references of the pipeline file and of the settings file, each
// with an example that the tests read and check.

import { DEEPEST_NESTING, LARGEST_FILE, LARGEST_TOGETHER, MOST_ALIASES, MOST_PIPELINES } from "./parse-limits.ts";
import { writeWebhookKinds } from "./webhook-table.ts";

export const PIPELINE_EXAMPLE = `version: 1
mode: full
defaults: { merge: manual }
pipelines:
  - name: checkout
    source: acme/checkout
    images:
      - image: ghcr.io/acme/checkout
        policy: { semver: ">=1.0 <2.0" }
    environments:
      - name: integration
        paths: [apps/checkout/integration]
        merge: auto
        live: { source: dev, argocd: checkout-integration }
      - name: live
        after: [integration]
        paths: [apps/checkout/live]
        propose-when: [{ soak: 24h }]
        merge-when:
          - approvals: { count: 2, teams: [acme/sre] }
          - window: { days: mon-thu, from: "09:00", to: "16:00", zone: Europe/London }
  - name: "{app}"
    for-each: "services/{app}"
    images: [{ image: "ghcr.io/acme/{app}", policy: newest }]
    environments:
      - { name: dev, paths: ["services/{app}/dev"], merge: auto, live: { source: dev, argocd: "{app}-dev" } }
      - { name: prod, after: [dev], paths: ["services/{app}/prod"] }
`;

export const PIPELINE_INTRODUCTION = `
Stagecoach reads \`.github/stagecoach.yaml\` on the default branch of the config repository, and nowhere else. Files in
\`.github/stagecoach/*.yaml\` add pipelines, so that CODEOWNERS can part them. \`stagecoach validate\` checks them in a
clone, \`PUT /api/validate\` checks one for an editor or a pipeline, and editors complete it with the schema:

\`\`\`yaml
# yaml-language-server: $schema=<path or address of stagecoach.schema.json>
\`\`\`

\`\`\`yaml
${PIPELINE_EXAMPLE.trimEnd()}
\`\`\`

- **Gates that are always there.** Besides what is written, an environment waits until every environment in its \`after\`
  is healthy with that version; where the environment before names no \`live\`, until it was merged there.
  \`unproven: allow\` gives that up.
- **Names** of pipelines and environments are lower-case letters and digits, inside also \`.\`, \`_\` and \`-\`; no \`..\`, no
  final \`.lock\`, at most 60 characters. \`to\`, \`at\`, \`until\`, \`all\` and \`constructor\` are reserved.
- **\`for-each\`** makes one pipeline for every folder of the default branch that matches. Its placeholder is (part of) one
  folder's name and is replaced in every text of the pipeline and of \`defaults\`. A folder whose name cannot be a
  pipeline's is left out with a warning.
- **One place, one writer.** Two environments never write the same image in the same file of the same branch.
- **Errors** stop the pipeline in which they stand; an error at the top of the main file stops all, one at the top of
  another file that file. All of them are told at once, with line and column.
- **Limits.** A file has at most ${LARGEST_FILE / 1024} KiB, all together ${LARGEST_TOGETHER / 1024} KiB; ${DEEPEST_NESTING} levels of nesting; ${MOST_ALIASES} aliases; ${MOST_PIPELINES} pipelines.
  YAML 1.2 without tags, directives and merge keys (\`<<\`).
- **Paths** begin at the root of the repository, without a slash. A folder means everything below it. A glob has at most
  two \`*\` in a name and two \`**\`. Nothing is ever written below \`.github\`.
`;

export const SETTINGS_EXAMPLE = `registries:
  - { host: ghcr.io, prefix: acme/, for: ["acme/*"], auth: { username: bot, password-env: GHCR_TOKEN }, every: 10m }
  - { host: "127.0.0.1:5000", insecure: true, for: ["*"] }
webhooks:
  - { id: lab, kind: distribution, registry: "127.0.0.1:5000", secret-env: LAB_SECRET }
live:
  - id: dev
    kind: argocd
    for: ["acme/*"]
    url: https://argocd.dev.acme.com
    token-env: ARGOCD_TOKEN
    reports: { secret-env: [DEV_REPORTS, DEV_REPORTS_OLD] }
  - id: prod-eu
    kind: kubernetes
    for: [acme/platform-config]
    kubeconfig-env: PROD_EU_KUBECONFIG
    context: prod-eu
    may-ask-to-sync: true
    reports: { from: flux, secret-env: EU_EVENTS }
  - { id: prod-us, kind: reports, for: [acme/platform-config], reports: { secret-env: US_REPORTS, max-age: 10m } }
floor:
  - { environments: [live, "prod*"], merge-when: [{ approvals: { count: 1 } }] }
`;

export const SETTINGS_INTRODUCTION = `
The operator's settings file; \`STAGECOACH_SETTINGS\` names it. Addresses and credentials belong to the operator: a
repository can name a source, never an address, and only a source that is \`for\` it. Secrets are never written in the
file: it names environment variables. Everything that is wrong is told at the start, at once, and nothing starts then.

\`\`\`yaml
${SETTINGS_EXAMPLE.trimEnd()}
\`\`\`

${writeWebhookKinds()}

[Registries](registries.md) tells for each of them what to click or type.
`;

export const REPORTER_EXAMPLE = `cluster: prod-us
url: https://stagecoach.acme.com/hooks/live/prod-us
secret-env: STAGECOACH_REPORTS
every: 2m
targets:
  - flux: apps/checkout-live
    images: [ghcr.io/acme/checkout]
  - name: search/live
    kubernetes: search
    objects:
      - { kind: Deployment, name: search }
`;

export const REPORTER_INTRODUCTION = `
The file that \`stagecoach report --config\` names, on the side of a cluster that Stagecoach cannot reach.
[live-reports.md](live-reports.md) tells how both sides are set up. Everything that is wrong is told at the start, at once.

\`\`\`yaml
${REPORTER_EXAMPLE.trimEnd()}
\`\`\`
`;
