// The pieces of which tables about lent environments are made: integration is a sandbox, pull request 12 of maria is open
// on the branch `faster-cart`.

import type { Sandbox } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Environment, SandboxField } from "../../src/domain/pipeline.ts";
import type { Need } from "../../src/domain/plan.ts";
import type { SandboxPull, SandboxPulls, SandboxReading } from "../../src/domain/sandbox.ts";
import { NO_SANDBOX_PULLS, sandboxKey } from "../../src/domain/sandbox.ts";
import { known, type Seen } from "../../src/domain/seen.ts";
import type { ToldComment } from "../../src/domain/told.ts";
import {
  configuration,
  declares,
  editOf,
  environment,
  ledger,
  minutes,
  nothingSaid,
  observed,
  pipeline,
  planFully,
  reached,
  release,
} from "./build.ts";
import { conversation } from "./orders.ts";

export const KEY = "checkout/integration";
export const FIELD: SandboxField = {
  file: "clusters/dev/root-sync.yaml",
  path: ["spec", "git", "branch"],
  writes: "branch",
};
export const HEAD = "a".repeat(40);
/** Of the pull request that borrows. */
export const FEATURE = conversation({
  number: 12,
  kind: "pull-request",
  head: { oid: HEAD, committedAt: minutes(-30) },
});

export function lending(changes: Partial<Environment> = {}) {
  return configuration({
    pipelines: [pipeline({ environments: [environment("integration", { sandbox: FIELD, ...changes })] })],
  });
}

export function claim(changes: Partial<Sandbox> = {}): Sandbox {
  return {
    pipeline: "checkout",
    environment: "integration",
    number: 12,
    branch: "faster-cart",
    by: "maria",
    byId: 11,
    at: minutes(-10),
    before: "main",
    wrote: ["faster-cart"],
    ...changes,
  };
}

export const OVER = { endedAt: minutes(-2), ended: "pull request 12 is merged" } as const;

export function pull(changes: Partial<SandboxPull> = {}): SandboxPull {
  return {
    number: 14,
    key: KEY,
    branch: `stagecoach-sandbox/${KEY}`,
    base: "main",
    title: "Lend integration of checkout to #12",
    labels: ["stagecoach"],
    openedAt: minutes(-9),
    draft: false,
    head: { oid: "our-head", committedAt: minutes(-9), parent: "base0", ownership: { kind: "ours" } },
    mergeable: "mergeable",
    mergeState: "clean",
    inMergeQueue: false,
    ...changes,
  };
}

export interface World {
  readonly claims?: readonly Sandbox[];
  /** What the field says. */
  readonly says?: string;
  readonly reading?: Seen<SandboxReading>;
  readonly pulls?: Partial<SandboxPulls>;
  readonly comments?: readonly ToldComment[];
  readonly environment?: Partial<Environment>;
  /** What the head of our pull request holds. */
  readonly holds?: string;
  readonly changes?: Partial<Observed>;
}

export function worldOf({ claims = [claim()], pulls, environment: changed, changes }: World): Observed {
  return observed({
    ...declares({ integration: "1.7.0" }),
    configuration: known(lending(changed)),
    ledger: ledger({ integration: { reached: [reached("1.7.0")] } }, { sandboxes: claims }),
    conversations: [FEATURE],
    guarded: [
      {
        head: HEAD,
        number: 12,
        base: "main",
        branch: "faster-cart",
        contains: [],
        check: { id: 3, state: "success", fingerprint: "" },
      },
    ],
    sandboxPulls: { ...NO_SANDBOX_PULLS, ...pulls },
    ...changes,
  });
}

/** What a pass plans, with what it asks about the field and about what was said answered. */
export function plan(world: World, start = worldOf(world)) {
  const { says = "main", reading, comments = [], holds } = world;
  const done = planFully(start, {
    head: (head) => known(head === "our-head" ? [{ path: FIELD.file, blob: holds ?? "" }] : filesOf(head)),
    live: (need: Need, now: Observed) => {
      if (need.kind === "sandbox-field")
        return {
          sandboxFields: {
            ...now.sandboxFields,
            [sandboxKey(need)]: reading ?? known(fieldSays(says, need.value)),
          },
        };
      if (need.kind === "told") return { told: { [need.number]: known({ comments, deployments: [] }) } };
      return nothingSaid(need);
    },
  });
  return done.plan;
}

/** What the head of a promotion to integration holds. */
function filesOf(head: string) {
  const { files } = editOf(KEY, release(head.replace("head-of-", "")));
  return files.map(({ path, after }) => ({ path, blob: after }));
}

export function fieldSays(present: string, value: string): SandboxReading {
  if (present === value) return { kind: "field", present, edit: { files: [] } };
  const after = `blob with ${value}`;
  const changes = [{ line: 3, from: present, to: value }];
  const file = { path: FIELD.file, mode: "100644", before: present, after, text: value, changes };
  return { kind: "field", present, edit: { files: [file] } };
}
