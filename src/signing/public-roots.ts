// The trusted root of the public Sigstore, by The Update Framework: fetched, verified and kept in a folder by Sigstore's own
// client. It is looked for anew once a day; where that fails, the one from before is good for a week.

import { createHash } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RootSource, Roots } from "./root-source.ts";

export interface PublicRootsOptions {
  /** Where it is kept; a folder of this process alone unless given. */
  readonly folder?: string | undefined;
  readonly now: () => number;
  /** Another mirror, with the root that it begins with. */
  readonly mirror?: { readonly url: string; readonly rootPath: string };
}

const FRESH = 24 * 60 * 60_000;
const AFTER_FAILURE = 10 * 60_000;
/** About as long as the framework's own timestamps hold. */
const LONGEST = 7 * FRESH;

export function createPublicRoots(options: PublicRootsOptions): RootSource {
  let last: Seen<Roots> | undefined;
  let readAgainAt = 0;
  let goodUntil = 0;
  let fetching: Promise<void> | undefined;
  let folder: Promise<string> | undefined;
  // Not in a place that others could have prepared.
  const place = () => {
    folder ??=
      options.folder === undefined ? mkdtemp(join(tmpdir(), "stagecoach-sigstore-")) : Promise.resolve(options.folder);
    return folder;
  };
  const refresh = async () => {
    const fetched = await fetchRoots(await place(), options);
    const now = options.now();
    readAgainAt = now + (fetched.kind === "known" ? FRESH : AFTER_FAILURE);
    if (fetched.kind === "known") goodUntil = now + LONGEST;
    if (fetched.kind === "known" || goodUntil <= now) last = fetched;
  };
  return {
    async read() {
      if (last !== undefined && options.now() < readAgainAt) return last;
      fetching ??= refresh().finally(() => {
        fetching = undefined;
      });
      await fetching;
      return last ?? unknown("the trusted root of the public Sigstore has not been fetched");
    },
  };
}

async function fetchRoots(folder: string, { mirror }: PublicRootsOptions): Promise<Seen<Roots>> {
  const [{ getTrustedRoot }, { TrustedRoot }, { toTrustMaterial }] = await Promise.all([
    import("@sigstore/tuf"),
    import("@sigstore/protobuf-specs"),
    import("@sigstore/verify"),
  ]);
  try {
    const root = await getTrustedRoot({
      cachePath: folder,
      retry: { retries: 1 },
      timeout: 5_000,
      ...(mirror && { mirrorURL: mirror.url, rootPath: mirror.rootPath }),
    });
    const text = createHash("sha256")
      .update(JSON.stringify(TrustedRoot.toJSON(root)))
      .digest("hex");
    return known({ text, roots: [toTrustMaterial(root)] });
  } catch {
    // The library wraps everything, a full disk as a broken signature; each leaves nobody to believe.
    return unknown(
      "the trusted root of the public Sigstore could not be fetched or did not verify; " +
        "the operator can give one with `trusted-root-file` in the settings",
    );
  }
}
