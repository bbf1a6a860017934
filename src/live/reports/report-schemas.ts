// The published JSON Schemas of both formats of reports, from the very shapes that read them. Draft 7. Texts for people
// may be longer than what is kept of them; which of two things a state holds, and that no target comes twice, is the
// reader's to say.

import { driftReport } from "./drift-report.ts";
import type { JsonSchema } from "./json-shape.ts";
import { liveReport } from "./live-report.ts";

export const REPORT_SCHEMAS: Readonly<Record<"drift-report.v1" | "live-report.v1", JsonSchema>> = {
  "drift-report.v1": publish("Stagecoach drift report, version 1", driftReport.schema),
  "live-report.v1": publish("Stagecoach live report, version 1", liveReport.schema),
};

function publish(title: string, schema: JsonSchema): JsonSchema {
  return { $schema: "http://json-schema.org/draft-07/schema#", title, ...schema };
}
