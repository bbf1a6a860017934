// Keeps what was found out about signatures. What was verified stays so for as long as the operator believes the same people;
// that nothing was found is good for a while, and until something is heard of the image.

import { type SignatureQuestion, type SignatureReading, signatureKey } from "../domain/signature.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export interface KeptSignature {
  readonly reading: SignatureReading;
  /** What the verdict rests on. */
  readonly basis: string;
  /** When this digest was looked at first, and when last; epoch milliseconds. */
  readonly since: number;
  readonly askedAt: number;
}

const KIND = "signature";

export interface RecalledSignature {
  readonly kept?: KeptSignature;
  /** Something was heard of the image after that. */
  readonly heardSince: boolean;
}

export async function recallSignature(question: SignatureQuestion, { at, shell }: Desk): Promise<RecalledSignature> {
  const [key, news] = [keyOf(question, at), newsOf(question.image, at)];
  const found = await shell.store.cache.read(KIND, [key, news]);
  const text = found.get(key);
  if (text === undefined) return { heardSince: false };
  const kept = JSON.parse(text) as KeptSignature;
  return { kept, heardSince: Number(found.get(news) ?? 0) > kept.askedAt };
}

export async function keepSignature(
  question: SignatureQuestion,
  { kept, at, shell }: Desk & { readonly kept: KeptSignature },
): Promise<void> {
  await shell.store.cache.write(KIND, new Map([[keyOf(question, at), JSON.stringify(kept)]]));
}

/** Whoever pushed may have signed. */
export async function forgetUnsigned(image: string, { at, shell }: Desk): Promise<void> {
  await shell.store.cache.write(KIND, new Map([[newsOf(image, at), String(shell.now())]]));
}

function keyOf(question: SignatureQuestion, at: RepositoryReference): string {
  return `${at.repository} ${signatureKey(question)}`;
}

function newsOf(image: string, at: RepositoryReference): string {
  return `${at.repository} news of ${image}`;
}
