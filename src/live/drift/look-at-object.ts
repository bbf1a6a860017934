// Looks at one object of a cluster: is it there, which fields differ from what Git declares, which has somebody added, and
// who wrote them. Where Git declares it in plain YAML, the server is asked how it would apply that (without force, so that
// it names other owners); where it may not be asked, the declared fields are compared here. For objects that are rendered
// on the way, managed fields alone tell.

import type { DriftField, DriftSuspect } from "../../domain/drift.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import type { Cluster, DryRun, KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import { findForeignFields } from "../kubernetes/find-foreign-fields.ts";
import type { Fields } from "../kubernetes/read-fields.ts";
import { referenceOf } from "../kubernetes/reference-of.ts";
import { compareDeclared, type Mismatch } from "./compare-declared.ts";
import { type Authors, findAuthors } from "./find-author.ts";
import { findKind } from "./find-kind.ts";
import { resolveField } from "./resolve-field.ts";
import { follow, showField } from "./show-field.ts";

export type Look =
  | {
      readonly kind: "seen";
      readonly differences: readonly DriftSuspect[];
      readonly live?: KubernetesObject;
      readonly byHand: ReadonlySet<string>;
      /** Why nothing can be said of a field that does not differ, or of the object where no field is named. */
      readonly whyUnclear: (path: string | undefined) => string | undefined;
    }
  | { readonly kind: "unseen"; readonly why: string };

export interface Looking {
  readonly cluster: Cluster;
  /** As Git has it, made ready for comparing; absent where it does not say what is applied. */
  readonly declared?: Fields | undefined;
  /** Names under which the object's reconciler writes; the first is its own. */
  readonly own: readonly string[];
  /** A field that the reconciler itself owns has the value that it wanted. */
  readonly trustsOwner: boolean;
  /** It is known to belong there, though Git does not declare it in plain YAML. */
  readonly expected: boolean;
}

export async function lookAtObject(object: ObjectReference, looking: Looking): Promise<Look> {
  const kind = await findKind(object, looking.cluster);
  if (kind.kind === "unknown") return { kind: "unseen", why: kind.why };
  const { name, namespace } = object;
  const read = await looking.cluster.get({ ...kind.value, name, ...(namespace !== undefined && { namespace }) });
  if (read.kind === "unknown") return { kind: "unseen", why: read.why };
  const live = read.value;
  if (live === undefined) return lookAtAbsence(object, looking);
  if (live.metadata.deletionTimestamp !== undefined) return { kind: "unseen", why: "it is being deleted right now" };
  return compare(live, { ...looking, kind: kind.value });
}

function lookAtAbsence({ uid: _, ...object }: ObjectReference, { declared, expected }: Looking): Look {
  if (declared === undefined && !expected) {
    return { kind: "unseen", why: "it is not there, and Git does not say in plain YAML that it should be" };
  }
  const missing: DriftSuspect = { object, change: "missing", fields: [], evidence: "the cluster has no such object" };
  return { kind: "seen", differences: [missing], byHand: new Set(), whyUnclear: () => undefined };
}

type Comparing = Looking & { readonly kind: ResourceKind };

async function compare(live: KubernetesObject, comparing: Comparing): Promise<Look> {
  const { declared, own, trustsOwner } = comparing;
  const authors = findAuthors(live, own);
  const foreign = findForeignFields({ object: live, own });
  if (declared === undefined) {
    const fields = foreign.map((field) => ({ ...field, ...shownLive(field.path, live) }));
    // What the reconciler owns alone is as it rendered it.
    const whyUnclear = (path: string | undefined) =>
      trustsOwner && (path === undefined || authors.isOwn(path)) ? undefined : NOT_DECLARED;
    const byHand = new Set(fields.map(({ path }) => path));
    return { kind: "seen", live, differences: suspectsOf(live, { modified: fields }), byHand, whyUnclear };
  }
  const answer = await askServer(live, { ...comparing, declared });
  const { mismatches, written } = mismatchesOf(answer, { declared, live });
  const checked = answer.kind === "applied" || answer.kind === "conflicts";
  const doubts = new Map(
    mismatches.flatMap((mismatch) => {
      const doubt = whyDoubtful(mismatch, { checked, owned: trustsOwner && authors.isOwn(mismatch.path) });
      return doubt === undefined ? [] : [[mismatch.path, doubt] as const];
    }),
  );
  const differing = mismatches.filter(({ path }) => !doubts.has(path));
  const whyUnclear = (path: string | undefined) => (path === undefined ? undefined : doubts.get(path));
  const added = foreign.filter(({ path }) => !isDeclared(path, written));
  const differences = suspectsOf(live, {
    modified: differing.map((mismatch) => fieldOf(mismatch, { declared, live, authors })),
    added: added.map((field) => ({ ...field, ...shownLive(field.path, live) })),
  });
  return { kind: "seen", live, differences, byHand: new Set(added.map(({ path }) => path)), whyUnclear };
}

