// Lists in pages, with the Link header that Octokit follows.

import type { Call } from "./call.ts";
import { ok, type Reply } from "./reply.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly show: (item: T) => unknown;
  /** puts the page into an object where GitHub does; the default is the bare list */
  readonly wrap?: (shown: readonly unknown[], total: number) => unknown;
}

/** `per_page` is at most 100 and 30 when not given, as on GitHub. */
export function paginate<T>({ query, requestUrl }: Call, { items, show, wrap = (shown) => shown }: Page<T>): Reply {
  const perPage = Math.min(Math.max(Number(query.get("per_page") ?? 30), 1), 100);
  const page = Math.max(Number(query.get("page") ?? 1), 1);
  const last = Math.max(Math.ceil(items.length / perPage), 1);
  const shown = items.slice((page - 1) * perPage, page * perPage).map(show);
  const link = linkHeader(requestUrl, { page, last });
  return ok(wrap(shown, items.length), link === "" ? {} : { link });
}

function linkHeader(requestUrl: URL, { page, last }: { readonly page: number; readonly last: number }): string {
  const links: (readonly [string, number])[] = [];
  if (page > 1) links.push(["prev", page - 1]);
  if (page < last) links.push(["next", page + 1], ["last", last]);
  if (page > 1) links.push(["first", 1]);
  return links
    .map(([name, number]) => {
      const url = new URL(requestUrl);
      url.searchParams.set("page", String(number));
      return `<${url}>; rel="${name}"`;
    })
    .join(", ");
}
