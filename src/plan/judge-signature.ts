// Judges whether every image of a release is signed by who is asked for. What was verified passes; a signature of somebody
// else fails; nothing found, and nothing known, waits. What signers say of themselves is shown as words of others.

import { listOf } from "../domain/count-words.ts";
import type { GateResult, GateState, SignedGate } from "../domain/gate.ts";
import { isGitSource } from "../domain/git-source.ts";
import type { ImageVersion } from "../domain/release.ts";
import { type SignatureQuestion, type SignatureReading, signatureKey, signerOf } from "../domain/signature.ts";
import type { GateContext } from "./gate-context.ts";
import { code } from "./wording.ts";

interface Verdict {
  readonly state: GateState;
  readonly reason: string;
}

export function judgeSignature(gate: SignedGate, context: GateContext): GateResult {
  const name = gate.key === undefined ? "signed" : `signed with ${gate.key}`;
  const { versions } = context.release;
  const asked = questionsOf(gate, context);
  if (asked.length < versions.length || versions.length === 0)
    return { name, state: "waiting", reason: "the gate does not say who has to have signed" };
  const verdicts = asked.map((question) => {
    const it = versions.length > 1 ? nameImage(question) : "it";
    return judge(question, { it, reading: context.signatures[signatureKey(question)] });
  });
  const state = worstOf(verdicts);
  // What has passed already is of no interest beside what has not.
  const telling = verdicts.filter((verdict) => verdict.state === state);
  return { name, state, reason: listOf(telling.map(({ reason }) => reason)) };
}

export function questionsOf(gate: SignedGate, { release, source }: GateContext): readonly SignatureQuestion[] {
  const signer = signerOf(gate);
  if (signer === undefined) return [];
  return release.versions.map(({ image, digest }) => ({
    image,
    digest,
    signer,
    ...(source !== undefined && { source }),
  }));
}

function worstOf(verdicts: readonly Verdict[]): GateState {
  const states = verdicts.map(({ state }) => state);
  if (states.includes("failed")) return "failed";
  return states.includes("waiting") ? "waiting" : "passed";
}

function judge(
  question: SignatureQuestion,
  { it, reading }: { readonly it: string; readonly reading: SignatureReading | undefined },
): Verdict {
  if (isGitSource(question.image)) {
    const cure = "leave the gate out of pipelines that promote repositories";
    return {
      state: "waiting",
      reason: `${it} is a commit of a Git repository, and this gate verifies images; ${cure}`,
    };
  }
  if (!reading) return { state: "waiting", reason: `whether ${it} is signed has not been looked at yet` };
  const { answer } = reading;
  if (answer.kind === "unknown")
    return { state: "waiting", reason: `whether ${it} is signed ${wanted(question)} is not known: ${answer.why}` };
  const finding = answer.value;
  switch (finding.kind) {
    case "signed":
      return { state: "passed", reason: `${it} is signed ${byWhom(question, finding.by)}, found in ${finding.where}` };
    case "signed-by-others": {
      const by = listOf(finding.by.map(code));
      return { state: "failed", reason: `${it} is signed by ${by} and not ${wanted(question)}` };
    }
    case "not-signed": {
      const none = `${it} is not signed ${wanted(question)}: looked at ${listOf(finding.looked)}`;
      const refused = finding.refused.length === 0 ? "" : `; what is there does not count: ${listOf(finding.refused)}`;
      return { state: "waiting", reason: `${none}${refused}; ${howToSign(question)}` };
    }
  }
}

function wanted({ signer }: SignatureQuestion): string {
  return signer.kind === "key" ? `with the key ${code(signer.key)}` : `by ${code(signer.subject)}`;
}

function byWhom(question: SignatureQuestion, by: string): string {
  return question.signer.kind === "key" ? wanted(question) : `by ${code(by)}`;
}

function howToSign({ image, digest, signer }: SignatureQuestion): string {
  const reference = `${image}@${digest}`;
  if (signer.kind === "key") return `sign it with ${code(`cosign sign --key <key> ${reference}`)}`;
  return `sign it with ${code(`cosign sign ${reference}`)} or the action ${code("actions/attest-build-provenance")}`;
}

function nameImage({ image }: Pick<ImageVersion, "image">): string {
  return code(image.slice(image.lastIndexOf("/") + 1));
}
