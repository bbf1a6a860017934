// Decides what becomes of promotions whose environment the pipeline file no longer names: they are closed. Where the
// pipeline stands still because of an error in the file, they stay as they are.

import type { Observed } from "../domain/observed.ts";
import { type Configuration, environmentKey } from "../domain/pipeline.ts";
import type { ClosePromotion, Wait } from "../domain/plan.ts";

export function closeOrphans({
  configuration,
  observed,
}: {
  readonly configuration: Configuration;
  readonly observed: Observed;
}): {
  readonly actions: readonly ClosePromotion[];
  readonly waits: readonly Wait[];
} {
  const known = new Set(
    configuration.pipelines.flatMap((pipeline) => pipeline.environments.map((each) => environmentKey(pipeline, each))),
  );
  const unread = configuration.findings.some(
    ({ severity, pipeline }) => severity === "error" && pipeline === undefined,
  );
  const standing = new Set(configuration.broken.map(({ name }) => name));
  const actions: ClosePromotion[] = [];
  const waits: Wait[] = [];
  for (const { key, number, head } of observed.promotions.filter((each) => !known.has(each.key))) {
    const [pipeline = ""] = key.split("/");
    if (unread || standing.has(pipeline)) {
      waits.push({ key, reason: `pull request ${number} stays as it is until the pipeline file can be read` });
    } else if (head.ownership.kind === "ours") {
      actions.push({ kind: "close", key, number, head: head.oid, reason: `the pipeline file no longer names ${key}` });
    }
  }
  return { actions, waits };
}
