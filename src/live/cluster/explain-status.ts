// What an answer's status means, as a clause that completes "…, because". Only our own words and numbers: what a server
// says may hold secrets, and it may be long.

import { readStatus } from "./read-status.ts";
import type { Reply } from "./reply.ts";

/** What a request was about, for people: `list deployments.apps in the namespace shop`. */
export interface Intent {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
}

export function explainStatus(reply: Reply, intent: Intent): string {
  const { status } = reply;
  if (status === 401) return "does not accept these credentials; a token may have expired";
  if (status === 403) return explainForbidden(reply, intent);
  if (status === 404) return "answered 404, and not as a Kubernetes API server does; the address may be wrong";
  if (status === 429) return "asks to be left alone for a while (429)";
  if (status >= 300 && status < 400) return `answered ${status}, a redirect, which is not followed`;
  return `answered ${status}`;
}

function explainForbidden(reply: Reply, { verb, resource, namespace }: Intent): string {
  if (/admission webhook/.test(readStatus(reply)?.message ?? "")) return "refused it by an admission webhook (403)";
  const where = namespace === undefined ? "" : ` in the namespace ${namespace}`;
  return `does not allow this account to ${verb} ${resource}${where} (403)`;
}
