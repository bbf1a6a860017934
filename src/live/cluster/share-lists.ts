// The lists of one read: every kind is asked for at most once, whoever wants it, and readers may ask at the same time.

import type { Cluster, ClusterLists } from "./cluster.ts";

export function shareLists(cluster: Pick<Cluster, "list">): ClusterLists {
  const asked = new Map<string, ReturnType<Cluster["list"]>>();
  return {
    of: (kind, options = {}) => {
      const key = [kind.apiVersion, kind.plural, options.namespace ?? ""].join(" ");
      const everywhere = [kind.apiVersion, kind.plural, ""].join(" ");
      const under =
        asked.get(key) ??
        (options.namespace === undefined ? undefined : within(asked.get(everywhere), options.namespace));
      if (under !== undefined) return under;
      const list = cluster.list(kind, options);
      asked.set(key, list);
      return list;
    },
  };
}

/** What was asked of the whole cluster answers for a namespace, too. */
async function narrow(list: ReturnType<Cluster["list"]>, namespace: string): ReturnType<Cluster["list"]> {
  const seen = await list;
  if (seen.kind === "unknown") return seen;
  return { kind: "known", value: seen.value.filter(({ metadata }) => metadata.namespace === namespace) };
}

function within(list: ReturnType<Cluster["list"]> | undefined, namespace: string) {
  return list === undefined ? undefined : narrow(list, namespace);
}
