// Lists, page by page. A list that grew too old while it was read begins again, once; a kind that the server does not have
// is an empty list, which is not the same as a server that is not there.

import { known, type Seen, unknown } from "../../domain/seen.ts";
import { checkObject } from "./check-object.ts";
import type { KubernetesObject, ResourceKind } from "./cluster.ts";
import { explainStatus } from "./explain-status.ts";
import { isObject, readJsonObject, saysAbsent } from "./read-status.ts";
import type { Reply } from "./reply.ts";
import { intentOf, resourcePath } from "./resource-path.ts";
import { type Connection, sendRequest } from "./send-request.ts";

export interface Listing {
  readonly objects: readonly KubernetesObject[];
  /** Where a watch begins; absent where the server does not have the kind. */
  readonly version?: string;
}

export interface ListWanted extends ResourceKind {
  readonly namespace?: string;
}

export async function listPages(wanted: ListWanted, connection: Connection): Promise<Seen<Listing>> {
  for (const attempt of [1, 2]) {
    const listing = await listOnce(wanted, connection);
    if (listing !== "too old") return listing;
    if (attempt === 2) break;
  }
  return unknown(`${connection.name} changes faster than its ${wanted.plural} can be read`);
}

async function listOnce(wanted: ListWanted, connection: Connection): Promise<Seen<Listing> | "too old"> {
  const { name, limits } = connection;
  const objects: KubernetesObject[] = [];
  const began = performance.now();
  let bytes = 0;
  let next = "";
  for (let pages = 0; pages <= limits.objects / limits.page; pages++) {
    const path = resourcePath(wanted, { limit: String(limits.page), ...(next !== "" && { continue: next }) });
    if (path.kind === "unknown") return path;
    const reply = await sendRequest({ method: "GET", path: path.value }, connection);
    if (reply.kind === "unknown") return reply;
    if (reply.status === 410) return "too old";
    if (saysAbsent(reply)) return known({ objects: [] });
    if (reply.status !== 200) return unknown(`${name} ${explainStatus(reply, intentOf("list", wanted))}`);
    bytes += reply.body.byteLength;
    if (bytes > limits.listBytes) return unknown(`${name} answered a list of more than ${limits.listBytes / 1e6} MB`);
    const page = readPage(reply, wanted);
    if (page === undefined) return unknown(`${name} answered something that is no list of ${wanted.plural}`);
    if (objects.length + page.objects.length > limits.objects) break;
    for (const object of page.objects) objects.push(object);
    if (page.next === "") return known({ objects, ...(page.version !== "" && { version: page.version }) });
    next = page.next;
    if (performance.now() - began > limits.listTime)
      return unknown(`${name} did not answer a whole list within ${limits.listTime / 1_000} s`);
  }
  return unknown(`${name} has more than ${limits.objects} ${wanted.plural}`);
}

interface Page {
  readonly objects: readonly KubernetesObject[];
  readonly next: string;
  readonly version: string;
}

function readPage(reply: Reply, kind: ResourceKind): Page | undefined {
  const body = readJsonObject(reply);
  if (body === undefined || !Array.isArray(body.items)) return undefined;
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const { continue: next, resourceVersion } = metadata;
  return {
    objects: body.items.flatMap((item) => checkObject(item, kind) ?? []),
    next: typeof next === "string" ? next : "",
    version: typeof resourceVersion === "string" ? resourceVersion : "",
  };
}