const NOT_DECLARED = "Git does not declare it in plain YAML, so nobody can say here what it should be";
const WRITTEN_BY_OWNER =
  "the reconciler wrote this value itself, so what Git declares is made into something else on the way";
const NOT_KEPT = "it may be a field that the server does not keep, and a dry run that would tell was not possible";

/** In these every key is kept; elsewhere a server drops what it does not know. */
const FREE_MAP = /^\/(?:data|binaryData)\/|\/(?:labels|annotations|nodeSelector|matchLabels)(?:\/[^/]+)?$|\/\d+$/;

function whyDoubtful(
  { path, live }: Mismatch,
  { checked, owned }: { readonly checked: boolean; readonly owned: boolean },
): string | undefined {
  if (live !== undefined) return owned ? WRITTEN_BY_OWNER : undefined;
  return checked || FREE_MAP.test(path) ? undefined : NOT_KEPT;
}

function askServer(
  live: KubernetesObject,
  { cluster, declared, own, kind }: Comparing & { readonly declared: Fields },
): Promise<DryRun> {
  const { name, namespace } = live.metadata;
  const metadata = { ...Object(declared.metadata), name, ...(namespace !== undefined && { namespace }) };
  const object = { ...declared, apiVersion: live.apiVersion, kind: live.kind, metadata };
  return cluster.dryRun({ object, plural: kind.plural, manager: own[0] ?? "stagecoach" });
}

/** Whatever the server says, what is declared and gone is found here: a conflict hides it from the server's answer. */
function mismatchesOf(
  answer: DryRun,
  { declared, live }: { readonly declared: Fields; readonly live: KubernetesObject },
): { readonly mismatches: readonly Mismatch[]; readonly written: ReadonlySet<string> } {
  const normal = answer.kind === "applied" ? answer.object : undefined;
  const compared = compareDeclared({ declared, live, normal });
  const written = compared.declared;
  if (answer.kind !== "conflicts") return { mismatches: compared.mismatches, written };
  const named = [...new Set(answer.causes.flatMap(({ field }) => resolveField(field, live) ?? []))];
  // Of two forms of one value only the server can tell that they are the same; it has not named these.
  const real = compared.mismatches.filter(
    ({ path, live: now }) => now === undefined || named.some((each) => isAtOrIn(path, each) || isAtOrIn(each, path)),
  );
  // Something beside the declared fields of a map or list that is owned as a whole; a single value was compared above.
  const wholes = named.filter((path) => typeof follow(live, path) === "object" || !written.has(path));
  const others = wholes.filter((each) => !real.some(({ path }) => isAtOrIn(path, each) || isAtOrIn(each, path)));
  const whole = others.map((path): Mismatch => ({ path, desired: undefined, live: follow(live, path) }));
  return { mismatches: [...real, ...whole], written };
}

/** Declared itself, or inside of something that is declared as a whole. */
function isDeclared(path: string, declared: ReadonlySet<string>): boolean {
  if (declared.has(path)) return true;
  let around = path;
  while (around !== "" && !declared.has(around)) around = around.slice(0, around.lastIndexOf("/"));
  return around !== "" && ![...declared].some((each) => each.startsWith(`${around}/`));
}

function isAtOrIn(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`);
}

function fieldOf(
  { path, desired, live: value }: Mismatch,
  {
    declared,
    live,
    authors,
  }: { readonly declared: Fields; readonly live: KubernetesObject; readonly authors: Authors },
): DriftField {
  const shown = { kind: live.kind, path, within: [live, declared] };
  const [wanted, found] = [showField({ ...shown, value: desired }), showField({ ...shown, value })];
  return { path, ...(wanted && { desired: wanted }), ...(found && { live: found }), ...authors.of(path) };
}

function shownLive(path: string, live: KubernetesObject): Pick<DriftField, "live"> {
  const shown = showField({ kind: live.kind, path, value: follow(live, path), within: [live] });
  return shown ? { live: shown } : {};
}

function suspectsOf(
  live: KubernetesObject,
  { modified, added = [] }: { readonly modified: readonly DriftField[]; readonly added?: readonly DriftField[] },
): readonly DriftSuspect[] {
  const object = referenceOf(live);
  const suspect = (change: DriftSuspect["change"], fields: readonly DriftField[]): readonly DriftSuspect[] =>
    fields.length === 0 ? [] : [{ object, change, fields, evidence: "read live" }];
  return [...suspect("modified", modified), ...suspect("undeclared-fields", added)];
}
