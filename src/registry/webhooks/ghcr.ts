// The receiver for webhooks of repositories and organisations at GitHub that tell of packages. (The GitHub App gets the
// same news at its own address.) GitHub signs, and knows of private images what nobody else can read.
// Source: https://docs.github.com/webhooks/webhook-events-and-payloads#package

import { readGithubPackage } from "../../domain/read-github-package.ts";
import { signedWithTheSecret, unsigned } from "./check-sender.ts";
import { ignoreDelivery, judgePushes, prefixesOfHost } from "./judge-push.ts";
import { malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const SIGNATURE_HEADER = "X-Hub-Signature-256";

export function readGhcr(delivery: Delivery): Received {
  const { headers, settings } = delivery;
  if (!signedWithTheSecret(delivery, headers[SIGNATURE_HEADER.toLowerCase()])) return unsigned(SIGNATURE_HEADER);
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { "x-github-event": event, "x-github-delivery": id } = headers;
  if (event !== "package" && event !== "registry_package") {
    return ignoreDelivery(delivery, { id, what: "event", why: "It is about no package" });
  }
  const read = readGithubPackage(body.value, event);
  switch (read.kind) {
    case "shapeless":
      return malformed(`the body has no \`${event}\` as GitHub sends it`);
    case "nothing":
      return ignoreDelivery(delivery, { id, what: "event of a package", why: capitalised(read.why) });
    case "pushed": {
      const { host, path, tag } = read.pushed;
      const push = { action: "push", prefixes: prefixesOfHost(settings, host), place: host, repository: path, tag };
      // Whoever set up the hook knows its secret and could sign anything: only the App's events tell more than where to look.
      return judgePushes(delivery, { id, pushes: [push] });
    }
  }
}

function capitalised(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}
