// The version of a chart as files name it. It is a tag in the registry, except that tags have no `+`: Helm writes `_`
// there, and back. Only one exact version is read; a range is refused, because what it stands for changes by itself.

import { isChartVersion, tagOfChart } from "../domain/chart.ts";
import { isDigest, isTag } from "../domain/image-name.ts";
import type { VersionReading } from "./found-place.ts";
import type { ScalarReading } from "./read-scalar.ts";
import { readVersion } from "./read-version.ts";

const WILDCARD = /^v?(?:[0-9]+\.){0,2}[xX*](?:[.-]|$)/;

/** `key` is the name of the field, for what a person reads; `offset` where to point when it is not there. */
export function readChartVersion(
  reading: ScalarReading | undefined,
  { key, offset }: { readonly key: string; readonly offset: number },
): VersionReading {
  if (!reading?.text) return { slots: [], offset: reading?.offset ?? offset, refusal: explainAbsence(key) };
  const { text, scalar, refusal } = reading;
  const tag = tagOfChart(text);
  if (!isChartVersion(text) || !isTag(tag)) {
    return { slots: [], offset: reading.offset, refusal: refusal ?? explainChart(text, key) };
  }
  if (refusal !== undefined || !scalar) {
    return { tag, slots: [], offset: reading.offset, ...(refusal !== undefined && { refusal }) };
  }
  return { tag, slots: [{ holds: "chart-version", scalar }], offset: reading.offset };
}

/** A field that takes any tag, or a digest, and to which some readers give a meaning as a range. */
export function readArtifactRevision(
  reading: ScalarReading | undefined,
  { key, offset }: { readonly key: string; readonly offset: number },
): VersionReading {
  if (!reading?.text) return { slots: [], offset: reading?.offset ?? offset, refusal: explainAbsence(key) };
  if (isDigest(reading.text)) return readVersion(reading, "digest");
  if (!isTag(reading.text) || WILDCARD.test(reading.text)) {
    return { slots: [], offset: reading.offset, refusal: reading.refusal ?? explainChart(reading.text, key) };
  }
  return readVersion(reading, "tag");
}

function explainAbsence(key: string): string {
  return `Nothing says which version runs here, so it is the newest one of every moment. Write ${key} with the version that runs now once, or exclude the file with "!".`;
}

function explainChart(text: string, key: string): string {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return `${shown} is no exact version but a range, a template or something else that is never edited. Write the version that runs now into ${key}, as 1.2.3.`;
}
