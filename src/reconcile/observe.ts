// The first phase of a pass: reads what counts, judges nothing. One question to the forge gives the ids of the moment;
// only what has new ids is read. A read that failed is a value that says why, unless the forge itself is out of reach.

import type { ButtonPress } from "../domain/button.ts";
import type { StoredHint } from "../domain/hint.ts";
import { type BranchState, type Observed, UNASKED } from "../domain/observed.ts";
import type { Configuration } from "../domain/pipeline.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Snapshot } from "../forge/snapshot.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";
import { observeComments } from "./observe-comments.ts";
import { observeConfiguration } from "./observe-configuration.ts";
import { observeDashboard } from "./observe-dashboard.ts";
import { observeEnvironments } from "./observe-environments.ts";
import { imagesIn, recallImages } from "./observe-images.ts";
import { observeLedger } from "./observe-ledger.ts";
import { observeLive } from "./observe-live.ts";
import { readTreeIndex } from "./read-files.ts";
import { recallTries } from "./remember-retag.ts";
import { readNote, writeNote } from "./repository-note.ts";
import type { Shell } from "./shell.ts";

export interface Observation {
  readonly observed: Observed;
  /** GraphQL node id of the repository, for moving refs. */
  readonly node: string;
  readonly indexOf: (tree: string) => Promise<TreeIndex>;
  /** Images whose age asks for another look that this pass does not take. */
  readonly imagesLeft: number;
}

interface Reader {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export async function observe({
  hints,
  at,
  shell,
}: Reader & { readonly hints: readonly StoredHint[] }): Promise<Observation> {
  const remembered = await recallBranches({ at, shell });
  let snapshot = await shell.forge.observe(at, { branches: remembered });
  const indexOf = (tree: string) => readTreeIndex(tree, { at, shell });
  const configuration = await configurationOf(snapshot, { indexOf, at, shell });
  const wanted = configuration.kind === "known" && configuration.value ? branchesOf(configuration.value) : [];
  if (wanted.some((branch) => snapshot.branches[branch] === undefined)) {
    // The pipeline file names a branch that it did not name before; the ids have to be of one moment.
    snapshot = await shell.forge.observe(at, { branches: wanted });
  }
  if (wanted.join("\n") !== remembered.join("\n")) await rememberBranches(wanted, { at, shell });
  const facts = await observeFacts(snapshot, { configuration, hints, indexOf, at, shell });
  return { observed: facts.observed, node: snapshot.node, indexOf, imagesLeft: facts.imagesLeft };
}

async function configurationOf(
  snapshot: Snapshot,
  { indexOf, at, shell }: Reader & Pick<Observation, "indexOf">,
): Promise<Observed["configuration"]> {
  const main = snapshot.branches[snapshot.repository.defaultBranch];
  if (main === undefined || (main.kind === "known" && main.value === undefined)) return known(undefined);
  if (main.kind === "unknown") return main;
  return main.value ? observeConfiguration(await indexOf(main.value.tree), { at, shell }) : known(undefined);
}

async function observeFacts(
  snapshot: Snapshot,
  {
    configuration,
    hints,
    indexOf,
    at,
    shell,
  }: Reader &
    Pick<Observation, "indexOf"> & {
      readonly configuration: Observed["configuration"];
      readonly hints: readonly StoredHint[];
    },
): Promise<{ readonly observed: Observed; readonly imagesLeft: number }> {
  const branches = existingBranches(snapshot);
  const { defaultBranch } = snapshot.repository;
  const value = configuration.kind === "known" ? configuration.value : undefined;
  const environments = value ? await observeEnvironments(value, { branches, defaultBranch, indexOf, at, shell }) : {};
  const recalled = value
    ? await recallImages(value, { hinted: imagesIn(hints, at), at, shell })
    : { images: {}, leftForLater: 0 };
  const dashboard = await observeDashboard(snapshot, { wanted: value?.dashboard === true, at, shell });
  const presses = pressesIn(hints);
  // Without a pipeline file there is nothing to remember, and no reason to read what was remembered.
  const ledger = value ? await observeLedger(snapshot, { at, shell }) : unknown("there is no pipeline file");
  const observed: Observed = {
    now: shell.now(),
    repository: snapshot.repository,
    configuration,
    ledger,
    branches,
    environments,
    images: recalled.images,
    promotions: snapshot.promotions,
    strays: snapshot.strays,
    past: snapshot.past,
    guarded: snapshot.guarded,
    sandboxPulls: snapshot.sandboxPulls,
    conversations: snapshot.conversations,
    ...(presses.length > 0 && { presses }),
    ...(hasRetags(ledger) && { retagged: await recallTries({ at, shell }) }),
    ...(dashboard && { dashboard }),
    ...UNASKED,
    comments: value ? await observeComments(snapshot.conversations, { hints, at, shell }) : {},
    live: value ? await observeLive(value, { at, shell }) : {},
  };
  return { observed, imagesLeft: recalled.leftForLater };
}

function hasRetags(ledger: Observed["ledger"]): boolean {
  return ledger.kind === "known" && ledger.value.kind === "trusted" && ledger.value.ledger.retags.length > 0;
}

function pressesIn(hints: readonly StoredHint[]): readonly ButtonPress[] {
  return hints.flatMap(({ id, storedAt, subject }): readonly ButtonPress[] => {
    if (subject.kind !== "button") return [];
    const { kind: _, ...press } = subject;
    return [{ ...press, id, at: storedAt }];
  });
}

function existingBranches(snapshot: Snapshot): Observed["branches"] {
  const branches: Record<string, Seen<BranchState>> = {};
  for (const [name, seen] of Object.entries(snapshot.branches)) {
    if (seen.kind === "unknown") branches[name] = seen;
    else if (seen.value) branches[name] = known(seen.value);
  }
  return branches;
}

function branchesOf({ pipelines }: Configuration): readonly string[] {
  const names = pipelines.flatMap(({ environments }) => environments.flatMap(({ branch }) => branch ?? []));
  return [...new Set(names)].sort();
}

/** The branches that the pipeline file named last time, so that one question is enough. */
async function recallBranches({ at, shell }: Reader): Promise<readonly string[]> {
  const text = await readNote("branches", { at, shell });
  return text === undefined || text === "" ? [] : text.split("\n");
}

async function rememberBranches(branches: readonly string[], { at, shell }: Reader): Promise<void> {
  await writeNote("branches", { text: branches.join("\n"), at, shell });
}
