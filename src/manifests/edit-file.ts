// Moves places of one file to their new versions: finds the scalars again in the very text that it edits, splices the
// new bytes in, and has the result proven. All changes of the file or none. What a place pins stays pinned.

import { chartVersionOf } from "../domain/chart.ts";
import { branchOfHead, isGitSource, isRevisionName } from "../domain/git-source.ts";
import { commitOf } from "../domain/identity.ts";
import { isDigest, isTag } from "../domain/image-name.ts";
import type { EditedFile, HelmRepository, Place, PlaceChange } from "../domain/place.ts";
import { applySplices } from "./apply-splices.ts";
import { findHelmRepositories } from "./find-helm-repositories.ts";
import { withReference } from "./find-remote-resources.ts";
import type { FoundPlace, Manifest, Slot } from "./found-place.ts";
import { indexLines, positionAt } from "./line-index.ts";
import { findFlaw, type Splice } from "./prove-edit.ts";
import { readManifest } from "./read-manifest.ts";
import { settleCharts } from "./settle-charts.ts";
import { writeScalar } from "./write-scalar.ts";

export type FileEdit =
  | { readonly kind: "edited"; readonly text: string; readonly changes: EditedFile["changes"] }
  | { readonly kind: "unchanged" }
  | FileRefusal;

export interface FileRefusal {
  readonly kind: "refused";
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

/**
 * `images` and `fields` as they were when the places of `changes` were found; `repositories` are the HelmRepositories of the
 * environment's files.
 */
export function editFile(
  edit: Manifest & { readonly changes: readonly PlaceChange[]; readonly repositories?: readonly HelmRepository[] },
): FileEdit {
  const read = readManifest(edit);
  const { repositories = findHelmRepositories(edit) } = edit;
  const settled = settleCharts({ pending: read.pending, repositories }, edit.images);
  const found = [...read.found, ...settled.found];
  const problem = read.problems[0] ?? settled.problems[0];
  if (problem) return { kind: "refused", ...problem };
  const byKey = new Map(found.map((one) => [keyOf(one.place), one]));
  const byStart = new Map<number, Splice & { readonly from: string }>();
  for (const change of edit.changes) {
    const again = byKey.get(keyOf(change.place));
    const why = refuseChange(change, again);
    if (why !== undefined) return refuse(change.place, why);
    for (const slot of again?.slots ?? []) {
      const splice = spliceFor(slot, { change, json: edit.path.endsWith(".json") });
      if (!splice) continue;
      const other = byStart.get(splice.start);
      if (other && other.value !== splice.value) {
        return refuse(
          change.place,
          `Two versions are meant for this value: ${other.value} and ${splice.value}. Let one pipeline or field name it.`,
        );
      }
      byStart.set(splice.start, splice);
    }
  }
  const splices = [...byStart.values()].sort((a, b) => a.start - b.start);
  return splices.length === 0 ? { kind: "unchanged" } : proven(edit, splices);
}

function proven({ path, text }: Manifest, splices: readonly (Splice & { readonly from: string })[]): FileEdit {
  const after = applySplices(text, splices);
  const lines = indexLines(text);
  const flaw = findFlaw({ before: text, after, splices, json: path.endsWith(".json") });
  if (flaw) {
    const why = `The edit could not be proven, so nothing was changed: ${flaw.why}. Change the value by hand, or write it more simply.`;
    return { kind: "refused", path, ...positionAt(lines, flaw.offset), why };
  }
  const changes = splices.map(({ start, from, value }) => ({ line: positionAt(lines, start).line, from, to: value }));
  return { kind: "edited", text: after, changes };
}

function keyOf({ form, document, pointer }: Place): string {
  return JSON.stringify([form, document, pointer]);
}

function refuseChange({ place, tag, digest }: PlaceChange, again: FoundPlace | undefined): string | undefined {
  const refusal = again?.place.refusal ?? place.refusal;
  if (refusal !== undefined) return refusal;
  const now = again?.place;
  if (now?.image !== place.image || now.tag !== place.tag || now.digest !== place.digest) {
    return "The file no longer says here what it said when it was read. It will be read again.";
  }
  if (isGitSource(place.image)) return refuseRevision({ place, tag, digest });
  if (!isTag(tag)) return `${JSON.stringify(tag.slice(0, 128))} is not an image tag, so it is not written.`;
  if (again?.slots.some(({ holds }) => holds === "chart-version") && chartVersionOf(tag) === undefined)
    return `The tag ${JSON.stringify(tag)} is not a version as charts have it (1.2.3), so it is not written.`;
  if (!isDigest(digest)) return `${JSON.stringify(digest.slice(0, 80))} is not a sha256 digest, so it is not written.`;
  return undefined;
}

function refuseRevision({ place, tag, digest }: PlaceChange): string | undefined {
  if (!isRevisionName(tag)) return `${JSON.stringify(tag.slice(0, 128))} is not a tag of Git, so it is not written.`;
  if (commitOf(digest) === undefined)
    return `${JSON.stringify(digest.slice(0, 80))} is not a commit, so it is not written.`;
  if (place.tag === undefined || branchOfHead(tag) === undefined) return undefined;
  return "The policy follows a branch, whose versions are commits, and here stands a tag or a branch. Write the commit that runs now once.";
}

function spliceFor(
  { holds, scalar }: Slot,
  { change, json }: { readonly change: PlaceChange; readonly json: boolean },
): (Splice & { readonly from: string }) | undefined {
  const value = newValue(holds, scalar.text, change);
  if (value === scalar.text) return undefined;
  const bytes = writeScalar(value, { style: scalar.style, json });
  return { start: scalar.start, end: scalar.end, bytes, value, from: scalar.text };
}

function newValue(holds: Slot["holds"], text: string, { place, tag, digest }: PlaceChange): string {
  switch (holds) {
    case "tag":
      return tag;
    case "chart-version":
      return chartVersionOf(tag) ?? tag;
    case "digest":
      return digest;
    case "tag-and-digest":
      return `${tag}@${digest}`;
    case "commit":
      return commitOf(digest) ?? "";
    case "full-tag":
      return `refs/tags/${tag}`;
    case "remote":
      return withReference(text, { place, tag, digest });
    case "reference": {
      // The name stays as it is written; it may leave out what the normalised one has.
      const name = text.slice(0, text.length - versionOf(place).length);
      return `${name}${versionOf({ ...(place.tag && { tag }), ...(place.digest && { digest }) })}`;
    }
  }
}

function versionOf({ tag, digest }: Pick<Place, "tag" | "digest">): string {
  return `${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

function refuse({ path, line, column }: Place, why: string): FileRefusal {
  return { kind: "refused", path, line, column, why };
}
