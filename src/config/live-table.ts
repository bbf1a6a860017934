// Where an environment runs, and which of the objects there count.

import { text } from "./basic-shapes.ts";
import { name } from "./name-shapes.ts";
import { type Key, type ReadKeys, table } from "./shape.ts";

const targetName = text({
  expected: "the name of what runs there, such as `checkout-staging` or `apps/checkout-staging`",
  schema: { maxLength: 253 },
  check: (written) =>
    /^[A-Za-z0-9][\w./:-]{0,252}$/.test(written)
      ? undefined
      : { message: `Expected a name such as \`apps/checkout-staging\`, found \`${written.slice(0, 120)}\`.` },
});

function targetKey(says: string, example: string): Key<string> {
  return { shape: targetName, says, example };
}

export const LIVE_KINDS = ["argocd", "flux", "config-sync", "kubernetes", "reports"] as const;

export const liveTable = table({
  name: "live target",
  says: "Where the environment runs. With `source` alone, the source's reports are asked under `<pipeline>/<environment>`.",
  keys: {
    source: {
      shape: name("the id of a live source of the operator's settings"),
      says: "The id of a live source in the operator's settings.",
      required: true,
      example: "dev",
    },
    argocd: targetKey("An Argo CD `Application`, as `name` or `namespace/name`.", "checkout-staging"),
    flux: targetKey("A Flux `Kustomization` or `HelmRelease`, as `namespace/name`.", "apps/checkout-staging"),
    "config-sync": targetKey("A `RootSync` or `RepoSync`, as `name` or `namespace/name`.", "root-sync"),
    kubernetes: targetKey("A namespace whose workloads are read directly.", "checkout-staging"),
    reports: targetKey("The name under which the source pushes its reports.", "checkout-staging"),
  },
  choice: { of: LIVE_KINDS, least: 0 },
  misplaced: { url: "Addresses are the operator's: name the `source` that has it." },
});

export const objectTable = table({
  name: "object",
  says: "One object of the cluster that counts for the environment's health.",
  keys: {
    kind: {
      shape: text({ expected: "a kind such as `Deployment`" }),
      says: "Its kind.",
      required: true,
      example: "Deployment",
    },
    namespace: { shape: targetName, says: "Its namespace.", example: "checkout" },
    name: { shape: targetName, says: "Its name.", required: true, example: "checkout" },
  },
});

export type WrittenLive = ReadKeys<(typeof liveTable)["keys"]>;
