// Builders with quiet defaults for the planner's tests: a pipeline `checkout` through integration, staging and live,
// everything on 1.7.0, 1.8.0 in the registry. A test adds only its point.

import { USUAL_GUARDS } from "../../src/domain/guard.ts";
import type { ImageState } from "../../src/domain/image-state.ts";
import {
  EMPTY_LEDGER,
  type EnvironmentMemory,
  type Ledger,
  NOTHING_REMEMBERED,
  type Reached,
} from "../../src/domain/ledger.ts";
import {
  editKey,
  type HeadFile,
  jointEditKey,
  type Observed,
  removalsKey,
  UNASKED,
} from "../../src/domain/observed.ts";
import type { Configuration, Environment, EnvironmentKey, Pipeline } from "../../src/domain/pipeline.ts";
import type { Edit, EditResult, Place } from "../../src/domain/place.ts";
import type { Need } from "../../src/domain/plan.ts";
import type { Promotion, ReleasePart } from "../../src/domain/promotion.ts";
import type { ProposedChange } from "../../src/domain/proposed-change.ts";
import { type Release, releaseOf } from "../../src/domain/release.ts";
import type { Removal } from "../../src/domain/removal.ts";
import { known, type Seen } from "../../src/domain/seen.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import type { RepositoryPlan } from "../../src/plan/repository-plan.ts";

export const noon = Date.UTC(2026, 10, 20, 12);
export const minutes = (count: number): number => noon + count * 60_000;
export const IMAGE = "ghcr.io/acme/checkout";
const at = { file: ".github/stagecoach.yaml", line: 1, column: 1 };

/** Every tag has its own digest, made from its text. */
export function digestOf(tag: string): string {
  return `sha256:${Buffer.from(tag).toString("hex").padEnd(64, "0").slice(0, 64)}`;
}

export function release(tag: string, ...images: readonly string[]): Release {
  return releaseOf(
    (images.length > 0 ? images : [IMAGE]).map((image) => ({
      image,
      tag,
      digest: digestOf(`${image === IMAGE ? "" : image}${tag}`),
    })),
  );
}

export function environment(name: string, changes: Partial<Environment> = {}): Environment {
  const after = changes.after ?? [];
  return {
    name,
    after,
    paths: [`apps/checkout/${name}`],
    fields: [],
    images: [],
    merge: "auto",
    live: [],
    objects: [],
    proposeWhen: after.map((each) => ({ kind: "merged", environment: each })),
    mergeWhen: [],
    supersede: "until-approved",
    onDegraded: { do: "hold", deadline: 900_000 },
    onDrift: "report",
    allow: {},
    demanded: {},
    demandedGates: [],
    unproven: "refuse",
    guards: USUAL_GUARDS,
    at,
    ...changes,
  };
}

export function pipeline(changes: Partial<Pipeline> = {}): Pipeline {
  return {
    name: "checkout",
    images: [{ image: IMAGE, policy: { kind: "semver", range: "*", ignore: [] } }],
    environments: [
      environment("integration"),
      environment("staging", { after: ["integration"] }),
      environment("live", { after: ["staging"], merge: "manual" }),
    ],
    at,
    ...changes,
  };
}

export function configuration(changes: Partial<Configuration> = {}): Configuration {
  return {
    mode: "full",
    limits: { open: 20, hourly: 60 },
    freezes: [],
    pipelines: [pipeline()],
    broken: [],
    findings: [],
    ...changes,
  };
}

export function place(environmentName: string, pin: { tag?: string; digest?: string }, image = IMAGE): Place {
  return {
    path: `apps/checkout/${environmentName}/deployment.yaml`,
    document: 0,
    pointer: ["image"],
    line: 1,
    column: 8,
    form: "reference",
    image,
    ...pin,
  };
}

/** What a place that pins tag and digest says. */
export function pinned(tag: string, image = IMAGE): { readonly tag: string; readonly digest: string } {
  return { tag, digest: release(tag, image).versions[0]?.digest ?? "" };
}

export function images(tags: readonly string[], changes: Partial<ImageState> = {}): ImageState {
  return {
    tags,
    readAt: noon,
    digests: Object.fromEntries(tags.map((tag) => [tag, known(digestOf(tag))])),
    created: {},
    firstSeen: {},
    ...changes,
  };
}

export function reached(tag: string, changes: Partial<Reached> = {}): Reached {
  return { release: release(tag), at: minutes(-60), ...changes };
}

