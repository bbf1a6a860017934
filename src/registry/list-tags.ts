// All tags of a repository, page after page. A list that cannot be read to its end is unknown, never a shorter list:
// the newest version may stand on the page that is missing.

import { isTag } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import { explainStatus, type OciClient } from "./oci-client.ts";
import { isRecord, parseJson } from "./parse-json.ts";
import type { TagList } from "./registry.ts";

const PAGE_SIZE = 1000;
const MOST_PAGES = 200;
/** Every pass puts them in order, by patterns that people wrote: more would hold up everybody else. */
const MOST_TAGS = 100_000;
/** Milliseconds for all pages together, as long as a pass lasts. */
const LONGEST_READING = 60_000;
const LONGEST_LINK = 8192;
/** Of RFC 9110, no longer than anybody needs. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/;

export async function listTags({
  client,
  access,
  earlier,
  now,
}: {
  readonly client: OciClient;
  readonly access: Access;
  readonly earlier: TagList | undefined;
  readonly now: () => number;
}): Promise<Seen<TagList>> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  const until = now() + LONGEST_READING;
  let etag: string | undefined;
  let page: URL | undefined = new URL(`${access.origin}/v2/${access.repository}/tags/list?n=${PAGE_SIZE}`);
  while (page !== undefined) {
    if (seen.has(page.href)) return unknown(`${access.host} lists its tags in a circle`);
    seen.add(page.href);
    if (seen.size > MOST_PAGES) return unknown(tooMany(access, `more than ${tags.size} on ${MOST_PAGES} pages`));
    if (now() > until) {
      return unknown(`${access.host} took more than ${LONGEST_READING / 1000} s to list ${tags.size} tags and more`);
    }
    const question = { access, method: "GET", at: page, accept: "application/json" } as const;
    const unless = seen.size === 1 ? earlier?.etag : undefined;
    const reply = await client.ask({ ...question, ...(unless !== undefined && { unless }) });
    if (reply.kind === "unknown") return reply;
    if (reply.status === 304 && earlier !== undefined && unless !== undefined) return known(earlier);
    if (reply.status !== 200) return explainStatus(reply, access);
    const answer = parseJson(reply.body);
    // `null` is how some registries say that a repository has no tags.
    const listed = isRecord(answer) ? (answer.tags === null ? [] : answer.tags) : undefined;
    if (!Array.isArray(listed)) return unknown(`${access.host} answered something else than a list of tags`);
    for (const tag of listed) if (typeof tag === "string" && isTag(tag)) tags.add(tag);
    if (tags.size > MOST_TAGS) return unknown(tooMany(access, `more than ${MOST_TAGS}`));
    const next = nextPage(reply.headers.get("link"), { page, access });
    if (next.kind === "unknown") return next;
    page = next.value;
    etag = reply.headers.get("etag") ?? undefined;
  }
  // That the first of several pages is unchanged says nothing about the rest.
  if (seen.size > 1 || etag === undefined || !ENTITY_TAG.test(etag)) return known({ tags: [...tags] });
  return known({ tags: [...tags], etag });
}

function tooMany({ repository, host }: Access, number: string): string {
  return `${repository} at ${host} has too many tags to read (${number}); delete those that nobody needs, or follow one tag with \`digest\``;
}

/** `Link: </v2/…?last=x&n=1000>; rel="next"`, relative or absolute; another origin would get our credentials (T21). */
function nextPage(
  header: string | null,
  { page, access }: { readonly page: URL; readonly access: Access },
): Seen<URL | undefined> {
  if (header === null) return known(undefined);
  const unreadable = unknown(`${access.host} names the rest of its tags in a way that cannot be read`);
  if (header.length > LONGEST_LINK) return unreadable;
  for (const [, target = "", parameters = ""] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?(?:[a-z]+\s+)*next\b/i.test(parameters)) continue;
    const next = URL.parse(target, page.href);
    if (next === null || next.origin !== access.origin || next.username !== "" || next.password !== "") {
      return unknown(`${access.host} sends to another host for the rest of its tags`);
    }
    return known(next);
  }
  // Whatever names a next page and cannot be followed would make the list a shorter one.
  return /\bnext\b/i.test(header) ? unreadable : known(undefined);
}
