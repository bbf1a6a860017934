// Live sources in the operator's settings file: where it can be seen what runs, and who may push reports about it.

import { flag, text, word } from "./basic-shapes.ts";
import { name } from "./name-shapes.ts";
import { address, forKey, secretKey, serviceAccount, variable } from "./settings-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";
import { duration } from "./time-shapes.ts";

const tokenTable = table({
  name: "report token",
  says: "Whose ServiceAccount tokens are accepted instead of a signature; `reporter` only.",
  keys: {
    issuer: {
      shape: text({ expected: "the issuer of the cluster's tokens" }),
      says: "The issuer, `iss`: `kubectl get --raw /.well-known/openid-configuration` says it.",
      required: true,
      example: "https://kubernetes.default.svc.cluster.local",
    },
    audience: {
      shape: text({ expected: "the audience of the tokens" }),
      says: "The audience, `aud`. Another one for each source, so that no token is good for two.",
      required: true,
      example: "https://stagecoach.acme.com/hooks/live/prod-us",
    },
    subject: {
      shape: serviceAccount(),
      says: "The ServiceAccount of the reporter, `sub`.",
      required: true,
      example: '"system:serviceaccount:stagecoach-reporter:stagecoach-reporter"',
    },
    "keys-env": {
      shape: variable(),
      says: "The environment variable with the cluster's keys, as `kubectl get --raw /openid/v1/jwks` prints them.",
      required: true,
      example: "PROD_US_KEYS",
    },
  },
});

const reportsTable = table({
  name: "reports of a source",
  says: "What is pushed about the source: `POST /hooks/live/<id>`. It needs `secret-env`, `token` or both.",
  keys: {
    "secret-env": { shape: secretKey.shape, says: secretKey.says, example: "US_REPORTS" },
    from: {
      shape: word("argocd", "flux", "reporter"),
      says:
        "Who pushes: Argo CD's notifications, Flux's notification-controller, or `stagecoach report` and whatever else " +
        "speaks its formats. Usually it follows from the kind: `argocd`, `flux` for `kubernetes`, `reporter` for `reports`.",
      example: "flux",
    },
    token: {
      shape: mapOf(tokenTable),
      says: "Whose tokens are accepted instead of a signature.",
      example:
        '{ issuer: "https://kubernetes.default.svc", audience: stagecoach, subject: "system:serviceaccount:a:b", keys-env: KEYS }',
    },
    "max-age": { shape: duration(), says: "An older report says nothing any more.", default: "10m", example: "10m" },
  },
});

export const sourceTable = table({
  name: "live source",
  says: "Where it can be seen what runs.",
  keys: {
    id: {
      shape: name("an id such as `dev`"),
      says: "The name by which `live` names it.",
      required: true,
      example: "dev",
    },
    kind: {
      shape: word("argocd", "kubernetes", "reports"),
      says: "An Argo CD, a cluster, or something that only pushes reports.",
      required: true,
      example: "argocd",
    },
    for: forKey,
    url: { shape: address(), says: "`argocd`: its address.", example: "https://argocd.dev.acme.com" },
    "token-env": {
      shape: variable(),
      says: "`argocd`: the environment variable with the token.",
      example: "ARGOCD_TOKEN",
    },
    "kubeconfig-env": {
      shape: variable(),
      says: "`kubernetes`: the environment variable with the kubeconfig.",
      example: "PROD_EU_KUBECONFIG",
    },
    context: {
      shape: text({ expected: "a context of the kubeconfig" }),
      says: "`kubernetes`: the context.",
      example: "prod-eu",
    },
    "may-ask-to-sync": {
      shape: flag(),
      says:
        "`argocd`, `kubernetes`: whether Stagecoach may ask the reconciler to sync. Its token needs the right to; " +
        "without this everything is read only.",
      default: "false",
      example: "true",
    },
    reports: { shape: mapOf(reportsTable), says: "What is pushed about it.", example: "{ secret-env: DEV_REPORTS }" },
  },
});

export type WrittenSource = ReadKeys<(typeof sourceTable)["keys"]>;
export type WrittenReports = ReadKeys<(typeof reportsTable)["keys"]>;
export type WrittenToken = ReadKeys<(typeof tokenTable)["keys"]>;
