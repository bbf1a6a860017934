// Builders for what runs: `staging` names one place, Git declares 1.8.0 there since `merged`, and a healthy cluster says
// so. A test adds only its point.

import type { TellLive } from "../../src/domain/live-actions.ts";
import type { LiveState } from "../../src/domain/live-state.ts";
import type { LiveReading, Observed } from "../../src/domain/observed.ts";
import type { Environment, LiveTarget } from "../../src/domain/pipeline.ts";
import type { Action } from "../../src/domain/plan.ts";
import { known, type Seen } from "../../src/domain/seen.ts";
import {
  type Answers,
  configuration,
  digestOf,
  environment,
  IMAGE,
  ledger,
  minutes,
  noon,
  nothingSaid,
  observed,
  pinned,
  pipeline,
  place,
  planFully,
} from "./build.ts";

export const MERGE = "a".repeat(40);
export const BEFORE = "b".repeat(40);
export const LATER = "c".repeat(40);
export const HEAD = "d".repeat(40);
/** When 1.8.0 was merged to staging. */
export const merged = minutes(-20);

export const target: LiveTarget = { source: "dev", kind: "flux", name: "apps/checkout-staging" };
export const STAGING = "checkout/staging" as const;

export function git(id: string, repository = "acme/platform-config") {
  return [{ kind: "git", id, repository, reference: "main" }] as const;
}

export function liveState(changes: Partial<LiveState> = {}): LiveState {
  return {
    reconciler: "flux-kustomization",
    object: {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      namespace: "apps",
      name: "checkout-staging",
    },
    desired: git(HEAD),
    attempted: git(HEAD),
    observed: git(HEAD),
    sync: { state: "synced" },
    health: { state: "healthy", basis: "reconciler", since: minutes(-10) },
    freshness: { readAt: noon, proof: "timestamp" },
    resources: [],
    suspects: [],
    prunable: [],
    containers: [],
    healing: { on: true, how: "every 10m", ignored: [] },
    ...changes,
  };
}

/** A container of the promoted image, and the digests that its pods run. */
export function container(...digests: readonly string[]) {
  const pods = digests.map((digest, index) => ({ name: `web-${index}`, digest, ready: true, newest: true }));
  return { workload: "Deployment/checkout/web", container: "web", image: `${IMAGE}:1.8.0`, pods };
}

export function reading(state: Seen<LiveState> | LiveState, changes: Partial<LiveReading> = {}): LiveReading {
  return { target, state: "kind" in state ? state : known(state), heardAt: noon, ...changes };
}

export interface Following {
  readonly states?: readonly LiveReading[];
  readonly staging?: Partial<Environment>;
  readonly live?: Partial<Environment>;
  readonly memory?: Parameters<typeof ledger>[0];
  readonly changes?: Partial<Observed>;
}

/** 1.8.0 came to staging with pull request 7; live comes after it and still has 1.7.0. */
export function following({
  states = [reading(liveState())],
  staging,
  live,
  memory,
  changes,
}: Following = {}): Observed {
  const environments = [
    environment("staging", { live: states.map((each) => each.target), ...staging }),
    environment("live", {
      after: ["staging"],
      proposeWhen: [{ kind: "healthy", environment: "staging" }],
      ...live,
    }),
  ];
  const arrival = { release: rel("1.8.0"), at: merged, pullRequest: 7, commit: MERGE };
  return observed({
    configuration: known(configuration({ pipelines: [pipeline({ environments })] })),
    branches: {
      main: known({ head: HEAD, tree: "tree", committedAt: merged, author: "maria", usesMergeQueue: false }),
    },
    ledger: ledger({
      staging: { reached: [arrival, { release: rel("1.7.0"), at: minutes(-9000), healthyAt: minutes(-8990) }] },
      live: { reached: [{ release: rel("1.7.0"), at: minutes(-8000) }] },
      ...memory,
    }),
    environments: {
      "checkout/staging": known({ places: [place("staging", pinned("1.8.0"))], problems: [] }),
      "checkout/live": known({ places: [place("live", pinned("1.7.0"))], problems: [] }),
    },
    live: { [STAGING]: states },
    ...changes,
  });
}

function rel(tag: string) {
  return { versions: [{ image: IMAGE, tag, digest: digestOf(tag) }] };
}

/** What the commits of this little history are: `before` has 1.7.0, the merge and all later ones 1.8.0. */
export const history: NonNullable<Answers["live"]> = (need) => {
  if (need.kind === "revision") {
    const missing = { [BEFORE]: [MERGE, LATER, HEAD], [MERGE]: [LATER, HEAD], [LATER]: [HEAD] }[need.commit];
    const facts = missing ? { onBranch: true, missing } : { onBranch: false };
    return { revisions: { [`${need.commit} ${need.head}`]: known(facts) } };
  }
  if (need.kind === "declared-at") {
    const tag = need.commit === BEFORE ? "1.7.0" : "1.8.0";
    const places = [place("staging", pinned(tag))];
    return { declaredAt: { [`${need.commit} ${need.key}`]: known({ places, problems: [] }) } };
  }
  if (need.kind === "children") return { children: { [`${need.image}@${need.digest}`]: known([]) } };
  return nothingSaid(need);
};

export function follow(start: Observed, answers: Answers = { live: history }) {
  const { plan, observed: end } = planFully(start, answers);
  const told = plan.actions.find((action): action is TellLive => action.kind === "tell-live" && action.key === STAGING);
  const news = plan.actions.flatMap((action) => (action.kind === "remember" ? action.news : []));
  return { plan, told, news, end, kinds: plan.actions.map(({ kind }: Action) => kind) };
}
