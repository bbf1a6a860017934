// What GitHub told lately of images in its own registry, read from its log of deliveries: an event that was lost on the way
// is found there, and so is one that we have forgotten. Only deliveries to the asker's own installation count, because the
// log is the app's, and other people's packages are in it.
// Source: GET /app/hook/deliveries and /app/hook/deliveries/{delivery_id}, signed in as the app; GitHub keeps three days.

import { readBounded } from "../wire/read-bounded.ts";
import type { Github } from "./call-github.ts";
import { classifyError } from "./classify-error.ts";
import type { ToldPackage } from "./forge.ts";
import { readGithubEvent } from "./read-github-event.ts";
import { type Payload, readText } from "./read-payload.ts";

const PAGE = 100;
const MOST_PAGES = 5;
/** Payloads that are read, the newest first. */
const MOST_READ = 30;
/** A page of the log is small, a delivery holds at most 25 MB; no package needs that. */
const LARGEST_BODY = 2 * 1024 * 1024;

interface Delivery {
  /** Larger than a double can hold, so it stays text. */
  readonly id: string;
  readonly event: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export async function recallPackages(
  github: Github,
  { installation }: { readonly installation: number },
): Promise<readonly ToldPackage[]> {
  try {
    const deliveries = await listDeliveries(github, installation);
    const told: ToldPackage[] = [];
    for (const delivery of deliveries.slice(0, MOST_READ)) told.push(...(await readDelivery(github, delivery)));
    return told;
  } catch (cause) {
    const doing = "read what GitHub told of packages";
    throw classifyError(cause, { installation, doing, now: github.now() }).error;
  }
}

async function listDeliveries(github: Github, installation: number): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { body, link } = await ask(github, {
      address: "GET /app/hook/deliveries",
      parameters: { per_page: PAGE, ...(cursor !== undefined && { cursor }) },
    });
    for (const each of Array.isArray(body) ? body : []) {
      const delivery = readEntry(each as Payload, installation);
      if (delivery !== undefined) found.push(delivery);
    }
    cursor = /[?&]cursor=([\w%.-]{1,100})[^>]*>;\s*rel="next"/.exec(link ?? "")?.[1];
    if (cursor === undefined) break;
  }
  return found;
}

function readEntry(entry: Payload, installation: number): Delivery | undefined {
  const [id, event] = [readText(entry, "id"), readText(entry, "event")];
  const at = Date.parse(readText(entry, "delivered_at") ?? "");
  const isPackage = event === "registry_package" || event === "package";
  // The first delivery stands in the log too; sent again, an old word would look like the newest (T3).
  if (entry.redelivery === true || !isPackage || id === undefined || !/^[0-9]{1,30}$/.test(id) || Number.isNaN(at))
    return undefined;
  return readText(entry, "installation_id") === String(installation) ? { id, event, at } : undefined;
}

async function readDelivery(github: Github, { id, event, at }: Delivery): Promise<readonly ToldPackage[]> {
  const { body } = await ask(github, {
    address: "GET /app/hook/deliveries/{delivery_id}",
    parameters: { delivery_id: id },
  });
  const payload = (body as { readonly request?: { readonly payload?: unknown } } | undefined)?.request?.payload;
  return readGithubEvent({ event, payload }).images.flatMap(({ image, tag, told }) =>
    tag === undefined || told === undefined ? [] : [{ image, tag, ...told, at }],
  );
}

/** Octokit would read large ids as doubles: numbers stay as they are written. */
async function ask(
  github: Github,
  { address, parameters }: { readonly address: string; readonly parameters: object },
): Promise<{ readonly body: unknown; readonly link: string | undefined }> {
  const { data, headers } = await github.app.request(address, {
    ...parameters,
    request: { parseSuccessResponseBody: false },
  });
  const bytes = await readBounded(data as AsyncIterable<Uint8Array> | null, LARGEST_BODY);
  const body = bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"), keepDigits);
  return { body, link: headers.link };
}

function keepDigits(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && /^(?:id|installation_id)$/.test(key) ? (context?.source ?? String(value)) : value;
}
