// What the played server shows of an Application's objects: the comparison of each as JSON in strings, and one object as
// it is in the cluster. Values of Secrets are masked, as the real one does.

import type { PlayedApplication } from "./played-application.ts";
import { isInSync, type Json, type JsonObject, type PlayedObject, predict, withoutFields } from "./played-object.ts";

export function showManaged(application: PlayedApplication, asked: URLSearchParams): readonly JsonObject[] {
  return application.objects.filter((object) => isAsked(object, asked, "name")).map(show);
}

export function showLive(application: PlayedApplication, asked: URLSearchParams): string | undefined {
  const found = application.objects.find((object) => isAsked(object, asked, "resourceName"));
  return found?.live && JSON.stringify(masked(found.live, found.kind));
}

function isAsked(object: PlayedObject, asked: URLSearchParams, name: string): boolean {
  const own: Readonly<Record<string, string>> = {
    group: groupOf(object),
    kind: object.kind,
    namespace: object.namespace,
    [name]: object.name,
  };
  return Object.entries(own).every(([key, value]) => (asked.get(key) ?? value) === value);
}

function groupOf({ apiVersion }: PlayedObject): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

function show(object: PlayedObject): JsonObject {
  const { kind, desired, live, ignored } = object;
  const text = (value: Json | undefined): string =>
    value === undefined ? "null" : JSON.stringify(masked(value, kind));
  return {
    group: groupOf(object),
    kind,
    namespace: object.namespace,
    name: object.name,
    targetState: desired === undefined ? "" : text(desired),
    liveState: text(live),
    normalizedLiveState: text(live === undefined ? undefined : withoutFields(withoutManagedFields(live), ignored)),
    predictedLiveState: text(
      desired === undefined ? undefined : withoutFields(withoutManagedFields(predict(object)), ignored),
    ),
    resourceVersion: String(object.resourceVersion),
    ...(!isInSync(object) && { modified: true }),
  };
}

function withoutManagedFields(value: Json): Json {
  const copy = structuredClone(value) as JsonObject;
  delete (copy.metadata as JsonObject | undefined)?.managedFields;
  return copy;
}

function masked(value: Json, kind: string): Json {
  if (kind !== "Secret" || value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const data = Object.fromEntries(
    Object.keys((value.data as JsonObject | undefined) ?? {}).map((key) => [key, "++++++++"]),
  );
  return { ...value, data };
}
