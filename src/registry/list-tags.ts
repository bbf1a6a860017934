// All tags of a repository, page after page. A list that cannot be read to its end is unknown, never a shorter list:
// the newest version may stand on the page that is missing.

import { isTag } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import { explainStatus, type OciClient } from "./oci-client.ts";
import { isRecord, parseJson } from "./parse-json.ts";

const PAGE_SIZE = 1000;
const MOST_PAGES = 200;
const MOST_TAGS = 100_000;

export async function listTags({
  client,
  access,
}: {
  readonly client: OciClient;
  readonly access: Access;
}): Promise<Seen<readonly string[]>> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let page: URL | undefined = new URL(`${access.origin}/v2/${access.repository}/tags/list?n=${PAGE_SIZE}`);
  while (page !== undefined) {
    if (seen.has(page.href)) return unknown(`${access.host} lists its tags in a circle`);
    seen.add(page.href);
    if (seen.size > MOST_PAGES || tags.size > MOST_TAGS) {
      return unknown(`${access.repository} at ${access.host} has too many tags to read (more than ${tags.size})`);
    }
    const reply = await client.ask({ access, method: "GET", at: page, accept: "application/json" });
    if (reply.kind === "unknown") return reply;
    if (reply.status !== 200) return unknown(explainStatus(reply, access));
    const answer = parseJson(reply.body);
    // `null` is how some registries say that a repository has no tags.
    const listed = isRecord(answer) ? (answer.tags === null ? [] : answer.tags) : undefined;
    if (!Array.isArray(listed)) return unknown(`${access.host} answered something else than a list of tags`);
    for (const tag of listed) if (typeof tag === "string" && isTag(tag)) tags.add(tag);
    const next = nextPage(reply.headers.get("link"), { page, access });
    if (next.kind === "unknown") return next;
    page = next.value;
  }
  return known([...tags]);
}

/** `Link: </v2/…?last=x&n=1000>; rel="next"`, relative or absolute; another origin would get our credentials (T21). */
function nextPage(
  header: string | null,
  { page, access }: { readonly page: URL; readonly access: Access },
): Seen<URL | undefined> {
  if (header === null) return known(undefined);
  for (const [, target = "", parameters = ""] of header.slice(0, 8192).matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?/i.test(parameters)) continue;
    const next = URL.parse(target, page.href);
    if (next === null || next.origin !== access.origin || next.username !== "" || next.password !== "") {
      return unknown(`${access.host} sends to another host for the rest of its tags`);
    }
    return known(next);
  }
  return known(undefined);
}
