// Looks at suspects and claims again through Argo CD: makes it compare Git and the cluster anew, reads what differs field
// by field and who wrote it, and leaves the verdict to the judge.

import type { DriftField, DriftFinding, DriftSuspect } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import { nameObject, type ObjectReference } from "../../domain/object-reference.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import { findDrift } from "../drift/judge-drift.ts";
import { isController, whyAllowed } from "../kubernetes/judge-manager.ts";
import { cutText, valueAt } from "../kubernetes/read-fields.ts";
import type { DriftRequest } from "../live.ts";
import { type ApplicationAddress, addressQuery, permissionFor } from "./application-address.ts";
import { describeApplication, refreshApplication, type SourceContext } from "./ask-argocd.ts";
import { compareManaged, indexManaged, type ManagedDifference, type ManagedObjects } from "./compare-managed.ts";
import { findAuthors } from "./find-author.ts";

/** Their managed fields cost a request each. */
const MOST_AUTHORS = 5;

type VerifyContext = SourceContext & { readonly address: ApplicationAddress; readonly now: () => number };

export async function verifyArgocdDrift(
  request: DriftRequest,
  context: VerifyContext,
): Promise<Seen<readonly DriftFinding[]>> {
  const found = await refreshApplication(context.address, { ...context, refresh: "hard" });
  const target =
    found.kind === "known"
      ? describeApplication(found.value, { ...context, now: context.now(), refreshed: true })
      : found;
  const evidence =
    target.kind === "known" ? await gatherEvidence(request, { ...context, state: target.value }) : target;
  const { suspects, claim, claimOnBranch } = request;
  if (evidence.kind === "unknown") {
    return findDrift({ suspects, claim, claimOnBranch, target, differences: evidence, ruleFor: () => undefined });
  }
  return findDrift({ suspects, claim, claimOnBranch, target, ...evidence.value });
}

interface Evidence {
  readonly differences: Seen<readonly DriftSuspect[]>;
  readonly ruleFor: (object: ObjectReference, field: DriftField | undefined) => string | undefined;
  readonly unseen: (object: ObjectReference) => string | undefined;
}

async function gatherEvidence(
  request: DriftRequest,
  context: VerifyContext & { readonly state: LiveState },
): Promise<Seen<Evidence>> {
  const { state } = context;
  const { state: sync, cause } = state.sync;
  if (sync === "synced" && request.claim === undefined) {
    return known({ differences: known([]), ruleFor: () => undefined, unseen: () => undefined });
  }
  if (sync !== "synced" && cause !== "drift" && cause !== "prune-pending") {
    return unknown(
      "Argo CD did not compare the cluster with the revision that it applied, so what differs may be that",
    );
  }
  const managed = await readManaged(context);
  if (managed.kind === "unknown") return managed;
  const asked = askedObjects(request, state);
  const compared = new Map<string, ManagedDifference | undefined>();
  for (const [key, { object, claimed }] of asked) {
    const item = managed.value.get(key);
    compared.set(key, item === undefined ? undefined : compareManaged(item, { object, claimed }));
  }
  const found = [...compared.values()].filter((difference) => difference !== undefined);
  const differences = found.map(({ difference }) => difference).filter(isDifference);
  return known({
    differences: known(await nameAuthors(differences, context)),
    ruleFor: (object, field) => findRule({ object, field, quiet: compared.get(objectKey(object))?.quiet, state }),
    unseen: (object) =>
      compared.get(objectKey(object)) === undefined
        ? `Argo CD shows no comparison of ${nameObject(object)} in this Application`
        : undefined,
  });
}

function isDifference({ change, fields }: DriftSuspect): boolean {
  return change !== "modified" || fields.length > 0;
}

interface AskedObject {
  readonly object: ObjectReference;
  readonly claimed: readonly string[];
}

/** What was noticed, what is claimed, and what Argo CD itself says now. */
function askedObjects({ suspects, claim }: DriftRequest, state: LiveState): ReadonlyMap<string, AskedObject> {
  const asked = new Map<string, AskedObject>();
  for (const { object, fields } of [...suspects, ...(claim?.suspects ?? []), ...state.suspects]) {
    const key = objectKey(object);
    const claimed = [
      ...(asked.get(key)?.claimed ?? []),
      ...fields.map(({ path }) => path).filter((path) => path !== ""),
    ];
    asked.set(key, { object, claimed });
  }
  return asked;
}

async function readManaged({ client, limits, address }: VerifyContext): Promise<Seen<ManagedObjects>> {
  const answer = await client.ask({
    path: ["applications", address.name, "managed-resources"],
    query: addressQuery(address),
    largest: limits.list,
    timeout: limits.timeout,
    permission: permissionFor("get", address),
  });
  if (answer.kind === "unknown") return answer;
  const items = valueAt(answer.value, "items") ?? [];
  return Array.isArray(items) ? known(indexManaged(items)) : unknown(`${client.host} answered no list of objects`);
}

/** Without an author a difference is told all the same. */
async function nameAuthors(
  differences: readonly DriftSuspect[],
  context: VerifyContext,
): Promise<readonly DriftSuspect[]> {
  const edited = differences.filter(({ fields }) => fields.length > 0).slice(0, MOST_AUTHORS);
  const named = new Map(
    await Promise.all(edited.map(async (suspect) => [suspect, await nameAuthor(suspect, context)] as const)),
  );
  return differences.map((suspect) => named.get(suspect) ?? suspect);
}

async function nameAuthor(suspect: DriftSuspect, { client, limits, address }: VerifyContext): Promise<DriftSuspect> {
  const { apiVersion, kind, namespace, name } = suspect.object;
  const slash = apiVersion.indexOf("/");
  const answer = await client.ask({
    path: ["applications", address.name, "resource"],
    query: {
      ...addressQuery(address),
      group: slash === -1 ? "" : apiVersion.slice(0, slash),
      version: apiVersion.slice(slash + 1),
      kind,
      namespace: namespace ?? "",
      resourceName: name,
    },
    largest: limits.single,
    timeout: limits.timeout,
    permission: permissionFor("get", address),
  });
  const manifest = answer.kind === "known" ? valueAt(answer.value, "manifest") : undefined;
  return { ...suspect, fields: findAuthors(parseManifest(manifest), suspect.fields) };
}

function parseManifest(manifest: unknown): unknown {
  try {
    return typeof manifest === "string" ? JSON.parse(manifest) : undefined;
  } catch {
    // Then nobody is named.
    return undefined;
  }
}

function findRule({
  object,
  field,
  quiet,
  state,
}: {
  readonly object: ObjectReference;
  readonly field: DriftField | undefined;
  readonly quiet: ReadonlySet<string> | undefined;
  readonly state: LiveState;
}): string | undefined {
  if (field === undefined) return undefined;
  if (quiet?.has(field.path)) {
    const rules = state.healing.ignored.length === 0 ? "" : ` (${cutText(state.healing.ignored.join("; "), 300)})`;
    return `Argo CD's rules for differences leave it alone${rules}`;
  }
  const allowed = whyAllowed({ kind: object.kind, path: field.path });
  if (allowed !== undefined) return allowed;
  // Anybody may take a controller's name, so it excuses no change of what runs.
  if (field.manager === undefined || !isController(field.manager) || /\/image$/.test(field.path)) return undefined;
  if (/^argocd-/.test(field.manager))
    return "Argo CD wrote it itself, and something in the cluster changes it on the way";
  return `${cutText(field.manager, 100)} wrote it, which is a controller and not a person`;
}
