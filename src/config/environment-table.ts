// What an environment may say, and so what `defaults` may say.

import { CHANGING_VERBS } from "../domain/command.ts";
import { listOf, shortOrFull, word } from "./basic-shapes.ts";
import { gatesShape } from "./gate-table.ts";
import { liveTable, objectTable } from "./live-table.ts";
import { branch, name, pathPattern, person } from "./name-shapes.ts";
import { aliasTable, fieldTable, sandboxTable } from "./place-table.ts";
import { type Key, mapOf, type ReadKeys, type Shape, table } from "./shape.ts";
import { duration } from "./time-shapes.ts";

const DEGRADED = word("hold", "rollback", "nothing");

const degradedTable = table({
  name: "on-degraded map",
  says: "What happens when a version that was just merged does not become healthy.",
  keys: {
    do: {
      shape: DEGRADED,
      says: "Hold that version back from every later environment, propose the last healthy one, or only tell.",
      default: "hold",
      example: "hold",
    },
    deadline: {
      shape: duration(),
      says: "After how long of unbroken degradation.",
      default: "15m",
      example: "15m",
    },
  },
});

const LEVEL = word("off", "warn", "fail");

function guardKey(says: string): Key<typeof LEVEL extends Shape<infer T> ? T : never> {
  return { shape: LEVEL, says, default: "warn", example: "fail" };
}

const guardsTable = table({
  name: "guards map",
  says: "What is looked for in people's pull requests. `warn` is a remark in the check, `fail` makes it a failure, `off` looks away.",
  keys: {
    secrets: guardKey("Secrets in plain text in the files that are changed."),
    "mutable-tags": guardKey("A version set to a tag that moves, or a digest taken away where one was pinned."),
    downgrades: guardKey("A version that is older than the one in Git."),
    unproven: guardKey(
      "A version that has not completed its gates in every environment before, or that was blocked or rolled back.",
    ),
    "several-environments": guardKey("One pull request that changes several environments of a pipeline."),
    "direct-pushes": guardKey(
      "A version that came here by a commit without any pull request. `fail`: it does not go on from here until it is proven here, or comes again by a pull request.",
    ),
  },
});

const people = listOf(person(), { orOne: true, least: 1 });

function verbKey(verb: string): Key<typeof people extends Shape<infer T> ? T : never> {
  return { shape: people, says: `Who may give \`/${verb}\`.`, example: "[acme/oncall]" };
}

export const allowTable = table({
  name: "allow map",
  says: "Who may give which command, as teams or logins; `CODEOWNERS` stands for those who own every file of the environment. A command that is not named here has the general rule.",
  keys: Object.fromEntries(CHANGING_VERBS.map((verb) => [verb, verbKey(verb)])),
});

