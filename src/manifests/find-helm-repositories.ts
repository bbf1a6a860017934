// The HelmRepositories that one file declares, so that a HelmRelease of another file can be told where its chart comes from.
// A file that cannot be read declares none; whether that matters shows where one is looked for.

import type { HelmRepository } from "../domain/place.ts";
import type { Finder } from "./found-place.ts";
import { readKubernetesEntries } from "./kubernetes-entries.ts";
import { indexLines } from "./line-index.ts";
import { isManifestPath } from "./manifest-path.ts";
import { outlineManifest, refuseFile } from "./outline-manifest.ts";
import { readFields } from "./read-fields.ts";

/** Documents of this kind, and few others: every HelmRelease names the kind, too, further in. */
const DECLARES =
  /(?:^|[{,][ \t]*)kind:[ \t]*["']?HelmRepository\b|"kind"\s*:\s*"HelmRepository"|^kind:[ \t]*["']?List\b/m;

export function findHelmRepositories({
  path,
  text,
}: {
  readonly path: string;
  readonly text: string;
}): readonly HelmRepository[] {
  if (!isManifestPath(path) || !text.includes("HelmRepository") || refuseFile({ path, text }) !== undefined) return [];
  const finder: Finder = { path, lines: indexLines(text), wanted: new Set() };
  const { outlines } = outlineManifest(text, { finder, matters: (document) => DECLARES.test(document) });
  return outlines.flatMap((outline) => {
    const fields = readFields(outline, finder);
    return readKubernetesEntries(fields)
      .filter(({ type, name }) => type === "source.toolkit.fluxcd.io/HelmRepository" && name !== "")
      .map(({ name, namespace, entry }) => {
        const isRegistry = fields.textAt(entry, "spec", "type") === "oci";
        return { path, name, namespace, ...(isRegistry && { address: fields.textAt(entry, "spec", "url") }) };
      });
  });
}
