// Reads what somebody's pull request would make of the environments and of the pipeline file: only the files that it
// changes, and of them no more than is allowed. Its files are a stranger's; what cannot be read is told, never left out.

import { setImmediate } from "node:timers/promises";
import type { Observed } from "../domain/observed.ts";
import type { HelmRepository, Place, PlaceProblem } from "../domain/place.ts";
import type { Need } from "../domain/plan.ts";
import type { EnvironmentChange, PlainSecret, ProposedChange } from "../domain/proposed-change.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { findPlaces, joinPlaces, type PlacesInFile } from "../manifests/find-places.ts";
import { findSecrets, type SecretsReading } from "../manifests/find-secrets.ts";
import { isManifestPath } from "../manifests/manifest-path.ts";
import { type ChangedSides, selectTouched, type TouchedEnvironment } from "../manifests/select-touched.ts";
import { indexTree, type TreeFile, type TreeIndex } from "../manifests/tree-index.ts";
import { code } from "../plan/wording.ts";
import { readChangedFiles, readTree } from "./read-changes.ts";
import { readTexts } from "./read-files.ts";
import { readProposedFile } from "./read-proposed-file.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observed: Observed;
  readonly indexOf: (tree: string) => Promise<TreeIndex>;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export type ChangeNeed = Extract<Need, { kind: "change" }>;

/** Of both sides together; beyond it a file is told as not read. */
const MOST_FILES = 400;
const MOST_BYTES = 8 * 1024 * 1024;
const TOLD_UNREAD = 10;

/** What a head changes on its base never changes, as long as the pipeline file stands. */
export async function readProposedChange(need: ChangeNeed, answering: Answering): Promise<Seen<ProposedChange>> {
  const { observed, at, shell } = answering;
  const main = observed.branches[observed.repository.defaultBranch];
  const file = main?.kind === "known" ? main.value.tree : "";
  const key = `${at.repository} ${need.head} ${need.base} ${file}`;
  const kept = shell.memory.changes.get(key);
  if (kept) return kept;
  const found = await findChange(need, answering);
  if (found.kind === "known") shell.memory.changes.set(key, found);
  return found;
}

async function findChange(need: ChangeNeed, answering: Answering): Promise<Seen<ProposedChange>> {
  const { observed, at, shell } = answering;
  const { configuration, repository } = observed;
  if (configuration.kind === "unknown" || configuration.value === undefined)
    return unknown("the pipeline file is not known");
  const changed = await readChangedFiles(need, { at, shell });
  if (changed.kind === "unknown") return changed;
  if (changed.value.head !== need.head) return unknown("it has got another head meanwhile");
  const before = await readTree(changed.value.mergeBaseTree, { at, shell });
  if (before.kind === "unknown") return before;
  const after = await readTree(changed.value.headTree, { at, shell });
  if (after.kind === "unknown") return after;
  const sides = changedSides(changed.value.paths, { before: before.value, after: after.value });
  const touched = selectTouched(configuration.value, {
    branch: need.base,
    defaultBranch: repository.defaultBranch,
    ...sides,
  });
  const environments = await readEnvironments(touched, { observed, at, shell });
  const pipelineFile = await readProposedFile({ need, sides, configuration: configuration.value }, answering);
  return known({ environments, ...(pipelineFile && { pipelineFile }) });
}

function changedSides(paths: readonly string[], { before, after }: ChangedSides): ChangedSides {
  const differing = paths.filter((path) => {
    const [old, now] = [before.byPath.get(path), after.byPath.get(path)];
    return old?.oid !== now?.oid || old?.mode !== now?.mode;
  });
  const only = (index: TreeIndex) => indexTree(differing.flatMap((path) => index.byPath.get(path) ?? []));
  return { before: only(before), after: only(after) };
}

async function readEnvironments(
  touched: readonly TouchedEnvironment[],
  { observed, ...desk }: Pick<Answering, "observed" | "at" | "shell">,
): Promise<readonly EnvironmentChange[]> {
  const files = touched.flatMap(({ everyBefore, everyAfter }) => [...everyAfter, ...everyBefore]);
  const wanted = withinLimits(files);
  const texts = new Map(await readTexts([...wanted], desk));
  for (const { oid } of files) if (!texts.has(oid)) texts.set(oid, unknown(TOO_MUCH));
  const secrets = new Map<string, SecretsReading>();
  const changes: EnvironmentChange[] = [];
  for (const each of touched) {
    const repositories = repositoriesBeside(each, observed);
    changes.push(await judge(each, { texts, secrets, repositories }));
  }
  return changes;
}

