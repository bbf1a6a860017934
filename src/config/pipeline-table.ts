// The pipeline file from its top to its environments.

import { flag, listOf, text, wholeNumber, word } from "./basic-shapes.ts";
import { defaultsTable, environmentTable } from "./environment-table.ts";
import { gitRepository } from "./git-shapes.ts";
import { commandPrefix, image, name, repository } from "./name-shapes.ts";
import { MOST_PIPELINES } from "./parse-limits.ts";
import { policyShape } from "./policy-table.ts";
import { expectedInstead, mapOf, type ReadKeys, type Shape, table } from "./shape.ts";
import { moment, zone } from "./time-shapes.ts";

const imageTable = table({
  name: "image",
  says: "What the pipeline promotes: an OCI artifact (container image or Helm chart), or the tags or a branch of a Git repository. Several move together.",
  keys: {
    image: {
      shape: image(),
      says: "The name of an image, without tag and digest.",
      example: "ghcr.io/acme/checkout",
    },
    git: {
      shape: gitRepository(),
      says: "A Git repository on the same GitHub, in the place of an image: its tags are the versions, or the commits of one branch.",
      example: "acme/checkout-manifests",
    },
    policy: {
      shape: policyShape,
      says: "Which version is taken.",
      default: '{ semver: "*" }',
      example: '{ semver: ">=1.0 <2.0" }',
    },
  },
  choice: { of: ["image", "git"], least: 1 },
});

export const pipelineTable = table({
  name: "pipeline",
  says: "The way of one or several images through environments.",
  keys: {
    name: {
      shape: name("the name of a pipeline"),
      says: "Unique in the repository.",
      required: true,
      example: "checkout",
    },
    "for-each": {
      shape: text({
        expected: "a folder with a placeholder, such as `services/{app}`",
        schema: { pattern: "\\{[a-z][a-z0-9-]*\\}" },
      }),
      says: "Makes one pipeline for every folder that matches. The placeholder is replaced in every text; a pipeline of that name that is written out takes its folder out.",
      example: '"services/{app}"',
    },
    source: {
      shape: repository(),
      says: "Where its commits are: promotions list what they bring of them. The app has to be installed there, too, unless it is public. Where nothing but one Git repository is promoted, it is that.",
      example: "acme/checkout",
    },
    images: {
      shape: listOf(mapOf(imageTable), { least: 1 }),
      says: "What is promoted.",
      required: true,
      example: "[{ image: ghcr.io/acme/checkout }]",
    },
    environments: {
      shape: listOf(mapOf(environmentTable), { least: 1 }),
      says: "Where it is promoted to, in any order.",
      required: true,
      example: "[{ name: staging, paths: [apps/checkout/staging] }]",
    },
  },
  misplaced: {
    image: "Write `images: [{ image: … }]`.",
    policy: "The policy belongs to an image: `images: [{ image: …, policy: … }]`.",
    defaults: "`defaults` stands once, at the top of the file.",
  },
});

const limitsTable = table({
  name: "the limits",
  says: "How much may happen in this repository.",
  keys: {
    open: {
      shape: wholeNumber({ least: 1, most: 500 }),
      says: "Promotions that are open at the same time.",
      default: "20",
      example: "20",
    },
    hourly: {
      shape: wholeNumber({ least: 1, most: 500 }),
      says: "Promotions that are opened in sixty minutes.",
      default: "60",
      example: "60",
    },
    environments: {
      shape: wholeNumber({ least: 1, most: 500 }),
      says: "Environments that one pull request of a person may change. More of them at once wait until somebody overrides that.",
      example: "5",
    },
  },
});

const freezeTable = table({
  name: "freeze",
  says: "A time in which nothing is merged.",
  keys: {
    from: {
      shape: moment(),
      says: "A day, from its first moment on, or a time.",
      required: true,
      example: "2026-12-19",
    },
    to: { shape: moment(), says: "A day, to its last moment, or a time.", required: true, example: "2027-01-04" },
    zone: { shape: zone(), says: "The zone of these days and times.", default: "UTC", example: "Europe/London" },
    why: {
      shape: text({ expected: "a reason", schema: { maxLength: 200 } }),
      says: "What people are told.",
      default: "a freeze",
      example: '"year end"',
    },
    environments: {
      shape: listOf(name("the name of an environment"), { orOne: true, least: 1 }),
      says: "Which environments it binds; without it all of them.",
      example: "[live]",
    },
  },
});

