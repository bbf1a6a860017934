// What a policy makes of an image's tags, as a person reads it in a terminal and as data: the picked one, those around it
// with their digests, and of every tag that it does not take the reason.

import { countOf } from "../domain/count-words.ts";
import type { Policy } from "../domain/pipeline.ts";
import { plainSentence } from "../report/escape-markdown.ts";
import { formatTime } from "../report/format-time.ts";
import type { LookedUp, LookedUpVersion } from "./look-up-versions.ts";

const MOST_NAMED = 10;

export function versionsText(looked: LookedUp): string {
  const { tracked, tags, versions, more, refused } = looked;
  const count = tags.kind === "known" ? countOf(tags.value.length, "tag") : "its tags are not known";
  const width = Math.min(40, Math.max(0, ...versions.map(({ tag }) => tag.length)));
  const rows = versions.map((version) => rowOf(version, width));
  const rest = more > 0 ? [`  and ${more} more that the policy allows (--limit shows them)`] : [];
  return [
    `${tracked.image}: ${count}\n${describePolicy(tracked.policy)}`,
    pickedLine(looked),
    ...(rows.length > 0 ? [["Allowed, best first", ...rows, ...rest].join("\n")] : []),
    ...(refused.length > 0 ? [["Not allowed", ...refusedRows(looked)].join("\n")] : []),
  ].join("\n\n");
}

function pickedLine({ picked, tags, tracked }: LookedUp): string {
  if (tags.kind === "unknown" && tracked.policy.kind !== "digest")
    return plainSentence(`Picked: nothing, because ${tags.why}`, 1_000);
  if (picked.kind === "unknown") return plainSentence(`Picked: nothing, because ${picked.why}`, 1_000);
  const { value } = picked;
  if (value.kind === "none") return plainSentence(`Picked: nothing, because ${value.why}`, 1_000);
  return `Picked: ${value.version.tag}@${value.version.digest}`;
}

function rowOf({ tag, digest, created, isPicked, why }: LookedUpVersion, width: number): string {
  const what = digest.kind === "unknown" ? `not known: ${digest.why}` : (digest.value ?? "the registry has it no more");
  const built = created === undefined ? "" : `  built ${formatTime(created)}`;
  const reason = why === undefined ? "" : `  ${plainSentence(why)}`;
  return `${isPicked ? ">" : " "} ${tag.padEnd(width)}  ${what}${built}${reason}`.trimEnd();
}

/** One line for each reason, the most frequent first. */
function refusedRows({ refused }: LookedUp): readonly string[] {
  const reasons = [...Map.groupBy(refused, ({ why }) => why)].sort(([, a], [, b]) => b.length - a.length);
  return reasons.map(([why, those]) => {
    const named = those.slice(0, MOST_NAMED).map(({ tag }) => tag);
    const more = those.length > named.length ? `, and ${those.length - named.length} more` : "";
    return `  ${plainSentence(why)}: ${named.join(", ")}${more}`;
  });
}

/** `semver ">=1.0 <2.0", tags "^v", platform linux/arm64` */
function describePolicy(policy: Policy): string {
  const { tags, ignore, platforms = [] } = policy;
  return [
    `Policy: ${describeSelection(policy)}`,
    ...(tags === undefined ? [] : [`tags ${quote(tags)}`]),
    ...ignore.map((pattern) => `ignore ${quote(pattern)}`),
    ...platforms.map((platform) => `platform ${platform}`),
  ].join(", ");
}

function describeSelection(policy: Policy): string {
  switch (policy.kind) {
    case "semver":
      return `semver ${quote(policy.range)}`;
    case "newest":
      return "newest";
    case "numerical":
    case "alphabetical":
      return `${policy.kind} ${policy.order === "ascending" ? "asc" : "desc"}`;
    case "digest":
      return `digest ${policy.tag}`;
    case "branch":
      return `branch ${policy.branch}`;
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}

export function versionsJson({ tracked, tags, picked, versions, more, refused }: LookedUp) {
  const chosen = picked.kind === "known" && picked.value.kind === "version" ? picked.value.version : undefined;
  const why = picked.kind === "unknown" ? picked.why : picked.value.kind === "none" ? picked.value.why : undefined;
  return {
    image: tracked.image,
    policy: tracked.policy,
    ...(tags.kind === "known" ? { tags: tags.value.length } : { unknown: tags.why }),
    picked: chosen === undefined ? null : { tag: chosen.tag, digest: chosen.digest },
    ...(why !== undefined && { why }),
    versions: versions.map(({ tag, digest, created, why: reason }) => ({
      tag,
      ...(digest.kind === "unknown" ? { unknown: digest.why } : { digest: digest.value ?? null }),
      ...(created !== undefined && { created: new Date(created).toISOString() }),
      ...(reason !== undefined && { why: reason }),
    })),
    more,
    notAllowed: refused,
  };
}