/** HelmRepositories of the files that stay as they are: they say where the charts in the others come from. */
function repositoriesBeside(touched: TouchedEnvironment, { environments }: Observed): readonly HelmRepository[] {
  const declared = environments[touched.key];
  if (declared?.kind !== "known") return [];
  const changed = new Set([...touched.before, ...touched.after].map(({ path }) => path));
  return (declared.value.repositories ?? []).filter(({ path }) => !changed.has(path));
}

const TOO_MUCH = `at most ${MOST_FILES} files and ${MOST_BYTES / 1024 / 1024} MiB of a pull request are looked at`;

function withinLimits(files: readonly TreeFile[]): ReadonlySet<string> {
  const wanted = new Set<string>();
  let bytes = 0;
  for (const { oid, size = 0 } of files) {
    if (wanted.has(oid)) continue;
    if (wanted.size >= MOST_FILES || bytes + size > MOST_BYTES) continue;
    wanted.add(oid);
    bytes += size;
  }
  return wanted;
}

interface Material {
  readonly texts: ReadonlyMap<string, Seen<string>>;
  /** By path and blob: several environments may name the same file. */
  readonly secrets: Map<string, SecretsReading>;
  /** Of the files that do not change. */
  readonly repositories: readonly HelmRepository[];
}

async function judge(touched: TouchedEnvironment, material: Material): Promise<EnvironmentChange> {
  const { key, everyBefore, everyAfter } = touched;
  const before = await placesIn(touched.before, { touched, material });
  const after = await placesIn(touched.after, { touched, material });
  const old = new Set(before.problems.map(({ path, why }) => `${path}\n${why}`));
  const fresh = after.problems.filter(({ path, why }) => !old.has(`${path}\n${why}`));
  const { secrets, problems } = await newSecrets(touched, material);
  const unread = [
    ...unreadIn([...everyAfter, ...touched.before], material),
    ...fresh.map(({ path, line, why }) => `${code(`${path}:${line}`)}: ${why.replace(/\.$/, "")}`),
    ...problems,
  ];
  const all = [...new Set(unread)];
  const more = all.length - TOLD_UNREAD;
  return {
    key,
    paths: [...new Set([...everyBefore, ...everyAfter].map(({ path }) => path))].sort(),
    before: before.places,
    after: after.places,
    secrets,
    unread: more > 0 ? [...all.slice(0, TOLD_UNREAD), `${more} more files could not be looked at`] : all,
  };
}

/** Reading YAML is slow: whoever else waits for this process has a turn after each file. */
async function placesIn(
  files: readonly TreeFile[],
  { touched, material }: { readonly touched: TouchedEnvironment; readonly material: Material },
): Promise<{ readonly places: readonly Place[]; readonly problems: readonly PlaceProblem[] }> {
  const { images, environment } = touched;
  const found: PlacesInFile[] = [];
  for (const { path, oid } of files) {
    const text = material.texts.get(oid);
    if (text?.kind !== "known") continue;
    const fields = environment.fields.filter(({ file }) => file === path);
    found.push(findPlaces({ path, text: text.value, images, fields }));
    await setImmediate();
  }
  return joinPlaces(found, { images, repositories: material.repositories });
}

/** What is no text (a picture, an archive) says no version and is not looked into; a manifest that is none is told. */
function unreadIn(files: readonly TreeFile[], { texts }: Pick<Material, "texts">): readonly string[] {
  return files.flatMap(({ path, oid }) => {
    const text = texts.get(oid);
    if (text === undefined || text.kind === "known") return [];
    return text.why === TOO_MUCH || isManifestPath(path) ? [`${code(path)} was not read: ${text.why}`] : [];
  });
}

async function newSecrets(
  { everyBefore, everyAfter }: TouchedEnvironment,
  material: Material,
): Promise<{ readonly secrets: readonly PlainSecret[]; readonly problems: readonly string[] }> {
  for (const file of [...everyBefore, ...everyAfter]) {
    secretsIn(file, material);
    await setImmediate();
  }
  const old = new Set(everyBefore.flatMap((file) => secretsIn(file, material).secrets.map(({ print }) => print)));
  const readings = everyAfter.map((file) => ({ path: file.path, ...secretsIn(file, material) }));
  return {
    secrets: readings.flatMap(({ path, secrets }) =>
      secrets.filter(({ print }) => !old.has(print)).map(({ line, key, what }) => ({ path, line, key, what })),
    ),
    problems: readings.flatMap(({ path, problem }) => (problem === undefined ? [] : [`${code(path)}: ${problem}`])),
  };
}

function secretsIn({ path, oid }: TreeFile, { texts, secrets }: Material): SecretsReading {
  const kept = secrets.get(`${oid} ${path}`);
  if (kept) return kept;
  const text = texts.get(oid);
  const reading = text?.kind === "known" ? findSecrets({ path, text: text.value }) : { secrets: [] };
  secrets.set(`${oid} ${path}`, reading);
  return reading;
}
