// Verifies signatures with Sigstore's libraries: against the keys that the operator's settings name, their trusted roots,
// or those of the public Sigstore. The libraries are loaded by the first who asks; what is believed is kept meanwhile.

import { createHash } from "node:crypto";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { matchesName, type SigningKey, type SigningSettings } from "../domain/settings.ts";
import { createFileRoots } from "./file-roots.ts";
import { loadKey } from "./load-key.ts";
import { createPublicRoots } from "./public-roots.ts";
import type { RootSource } from "./root-source.ts";
import type { Signatures, TrustRequest } from "./signatures.ts";
import { type Library, type Trust, verifyDocument } from "./verify-document.ts";

export interface SignaturesOptions {
  /** Absent: the public Sigstore is believed, and there are no keys. */
  readonly settings?: SigningSettings | undefined;
  /** Where the trusted root of the public Sigstore is kept; a folder of this process alone unless given. */
  readonly folder?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Believed {
  readonly keys: readonly SigningKey[];
  readonly roots: RootSource;
}

export function createSignatures({ settings, folder, now }: SignaturesOptions): Signatures {
  const file = settings?.trustedRootFile;
  const roots = file === undefined ? createPublicRoots({ folder, now }) : createFileRoots(file);
  const believed = { keys: settings?.keys ?? [], roots };
  let loading: Promise<Library> | undefined;
  return {
    basis: async (request) => {
      const found = await findTrust(request, believed);
      return found.kind === "unknown" ? found : known(createHash("sha256").update(found.value.text).digest("hex"));
    },
    verify: async ({ document, digest, ...request }) => {
      const found = await findTrust(request, believed);
      if (found.kind === "unknown") return { kind: "refused", why: found.why };
      loading ??= loadLibrary();
      const { trust } = found.value;
      return verifyDocument({ document, digest, signer: request.signer, trust, library: await loading });
    },
  };
}

interface Found {
  /** What identifies it. */
  readonly text: string;
  readonly trust: Trust;
}

async function findTrust({ signer, asker }: TrustRequest, { keys, roots }: Believed): Promise<Seen<Found>> {
  if (signer.kind === "identity") {
    const read = await roots.read();
    return read.kind === "unknown" ? read : known({ text: read.value.text, trust: { kind: "roots", ...read.value } });
  }
  const key = keys.find(({ id }) => id === signer.key);
  // One sentence for both, so that nobody learns what others have (T20).
  if (!key?.for.some((pattern) => matchesName(pattern, asker)))
    return unknown(`the operator's settings have no signing key of that id for ${asker}`);
  const read = await loadKey(key);
  if (read.kind === "unknown") return read;
  return known({ text: read.value.text, trust: { kind: "key", key: read.value.material } });
}

async function loadLibrary(): Promise<Library> {
  const [{ bundleFromJSON }, { toSignedEntity, Verifier }] = await Promise.all([
    import("@sigstore/bundle"),
    import("@sigstore/verify"),
  ]);
  return { bundleFromJSON, toSignedEntity, Verifier };
}
