// Answers what the planner wants to know about what runs: where a commit stands, what the files said at it, whether an
// index holds a digest, and what became of suspects. Decides nothing itself.

import type { DriftFinding } from "../domain/drift.ts";
import {
  type DeclaredState,
  declaredKey,
  driftKey,
  imageKey,
  type Observed,
  type RevisionFacts,
  revisionKey,
} from "../domain/observed.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { declaredObject, declaredObjects } from "../manifests/declared-objects.ts";
import type { DeclaredObject } from "../manifests/find-objects.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";
import { type FoundEnvironment, findEnvironment } from "./find-environment.ts";
import { observeEnvironmentIn } from "./observe-environments.ts";
import { readTexts, readTreeIndex } from "./read-files.ts";
import { readRevision } from "./read-revision.ts";
import { keepConfirmed, recallConfirmed, withConfirmed } from "./remember-drift.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type LiveNeed = Extract<Need, { kind: "revision" | "declared-at" | "children" | "drift" }>;

export function isLiveNeed(need: Need): need is LiveNeed {
  return need.kind === "revision" || need.kind === "declared-at" || need.kind === "children" || need.kind === "drift";
}

export async function answerLiveNeeds(needs: readonly LiveNeed[], answering: Answering): Promise<Partial<Observed>> {
  const { observed } = answering;
  const revisions: Record<string, Seen<RevisionFacts>> = { ...observed.revisions };
  const declaredAt: Record<string, Seen<DeclaredState>> = { ...observed.declaredAt };
  const children: Record<string, Seen<readonly string[]>> = { ...observed.children };
  const drift: Record<string, Seen<readonly DriftFinding[]>> = { ...observed.drift };
  for (const need of needs) {
    switch (need.kind) {
      case "revision":
        revisions[revisionKey(need)] = await readRevision(need, answering);
        break;
      case "declared-at":
        declaredAt[declaredKey(need)] = await readDeclaredAt(need, answering);
        break;
      case "children":
        children[imageKey(need)] = await readChildren(need, answering);
        break;
      case "drift":
        drift[driftKey(need)] = await verifyDrift(need, answering);
        break;
    }
  }
  return { revisions, declaredAt, children, drift };
}

async function treeAt(
  commit: string,
  found: FoundEnvironment,
  desk: Omit<Answering, "observed">,
): Promise<Seen<TreeIndex>> {
  if (commit === found.branch.head) return known(await readTreeIndex(found.branch.tree, desk));
  const facts = await readRevision({ commit, head: found.branch.head }, desk);
  if (facts.kind === "unknown") return facts;
  const { tree } = facts.value;
  return tree === undefined ? unknown("GitHub gives no tree for it") : known(await readTreeIndex(tree, desk));
}

async function readDeclaredAt(
  { commit, key }: { readonly commit: string; readonly key: EnvironmentKey },
  { observed, at, shell }: Answering,
): Promise<Seen<DeclaredState>> {
  const found = findEnvironment(key, observed);
  if (!found) return unknown(`${key} is not fully known`);
  const index = await treeAt(commit, found, { at, shell });
  return index.kind === "unknown" ? index : observeEnvironmentIn(index.value, { ...found, at, shell });
}

function readChildren(
  { image, digest }: { readonly image: string; readonly digest: string },
  { at, shell }: Answering,
): Promise<Seen<readonly string[]>> {
  return shell.registry.readChildren({ image, digest, asker: `${at.owner}/${at.name}` });
}

async function verifyDrift(
  { key, target, commit }: Extract<Need, { kind: "drift" }>,
  answering: Answering,
): Promise<Seen<readonly DriftFinding[]>> {
  const { observed, at, shell } = answering;
  const found = findEnvironment(key, observed);
  const reading = observed.live[key]?.find(
    (each) => driftKey({ key, target: each.target }) === driftKey({ key, target }),
  );
  if (!found || reading?.state.kind !== "known") return unknown(`${key} is not fully known`);
  const { claim } = reading;
  const claimed = claim?.commit === undefined ? undefined : await isOnBranch(claim.commit, found, answering);
  const objects = await readDeclaredObjects(commit ?? found.branch.head, found, answering);
  const place = `${at.repository} ${driftKey({ key, target })}`;
  const suspects = withConfirmed(reading.state.value.suspects, await recallConfirmed(place, shell));
  const findings = await shell.live.verifyDrift({
    source: target.source,
    asker: `${at.owner}/${at.name}`,
    target,
    suspects,
    ...(claim && { claim }),
    ...(claimed !== undefined && { claimOnBranch: claimed }),
    declared: (object) => declaredObject(objects, object),
  });
  if (findings.kind === "known") await keepConfirmed(place, { findings: findings.value, shell });
  return findings;
}

async function isOnBranch(
  commit: string,
  { branch: { head } }: FoundEnvironment,
  answering: Answering,
): Promise<boolean | undefined> {
  if (commit === head) return true;
  const facts = await readRevision({ commit, head }, answering);
  return facts.kind === "known" ? facts.value.onBranch : undefined;
}

/** What stands in plain files; what is rendered of templates or overlays proves nothing about single fields. */
async function readDeclaredObjects(
  commit: string,
  found: FoundEnvironment,
  answering: Answering,
): Promise<readonly DeclaredObject[]> {
  const index = await treeAt(commit, found, answering);
  if (index.kind === "unknown") return [];
  const { environment } = found;
  let texts: ReadonlyMap<string, Seen<string>> = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const declared = declaredObjects({ environment, index: index.value, texts });
    if (declared.kind === "objects") return declared.objects;
    texts = new Map([...texts, ...(await readTexts(declared.oids, answering))]);
  }
  return [];
}

/** Kustomizations may name others, one within the other. */
const ROUNDS = 12;
