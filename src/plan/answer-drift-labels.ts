// Decides what follows from labels that people put on an issue about drift: the reconciler is asked to sync, or what runs
// is proposed to Git as a draft. Only what was confirmed live counts, and only the versions of the pipeline's images.

import type { DriftFinding, DriftValue } from "../domain/drift.ts";
import { isDigest, isTag, normaliseImageName } from "../domain/image-name.ts";
import { digestOfTag } from "../domain/image-state.ts";
import type { LiveAction } from "../domain/live-actions.ts";
import { editKey } from "../domain/observed.ts";
import { environmentKey, nameInEnvironment } from "../domain/pipeline.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import type { ToldIssue } from "../domain/told.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { ADOPT_LABEL, SYNC_LABEL } from "./drift-labels.ts";
import { NOTHING_TO_TELL, type Telling, type TellingContext } from "./telling.ts";
import { code, nameRelease, shortDigest } from "./wording.ts";

export function answerDriftLabels(issue: ToldIssue, context: TellingContext): Telling {
  const sync = issue.labels.includes(SYNC_LABEL) ? askToSync(issue, context) : [];
  const adopts = issue.labels.includes(ADOPT_LABEL) && context.verdict.drift.length > 0;
  const adoption = adopts ? adopt(issue, context) : NOTHING_TO_TELL;
  return { ...adoption, actions: [...sync, ...adoption.actions] };
}

/** Where it differs, and where nobody can say whether it does: a person asks for it. */
function askToSync({ number }: ToldIssue, { pipeline, environment, verdict }: TellingContext): readonly LiveAction[] {
  const key = environmentKey(pipeline, environment);
  return verdict.places
    .filter(({ drift, driftKnown }) => drift.length > 0 || !driftKnown)
    .map(({ reading: { target } }) => ({
      kind: "ask-to-sync",
      key,
      target,
      issue: number,
      label: SYNC_LABEL,
      reason: `the label ${code(SYNC_LABEL)} on issue ${number} asks ${target.source} to sync`,
    }));
}

/** The adopted release is what Git declares, with the versions that were changed by hand. */
function adopt(issue: ToldIssue, context: TellingContext): Telling {
  const { pipeline, environment, verdict, observed } = context;
  const key = environmentKey(pipeline, environment);
  const waits = (reason: string): Telling => ({ ...NOTHING_TO_TELL, waits: [{ key, reason }] });
  const name = environment.branch ?? observed.repository.defaultBranch;
  const base = observed.branches[name];
  if (base?.kind !== "known") return waits(`branch ${code(name)} is not known`);
  const release = releaseThatRuns(verdict.drift, context);
  if (release.kind === "unknown") return { ...waits(`it cannot be adopted: ${release.why}`), needs: release.needs };
  const wanted = { key, release: release.value };
  const result = observed.edits[editKey(key, release.value)];
  if (result === undefined) return { ...NOTHING_TO_TELL, needs: [{ kind: "edit", ...wanted }] };
  if (result.kind === "unknown") return waits(`it cannot be adopted: ${result.why}`);
  if (result.value.kind === "refused") return waits(`it cannot be adopted: ${result.value.why}`);
  return {
    ...NOTHING_TO_TELL,
    actions: [
      {
        kind: "adopt-drift",
        key,
        issue: issue.number,
        label: ADOPT_LABEL,
        branch: `stagecoach-adopt/${key}/${issue.number}`,
        base: name,
        baseHead: base.value.head,
        baseTree: base.value.tree,
        edit: result.value.edit,
        title: `Adopt ${describe(release.value)} in ${environment.name}`,
        reason: `the label ${code(ADOPT_LABEL)} on issue ${issue.number} asks to write ${nameRelease(release.value)} to Git`,
      },
    ],
  };
}

function describe({ versions }: Release): string {
  return [...new Set(versions.map(({ tag }) => tag))].join(", ");
}

function releaseThatRuns(drift: readonly DriftFinding[], context: TellingContext): Answer<Release> {
  const { pipeline, environment, verdict } = context;
  const changed: ImageVersion[] = [];
  for (const { image } of pipeline.images) {
    const name = nameInEnvironment(environment, image);
    const references = drift.flatMap(({ field }) => readReference(field?.live) ?? []);
    const found = references.find((reference) => reference.name === name);
    if (!found) continue;
    const version = completeVersion(found, { image, name, context });
    if (version.kind === "unknown") return version;
    changed.push(version.value);
  }
  if (changed.length === 0) return noAnswer("no version of an image of this pipeline was changed by hand");
  const kept = verdict.reached.release.versions.filter(({ image }) => !changed.some((each) => each.image === image));
  return answer(releaseOf([...kept, ...changed]));
}

interface Reference {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** A live value is JSON; hostile like everything from a cluster. */
function readReference(value: DriftValue | undefined): Reference | undefined {
  if (value?.kind !== "shown") return undefined;
  const [, text] = /^"([^"\\\s]{1,500})"$/.exec(value.text) ?? [];
  const match = /^([^@]+?)(?::([\w.-]{1,128}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text ?? "");
  const name = match?.[1] === undefined ? undefined : normaliseImageName(match[1]);
  if (!match || name === undefined) return undefined;
  const [, , tag, digest] = match;
  return {
    name,
    ...(tag !== undefined && isTag(tag) && { tag }),
    ...(digest !== undefined && isDigest(digest) && { digest }),
  };
}

/** A tag means what the registry says that it means now; whoever changed the cluster may have put another digest behind it. */
function completeVersion(
  { tag, digest }: Reference,
  { image, name, context }: { readonly image: string; readonly name: string; readonly context: TellingContext },
): Answer<ImageVersion> {
  if (tag === undefined) return noAnswer(`${code(name)} runs without a tag`);
  const state = context.observed.images[name];
  const read = state?.kind === "known" ? digestOfTag(state.value, tag) : undefined;
  if (read === undefined)
    return noAnswer(`the digest of ${code(`${name}:${tag}`)} has not been read yet`, [
      { kind: "digest", image: name, tag },
    ]);
  if (read.kind === "unknown") return noAnswer(`the digest of ${code(`${name}:${tag}`)} is not known: ${read.why}`);
  if (read.value === undefined) return noAnswer(`the registry has no ${code(`${name}:${tag}`)}`);
  if (digest !== undefined && digest !== read.value)
    return noAnswer(`in the registry ${code(`${name}:${tag}`)} is ${code(shortDigest(read.value))}, not what runs`);
  return answer({ image, tag, digest: read.value });
}
