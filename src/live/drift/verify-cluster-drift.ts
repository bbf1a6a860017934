// Looks at suspects and claims again through a Kubernetes API server, for Flux, Config Sync and plain namespaces: reads every
// object that somebody named, compares it with Git, and gathers the rules that allow a difference. The verdict is
// `judge-drift.ts`'s. Writes nothing: what it asks the server to apply is a dry run.

import type { DriftField, DriftFinding, DriftSuspect } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { known, type Seen } from "../../domain/seen.ts";
import type { Cluster, KubernetesObject } from "../cluster/cluster.ts";
import { DEPLOYERS } from "../kubernetes/judge-manager.ts";
import { type Fields, isFields, valueAt } from "../kubernetes/read-fields.ts";
import type { DriftRequest } from "../live.ts";
import { type Autoscalers, readAutoscalers } from "./autoscalers.ts";
import { readDeclaredDocument } from "./declared-document.ts";
import { findRule } from "./find-rule.ts";
import { findStrangers, STRANGER } from "./find-strangers.ts";
import { type IgnoreRule, readIgnoreRules } from "./flux-ignore.ts";
import { type DriftEvidence, findDrift } from "./judge-drift.ts";
import { type Look, lookAtObject } from "./look-at-object.ts";
import { refuseClaim, whyNotNow } from "./refuse-claim.ts";

export interface ClusterDriftContext {
  readonly cluster: Cluster;
  /** The reconciler's state, read just now. */
  readonly state: Seen<LiveState>;
}

/** Each costs a read and a dry run. */
const MOST_OBJECTS = 20;

export async function verifyClusterDrift(
  request: DriftRequest,
  { cluster, state }: ClusterDriftContext,
): Promise<Seen<readonly DriftFinding[]>> {
  const { suspects, claim, claimOnBranch } = request;
  const asked = { suspects, claim, claimOnBranch, target: state };
  if (state.kind === "unknown" || whyNotNow(state) !== undefined) {
    return findDrift({ ...asked, differences: known([]), ruleFor: () => undefined });
  }
  const refused = claim && refuseClaim({ claim, onBranch: claimOnBranch, state: state.value });
  // What a report says of another revision or object is not worth a request.
  const strangers = findStrangers(request, state.value);
  const named = distinct([...suspects, ...(claim && !refused ? claim.suspects : [])].map(({ object }) => object));
  const own = named.filter((object) => !strangers.has(objectKey(object)));
  const evidence = await gather(own, { request, cluster, state: state.value });
  const unseen: Evidence["unseen"] = (object, field) =>
    strangers.has(objectKey(object)) ? STRANGER : evidence.unseen?.(object, field);
  return findDrift({ ...asked, ...evidence, unseen });
}

function distinct(objects: readonly ObjectReference[]): readonly ObjectReference[] {
  return [...new Map(objects.map((object) => [objectKey(object), object] as const).reverse()).values()].reverse();
}

interface Gathering {
  readonly request: DriftRequest;
  readonly cluster: Cluster;
  readonly state: LiveState;
}

type Evidence = Pick<DriftEvidence, "differences" | "ruleFor" | "unseen">;

async function gather(named: readonly ObjectReference[], gathering: Gathering): Promise<Evidence> {
  const settings = await readSettings(gathering);
  if (settings.kind === "unknown") return { differences: settings, ruleFor: () => undefined };
  const looks = new Map<string, Look>();
  const declared = new Map<string, Fields | undefined>();
  await Promise.all(
    named.slice(0, MOST_OBJECTS).map(async (object) => {
      const document = settings.value.rendered ? undefined : readDeclaredDocument(gathering.request.declared(object));
      declared.set(objectKey(object), document);
      looks.set(objectKey(object), await lookAtObject(object, lookingFor(object, { ...gathering, document })));
    }),
  );
  const differences = [...looks.values()].flatMap((look) => (look.kind === "seen" ? look.differences : []));
  const autoscalers = await readAutoscalers(differences, gathering.cluster);
  return {
    differences: known(differences.flatMap((difference) => withoutUnclear(difference, autoscalers))),
    ruleFor: (object, field) => {
      const look = looks.get(objectKey(object));
      if (look?.kind !== "seen" || !look.live) return undefined;
      const allowance = { live: look.live, declared: declared.get(objectKey(object)), byHand: look.byHand };
      const scaler = autoscalers.of(object);
      const known = {
        ...allowance,
        rules: settings.value.rules,
        ...(scaler?.kind === "known" && { autoscaler: scaler.value }),
      };
      return findRule(field, { allowance: known, undeclared: field !== undefined && look.byHand.has(field.path) });
    },
    unseen: (object, field) => whyUnseen(looks.get(objectKey(object)), { object, field, autoscalers }),
  };
}

