// Which files are read for places, and up to which size. A field of the pipeline file may name any other file.

export const LARGEST_FILE = 5 * 1024 * 1024;
export const LARGEST_DOCUMENT = 1024 * 1024;
/** Of all documents of a file that have to be parsed; it bounds the time. */
export const LARGEST_READING = 2 * 1024 * 1024;

export function isManifestPath(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path) || /(?:^|\/)Kustomization$/.test(path);
}

/** Helm renders everything under `templates/`. */
export function isChartTemplate(path: string): boolean {
  return /(?:^|\/)templates\//.test(path);
}
