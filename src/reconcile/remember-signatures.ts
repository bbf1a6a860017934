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
  /** When it was looked at first; epoch milliseconds. */
  readonly since: number;
  /** The last hint about the image that it took into account. */
  readonly news: string;
}

const KIND = "signature";

export interface RecalledSignature {
  readonly kept?: KeptSignature;
  /** The last hint about the image. */
  readonly news: string;
}

export async function recallSignature(question: SignatureQuestion, { at, shell }: Desk): Promise<RecalledSignature> {
  const [key, newsKey] = [keyOf(question, at), newsOf(question.image, at)];
  const found = await shell.store.cache.read(KIND, [key, newsKey]);
  const text = found.get(key);
  const news = found.get(newsKey) ?? "";
  return text === undefined ? { news } : { kept: JSON.parse(text) as KeptSignature, news };
}

export async function keepSignature(
  question: SignatureQuestion,
  { kept, at, shell }: Desk & { readonly kept: KeptSignature },
): Promise<void> {
  await shell.store.cache.write(KIND, new Map([[keyOf(question, at), JSON.stringify(kept)]]));
}

/** Whoever pushed may have signed. */
export async function hearOfImage(image: string, { hint, at, shell }: Desk & { readonly hint: string }): Promise<void> {
  await shell.store.cache.write(KIND, new Map([[newsOf(image, at), hint]]));
}

function keyOf(question: SignatureQuestion, at: RepositoryReference): string {
  return `${at.repository} ${signatureKey(question)}`;
}

function newsOf(image: string, at: RepositoryReference): string {
  return `${at.repository} news of ${image}`;
}
