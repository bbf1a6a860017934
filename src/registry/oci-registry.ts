// The registry port over the OCI distribution API. Puts the parts together and holds their memory (tokens, and which
// registry asked for quiet); what is read and what it means stands in the files beside it.

import { lookup } from "node:dns/promises";
import type { Seen } from "../domain/seen.ts";
import type { RegistrySettings } from "../domain/settings.ts";
import { createAuthenticator } from "./authenticate.ts";
import { type Access, chooseAccess } from "./choose-access.ts";
import { choosePush } from "./choose-push.ts";
import { copyImage } from "./copy-image.ts";
import { listTags } from "./list-tags.ts";
import { createOciClient } from "./oci-client.ts";
import { PUBLIC_REGISTRIES } from "./public-registries.ts";
import { readChildren } from "./read-children.ts";
import { readCreated } from "./read-created.ts";
import { resolveDigest } from "./read-manifest.ts";
import { readOrigin } from "./read-origin.ts";
import { readPlatforms } from "./read-platforms.ts";
import { readSignatures } from "./read-signatures.ts";
import type { ImageRequest, Registry } from "./registry.ts";
import type { Transport } from "./send-request.ts";

export interface OciRegistryOptions {
  readonly registries: readonly RegistrySettings[];
  /** Hosts that anybody may have asked without credentials; `PUBLIC_REGISTRIES` unless given. */
  readonly publicHosts?: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly userAgent: string;
  readonly fetch?: typeof fetch;
  /** Milliseconds for one request with its body; ten seconds unless given. */
  readonly timeout?: number;
  readonly lookup?: Transport["lookup"];
  /** Whether a pattern of `push.tags` matches the whole tag; none does unless given. */
  readonly matchesTag?: (pattern: string, tag: string) => boolean;
  /** Milliseconds without a byte after which a transfer is given up; half a minute unless given. */
  readonly idle?: number;
  /** Milliseconds for a registry to put away a blob that it was sent; five minutes unless given. */
  readonly commit?: number;
  /** Told of every request that leaves, tokens and redirects included. */
  readonly onRequest?: NonNullable<Transport["onRequest"]>;
}

export function createOciRegistry(options: OciRegistryOptions): Registry {
  const { now, registries, publicHosts = PUBLIC_REGISTRIES, matchesTag = () => false } = options;
  const transport: Transport = {
    fetch: options.fetch ?? fetch,
    userAgent: options.userAgent,
    timeout: options.timeout ?? 10_000,
    lookup: options.lookup ?? lookupAll,
    ...(options.onRequest !== undefined && { onRequest: options.onRequest }),
  };
  const client = createOciClient({ transport, authenticator: createAuthenticator({ transport, now }), now });
  const rules = { registries, publicHosts, matchesTag };
  const copier = {
    client,
    rules,
    lookup: transport.lookup,
    idle: options.idle ?? 30_000,
    commit: options.commit ?? 300_000,
  };
  const read = async <T>(request: ImageRequest, ask: (access: Access) => Promise<Seen<T>>): Promise<Seen<T>> => {
    const access = chooseAccess(request, rules);
    return access.kind === "unknown" ? access : ask(access.value);
  };
  return {
    listTags: (request) => read(request, (access) => listTags({ client, access, earlier: request.earlier, now })),
    resolveTag: (request) => read(request, (access) => resolveDigest(request.tag, { client, access })),
    readCreated: (request) => read(request, (access) => readCreated(request.digest, { client, access, now: now() })),
    readPlatforms: (request) => read(request, (access) => readPlatforms(request.digest, { client, access })),
    readSignatures: (request) => read(request, (access) => readSignatures(request, { client, access })),
    readOrigin: (request) => read(request, (access) => readOrigin(request.digest, { client, access })),
    readChildren: (request) => read(request, (access) => readChildren(request.digest, { client, access })),
    mayName: (request) => {
      const push = choosePush(request, rules);
      return push.kind === "known" ? { kind: "allowed" } : { kind: "refused", why: push.why };
    },
    copyImage: (request) => copyImage(request, copier),
  };
}

async function lookupAll(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
