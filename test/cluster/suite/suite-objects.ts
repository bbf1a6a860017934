// Objects of the suite, complete enough for a real server, and the addresses where they live.

import type { GivenObject } from "../model/stored-object.ts";
import type { Scene } from "./cluster-suite.ts";

export function deployment(name: string, image = "registry.example/web:1"): GivenObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "web", image }] } },
    },
  };
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}): GivenObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

export function deployments({ namespace }: Scene, name?: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments${name === undefined ? "" : `/${name}`}`;
}

export function configMaps({ namespace }: Scene, name?: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps${name === undefined ? "" : `/${name}`}`;
}

export const MERGE = "application/merge-patch+json";
export const STRATEGIC = "application/strategic-merge-patch+json";
export const APPLY = "application/apply-patch+yaml";
