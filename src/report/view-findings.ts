// The findings in a pipeline file for the check's summary: how many, what they stop, and the first of them.

import { countOf, listOf } from "../domain/count-words.ts";
import type { Finding } from "../domain/finding.ts";
import { NOTHING, trusted } from "./escape-markdown.ts";
import { viewFinding } from "./view-finding.ts";

const FINDINGS_SHOWN = 25;

/** `short`: only how many there are. */
export function viewFindings(findings: readonly Finding[], short: boolean) {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const counts = [
    ...(errors > 0 ? [countOf(errors, "error")] : []),
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
  ];
  const consequence =
    errors === 0 ? "A warning stops nothing." : "A pipeline with an error stands still; the others go on.";
  const shown = short ? [] : findings.slice(0, FINDINGS_SHOWN);
  const hidden = findings.length - shown.length;
  return {
    opening: findings.length === 0 ? NOTHING : trusted(`${listOf(counts)}. ${consequence}`),
    findings: shown.map(viewFinding),
    moreFindings:
      hidden > 0
        ? trusted(`${countOf(hidden, "more finding")} not shown here; \`stagecoach validate\` lists all.`)
        : NOTHING,
  };
}
