// Under which name, namespace and project Argo CD knows an Application. Without its project a server says "permission
// denied" of what does not exist; with it, it says what is the matter.

import { textAt } from "../kubernetes/read-fields.ts";

export interface ApplicationAddress {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly project: string;
}

export function addressOf(application: unknown): ApplicationAddress | undefined {
  const name = textAt(application, "metadata.name");
  if (name === undefined || !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)) return undefined;
  return {
    name,
    namespace: textAt(application, "metadata.namespace"),
    project: textAt(application, "spec.project") ?? "default",
  };
}

/** The parameters that name it on every route. */
export function addressQuery({ namespace, project }: ApplicationAddress): Readonly<Record<string, string | undefined>> {
  return { project, appNamespace: namespace };
}

export function permissionFor(action: "get" | "sync", { name, project }: ApplicationAddress): string {
  return `applications, ${action}, ${project}/${name}`;
}
