// Failures of the network in words, for clauses that complete "…, because". Only our own words and codes: what a library
// says may hold an address with credentials.

import { codeOf } from "../../wire/code-of.ts";

/** A failure of the network in words; `undefined`: it is none, but a fault of ours. */
export function explainFailure(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (code === "ECONNREFUSED") return "refused the connection";
  if (code === "ECONNRESET" || code === "EPIPE" || code === "HPE_INVALID_EOF_STATE")
    return "closed the connection early";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "could not be found by its name";
  if (code === "ETIMEDOUT") return "did not answer in time";
  if (code.startsWith("HPE_")) return "answered something that is not HTTP";
  if (isAboutCertificates(code)) return `shows a certificate that is not trusted (${code})`;
  return `could not be reached (${code})`;
}

function isAboutCertificates(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|SELF_SIGNED|ALTNAME|CRL/.test(code);
}
