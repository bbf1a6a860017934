// Puts objects into a cluster as `kubectl apply --server-side` does: what is there already becomes as it is given here.

import {
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";

const FIELD_MANAGER = "stagecoach-e2e";

export async function applyObjects(kubeconfig: string, objects: readonly KubernetesObject[]): Promise<void> {
  const config = loadKubeconfig(kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const object of objects) {
    if (object.kind === "CustomResourceDefinition") await applyDefinition(config, object);
    else await api.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  }
}

/** As it is: the client's typed way loses `default`, `enum`, `not` and `x-kubernetes-*` of a schema without a word. */
async function applyDefinition(config: KubeConfig, definition: KubernetesObject): Promise<void> {
  const target = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };
  const name = definition.metadata?.name ?? "";
  await config
    .makeApiClient(CustomObjectsApi)
    .patchClusterCustomObject(
      { ...target, name, body: definition, fieldManager: FIELD_MANAGER, force: true },
      setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
    );
}

/** Reads one file, and nothing of the environment. */
export function loadKubeconfig(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return config;
}
