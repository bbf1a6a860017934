// Looks for one signature: place by place, document by document, until one verifies that is by who is wanted. Whatever
// cannot be read, or is beyond what is read, leaves the question open, however many others have signed.

import { listOf } from "../domain/count-words.ts";
import { registryOf } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import {
  SIGNATURE_PLACES,
  type SignatureFinding,
  type SignaturePlace,
  type SignatureQuestion,
  type SignaturesFound,
} from "../domain/signature.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

interface Looking {
  /** `owner/name` of the config repository. */
  readonly asker: string;
  readonly at: RepositoryReference;
  readonly shell: Pick<Shell, "registry" | "forge" | "signatures">;
  readonly inTime: () => boolean;
}

interface Place {
  /** As in "found in …". */
  readonly name: string;
  readonly read: () => Promise<Seen<SignaturesFound>>;
}

/** What was met on the way; nothing of it is what is wanted. */
interface Met {
  readonly others: Set<string>;
  readonly refused: Set<string>;
  readonly open: Set<string>;
  readonly closed: string[];
}

const MOST_TOLD = 3;

export async function lookForSignature(question: SignatureQuestion, looking: Looking): Promise<Seen<SignatureFinding>> {
  const met: Met = { others: new Set(), refused: new Set(), open: new Set(), closed: [] };
  for (const place of placesOf(question, looking)) {
    if (!looking.inTime()) {
      met.open.add("there was no time to look everywhere");
      break;
    }
    const found = await place.read();
    if (found.kind === "unknown") met.open.add(found.why);
    else {
      const by = await verifyAll(found.value, { question, looking, met });
      if (by !== undefined) return known({ kind: "signed", by, where: place.name });
    }
  }
  return conclude(question, met);
}

const PLACE_NAMES: Readonly<Record<SignaturePlace, string>> = {
  referrers: "the registry's referrers",
  "referrers-tag": "the registry's tag of referrers",
  "cosign-signature": "cosign's tag of signatures",
  "cosign-attestation": "cosign's tag of attestations",
};

function placesOf(question: SignatureQuestion, { asker, at, shell, inTime }: Looking): readonly Place[] {
  const { image, digest, source, signer } = question;
  const inRegistry = SIGNATURE_PLACES.map((place) => ({
    name: PLACE_NAMES[place],
    read: () => shell.registry.readSignatures({ image, digest, place, asker, inTime }),
  }));
  // GitHub attests with identities alone.
  if (source === undefined || signer.kind === "key") return inRegistry;
  const onGithub = { name: attestationsOf(source), read: () => shell.forge.readAttestations(at, { source, digest }) };
  return [...inRegistry, onGithub];
}

function attestationsOf(source: string): string {
  return `GitHub's attestations of \`${source}\``;
}

async function verifyAll(
  { documents, refused, unread, closed }: SignaturesFound,
  { question, looking, met }: { readonly question: SignatureQuestion; readonly looking: Looking; readonly met: Met },
): Promise<string | undefined> {
  for (const why of refused) met.refused.add(why);
  for (const why of unread) met.open.add(why);
  if (closed !== undefined) met.closed.push(closed);
  const { digest, signer } = question;
  for (const document of documents) {
    const verdict = await looking.shell.signatures.verify({ document, digest, signer, asker: looking.asker });
    switch (verdict.kind) {
      case "signed":
        return verdict.by;
      case "signed-by-other":
        met.others.add(verdict.by);
        break;
      case "refused":
        met.refused.add(verdict.why);
        break;
    }
  }
  return undefined;
}

function conclude(question: SignatureQuestion, { others, refused, open, closed }: Met): Seen<SignatureFinding> {
  if (open.size > 0) return unknown(listOf(few(open)));
  if (others.size > 0) return known({ kind: "signed-by-others", by: few(others) });
  return known({ kind: "not-signed", looked: lookedAt(question, closed), refused: few(refused) });
}

function lookedAt({ image, source, signer }: SignatureQuestion, closed: readonly string[]): readonly string[] {
  const registry = `\`${registryOf(image)}\` (referrers, their tag, cosign's tags)`;
  if (signer.kind === "key") return [registry];
  if (source === undefined) return [registry, "no attestations of GitHub, because the pipeline names no `source`"];
  const [why] = closed;
  return [registry, why === undefined ? attestationsOf(source) : `not at ${attestationsOf(source)}, because ${why}`];
}

function few(words: ReadonlySet<string>): readonly string[] {
  return [...words].sort().slice(0, MOST_TOLD);
}
