// What a check against GitHub's description answers: nothing, or one entry for each place that differs.
import type { ErrorObject } from "ajv";

export type Finding = {
  /** Where: "request body /base", "response 201 /user/login", "payload /repository". */
  readonly where: string;
  readonly message: string;
};

// What ajv found, in words for people; an enum says what it would have taken.
export function findingsOf(place: string, errors: readonly ErrorObject[] | null | undefined): readonly Finding[] {
  return (errors ?? []).map((error) => {
    const allowed = error.keyword === "enum" ? `: ${JSON.stringify(error.params.allowedValues)}` : "";
    return { where: `${place} ${error.instancePath || "/"}`, message: `${error.message ?? error.keyword}${allowed}` };
  });
}

export function describeFindings(findings: readonly Finding[]): string {
  return findings.map(({ where, message }) => `  ${where}: ${message}`).join("\n");
}
