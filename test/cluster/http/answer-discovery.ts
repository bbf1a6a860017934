// What a client asks before it asks for objects: versions, groups, and which resources a group has.

import type { JsonMap } from "../model/json.ts";
import { apiVersionOf, type Kind } from "../model/kinds.ts";

/** `undefined`: the address is none of these. */
export function answerDiscovery(path: string, kinds: readonly Kind[]): JsonMap | string | undefined {
  if (path === "/readyz" || path === "/livez" || path === "/healthz") return "ok";
  if (path === "/version") return { major: "1", minor: "36", gitVersion: "v1.36.2", platform: "linux/amd64" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: groupsOf(kinds) };
  const match = /^\/(?:api\/(v1)|apis\/([^/]+)(?:\/([^/]+))?)\/?$/.exec(path);
  if (match === null) return undefined;
  const group = match[2] ?? "";
  const version = match[1] ?? match[3];
  if (version === undefined) return groupsOf(kinds).find(({ name }) => name === group);
  const found = kinds.filter((kind) => kind.group === group && kind.version === version);
  if (found.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: group === "" ? version : `${group}/${version}`,
    resources: found.flatMap(resourcesOf),
  };
}

function groupsOf(kinds: readonly Kind[]) {
  const groups = Map.groupBy(
    kinds.filter(({ group }) => group !== ""),
    ({ group }) => group,
  );
  return [...groups].map(([name, own]) => {
    const versions = [...new Set(own.map(({ version }) => version))].map((version) => ({
      groupVersion: `${name}/${version}`,
      version,
    }));
    return { name, versions, preferredVersion: versions[0] };
  });
}

function resourcesOf(kind: Kind): readonly JsonMap[] {
  const { plural, namespaced } = kind;
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  const own = { name: plural, singularName: kind.kind.toLowerCase(), namespaced, kind: kind.kind, verbs };
  const part = (name: string, of: string) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    kind: of,
    verbs: ["get", "patch", "update"],
  });
  return [
    own,
    ...(kind.status ? [part("status", kind.kind)] : []),
    ...(kind.scale ? [part("scale", "Scale")] : []),
  ].map((resource) => ({ ...resource, groupVersion: apiVersionOf(kind) }));
}
