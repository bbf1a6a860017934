// How lists and maps of Kubernetes' own kinds are merged: by which keys the items of a list are the same item, and which
// maps and lists belong to one owner as a whole. Known by the field's name, which is enough for what the tests use.

/** Keys, and what stands for a key that is not given. */
const KEYED: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  containers: { name: undefined },
  initContainers: { name: undefined },
  ephemeralContainers: { name: undefined },
  env: { name: undefined },
  volumes: { name: undefined },
  volumeMounts: { mountPath: undefined },
  imagePullSecrets: { name: undefined },
  conditions: { type: undefined },
  ownerReferences: { uid: undefined },
};

const PORTS = {
  container: { containerPort: undefined, protocol: "TCP" },
  service: { port: undefined, protocol: "TCP" },
};

const SETS = new Set(["finalizers"]);
const WHOLE = new Set(["selector", "nodeSelector", "secretKeyRef", "configMapKeyRef", "fieldRef", "labelSelector"]);

export type Merging =
  | { readonly kind: "whole" }
  | { readonly kind: "set" }
  | { readonly kind: "keyed"; readonly keys: Readonly<Record<string, string | undefined>> }
  | { readonly kind: "map" };

/** How the value of a field is merged. `path` ends with the field. */
export function mergingOf(
  value: unknown,
  { path, custom }: { readonly path: readonly string[]; readonly custom: boolean },
): Merging {
  const field = (path.at(-1) ?? "").replace(/^f:/, "");
  const ofMetadata = path[0] === "f:metadata";
  if (!Array.isArray(value)) return WHOLE.has(field) && !custom ? { kind: "whole" } : { kind: "map" };
  if (custom && !ofMetadata) return { kind: "whole" };
  if (SETS.has(field)) return { kind: "set" };
  const keys = field === "ports" ? portKeys(path) : KEYED[field];
  return keys === undefined ? { kind: "whole" } : { kind: "keyed", keys };
}

function portKeys(path: readonly string[]) {
  return path.some((element) => /^f:(?:init)?[cC]ontainers$/.test(element)) ? PORTS.container : PORTS.service;
}
