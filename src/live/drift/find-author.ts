// Who wrote a field of a live object, by its managed fields: the name of a tool, never of a person.

import type { KubernetesObject } from "../cluster/cluster.ts";
import { type Author, authorOf } from "../kubernetes/author-of.ts";
import { findFieldPaths } from "../kubernetes/field-paths.ts";

export interface Authors {
  /** Whoever wrote the field last besides the reconciler; else the reconciler; else nobody that is known. */
  readonly of: (path: string) => Author | undefined;
  /** The reconciler itself owns the field with the value that it has. */
  readonly isOwn: (path: string) => boolean;
}

interface Entry {
  readonly author: Author;
  readonly own: boolean;
  readonly paths: ReadonlySet<string>;
}

/** `own`: the names under which the object's reconciler writes. */
export function findAuthors(object: KubernetesObject, own: readonly string[]): Authors {
  const entries = (object.metadata.managedFields ?? []).map((entry): Entry => {
    const author = authorOf(entry);
    return {
      author,
      own: own.includes(author.manager),
      paths: new Set(findFieldPaths(entry.fieldsV1, object).map(({ pointer }) => pointer)),
    };
  });
  const owners = (path: string): readonly Entry[] => entries.filter(({ paths }) => owns(paths, path));
  return {
    of: (path) => {
      const [foreign, reconciler] = [
        owners(path).filter((entry) => !entry.own),
        owners(path).find((entry) => entry.own),
      ];
      const latest = foreign.toSorted((a, b) => (b.author.time ?? 0) - (a.author.time ?? 0))[0];
      return (latest ?? reconciler)?.author;
    },
    isOwn: (path) => owners(path).some((entry) => entry.own),
  };
}

/** Whoever owns something inside of a field wrote it, and whoever owns what is around it wrote it as a whole. */
function owns(paths: ReadonlySet<string>, path: string): boolean {
  for (let around = path; around !== ""; around = around.slice(0, around.lastIndexOf("/"))) {
    if (paths.has(around)) return true;
  }
  for (const each of paths) if (each.startsWith(`${path}/`)) return true;
  return false;
}
