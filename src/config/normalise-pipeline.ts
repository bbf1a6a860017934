// A sound draft to the pipeline that the planner sees: defaults filled in, shorthands written out, environments in
// order. Whatever could be missing was told as a finding before; a draft with an error never comes here.

import { parseGitSource } from "../domain/git-source.ts";
import { GUARDS, type Guards, USUAL_GUARDS } from "../domain/guard.ts";
import type { Environment, Field, ImageAlias, LiveTarget, Pipeline, Policy, TrackedImage } from "../domain/pipeline.ts";
import type { SettingsFloor } from "../domain/settings.ts";
import type { Draft, DraftEnvironment } from "./draft.ts";
import type { WrittenEnvironment } from "./environment-table.ts";
import type { OwnerSearch } from "./find-owners.ts";
import { LIVE_KINDS, type WrittenLive } from "./live-table.ts";
import { normaliseAllow } from "./normalise-allow.ts";
import { normaliseGates } from "./normalise-gates.ts";
import { orderEnvironments } from "./order-environments.ts";
import type { WrittenNaming, WrittenPolicy } from "./policy-table.ts";
import type { Written } from "./shape.ts";
import { type At, locate } from "./source.ts";

const DEGRADED_DEADLINE = 15 * 60_000;

/** `undefined` when the environments cannot be put in order. */
export function normalisePipeline(draft: Draft, { floor, owners }: Surroundings): Pipeline | undefined {
  const order = orderEnvironments(draft.environments);
  if (order.kind === "cycle") return undefined;
  const source = draft.written.source?.value ?? onlyRepository(draft);
  return {
    name: draft.name,
    ...(source !== undefined && { source }),
    images: (draft.written.images?.value ?? []).flatMap(({ value }): readonly TrackedImage[] => {
      const name = value.image ?? value.git;
      return name === undefined ? [] : [{ image: name.value, policy: policyOf(value.policy?.value) }];
    }),
    environments: order.environments.map((environment) => normaliseEnvironment(environment, { draft, floor, owners })),
    at: positionOf(draft.at),
  };
}

/** Where nothing but one Git repository is promoted, its commits are what changes. */
function onlyRepository({ images }: Draft): string | undefined {
  const [only, ...more] = images ?? [];
  const git = only === undefined || more.length > 0 ? undefined : parseGitSource(only);
  return git && `${git.owner}/${git.repository}`;
}

interface Surroundings {
  readonly floor: readonly SettingsFloor[];
  readonly owners: OwnerSearch;
}

interface Context extends Surroundings {
  readonly draft: Draft;
}

function normaliseEnvironment(environment: DraftEnvironment, { draft, floor, owners }: Context): Environment {
  const { name, written, at } = environment;
  const { branch, group, "same-as": sameAs } = written;
  return {
    name,
    after: environment.predecessors.map(({ value }) => value),
    ...(sameAs !== undefined && { sameAs: sameAs.value }),
    ...(branch !== undefined && { branch: branch.value }),
    ...(group !== undefined && { group: group.value }),
    paths: valuesOf(written.paths).map((path) => path.replace(/\/$/, "")),
    fields: fieldsOf(written, draft),
    images: aliasesOf(written, draft),
    merge: written.merge?.value ?? "manual",
    live: valuesOf(written.live).map((live) => liveOf(live, `${draft.name}/${name}`)),
    objects: objectsOf(written),
    ...normaliseGates(environment, { draft, floor }),
    supersede: written.supersede?.value ?? "until-approved",
    onDegraded: onDegradedOf(written),
    onDrift: written["on-drift"]?.value ?? "report",
    ...normaliseAllow(environment, { draft, floor, owners }),
    unproven: written.unproven?.value ?? "refuse",
    guards: guardsOf(written),
    ...sandboxOf(written),
    at: positionOf(at),
  };
}

