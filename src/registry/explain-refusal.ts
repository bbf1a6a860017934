// What a refused write means: that it will be refused again, or that nobody knows yet.

import { type Unknown, unknown } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { NotCopied } from "./gather-parts.ts";
import { explainStatus } from "./oci-client.ts";
import type { Reply } from "./send-request.ts";

/** 4xx says that the same will be refused again; some of them say to come later. */
export function explainRefusal(reply: Reply, access: Access): NotCopied | Unknown {
  const isFinal = reply.status >= 400 && reply.status < 500 && reply.status !== 408;
  const { why } = explainStatus(reply, access);
  return isFinal ? { kind: "refused", why } : unknown(why);
}