const commandsTable = table({
  name: "commands map",
  says: "How commands are written in comments.",
  keys: {
    prefix: {
      shape: commandPrefix(),
      says: "The word with which every command begins: with `gitops`, `/gitops promote` is a command and `/promote` is none. For repositories in which other programs listen, too.",
      example: "gitops",
    },
  },
});

/** What stands for a placeholder is known only where a pipeline uses the defaults; any name will do here. */
function withStandIns<T>(shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    read: (at, reading) =>
      shape.read(at, { ...reading, substitute: (written) => written.replace(/\{[a-z][a-z0-9-]*\}/g, "x") }),
  };
}

export const defaultsShape = mapOf(defaultsTable);

/** Only the first edition exists; any other number is refused rather than guessed at. */
function edition(): Shape<1> {
  return {
    expected: "`1`",
    schema: { const: 1 },
    tables: [],
    read(at, reading) {
      if (at.node.kind === "scalar" && at.node.value === 1) return 1;
      return expectedInstead(at, reading, "`1`, the only version of this file's format");
    },
  };
}

/** Read one by one, since an error stops only the pipeline in which it stands. */
const pipelinesShape: Shape<true> = {
  ...listOf(mapOf(pipelineTable)),
  schema: { type: "array", items: mapOf(pipelineTable).schema, maxItems: MOST_PIPELINES },
  read(at, reading) {
    return at.node.kind === "list" ? true : expectedInstead(at, reading, "a list of pipelines");
  },
};

const pipelinesKey = {
  shape: pipelinesShape,
  says: "The pipelines. An error in one of them stops that one only.",
  example:
    "[{ name: checkout, images: [{ image: ghcr.io/acme/checkout }], environments: [{ name: dev, paths: [dev] }] }]",
};

const versionKey = { shape: edition(), says: "The version of this format.", example: "1" };

export const mainTable = table({
  name: "pipeline file",
  says: "The file `.github/stagecoach.yaml` on the default branch.",
  keys: {
    version: { ...versionKey, required: true as const },
    mode: {
      shape: word("observe", "propose", "full"),
      says: "`observe` only reports, `propose` never merges, `full` does what the environments say.",
      default: "propose",
      example: "full",
    },
    limits: {
      shape: mapOf(limitsTable),
      says: "How much may happen in this repository.",
      example: "{ open: 20, hourly: 60 }",
    },
    freezes: {
      shape: listOf(mapOf(freezeTable)),
      says: "Times in which nothing is merged.",
      example: '[{ from: 2026-12-19, to: 2027-01-04, zone: Europe/London, why: "year end" }]',
    },
    commands: {
      shape: mapOf(commandsTable),
      says: "How commands are written.",
      example: "{ prefix: gitops }",
    },
    dashboard: {
      shape: flag(),
      says: "Keeps one issue that shows what is held, blocked, failing and waiting, and what is where, with boxes to tick.",
      default: "false",
      example: "true",
    },
    defaults: { shape: withStandIns(defaultsShape), says: "What environments share.", example: "{ merge: manual }" },
    pipelines: pipelinesKey,
  },
});

export const furtherTable = table({
  name: "further file",
  says: "A file `.github/stagecoach/*.yaml`: more pipelines, so that CODEOWNERS can part them.",
  keys: { version: versionKey, pipelines: pipelinesKey },
  misplaced: {
    mode: "This stands in `.github/stagecoach.yaml` only.",
    limits: "This stands in `.github/stagecoach.yaml` only.",
    freezes: "This stands in `.github/stagecoach.yaml` only.",
    commands: "This stands in `.github/stagecoach.yaml` only.",
    dashboard: "This stands in `.github/stagecoach.yaml` only.",
    defaults: "This stands in `.github/stagecoach.yaml` only.",
  },
});

export type WrittenMain = ReadKeys<(typeof mainTable)["keys"]>;
export type WrittenFreeze = ReadKeys<(typeof freezeTable)["keys"]>;
export type WrittenPipeline = ReadKeys<(typeof pipelineTable)["keys"]>;
export type WrittenImage = ReadKeys<(typeof imageTable)["keys"]>;