function policyOf(written: WrittenPolicy | undefined): Policy {
  if (written === undefined) return { kind: "semver", range: "*", ignore: [] };
  if (typeof written === "string") {
    return written === "newest" ? { kind: "newest", ignore: [] } : { kind: written, order: "ascending", ignore: [] };
  }
  const { semver, newest, numerical, alphabetical, digest, branch, platform } = written;
  const platforms = [...new Set(valuesOf(platform))];
  const filter = { ...filterOf(written), ...(platforms.length > 0 && { platforms }) };
  if (newest !== undefined) return { kind: "newest", ...filter };
  if (numerical !== undefined) return { kind: "numerical", order: orderOf(numerical.value), ...filter };
  if (alphabetical !== undefined) return { kind: "alphabetical", order: orderOf(alphabetical.value), ...filter };
  if (branch !== undefined) return { kind: "branch", branch: branch.value, ...filter };
  if (digest !== undefined) return { kind: "digest", tag: digest.value, ...filter };
  return { kind: "semver", range: semver?.value ?? "*", ...filter };
}

function orderOf(written: "asc" | "desc"): "ascending" | "descending" {
  return written === "asc" ? "ascending" : "descending";
}

function filterOf({ tags, ignore }: WrittenNaming): { readonly tags?: string; readonly ignore: readonly string[] } {
  return { ...(tags !== undefined && { tags: tags.value }), ignore: valuesOf(ignore) };
}

function aliasesOf(written: WrittenEnvironment, { images }: Draft): readonly ImageAlias[] {
  return valuesOf(written.images).flatMap((alias): readonly ImageAlias[] => {
    const as = alias.as?.value ?? images?.[0];
    if (alias.image === undefined || as === undefined) return [];
    const policy = alias.policy === undefined ? {} : { policy: filterOf(alias.policy.value) };
    return [{ image: alias.image.value, as, ...policy }];
  });
}

function fieldsOf(written: WrittenEnvironment, { images }: Draft): readonly Field[] {
  return valuesOf(written.fields).flatMap(({ file, path, writes, image, git }): readonly Field[] => {
    const name = (image ?? git)?.value ?? images?.[0];
    if (file === undefined || path === undefined || name === undefined) return [];
    return [{ file: file.value, path: path.value, writes: writes?.value ?? "tag", image: name }];
  });
}

function sandboxOf({ sandbox }: WrittenEnvironment): Pick<Environment, "sandbox"> {
  const { file, path, writes } = sandbox?.value ?? {};
  if (file === undefined || path === undefined) return {};
  return { sandbox: { file: file.value, path: path.value, writes: writes?.value ?? "branch" } };
}

/** Without a name the source only pushes, and its reports are looked for under the environment's key. */
function liveOf(written: WrittenLive, key: string): LiveTarget {
  const source = written.source?.value ?? "";
  for (const kind of LIVE_KINDS) {
    const target = written[kind];
    if (target !== undefined) return { source, kind, name: target.value };
  }
  return { source, kind: "reports", name: key };
}

function objectsOf(written: WrittenEnvironment): Environment["objects"] {
  return valuesOf(written.objects).flatMap(({ kind, namespace, name }) => {
    if (kind === undefined || name === undefined) return [];
    return [{ kind: kind.value, ...(namespace !== undefined && { namespace: namespace.value }), name: name.value }];
  });
}

function onDegradedOf(written: WrittenEnvironment): Environment["onDegraded"] {
  const said = written["on-degraded"]?.value;
  if (said === undefined) return { do: "hold", deadline: DEGRADED_DEADLINE };
  if (typeof said === "string") return { do: said, deadline: DEGRADED_DEADLINE };
  return { do: said.do?.value ?? "hold", deadline: said.deadline?.value ?? DEGRADED_DEADLINE };
}

function guardsOf(written: WrittenEnvironment): Guards {
  const said = written.guards?.value;
  const levels = GUARDS.map((guard) => [guard, said?.[guard]?.value ?? USUAL_GUARDS[guard]] as const);
  return Object.fromEntries(levels) as Guards;
}

function valuesOf<T>(list: Written<readonly Written<T>[]> | undefined): readonly T[] {
  return list?.value.map(({ value }) => value) ?? [];
}

function positionOf({ node }: At): Pipeline["at"] {
  return { file: node.file.path, ...locate(node.file, node.start) };
}