const sharedKeys = {
  after: {
    shape: listOf(name("the name of an environment of this pipeline"), { orOne: true }),
    says: "The environments before this one, all of which have to come first. Without it, it takes what the registry offers.",
    example: "[staging]",
  },
  "same-as": {
    shape: name("the name of an environment of this pipeline"),
    says: "Takes exactly what that environment runs; it then stands in `after` too.",
    example: "staging",
  },
  branch: {
    shape: branch(),
    says: "The branch that holds this environment; without it the default branch.",
    example: "env/live",
  },
  group: {
    shape: name("the name of a group"),
    says: "Proposed together with the environments of other pipelines that say the same: one pull request for all. They have the same name and the same branch, and a group is not called like a pipeline.",
    example: "shop",
  },
  paths: {
    shape: listOf(pathPattern(), { orOne: true, least: 1 }),
    says: "Files, folders or globs in which versions are written; `!` excludes, and later ones win. The places are found by the image's name.",
    example: '[apps/checkout/staging, "!apps/checkout/staging/jobs"]',
  },
  fields: {
    shape: listOf(mapOf(fieldTable)),
    says: "Values that name no image. An environment has `paths`, `fields` or both.",
    example: "[{ file: apps/checkout/staging/values.yaml, path: image.tag }]",
  },
  images: {
    shape: listOf(mapOf(aliasTable)),
    says: "Other names of the pipeline's images in this environment.",
    example: "[{ image: europe-docker.pkg.dev/acme/live/checkout, as: ghcr.io/acme/checkout }]",
  },
  "propose-when": {
    shape: gatesShape,
    says: "What has to be true before the pull request is opened, besides the environments before being healthy (or merged).",
    example: "[{ soak: 24h }]",
  },
  "merge-when": {
    shape: gatesShape,
    says: "What has to be true before it is merged.",
    example: "[{ approvals: 2 }]",
  },
  merge: {
    shape: word("auto", "manual"),
    says: "Whether Stagecoach merges when all gates have passed, or a person does.",
    default: "manual",
    example: "auto",
  },
  supersede: {
    shape: word("until-approved", "always"),
    says: "Whether a newer version takes over a pull request that a person has approved already.",
    default: "until-approved",
    example: "always",
  },
  live: {
    shape: listOf(mapOf(liveTable), { orOne: true, least: 1 }),
    says: "Where it runs; of several all must be healthy.",
    example: "{ source: dev, argocd: checkout-staging }",
  },
  objects: {
    shape: listOf(mapOf(objectTable)),
    says: "Which objects count for health. Without it those that carry the promoted image do.",
    example: "[{ kind: Deployment, name: checkout }]",
  },
  "on-degraded": {
    shape: shortOrFull(DEGRADED, mapOf(degradedTable)),
    says: "What happens when the version that was just merged is degraded. `on-degraded: rollback` is short for the map.",
    default: "{ do: hold, deadline: 15m }",
    example: "{ do: rollback, deadline: 30m }",
  },
  "on-drift": {
    shape: word("report", "hold"),
    says: "What happens when the cluster was changed by hand.",
    default: "report",
    example: "hold",
  },
  allow: {
    shape: mapOf(allowTable),
    says: "Who may give which command here.",
    example: "{ rollback: [acme/oncall] }",
  },
  unproven: {
    shape: word("refuse", "allow"),
    says: "`allow` gives up the gates that are always there: healthy (or merged) in every environment before.",
    default: "refuse",
    example: "refuse",
  },
  guards: {
    shape: mapOf(guardsTable),
    says: "What is looked for in people's pull requests that change this environment, and what that means. A guard that is not named warns.",
    example: "{ secrets: fail, unproven: fail }",
  },
  sandbox: {
    shape: mapOf(sandboxTable),
    says: "Lets `/sandbox` lend this environment to one open pull request at a time; nothing is promoted to it meanwhile.",
    example: "{ file: clusters/dev/root-sync.yaml, path: spec.git.branch }",
  },
};

export const defaultsTable = table({
  name: "the defaults",
  says: "What every environment says that does not say otherwise. A key of an environment replaces the one here as a whole.",
  keys: sharedKeys,
  misplaced: { name: "Every environment has its own name." },
});

export const environmentTable = table({
  name: "environment",
  says: "A stage of a pipeline: files of this repository that say which version runs there.",
  keys: {
    name: {
      shape: name("the name of an environment"),
      says: "Unique in its pipeline.",
      required: true,
      example: "staging",
    },
    ...sharedKeys,
  },
  misplaced: {
    gates: "Write `propose-when` or `merge-when`.",
    requires: "Write `after`.",
    needs: "Write `after`.",
    soak: "Write it as a gate: `propose-when: [{ soak: 30m }]`.",
    approvals: "Write it as a gate: `merge-when: [{ approvals: 1 }]`.",
    window: "Write it as a gate: `merge-when: [{ window: { days: mon-thu } }]`.",
  },
});

export type WrittenEnvironment = ReadKeys<(typeof environmentTable)["keys"]>;
export type WrittenDefaults = ReadKeys<(typeof defaultsTable)["keys"]>;