const OWN_MANAGERS: Readonly<Record<LiveState["reconciler"], readonly string[]>> = {
  argocd: ["argocd-controller"],
  "flux-kustomization": ["kustomize-controller"],
  "flux-helmrelease": ["helm-controller"],
  "config-sync": ["configsync.gke.io"],
  kubernetes: DEPLOYERS,
};

function lookingFor(
  object: ObjectReference,
  { request, cluster, state, document }: Gathering & { readonly document: Fields | undefined },
): Parameters<typeof lookAtObject>[1] {
  const key = objectKey(object);
  const inInventory = state.resources.some((resource) => objectKey(resource.object) === key);
  const noticed = request.suspects.some((suspect) => suspect.change === "missing" && objectKey(suspect.object) === key);
  return {
    cluster,
    declared: document,
    own: OWN_MANAGERS[state.reconciler],
    trustsOwner: state.reconciler !== "kubernetes",
    expected: inInventory || noticed,
  };
}

interface Settings {
  readonly rules: readonly IgnoreRule[];
  /** What is applied is made of what Git declares: nothing can be compared with it. */
  readonly rendered: boolean;
}

const TRANSFORMS = ["patches", "images", "postBuild", "components", "namePrefix", "nameSuffix"];

/** Only Flux's objects say how what they apply is made. */
async function readSettings({ cluster, state }: Gathering): Promise<Seen<Settings>> {
  const { reconciler, object } = state;
  if (reconciler !== "flux-kustomization" && reconciler !== "flux-helmrelease")
    return known({ rules: [], rendered: false });
  const found = await readReconciler(object, cluster);
  if (found.kind === "unknown") return found;
  if (found.value === undefined) return known({ rules: [], rendered: true });
  const spec = valueAt(found.value, "spec");
  const transforms = TRANSFORMS.some((key) => isFields(spec) && isFilled(spec[key]));
  return known({ rules: readIgnoreRules(found.value), rendered: reconciler === "flux-helmrelease" || transforms });
}

async function readReconciler(object: ObjectReference, cluster: Cluster): Promise<Seen<KubernetesObject | undefined>> {
  const { apiVersion, kind, name, namespace } = object;
  const plural = `${kind.toLowerCase()}s`;
  return cluster.get({ apiVersion, kind, plural, name, ...(namespace !== undefined && { namespace }) });
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Replicas mean nothing while it is not known whether an autoscaler sets them. */
function withoutUnclear(difference: DriftSuspect, autoscalers: Autoscalers): readonly DriftSuspect[] {
  if (autoscalers.of(difference.object)?.kind !== "unknown") return [difference];
  const fields = difference.fields.filter(({ path }) => path !== "/spec/replicas");
  return fields.length === difference.fields.length
    ? [difference]
    : fields.length > 0
      ? [{ ...difference, fields }]
      : [];
}

function whyUnseen(
  look: Look | undefined,
  { object, field, autoscalers }: { object: ObjectReference; field: DriftField | undefined; autoscalers: Autoscalers },
): string | undefined {
  if (look === undefined) return `only ${MOST_OBJECTS} objects are looked at in one go`;
  if (look.kind === "unseen") return look.why;
  const scaler = field?.path === "/spec/replicas" ? autoscalers.of(object) : undefined;
  if (scaler?.kind === "unknown") return `it is not known whether an autoscaler sets the replicas: ${scaler.why}`;
  return look.whyUnclear(field?.path);
}
