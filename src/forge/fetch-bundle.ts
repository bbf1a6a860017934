// Fetches one bundle from GitHub's storage, where GitHub gives an address in place of the bundle: https, no credentials, no
// redirects, a limit on size and time. The storage compresses with Snappy.

import { isIP } from "node:net";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { readBounded } from "../wire/read-bounded.ts";

const LARGEST = 1024 * 1024;
const PATIENCE = 10_000;

export interface Fetching {
  /** Of the REST API; its own host is as good as https. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
}

export async function fetchBundle(address: string, { baseUrl, fetch: send = fetch }: Fetching): Promise<Seen<string>> {
  const url = URL.parse(address);
  if (url === null || !isAllowed(url, baseUrl)) return unknown("GitHub names an address for a bundle that is not used");
  try {
    const response = await send(url, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    const body = await readBounded(response.body, LARGEST);
    if (response.status !== 200) return unknown(`GitHub's storage answered ${response.status}`);
    if (body === undefined) return unknown(`a bundle in GitHub's storage has more than ${LARGEST / 1024} KiB`);
    return await readText(body, response.headers.get("content-type") ?? "");
  } catch {
    // Whatever a network does, the bundle is not there; its address is a secret for some minutes and is not told.
    return unknown("GitHub's storage could not be reached");
  }
}

/** No address inside of our own network (T20). */
function isAllowed(url: URL, baseUrl: string): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (url.origin === new URL(baseUrl).origin) return true;
  return url.protocol === "https:" && isIP(url.hostname.replace(/^\[|\]$/g, "")) === 0;
}

async function readText(body: Buffer, type: string): Promise<Seen<string>> {
  if (!type.startsWith("application/x-snappy")) return known(body.toString("utf8"));
  const { uncompress } = await import("snappyjs");
  try {
    return known(uncompress(body, LARGEST).toString("utf8"));
  } catch {
    // What is no Snappy, or says that it is larger than allowed.
    return unknown("a bundle in GitHub's storage could not be decompressed");
  }
}
