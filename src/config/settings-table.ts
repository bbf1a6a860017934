// The operator's settings file: which registries, webhook senders and live sources there are, whom they are for, and what
// no repository may go below. Secrets are named by environment variables, never written.

import { flag, listOf, text } from "./basic-shapes.ts";
import { allowTable } from "./environment-table.ts";
import { gatesShape } from "./gate-table.ts";
import { expression, name } from "./name-shapes.ts";
import { address, forKey, host, namePattern, size, variable } from "./settings-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";
import { signingShape } from "./signing-table.ts";
import { sourceTable } from "./source-table.ts";
import { duration } from "./time-shapes.ts";
import { webhookTable } from "./webhook-table.ts";

const authTable = table({
  name: "registry login",
  says: "How Stagecoach logs in: a user with a password, or a bearer token.",
  keys: {
    username: { shape: text({ expected: "a user name" }), says: "The user.", example: "bot" },
    "password-env": { shape: variable(), says: "The environment variable with the password.", example: "GHCR_TOKEN" },
    "token-env": { shape: variable(), says: "The environment variable with the token.", example: "REGISTRY_TOKEN" },
  },
  choice: { of: ["password-env", "token-env"], least: 1 },
  misplaced: {
    password: "A secret is never written here: name its environment variable with `password-env`.",
    token: "A secret is never written here: name its environment variable with `token-env`.",
  },
});

const pushTable = table({
  name: "registry push",
  says: "What Stagecoach may write there: names for digests that were proven, by `/retag` and `stagecoach retag`. A name that exists is never moved.",
  keys: {
    tags: {
      shape: listOf(expression("an RE2 pattern of tags, such as `v.*-stable`"), { orOne: true, least: 1 }),
      says: "Tags that may be written: one of the patterns has to match the whole tag.",
      required: true,
      example: '["v.*-stable"]',
    },
    auth: {
      shape: mapOf(authTable),
      says: "How to log in to write; without it as for reading.",
      example: "{ username: bot, password-env: PUSH_TOKEN }",
    },
    most: {
      shape: size(),
      says: "How much may be sent for one name.",
      default: "20GiB",
      example: "20GiB",
    },
  },
});

const registryTable = table({
  name: "registry",
  says: "A registry, or a part of one, that Stagecoach may read. Large public registries need no line.",
  keys: {
    host: { shape: host(), says: "Its host, as image names have it.", required: true, example: "ghcr.io" },
    prefix: {
      shape: text({ expected: "the beginning of a repository's name", schema: { maxLength: 255 } }),
      says: "Only images whose name goes on like this.",
      example: "acme/",
    },
    for: forKey,
    auth: { shape: mapOf(authTable), says: "How to log in.", example: "{ username: bot, password-env: GHCR_TOKEN }" },
    insecure: { shape: flag(), says: "Plain HTTP.", default: "false", example: "true" },
    realm: {
      shape: host(),
      says: "A further host that may hand out this registry's tokens.",
      example: "gitlab.acme.com",
    },
    every: {
      shape: duration(),
      says: "How often its tags are read when no webhook tells.",
      default: "10m",
      example: "10m",
    },
    push: {
      shape: mapOf(pushTable),
      says: "What may be written there; without it nothing.",
      example: '{ tags: ["v.*-stable"], auth: { username: bot, password-env: PUSH_TOKEN } }',
    },
  },
});

const endpointTable = table({
  name: "endpoint",
  says: "A program of yours that says whether a release may go on: the gate `http` names it by its id.",
  keys: {
    id: {
      shape: name("an id such as `error-budget`"),
      says: "Its name in gates.",
      required: true,
      example: "error-budget",
    },
    url: {
      shape: address(),
      says: "Where the question is posted.",
      required: true,
      example: '"https://gates.acme.com/error-budget"',
    },
    for: forKey,
    "token-env": {
      shape: variable(),
      says: "The environment variable with the bearer token that goes with the question.",
      example: "GATES_TOKEN",
    },
    every: {
      shape: duration(),
      says: "How often the same question is asked at most; at least `10s`.",
      default: "1m",
      example: "1m",
    },
    timeout: {
      shape: duration(),
      says: "How long an answer is waited for; at most `20s`.",
      default: "10s",
      example: "10s",
    },
  },
  misplaced: { token: "A secret is never written here: name its environment variable with `token-env`." },
});

const floorTable = table({
  name: "floor rule",
  says: "Gates that environments have and people whom commands take, whatever their repository says: at least one of both.",
  keys: {
    environments: {
      shape: listOf(namePattern("the name of environments, such as `prod*`"), { orOne: true, least: 1 }),
      says: "Names of environments; `*` stands for anything.",
      required: true,
      example: '["live", "prod*"]',
    },
    "merge-when": {
      shape: gatesShape,
      says: "Gates that are added where the environment's own are weaker.",
      example: "[{ approvals: { count: 1 } }]",
    },
    allow: {
      shape: mapOf(allowTable),
      says: "Who may give which command there. It is asked in addition to what the repository says, and gives nobody a right.",
      example: "{ promote: [acme/sre] }",
    },
  },
});

export const settingsTable = table({
  name: "settings file",
  says: "The file that `STAGECOACH_SETTINGS` names.",
  keys: {
    registries: {
      shape: listOf(mapOf(registryTable)),
      says: "Registries that may be read.",
      example: '[{ host: "127.0.0.1:5000", insecure: true, for: ["*"] }]',
    },
    webhooks: {
      shape: listOf(mapOf(webhookTable)),
      says: "Who may tell of new images.",
      example: '[{ id: lab, kind: distribution, registry: "127.0.0.1:5000", secret-env: LAB_SECRET }]',
    },
    live: {
      shape: listOf(mapOf(sourceTable)),
      says: "Where it can be seen what runs.",
      example: '[{ id: prod-us, kind: reports, for: ["acme/*"], reports: { secret-env: US_REPORTS } }]',
    },
    endpoints: {
      shape: listOf(mapOf(endpointTable)),
      says: "Programs that gates may ask.",
      example:
        '[{ id: error-budget, url: "https://gates.acme.com/error-budget", for: ["acme/*"], token-env: GATES_TOKEN }]',
    },
    signing: {
      shape: signingShape,
      says: "Whom the gate `signed` believes; see [signatures.md](signatures.md).",
      example: '{ keys: [{ id: release, for: ["acme/*"], file: /etc/stagecoach/cosign.pub }] }',
    },
    floor: {
      shape: listOf(mapOf(floorTable)),
      says: "What no repository may go below.",
      example: "[{ environments: [live], merge-when: [{ approvals: 1 }] }]",
    },
  },
});

export type WrittenSettings = ReadKeys<(typeof settingsTable)["keys"]>;
export type WrittenRegistry = ReadKeys<(typeof registryTable)["keys"]>;
export type WrittenEndpoint = ReadKeys<(typeof endpointTable)["keys"]>;
export type WrittenFloor = ReadKeys<(typeof floorTable)["keys"]>;
