// One kustomization.yaml as far as it decides which objects there are, and under which names: what it lists, what it
// generates, what it renames and what its patches delete. Reads a text; the files that it lists are `build-objects.ts`'s.

import type { DeclaredObject, ObjectProblem } from "./find-objects.ts";
import { type ReadingMemory, readDocuments } from "./find-objects.ts";
import { isRecord, listAt, type PlainRecord, textAt } from "./plain-value.ts";

export interface Kustomization {
  /** `resources`, `bases` and `components`, as they are written. */
  readonly entries: readonly string[];
  /** What it makes itself: config maps, secrets, charts. */
  readonly generated: readonly DeclaredObject[];
  readonly namespace?: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly patches: readonly KustomizationPatch[];
  /** It is a Component: what it does, it does to the objects of whoever names it. */
  readonly component: boolean;
  /** What is applied is not what the files say. */
  readonly transforms: boolean;
  readonly line: number;
}

export interface KustomizationPatch {
  /** Of a patch that is written in place. */
  readonly text?: string;
  /** Of a patch in a file of its own, relative to the kustomization. */
  readonly path?: string;
  readonly target?: PlainRecord;
}

export interface KustomizationReading {
  /** Absent: the file could not be read. */
  readonly kustomization?: Kustomization;
  readonly problems: readonly ObjectProblem[];
}

export function isKustomizationPath(path: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

export function readKustomization(file: {
  readonly path: string;
  readonly text: string;
  readonly memory?: ReadingMemory | undefined;
}): KustomizationReading {
  const { documents, problems } = readDocuments(file);
  const document = documents[0];
  if (!document && problems.length > 0) return { problems };
  const value = document?.value ?? {};
  const line = document?.line ?? 1;
  const namespace = textAt(value, "namespace");
  const at = { path: file.path, line };
  return {
    problems,
    kustomization: {
      entries: ["resources", "bases", "components"].flatMap((key) => texts(listAt(value, key))),
      generated: [...generatedBy(value, at), ...chartsOf(value, at)],
      ...(namespace && { namespace }),
      prefix: textAt(value, "namePrefix") ?? "",
      suffix: textAt(value, "nameSuffix") ?? "",
      patches: patchesOf(value),
      component: textAt(value, "kind") === "Component",
      transforms: Object.keys(value).some((key) => !PLAIN_KEYS.includes(key) && isFilled(value[key])),
      line,
    },
  };
}

/** These change nothing inside an object but its namespace, which is told apart. */
const PLAIN_KEYS = [
  "apiVersion",
  "kind",
  "metadata",
  "namespace",
  "resources",
  "bases",
  "components",
  "crds",
  "sortOptions",
  "buildMetadata",
  "configMapGenerator",
  "secretGenerator",
  "generatorOptions",
  "openapi",
];

function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function texts(list: readonly unknown[]): readonly string[] {
  return list.filter((item) => typeof item === "string");
}

type At = Pick<DeclaredObject, "path" | "line">;

/** Their names get a hash of what they hold; without it they stay the same object. */
function generatedBy(value: PlainRecord, at: At): readonly DeclaredObject[] {
  return (["ConfigMap", "Secret"] as const).flatMap((kind) => {
    const list = listAt(value, kind === "ConfigMap" ? "configMapGenerator" : "secretGenerator");
    return list.filter(isRecord).flatMap((item) => {
      // It changes one that another kustomization makes.
      if (item.behavior === "merge" || item.behavior === "replace") return [];
      return standIn({ apiVersion: "v1", kind, name: textAt(item, "name"), namespace: textAt(item, "namespace") }, at);
    });
  });
}

/** A chart makes objects that nobody can name here: it stands for all of them. */
function chartsOf(value: PlainRecord, at: At): readonly DeclaredObject[] {
  return [...listAt(value, "helmCharts"), ...listAt(value, "helmChartInflationGenerator")]
    .filter(isRecord)
    .flatMap((item) => {
      const name = textAt(item, "releaseName") ?? textAt(item, "name") ?? textAt(item, "chartName");
      return standIn({ apiVersion: BUILD, kind: "HelmChart", name, namespace: textAt(item, "namespace") }, at);
    });
}

const BUILD = "kustomize.config.k8s.io/v1beta1";

/** A base in another repository stands for what it declares, whatever revision of it is named. */
export function standForRemote(entry: string, at: At): DeclaredObject {
  const [object] = standIn({ apiVersion: BUILD, kind: "RemoteBase", name: entry.split("?", 1)[0] || entry }, at);
  return (
    object ?? { apiVersion: BUILD, kind: "RemoteBase", name: entry, annotations: {}, value: {}, ...at, rendered: true }
  );
}

function standIn(
  what: { apiVersion: string; kind: string; name: string | undefined; namespace?: string | undefined },
  at: At,
): readonly DeclaredObject[] {
  const { apiVersion, kind, name, namespace } = what;
  if (!name) return [];
  return [
    { apiVersion, kind, ...(namespace && { namespace }), name, annotations: {}, value: {}, ...at, rendered: true },
  ];
}

function patchesOf(value: PlainRecord): readonly KustomizationPatch[] {
  const plain = listAt(value, "patchesStrategicMerge").flatMap((item): readonly KustomizationPatch[] => {
    if (typeof item !== "string") return [];
    return [item.includes("\n") ? { text: item } : { path: item }];
  });
  const targeted = listAt(value, "patches")
    .filter(isRecord)
    .map((item): KustomizationPatch => {
      const [text, path] = [textAt(item, "patch"), textAt(item, "path")];
      return {
        ...(text !== undefined && { text }),
        ...(path !== undefined && { path }),
        ...(isRecord(item.target) && { target: item.target }),
      };
    });
  // A transformer may be a patch; whether this one is, its text says.
  const transformers = listAt(value, "transformers").flatMap((item): readonly KustomizationPatch[] => {
    if (typeof item !== "string") return [];
    return [item.includes("\n") ? { text: item } : { path: item }];
  });
  return [...plain, ...targeted, ...transformers];
}