export function memory(changes: Partial<EnvironmentMemory> = {}): EnvironmentMemory {
  return { ...NOTHING_REMEMBERED, ...changes };
}

export function ledger(
  environments: Readonly<Record<string, Partial<EnvironmentMemory>>>,
  changes: Partial<Ledger> = {},
): Seen<{ kind: "trusted"; ledger: Ledger; head: string; tree: string }> {
  const entries = Object.entries(environments).map(([name, each]) => [`checkout/${name}`, memory(each)]);
  return known({
    kind: "trusted",
    head: "1edger",
    tree: "1edger-tree",
    ledger: { ...EMPTY_LEDGER, environments: Object.fromEntries(entries), ...changes },
  });
}

/** All environments have the same tag, and the ledger knows it. */
export function everywhere(tag: string): {
  readonly environments: Observed["environments"];
  readonly ledger: Observed["ledger"];
} {
  return declares({ integration: tag, staging: tag, live: tag });
}

export function declares(tags: Readonly<Record<string, string>>): {
  readonly environments: Observed["environments"];
  readonly ledger: Observed["ledger"];
} {
  const names = Object.keys(tags);
  return {
    environments: Object.fromEntries(
      names.map((name) => [
        `checkout/${name}`,
        known({ places: [place(name, pinned(tags[name] ?? ""))], problems: [] }),
      ]),
    ),
    ledger: ledger(Object.fromEntries(names.map((name) => [name, { reached: [reached(tags[name] ?? "")] }]))),
  };
}

export function editOf(key: EnvironmentKey, to: Release, content = "base"): Edit {
  const path = `apps/${key}/deployment.yaml`;
  const after = `blob of ${to.versions.map(({ tag }) => tag).join(" ")} on ${content}`;
  return {
    files: [
      {
        path,
        mode: "100644",
        before: content,
        after,
        text: after,
        changes: [{ line: 1, from: "1.7.0", to: to.versions[0]?.tag ?? "" }],
      },
    ],
  };
}

export function promotion(name: string, tag: string, changes: Partial<Promotion> = {}): Promotion {
  const key: EnvironmentKey = `checkout/${name}`;
  return {
    number: 7,
    key,
    branch: `stagecoach/${key}`,
    base: "main",
    title: `Promote checkout ${tag} to ${name}`,
    labels: ["stagecoach", `env/${name}`],
    openedAt: minutes(-30),
    draft: false,
    head: {
      oid: `head-of-${tag}`,
      committedAt: minutes(-30),
      parent: "base0",
      release: release(tag),
      ownership: { kind: "ours" },
    },
    mergeable: "mergeable",
    mergeState: "clean",
    inMergeQueue: false,
    approvals: [],
    checks: { total: 0, found: [] },
    pushedBy: [],
    ...changes,
  };
}

export function observed(changes: Partial<Observed> = {}): Observed {
  return {
    now: noon,
    repository: {
      id: 1,
      owner: "acme",
      name: "platform-config",
      defaultBranch: "main",
      archived: false,
      mergeMethods: ["squash"],
    },
    configuration: known(configuration()),
    branches: {
      main: known({ head: "base0", tree: "tree0", committedAt: minutes(-60), author: "maria", usesMergeQueue: false }),
    },
    images: { [IMAGE]: known(images(["1.7.0", "1.8.0"])) },
    promotions: [],
    strays: [],
    past: [],
    guarded: [],
    conversations: [],
    ...UNASKED,
    ...everywhere("1.7.0"),
    ...changes,
  };
}

export interface Answers {
  readonly edit?: (key: EnvironmentKey, to: Release) => Seen<EditResult>;
  readonly head?: (head: string) => Seen<readonly HeadFile[]>;
  /** What somebody's pull request removes, by head; by default nothing. */
  readonly removals?: (head: string) => Seen<readonly Removal[]>;
  /** What somebody's pull request changes, by head; by default nothing. */
  readonly changes?: (head: string) => Seen<ProposedChange>;
  /** What is asked about what runs and what was said; by default nothing was said yet, and nothing else is answered. */
  readonly live?: (need: Need, now: Observed) => Partial<Observed> | undefined;
}

