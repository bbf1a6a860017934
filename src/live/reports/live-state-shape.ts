// A live state as a reporter sends it: every field of the domain's type, checked. Times are epoch milliseconds.

import type { DriftField, DriftSuspect, DriftValue } from "../../domain/drift.ts";
import type {
  Blocked,
  Freshness,
  Healing,
  LastResult,
  LiveHealth,
  LiveResource,
  LiveRevision,
  LiveState,
  LiveSync,
  PruneCandidate,
  RunningContainer,
  RunningPod,
} from "../../domain/live-state.ts";
import {
  faulty,
  fits,
  flag,
  type JsonShape,
  listOf,
  objectOf,
  prose,
  textLike,
  wholeNumber,
  word,
} from "./json-shape.ts";
import { fieldPath, objectReference, shortText } from "./object-shapes.ts";

const LATEST_TIME = 8.64e15;
const instant = wholeNumber("a time in milliseconds since 1970", LATEST_TIME);
const syncState = word("synced", "out-of-sync", "progressing", "failed", "unknown");
const healthState = word("healthy", "progressing", "degraded", "suspended", "missing", "unknown");

const revision = objectOf<LiveRevision>(
  {
    kind: word("git", "oci", "helm"),
    id: textLike(/^[\w.+:-]+$/, { most: 200, says: "a commit, a digest or a version" }),
  },
  {
    repository: textLike(/^[\w.-]+\/[\w.-]+$/, { most: 200, says: "owner/name" }),
    artifact: textLike(/^[\w.:[\]/-]+$/, { most: 320, says: "the name of an image or a chart in its registry" }),
    reference: textLike(/^[^\p{Cc}\s]+$/u, { most: 250, says: "a branch or a tag" }),
  },
);

const sync = objectOf<LiveSync>(
  { state: syncState },
  {
    cause: word("new-revision", "drift", "prune-pending", "spec-changed", "apply-failed", "switching-source"),
    message: prose(),
  },
);

const health = objectOf<LiveHealth>(
  { state: healthState, basis: word("reconciler", "kstatus", "none") },
  { since: instant, message: prose() },
);

const freshness = objectOf<Freshness>(
  { readAt: instant, proof: word("handshake", "timestamp", "read", "report", "none") },
  { reconciledAt: instant, stale: prose() },
);

const lastResult = objectOf<LastResult>(
  { phase: word("succeeded", "failed", "running", "unknown") },
  { startedAt: instant, at: instant, message: prose(), by: shortText },
);

const blocked = objectOf<Blocked>({ code: shortText, message: prose(), retrying: flag }, {});

const resource = objectOf<LiveResource>(
  { object: objectReference },
  { sync: syncState, health: healthState, message: prose() },
);

const driftValue: JsonShape<DriftValue> = eitherOf(
  objectOf<Extract<DriftValue, { readonly kind: "shown" }>>({ kind: word("shown"), text: prose(300) }, {}),
  objectOf<Extract<DriftValue, { readonly kind: "hidden" }>>({ kind: word("hidden") }, {}),
);

const field = objectOf<DriftField>(
  { path: fieldPath },
  {
    ...{ desired: driftValue, live: driftValue, manager: shortText, operation: shortText, subresource: shortText },
    time: instant,
  },
);

const suspect = objectOf<DriftSuspect>(
  {
    object: objectReference,
    change: word("modified", "missing", "extra", "undeclared-fields"),
    fields: listOf(field),
    evidence: shortText,
  },
  {},
);

const prunable = objectOf<PruneCandidate>(
  { object: objectReference, protection: word("none", "never", "confirm"), holdsData: flag },
  {},
);

const pod = objectOf<RunningPod>(
  { name: shortText, ready: flag, newest: flag },
  { digest: textLike(/^sha256:[0-9a-f]{64}$/, { most: 71, says: "a digest" }) },
);

const container = objectOf<RunningContainer>(
  { workload: prose(600), container: shortText, image: prose(600), pods: listOf(pod) },
  {},
);

const healing = objectOf<Healing>({ how: shortText, ignored: listOf(prose(300)) }, { on: flag });

const link: JsonShape<string> = {
  schema: { type: "string", pattern: "^https://", maxLength: 2000, description: "A page for people." },
  read(value, at) {
    const url = typeof value === "string" && value.length <= 2_000 ? URL.parse(value) : null;
    return url?.protocol === "https:" && url.username === "" && url.password === ""
      ? fits(url.href)
      : faulty(at, "is not an address that begins with https:// and holds no credentials");
  },
};

export const liveState: JsonShape<LiveState> = objectOf<LiveState>(
  {
    reconciler: word("argocd", "flux-kustomization", "flux-helmrelease", "config-sync", "kubernetes"),
    object: objectReference,
    ...{ sync, health, freshness, healing },
    resources: listOf(resource),
    suspects: listOf(suspect),
    prunable: listOf(prunable),
    containers: listOf(container),
  },
  {
    ...{ desired: listOf(revision), attempted: listOf(revision), observed: listOf(revision) },
    ...{ suspended: prose(), lastResult, blocked, link },
  },
);

function eitherOf<A, B>(one: JsonShape<A>, other: JsonShape<B>): JsonShape<A | B> {
  return {
    schema: { anyOf: [one.schema, other.schema] },
    read(value, at) {
      const first = one.read(value, at);
      return first.kind === "fits" ? first : other.read(value, at);
    },
  };
}
