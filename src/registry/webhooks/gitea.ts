// The receiver for Gitea and Forgejo. They sign, under headers of their own names; the headers with GitHub's names that
// they send as well are not looked at. They write tags in small letters, so a tag of theirs only says where to look.
// Source: https://docs.gitea.com/usage/webhooks

import { isRecord } from "../parse-json.ts";
import { signedInHex, unsigned } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, prefixesOfHost } from "./judge-push.ts";
import { type Json, malformed, readBody, recordAt } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const NAMES = ["forgejo", "gitea"] as const;

export function readGitea(delivery: Delivery): Received {
  const signature = readHeader(delivery, "signature");
  if (!signedInHex(delivery, { signature, hash: "sha256" })) return unsigned("X-Gitea-Signature");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const id = readHeader(delivery, "delivery");
  if (readHeader(delivery, "event") !== "package") {
    return ignoreDelivery(delivery, { id, what: "event", why: "It is about no package" });
  }
  const { package: pack, action } = body.value;
  if (!isRecord(pack)) return malformed("the body has no `package` as Gitea sends it");
  if (pack.type !== "container") {
    return ignoreDelivery(delivery, { id, what: "event of a package", why: "It is no image" });
  }
  return judgePushes(delivery, { id, pushes: [pushOf(delivery, { pack, action })] });
}

function pushOf({ settings }: Delivery, { pack, action }: { readonly pack: Json; readonly action: unknown }) {
  const { login } = recordAt(pack, "owner");
  const host = typeof pack.html_url === "string" ? URL.parse(pack.html_url)?.host : undefined;
  return {
    action: action === "created" ? "push" : action,
    prefixes: prefixesOfHost(settings, host),
    place: host,
    // Accounts keep their capitals, image names have none.
    repository: typeof login === "string" && typeof pack.name === "string" ? `${login}/${pack.name}`.toLowerCase() : "",
    tag: pack.version,
    tagIsRough: true,
  };
}

function readHeader({ headers }: Delivery, name: string): unknown {
  return NAMES.map((sender) => headers[`x-${sender}-${name}`]).find((value) => value !== undefined);
}
