// The file of `stagecoach report`: which cluster it speaks for, and what it looks at there.

import { listOf, text } from "./basic-shapes.ts";
import { LIVE_KINDS, liveTable, objectTable } from "./live-table.ts";
import { image, name } from "./name-shapes.ts";
import { address, variable } from "./settings-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";
import { duration } from "./time-shapes.ts";

const { argocd, flux, "config-sync": configSync, kubernetes, reports } = liveTable.keys;

const targetTable = table({
  name: "reported target",
  says: "One thing that is looked at. A pipeline file asks for it as `reports: <name>`, or by its kind.",
  keys: {
    name: {
      shape: reports.shape,
      says: "The name under which it is reported; without it `flux:apps/checkout` and the like, which `flux: apps/checkout` asks for.",
      example: "checkout/live",
    },
    ...{ flux, "config-sync": configSync, kubernetes, argocd },
    images: {
      shape: listOf(image(), { orOne: true }),
      says: "Images whose workloads count for health, as the cluster's files name them. A namespace needs these or `objects`.",
      example: "[ghcr.io/acme/checkout]",
    },
    objects: {
      shape: listOf(mapOf(objectTable)),
      says: "Objects that count for health instead.",
      example: "[{ kind: Deployment, namespace: checkout, name: web }]",
    },
  },
  choice: { of: LIVE_KINDS.filter((kind) => kind !== "reports"), least: 1 },
});

export const reporterTable = table({
  name: "reporter file",
  says: "The file that `stagecoach report --config` names.",
  keys: {
    cluster: {
      shape: name("the id of the live source in Stagecoach's settings"),
      says: "The id of the live source in the settings of Stagecoach.",
      required: true,
      example: "prod-us",
    },
    url: {
      shape: address(),
      says: "Where reports go: the address of Stagecoach with `/hooks/live/<id>`.",
      required: true,
      example: "https://stagecoach.acme.com/hooks/live/prod-us",
    },
    "secret-env": {
      shape: variable(),
      says: "The environment variable with the secret that reports are signed with.",
      example: "STAGECOACH_REPORTS",
    },
    "token-file": {
      shape: text({ expected: "the path of a file" }),
      says: "The file with a ServiceAccount's token that is sent instead; it is read anew for each report.",
      example: "/var/run/secrets/stagecoach/token",
    },
    every: { shape: duration(), says: "How often it reports: between 10s and 5m.", default: "2m", example: "2m" },
    targets: {
      shape: listOf(mapOf(targetTable), { least: 1 }),
      says: "What it looks at.",
      required: true,
      example: "[{ flux: apps/checkout, images: [ghcr.io/acme/checkout] }]",
    },
  },
  choice: { of: ["secret-env", "token-file"], least: 1 },
  misplaced: { secret: "A secret is never written here: name its environment variable with `secret-env`." },
});

export type WrittenReporter = ReadKeys<(typeof reporterTable)["keys"]>;
export type WrittenTarget = ReadKeys<(typeof targetTable)["keys"]>;
