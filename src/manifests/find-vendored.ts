// Dependencies of a chart that are kept as files in its `charts/` folder: Helm takes those, whatever `Chart.yaml` says, so an
// edit of the version would name one chart and run another.

/** `charts/checkout-1.7.3.tgz` or a file of `charts/checkout/`, among the paths of the repository. */
export function findVendored(
  chart: string,
  { names, paths }: { readonly names: readonly string[]; readonly paths: readonly string[] },
): string | undefined {
  const folder = `${chart.replace(/Chart\.yaml$/, "")}charts/`;
  return paths.find((path) => {
    const [first = "", ...rest] = path.startsWith(folder) ? path.slice(folder.length).split("/") : [];
    return names.some((name) => (rest.length > 0 ? first === name : isArchiveOf(first, name)));
  });
}

function isArchiveOf(file: string, name: string): boolean {
  return file.startsWith(`${name}-`) && /^v?[0-9]/.test(file.slice(name.length + 1)) && file.endsWith(".tgz");
}
