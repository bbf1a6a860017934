// Decides whether what was seen runs the digests of a release: the pods of containers, and the revision of a chart or
// artifact that a reconciler applies itself. An index and its manifest for one platform are the same image when the
// registry says so; a runtime that gives no comparable digest proves nothing either way.

import { tagOfChart } from "../domain/chart.ts";
import { isGitSource } from "../domain/git-source.ts";
import { normaliseImageName } from "../domain/image-name.ts";
import type { LiveRevision, LiveState, RunningContainer } from "../domain/live-state.ts";
import { imageKey, type Observed } from "../domain/observed.ts";
import { type Environment, nameInEnvironment } from "../domain/pipeline.ts";
import type { ImageVersion, Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { code, shortDigest } from "./wording.ts";

export type Running =
  /** Every container of every image runs it, in all ready pods. */
  | { readonly kind: "runs" }
  /** Some pods are not there yet, or run something else. */
  | { readonly kind: "other"; readonly why: string }
  /** Nothing was seen that could be compared. */
  | { readonly kind: "unseen" };

interface Matching {
  readonly release: Release;
  readonly environment: Environment;
  readonly observed: Observed;
}

export function matchImages(state: LiveState, matching: Matching): Answer<Running> {
  // A commit of a Git repository runs in no pod.
  const images = matching.release.versions.filter(({ image }) => !isGitSource(image));
  let seen = 0;
  for (const version of images) {
    const name = nameInEnvironment(matching.environment, version.image);
    const containers = state.containers.filter(({ image }) => nameOf(image) === name);
    const source = matchSources(state.observed, { version, name });
    if (source.kind === "other") return answer(source);
    let proven = source.kind === "runs";
    for (const container of containers) {
      const running = matchContainer(container, { ...matching, version, name });
      if (running.kind === "unknown" || running.value.kind === "other") return running;
      proven ||= running.value.kind === "runs";
    }
    if (proven) seen += 1;
  }
  return answer({ kind: images.length > 0 && seen === images.length ? "runs" : "unseen" });
}

/**
 * No pod runs a chart. Where a reconciler takes it from the registry itself, it says which version or digest it has applied;
 * an artifact that is named by its digest is the same wherever it came from.
 */
function matchSources(
  revisions: readonly LiveRevision[] | undefined,
  { version, name }: { readonly version: ImageVersion; readonly name: string },
): Running {
  const ours = (revisions ?? []).filter(({ kind, id, artifact }) => {
    return kind !== "git" && (artifact === name || (kind === "oci" && id === version.digest));
  });
  const other = ours.find((revision) => !isRevisionOf(revision, version));
  if (other) return { kind: "other", why: `${code(other.id)} of ${code(name)} is applied, not ${code(version.tag)}` };
  return { kind: ours.length > 0 ? "runs" : "unseen" };
}

function isRevisionOf({ kind, id }: LiveRevision, { tag, digest }: ImageVersion): boolean {
  return kind === "oci" ? id === digest : tagOfChart(id) === tag;
}

/** The workloads' templates, or what the reconciler tried last, ask for the release, whether or not it comes up. */
export function workloadsName(
  { versions }: Release,
  { state, environment }: { readonly state: LiveState; readonly environment: Environment },
): boolean {
  const images = versions.filter(({ image }) => !isGitSource(image));
  if (images.length === 0) return false;
  return images.every(({ image, tag, digest }) => {
    const name = nameInEnvironment(environment, image);
    const tried = matchSources(state.attempted ?? state.desired, { version: { image, tag, digest }, name });
    if (tried.kind !== "unseen") return tried.kind === "runs";
    const asked = state.containers.map((container) => container.image).filter((each) => nameOf(each) === name);
    const says = (each: string) => (each.includes("@") ? each.endsWith(`@${digest}`) : each.endsWith(`:${tag}`));
    return asked.length > 0 && asked.every(says);
  });
}

function nameOf(image: string): string | undefined {
  return normaliseImageName(image.replace(/@.*$/s, "").replace(/:[^:/]*$/, ""));
}

function matchContainer(
  { workload, pods }: RunningContainer,
  context: Matching & { readonly version: ImageVersion; readonly name: string },
): Answer<Running> {
  const { digest: wanted } = context.version;
  const other = (what: string): Answer<Running> => answer({ kind: "other", why: `${what} of ${code(workload)}` });
  if (pods.some(({ newest, ready }) => newest && !ready)) return other("not all pods are ready");
  const old = pods.filter(({ newest, ready }) => !newest && ready).length;
  if (old > 0) return other("pods from before still run");
  const digests = [...new Set(pods.flatMap(({ digest }) => digest ?? []))];
  for (const digest of digests) {
    const same = isSameImage({ digest, wanted }, context);
    if (same.kind === "unknown") return same;
    if (!same.value) return other(`${code(shortDigest(digest))} runs, not ${code(shortDigest(wanted))}, in pods`);
  }
  const comparable = digests.length > 0 && pods.every(({ digest }) => digest !== undefined);
  return answer({ kind: comparable ? "runs" : "unseen" });
}

/** The runtime may report the index or the platform's own manifest, whichever of the two was promoted. */
function isSameImage(
  { digest, wanted }: { readonly digest: string; readonly wanted: string },
  { observed, name }: Matching & { readonly name: string },
): Answer<boolean> {
  if (digest === wanted) return answer(true);
  for (const [index, child] of [
    [wanted, digest],
    [digest, wanted],
  ] as const) {
    const children = observed.children[imageKey({ image: name, digest: index })];
    if (children === undefined)
      return noAnswer(`whether ${code(shortDigest(index))} is an index has not been read yet`, [
        { kind: "children", image: name, digest: index },
      ]);
    if (children.kind === "unknown")
      return noAnswer(`whether ${code(shortDigest(index))} is an index is not known: ${children.why}`);
    if (children.value.includes(child)) return answer(true);
  }
  return answer(false);
}