/** Plans as a pass does: what is needed is answered, and planned again. Registry facts are never answered here. */
export function planFully(
  start: Observed,
  answers: Answers = {},
): { readonly plan: RepositoryPlan; readonly observed: Observed } {
  const edit = answers.edit ?? ((key, to) => known<EditResult>({ kind: "edit", edit: editOf(key, to) }));
  let now = start;
  for (let round = 0; round < 10; round += 1) {
    const plan = planRepository(now);
    const edits = plan.needs.flatMap((need) =>
      need.kind === "edit" ? [[editKey(need.key, need.release), edit(need.key, need.release)]] : [],
    );
    const joint = plan.needs.flatMap((need) =>
      need.kind === "joint-edit" ? [[jointEditKey(need.parts), known<EditResult>(jointEditOf(need.parts))]] : [],
    );
    const heads = plan.needs.flatMap((need) =>
      need.kind === "head-files" ? [[need.head, headFiles(need.head, now, answers)]] : [],
    );
    const removals = plan.needs.flatMap((need) =>
      need.kind === "removals" ? [[removalsKey(need), answers.removals?.(need.head) ?? known([])]] : [],
    );
    const changes = plan.needs.flatMap((need) =>
      need.kind === "change" ? [[removalsKey(need), answers.changes?.(need.head) ?? known({ environments: [] })]] : [],
    );
    const lives = plan.needs.flatMap((need) => (answers.live ?? nothingSaid)(need, now) ?? []);
    if (edits.length + joint.length + heads.length + removals.length + changes.length + lives.length === 0)
      return { plan, observed: now };
    now = {
      ...mergeAnswers(now, lives),
      edits: { ...now.edits, ...Object.fromEntries(edits), ...Object.fromEntries(joint) },
      heads: { ...now.heads, ...Object.fromEntries(heads) },
      removals: { ...now.removals, ...Object.fromEntries(removals) },
      changes: { ...now.changes, ...Object.fromEntries(changes) },
    };
  }
  throw new Error("the planner asked for more for ten rounds");
}

/** Nothing was said on GitHub yet. */
export function nothingSaid(need: Need): Partial<Observed> | undefined {
  if (need.kind === "told") return { told: { [need.number]: known({ comments: [], deployments: [] }) } };
  if (need.kind === "issues") return { issues: known([]) };
  return undefined;
}

function mergeAnswers(now: Observed, answers: readonly Partial<Observed>[]): Observed {
  let all = now;
  for (const answer of answers) {
    all = {
      ...all,
      ...answer,
      revisions: { ...all.revisions, ...answer.revisions },
      declaredAt: { ...all.declaredAt, ...answer.declaredAt },
      children: { ...all.children, ...answer.children },
      drift: { ...all.drift, ...answer.drift },
      told: { ...all.told, ...answer.told },
      removals: { ...all.removals, ...answer.removals },
      changes: { ...all.changes, ...answer.changes },
      reviews: { ...all.reviews, ...answer.reviews },
    };
  }
  return all;
}

function jointEditOf(parts: readonly ReleasePart[]): EditResult {
  const file = parts.flatMap(({ key, release: to }) => editOf(key, to).files)[0];
  const after = `blob of ${parts.map(({ release: { versions } }) => versions[0]?.tag).join(" and ")}`;
  return { kind: "edit", edit: { files: file ? [{ ...file, path: "shared.yaml", after, text: after }] : [] } };
}

/** By default a head holds what its release's edit on an unchanged base gives. */
function headFiles(head: string, now: Observed, { head: given }: Answers): Seen<readonly HeadFile[]> {
  if (given) return given(head);
  const owner = now.promotions.find((each) => each.head.oid === head);
  const { key, head: proposed } = owner ?? {};
  const parts = proposed?.parts ?? (key && proposed?.release ? [{ key, release: proposed.release }] : []);
  const files = parts.flatMap((part) => editOf(part.key, part.release).files);
  return known(files.map(({ path, after }) => ({ path, blob: after })));
}

/** The promotion as it would be after our last pass: described and checked as planned now. */
export function settled(start: Observed, name: string, answers: Answers = {}): Observed {
  let now = start;
  for (let round = 0; round < 3; round += 1) {
    const { plan } = planFully(now, answers);
    now = {
      ...now,
      promotions: now.promotions.map((each) => {
        if (each.key !== `checkout/${name}`) return each;
        const check = plan.actions.find((action) => action.kind === "set-check" && action.head === each.head.oid);
        const described = plan.actions.find((action) => action.kind === "describe" && action.number === each.number);
        return {
          ...each,
          ...(check?.kind === "set-check" && {
            check: { id: 1, state: check.check.state, fingerprint: check.check.fingerprint },
          }),
          ...(described?.kind === "describe" && { describedAs: described.view.fingerprint }),
        };
      }),
    };
  }
  return now;
}
