// Finds out who signed what the planner asks about: looks for documents place by place and has each verified, until one is by
// who is wanted. What cannot be read leaves the question open; nothing found is asked again, later and later.

import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { type SignatureQuestion, type SignatureReading, signatureKey } from "../domain/signature.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { lookForSignature } from "./look-for-signature.ts";
import { keepSignature, type RecalledSignature, recallSignature } from "./remember-signatures.ts";
import type { Shell } from "./shell.ts";

interface Asking {
  readonly observed: Observed;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type SignatureNeed = Extract<Need, { kind: "signature" }>;

const AT_ONCE = 5;
/** Milliseconds that the questions of one round may take together. */
const PATIENCE = 20_000;
/** Soon at first, because builds sign what they have just pushed. */
const SOONEST = 60_000;
const LATEST = 10 * 60_000;

export function isSignatureNeed(need: Need): need is SignatureNeed {
  return need.kind === "signature";
}

export async function answerSignatureNeeds(
  needs: readonly SignatureNeed[],
  asking: Asking,
): Promise<Pick<Observed, "signatures">> {
  if (needs.length === 0) return {};
  const { observed, shell } = asking;
  const readings: Record<string, SignatureReading> = { ...observed.signatures };
  const until = shell.now() + PATIENCE;
  for (let first = 0; first < needs.length; first += AT_ONCE) {
    const some = needs.slice(first, first + AT_ONCE).map(({ question }) => question);
    const answers = await Promise.all(some.map((question) => readOrLook(question, { ...asking, until })));
    for (const [index, question] of some.entries()) {
      const reading = answers[index];
      if (reading) readings[signatureKey(question)] = reading;
    }
  }
  return { signatures: readings };
}

async function readOrLook(
  question: SignatureQuestion,
  { observed, at, shell, until }: Asking & { readonly until: number },
): Promise<SignatureReading> {
  const { owner, name } = observed.repository;
  const asker = `${owner}/${name}`;
  const recalled = await recallSignature(question, { at, shell });
  const basis = await shell.signatures.basis({ signer: question.signer, asker });
  if (basis.kind === "unknown") return { answer: basis, askAgainAt: shell.now() + SOONEST };
  const { kept, news } = recalled;
  if (kept?.basis === basis.value && isStillGood(recalled, shell.now())) return kept.reading;
  if (shell.now() > until)
    return { answer: unknown("there was no time to look in this pass"), askAgainAt: shell.now() };
  const answer = await lookForSignature(question, { asker, at, shell, inTime: () => shell.now() <= until });
  const askedAt = shell.now();
  const since = kept?.since ?? askedAt;
  const reading = readingOf(answer, { since, askedAt });
  await keepSignature(question, { kept: { reading, basis: basis.value, since, news }, at, shell });
  return reading;
}

function isStillGood({ kept, news }: RecalledSignature, now: number): boolean {
  const again = kept?.reading.askAgainAt;
  return again === undefined || (again > now && kept?.news === news);
}

function readingOf(
  answer: Seen<Extract<SignatureReading["answer"], { kind: "known" }>["value"]>,
  { since, askedAt }: { readonly since: number; readonly askedAt: number },
): SignatureReading {
  if (answer.kind === "known" && answer.value.kind === "signed") return { answer: known(answer.value) };
  return { answer, askAgainAt: askedAt + Math.min(Math.max(askedAt - since, SOONEST), LATEST) };
}
