// A release for an environment -> the files that a promotion writes: every place of the environment, or nothing and the
// first reason why not. What was read is checked against Git's ids, what will be written gets its id here.

import { type Environment, nameInEnvironment } from "../domain/pipeline.ts";
import type { EditedFile, EditResult, HelmRepository, Place, PlaceChange } from "../domain/place.ts";
import type { Release } from "../domain/release.ts";
import { blobId } from "./blob-id.ts";
import { editFile, type FileRefusal } from "./edit-file.ts";
import { isChartFile } from "./find-chart-dependencies.ts";
import { findHelmRepositories } from "./find-helm-repositories.ts";
import { findVendored } from "./find-vendored.ts";
import { lockBeside, refreshChartLock } from "./refresh-chart-lock.ts";

export interface FileText {
  readonly text: string;
  /** `100644` or `100755`. */
  readonly mode: string;
  readonly oid: string;
}

/**
 * `places` are all that the environment's files have; those of images outside the release stay as they are. Files in
 * which nothing changes are left out, so an edit without files means that the environment declares the release already.
 * The tags of `release` are those of this environment.
 */
export function planEdit(request: {
  readonly places: readonly Place[];
  readonly texts: ReadonlyMap<string, FileText>;
  readonly release: Release;
  readonly environment: Pick<Environment, "images" | "fields">;
  /** Files of `charts/` folders beside a `Chart.yaml`; only their names matter. */
  readonly vendored?: readonly string[];
}): EditResult {
  const byPath = Map.groupBy(changesOf(request), ({ place }) => place.path);
  const repositories = [...request.texts].flatMap(([path, { text }]) => findHelmRepositories({ path, text }));
  const files: EditedFile[] = [];
  for (const path of [...byPath.keys()].sort()) {
    const edited = editOne(path, { ...request, repositories, changes: byPath.get(path) ?? [] });
    if (edited?.kind === "refused") return edited;
    if (!edited) continue;
    files.push(edited.file);
    const lock = isChartFile(path) ? editLock(edited.file, request) : undefined;
    if (lock?.kind === "refused") return lock;
    if (lock) files.push(lock.file);
  }
  return { kind: "edit", edit: { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) } };
}

type Request = Parameters<typeof planEdit>[0];

function changesOf({ places, release, environment }: Request): readonly PlaceChange[] {
  return places.flatMap((place) => {
    const version = release.versions.find(({ image }) => {
      return place.image === (place.form === "field" ? image : nameInEnvironment(environment, image));
    });
    return version ? [{ place, tag: version.tag, digest: version.digest }] : [];
  });
}

function editOne(
  path: string,
  {
    texts,
    release,
    environment,
    ...edit
  }: Request & {
    readonly changes: readonly PlaceChange[];
    readonly repositories: readonly HelmRepository[];
  },
): OneEdit | undefined {
  const file = texts.get(path);
  const why = file ? refuseSource(file) : "The file is no longer there, or could not be read.";
  if (!file || why !== undefined) return { kind: "refused", path, line: 1, column: 1, why: why ?? "" };
  const images = release.versions.map(({ image }) => nameInEnvironment(environment, image));
  const result = editFile({ ...edit, path, text: file.text, images, fields: environment.fields });
  switch (result.kind) {
    case "refused":
      return result;
    case "unchanged":
      return undefined;
    case "edited": {
      return { kind: "file", file: writtenFile(path, { file, ...result }) };
    }
  }
}

type OneEdit = { readonly kind: "file"; readonly file: EditedFile } | FileRefusal;

function writtenFile(
  path: string,
  { file, text, changes }: { readonly file: FileText } & Pick<EditedFile, "text" | "changes">,
): EditedFile {
  return { path, mode: file.mode, before: file.oid, after: blobId(text), text, changes };
}

/** What `Chart.lock` and `charts/` say of a dependency has to fit, or Helm does not take what `Chart.yaml` says now. */
function editLock(chart: EditedFile, { texts, places, vendored = [] }: Request): OneEdit | undefined {
  const path = lockBeside(chart.path);
  const names = places
    .filter((place) => place.path === chart.path && place.form === "dependency")
    .map(({ image }) => image.slice(image.lastIndexOf("/") + 1));
  const copy = findVendored(chart.path, { names, paths: vendored });
  const refused = { kind: "refused", path, line: 1, column: 1 } as const;
  if (copy !== undefined) return { ...refused, path: copy, why: VENDORED };
  const lock = texts.get(path);
  const before = texts.get(chart.path)?.text;
  if (!lock || before === undefined) return undefined;
  const why = refuseSource(lock);
  if (why !== undefined) return { ...refused, why };
  const result = refreshChartLock({ path, lock: lock.text, before, after: chart.text });
  return result.kind === "refused" ? result : { kind: "file", file: writtenFile(path, { file: lock, ...result }) };
}

const VENDORED =
  "A copy of this dependency stands in the repository, and Helm takes it whatever version Chart.yaml names. Remove it, so that Helm fetches the version, or update both by hand.";

export function refuseSource({ text, mode, oid }: FileText): string | undefined {
  if (mode === "120000" || mode === "160000") {
    return "It is a symbolic link or a submodule, which are never followed. Name the file itself.";
  }
  // Also what a lossy decoding of UTF-8 or a dropped byte order mark would look like.
  if (blobId(text) !== oid)
    return `Its text does not have Git's id ${oid}; it is not valid UTF-8, or was not read whole.`;
  return undefined;
}
