// Relay connections over a list: nodes, edges, pageInfo, totalCount. A cursor names the item, so that a page goes on
// at the right place when others were added meanwhile; when the item is gone, its former position is used.
// That `first` and `last` are there and in range is checked before (check-limits.ts).

import { problem } from "./problem.ts";

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** @param keyOf something that names an item among the others, for its cursor */
export function connect<T>(items: readonly T[], page: PageArguments, keyOf: (item: T) => string): Connection<T> {
  const start = page.after ? positionOf(items, page.after, keyOf).after : 0;
  const end = page.before ? positionOf(items, page.before, keyOf).at : items.length;
  const from = page.last == null ? start : Math.max(start, end - page.last);
  const to = page.first == null ? end : Math.min(end, start + page.first);
  const nodes = items.slice(from, to);
  const edges = nodes.map((node, index) => ({ node, cursor: writeCursor(from + index, keyOf(node)) }));
  return {
    nodes,
    edges,
    totalCount: items.length,
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export function byNodeId(item: { readonly nodeId: string }): string {
  return item.nodeId;
}

function positionOf<T>(
  items: readonly T[],
  cursor: string,
  keyOf: (item: T) => string,
): { readonly at: number; readonly after: number } {
  const [, index = "", key = ""] = /^cursor:(\d+):(.*)$/s.exec(Buffer.from(cursor, "base64").toString("utf8")) ?? [];
  if (index === "") throw problem("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  const found = items.findIndex((item) => keyOf(item) === key);
  return found < 0 ? { at: Number(index), after: Number(index) } : { at: found, after: found + 1 };
}

function writeCursor(index: number, key: string): string {
  return Buffer.from(`cursor:${index}:${key}`).toString("base64");
}
