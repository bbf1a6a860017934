// The cases of one environment, a row each: what is observed, and the case, the action and the sentence that follow.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Gate } from "../../src/domain/gate.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Promotion } from "../../src/domain/promotion.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import type { Situation } from "../../src/plan/environment-context.ts";
import {
  type Answers,
  configuration,
  declares,
  digestOf,
  editOf,
  environment,
  everywhere,
  IMAGE,
  images,
  ledger,
  minutes,
  observed,
  pinned,
  pipeline,
  place,
  planFully,
  promotion,
  reached,
  release,
  settled,
} from "./build.ts";

interface Row {
  readonly name: string;
  readonly observed: Observed;
  readonly environment?: string;
  readonly answers?: Answers;
  /** Brings text and check of the open promotion up to date first. */
  readonly settle?: boolean;
  readonly situation: Situation;
  /** Kinds of the actions on this environment, in order. */
  readonly actions?: readonly string[];
  /** A part of the sentence that people read. */
  readonly says?: RegExp;
}

const integration18 = declares({ integration: "1.8.0", staging: "1.7.0", live: "1.7.0" });
const open18 = promotion("integration", "1.8.0");
const main = observed().branches.main;
const withMain = (changes: object) =>
  ({ main: known({ ...(main?.kind === "known" ? main.value : undefined), ...changes }) }) as Observed["branches"];
const approved = { approvals: [{ by: "maria", head: "head-of-1.8.0" }] };
const newer = { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) };
const blocked = (tag: string) => ({
  blocks: [{ image: IMAGE, digest: digestOf(tag), tag, by: "omar", at: minutes(-5), reason: "it loses carts" }],
});
const held = {
  holds: [{ pipeline: "checkout", environment: "integration", by: "omar", at: minutes(-5), reason: "load test" }],
};

/** 1.8.0 is proposed to integration, which has this one gate. */
function gated(gate: Gate, promotion: Partial<Promotion> = {}): Observed {
  const environments = [environment("integration", { mergeWhen: [gate] })];
  return observed({
    promotions: [{ ...open18, ...promotion }],
    configuration: known(configuration({ pipelines: [pipeline({ environments })] })),
  });
}

function approvedBy(people: readonly string[]): Promotion["approvals"] {
  return people.map((by) => ({ by, head: open18.head.oid }));
}

const rows: readonly Row[] = [
  {
    name: "a newer version in the registry is proposed to the first environment",
    observed: observed(),
    situation: "opens",
    actions: ["open"],
    says: /`1.8.0` is the newest for integration: its policy picks it/,
  },
  {
    name: "what has been in the environment before is proposed to the next one",
    observed: observed(integration18),
    environment: "staging",
    situation: "opens",
    actions: ["open"],
    says: /it has been proven in integration/,
  },
  {
    name: "a version that skipped an environment is not proposed",
    observed: observed(integration18),
    environment: "live",
    situation: "nothing-to-do",
    says: /live has `1.7.0` already/,
  },
  {
    name: "nothing to do where Git declares the candidate",
    observed: observed(everywhere("1.8.0")),
    situation: "nothing-to-do",
    says: /integration has `1.8.0` already/,
  },
  {
    name: "a candidate older than what Git declares is never proposed by itself",
    observed: observed(everywhere("2.0.0")),
    situation: "nothing-to-do",
    says: /integration has `2.0.0`, which is newer than `1.8.0`/,
  },
  {
    name: "a declared version that the policy cannot order is left to people",
    observed: observed(everywhere("latest")),
    situation: "nothing-to-do",
    says: /the policy gives no order between `1.8.0` and `latest`/,
  },
  {
    name: "a tag that moved to another digest is not promoted by itself",
    observed: observed({
      environments: {
        "checkout/integration": known({
          places: [place("integration", { tag: "1.8.0", digest: digestOf("old") })],
          problems: [],
        }),
      },
      ledger: ledger({}),
    }),
    situation: "nothing-to-do",
    says: /a tag that moved is not promoted by itself/,
  },
  {
    name: "desired unknown: no file names the image",
    observed: observed({ environments: { "checkout/integration": known({ places: [], problems: [] }) } }),
    situation: "desired-unknown",
    says: /no file under `apps\/checkout\/integration` says which version of `ghcr.io\/acme\/checkout` runs/,
  },
  {
    name: "desired unknown: what stands there is no version, as the range of a chart",
    observed: observed({
      environments: {
        "checkout/integration": known({
          places: [{ ...place("integration", {}), refusal: "It is a range." }],
          problems: [],
        }),
      },
    }),
    situation: "desired-unknown",
    says: /which version of `ghcr.io\/acme\/checkout` runs is not known \(`.*`: It is a range\.\)/,
  },
  {
    name: "desired unknown: the files could not be read",
    observed: observed({ environments: { "checkout/integration": unknown("GitHub answered 502") } }),
    situation: "desired-unknown",
    says: /GitHub answered 502/,
  },
  {
    name: "desired unknown: the environment's branch does not exist",
    observed: observed({
      configuration: known(
        configuration({
          pipelines: [pipeline({ environments: [environment("integration", { branch: "env/integration" })] })],
        }),
      ),
    }),
    situation: "desired-unknown",
    says: /there is no branch `env\/integration`/,
  },
  {
    name: "candidate unknown: the registry cannot be read, and unknown is no reason to write",
    observed: observed({ images: { [IMAGE]: unknown("ghcr.io answered 503") } }),
    situation: "candidate-unknown",
    says: /ghcr.io answered 503/,
  },
  {
    name: "candidate unknown: an open promotion stays as it is",
    observed: observed({
      images: { [IMAGE]: unknown("ghcr.io answered 503") },
      promotions: [promotion("integration", "1.8.0", { draft: true })],
    }),
    settle: true,
    situation: "waits-for-a-person",
    actions: [],
    says: /is a draft[\s\S]*whether there is a newer version is not known: [\s\S]*ghcr.io answered 503/,
  },
  {
    name: "a promotion that a person pointed to another branch is closed",
    observed: observed({ promotions: [{ ...open18, base: "release" }] }),
    situation: "superseded",
    actions: ["close"],
    says: /it goes to `release`, but integration is on `main`/,
  },
  {
    name: "no tag that the policy allows is nothing to do",
    observed: observed({ images: { [IMAGE]: known(images(["main", "nightly"])) } }),
    situation: "nothing-to-do",
    says: /no tag of `ghcr.io\/acme\/checkout` is allowed by its policy/,
  },
  {
    name: "held: nothing is opened",
    observed: observed({ ledger: ledger({}, held) }),
    situation: "held",
    says: /integration is held by `omar`: `load test`/,
  },
  {
    name: "held: an open promotion stays open and its check waits",
    observed: observed({ ledger: ledger({}, held), promotions: [open18] }),
    settle: true,
    situation: "waits-at-the-gates",
    actions: [],
    says: /integration is held by `omar`/,
  },
  {
    name: "a hold that is over binds nobody",
    observed: observed({
      ledger: ledger(
        {},
        { holds: [{ ...held.holds[0], pipeline: "checkout", by: "omar", at: 0, reason: "x", until: minutes(-1) }] },
      ),
    }),
    situation: "opens",
    actions: ["open"],
  },
  {
    name: "blocked: the next best version is proposed",
    observed: observed({ images: newer, ledger: ledger({}, blocked("1.9.0")) }),
    situation: "opens",
    actions: ["open"],
    says: /`1.8.0` is the newest/,
  },
  {
    name: "blocked: an open promotion of it turns red and stays",
    observed: observed({ promotions: [open18], ledger: ledger({}, blocked("1.8.0")) }),
    situation: "waits-at-the-gates",
    actions: ["describe", "set-check"],
    says: /`1.8.0` is blocked by `omar`: `it loses carts`/,
  },
  {
    name: "frozen: it is proposed, and the check waits for the end",
    observed: observed({
      configuration: known(
        configuration({ freezes: [{ from: minutes(-60), to: minutes(60), why: "year end", environments: [] }] }),
      ),
      promotions: [open18],
    }),
    settle: true,
    situation: "waits-at-the-gates",
    actions: [],
    says: /frozen until 2026-11-20 13:00 UTC: year end/,
  },
  {
    name: "declined stays declined",
    observed: observed({
      ledger: ledger({
        integration: {
          reached: [reached("1.7.0")],
          declined: [{ release: release("1.8.0"), at: minutes(-9), pullRequest: 3, by: "maria" }],
        },
      }),
    }),
    situation: "declined",
    says: /`1.8.0` was declined here by maria, who closed pull request 3/,
  },
  {
    name: "declined: a newer version is offered again",
    observed: observed({
      images: newer,
      ledger: ledger({
        integration: {
          reached: [reached("1.7.0")],
          declined: [{ release: release("1.8.0"), at: minutes(-9), pullRequest: 3, by: "maria" }],
        },
      }),
    }),
    situation: "opens",
    actions: ["open"],
    says: /`1.9.0` is the newest/,
  },
  {
    name: "rolled back stays back",
    observed: observed({
      ledger: ledger({
        integration: {
          reached: [reached("1.7.0"), reached("1.8.0")],
          rolledBack: [{ release: release("1.8.0"), at: minutes(-9), to: "1.7.0", commit: "c0ffee" }],
        },
      }),
    }),
    situation: "rolled-back",
    says: /`1.8.0` was rolled back in integration to 1.7.0 on 2026-11-20 11:51 UTC/,
  },
  {
    name: "rolled back: what lies between is not offered either",
    observed: observed({
      images: newer,
      ...declares({ integration: "1.7.0" }),
      ledger: ledger({
        integration: {
          reached: [reached("1.7.0")],
          rolledBack: [{ release: release("1.9.0"), at: minutes(-9), to: "1.7.0", commit: "c0ffee" }],
        },
      }),
    }),
    situation: "rolled-back",
  },
  {
    name: "rolled back before: it goes no further",
    observed: observed({
      ...declares({ integration: "1.7.0", staging: "1.6.0", live: "1.6.0" }),
      ledger: ledger({
        integration: {
          reached: [reached("1.7.0"), reached("1.8.0")],
          rolledBack: [{ release: release("1.8.0"), at: minutes(-9), to: "1.7.0", commit: "c" }],
        },
        staging: { reached: [reached("1.6.0")] },
      }),
    }),
    environment: "staging",
    situation: "opens",
    says: /`1.7.0` is the newest for staging/,
  },
  {
    name: "suspended: a branch that a person pushed to is left alone, and the check says who and how to go on",
    observed: observed({
      promotions: [
        promotion("integration", "1.8.0", {
          head: {
            ...open18.head,
            ownership: { kind: "foreign", by: "maria", commit: "abcdef0123", why: "not made by this app" },
          },
        }),
      ],
    }),
    situation: "suspended",
    actions: ["set-check"],
    says: /has commit `abcdef0` by `maria`.*take that commit off the branch, close the pull request/,
  },
  {
    name: "suspended: a branch without pull request that has a person's commit is not overwritten",
    observed: observed({
      strays: [
        {
          key: "checkout/integration",
          branch: "stagecoach/checkout/integration",
          head: {
            oid: "x",
            committedAt: 0,
            parent: "y",
            ownership: { kind: "foreign", by: "maria", commit: "x", why: "" },
          },
        },
      ],
    }),
    situation: "suspended",
    says: /delete it, and `1.8.0` is proposed/,
  },
  {
    name: "over the limit of open promotions",
    observed: observed({ configuration: known(configuration({ limits: { open: 0, hourly: 60 } })) }),
    situation: "over-limit",
    says: /`1.8.0` waits: 0 promotions are open, and the limit is 0/,
  },
  {
    name: "over the limit of an hour, with the time when the next may open",
    observed: observed({
      configuration: known(configuration({ limits: { open: 20, hourly: 1 } })),
      past: [
        {
          number: 2,
          key: "other/dev",
          outcome: "merged",
          base: "main",
          by: "maria",
          byUs: false,
          openedAt: minutes(-50),
          endedAt: minutes(-40),
          head: "h",
          approvals: [],
        },
      ],
    }),
    situation: "over-limit",
    says: /the next may open at 2026-11-20 12:10 UTC/,
  },
  {
    name: "waits to be proposed: health that is not read is not health",
    observed: observed({
      ...integration18,
      configuration: known(
        configuration({
          pipelines: [
            pipeline({
              environments: [
                environment("integration"),
                environment("staging", {
                  after: ["integration"],
                  proposeWhen: [{ kind: "healthy", environment: "integration" }],
                }),
              ],
            }),
          ],
        }),
      ),
    }),
    environment: "staging",
    situation: "waits-to-be-proposed",
    says: /integration was never seen healthy with/,
  },
  {
    name: "cannot be written: the place and the reason are told",
    observed: observed(),
    answers: { edit: () => known({ kind: "refused", path: "apps/a.yaml", line: 3, column: 9, why: "it is an alias" }) },
    situation: "cannot-be-written",
    says: /`apps\/a.yaml:3:9` cannot be edited: it is an alias/,
  },
  {
    name: "cannot be written: a tag-only place that follows a moving tag",
    observed: observed(),
    answers: { edit: () => known({ kind: "edit", edit: { files: [] } }) },
    situation: "cannot-be-written",
    says: /pin the digest too/,
  },
  {
    name: "superseded: the promotion is closed when Git has its version",
    observed: observed({ ...everywhere("1.8.0"), promotions: [open18] }),
    situation: "superseded",
    actions: ["close"],
    says: /integration has `1.8.0` already/,
  },
  {
    name: "superseded: the promotion is closed when its version is no longer offered",
    observed: observed({ promotions: [open18], images: { [IMAGE]: known(images(["1.7.0"])) } }),
    situation: "superseded",
    actions: ["close"],
    says: /`1.8.0` is no longer offered: integration has `1.7.0` already/,
  },
  {
    name: "a newer candidate takes the place of the old one on the same pull request",
    observed: observed({ promotions: [open18], images: newer }),
    situation: "updates",
    actions: ["update"],
    says: /`1.9.0` takes the place of `1.8.0`/,
  },
  {
    name: "a newer candidate waits while a person's approval stands on this head",
    observed: observed({ promotions: [{ ...open18, ...approved, draft: true }], images: newer }),
    settle: true,
    situation: "waits-for-a-person",
    actions: [],
  },
  {
    name: "an approval of an older head holds nothing back",
    observed: observed({ promotions: [{ ...open18, approvals: [{ by: "maria", head: "older" }] }], images: newer }),
    situation: "updates",
    actions: ["update"],
  },
  {
    name: "supersede: always moves an approved head too",
    observed: observed({
      promotions: [{ ...open18, ...approved }],
      images: newer,
      configuration: known(
        configuration({
          pipelines: [pipeline({ environments: [environment("integration", { supersede: "always" })] })],
        }),
      ),
    }),
    situation: "updates",
    actions: ["update"],
  },
  {
    name: "a blocked version gives way to a newer one even where it was approved",
    observed: observed({
      promotions: [{ ...open18, ...approved }],
      images: newer,
      ledger: ledger({}, blocked("1.8.0")),
    }),
    situation: "updates",
    actions: ["update"],
  },
  {
    name: "never moved in the merge queue",
    observed: observed({ promotions: [{ ...open18, inMergeQueue: true }], images: newer }),
    settle: true,
    situation: "waits-for-github",
    actions: [],
    says: /in the merge queue/,
  },
  {
    name: "taken out of the merge queue when a gate closes",
    observed: observed({ promotions: [{ ...open18, inMergeQueue: true }], ledger: ledger({}, held) }),
    settle: true,
    situation: "waits-at-the-gates",
    actions: ["dequeue"],
    says: /is in the merge queue, and a gate has closed: .*held by `omar`/,
  },
  {
    name: "a moved base alone is no reason to move the head",
    observed: observed({ promotions: [{ ...open18, draft: true }], branches: withMain({ head: "base9" }) }),
    settle: true,
    situation: "waits-for-a-person",
    actions: [],
  },
  {
    name: "a file that it changes differs on the base: computed again",
    observed: observed({ promotions: [open18], branches: withMain({ head: "base9" }) }),
    answers: {
      edit: (key, to) => known({ kind: "edit", edit: editOf(key, to, "changed base") }),
      head: () => known([{ path: "apps/checkout/integration/deployment.yaml", blob: "blob of 1.8.0 on base" }]),
    },
    situation: "updates",
    actions: ["update"],
    says: /`apps\/checkout\/integration\/deployment.yaml` has changed on `main`, so the change is computed again/,
  },
  {
    name: "a conflict is computed again",
    observed: observed({
      promotions: [{ ...open18, mergeable: "conflicting" }],
      branches: withMain({ head: "base9" }),
    }),
    settle: true,
    situation: "updates",
    actions: ["update"],
    says: /conflicts with `main`/,
  },
  {
    name: "our commit holds a file that the change would not write: computed again",
    observed: observed({ promotions: [open18] }),
    answers: {
      head: () =>
        known([
          ...editOf("checkout/integration", release("1.8.0")).files.map(({ path, after }) => ({ path, blob: after })),
          { path: "extra.yaml", blob: "x" },
        ]),
    },
    situation: "updates",
    says: /`extra.yaml`/,
  },
  {
    name: "an up-to-date head is made only when every other gate has passed",
    observed: observed({ promotions: [{ ...open18, mergeState: "behind" }], branches: withMain({ head: "base9" }) }),
    settle: true,
    situation: "updates",
    actions: ["update"],
    says: /`main` takes only heads that are up to date, and every gate has passed/,
  },
  {
    name: "text, labels and check are brought up to date",
    observed: observed({ promotions: [{ ...open18, labels: [] }] }),
    situation: "waits-for-github",
    actions: ["describe", "label", "set-check"],
    says: /merges once its check says so/,
  },
  {
    name: "merge unknown to GitHub is a wait",
    observed: observed({ promotions: [{ ...open18, mergeable: "unknown" }] }),
    settle: true,
    situation: "waits-for-github",
    actions: [],
    says: /has not computed yet/,
  },
  {
    name: "a rule of the branch that is not met is a wait that says so",
    observed: observed({ promotions: [{ ...open18, mergeState: "blocked" }] }),
    settle: true,
    situation: "waits-for-a-person",
    actions: [],
    says: /a rule of `main` is not met/,
  },
  {
    name: "merge: auto merges when its check says so",
    observed: observed({ promotions: [open18] }),
    settle: true,
    situation: "merges",
    actions: ["merge"],
    says: /every gate of integration has passed for `1.8.0`/,
  },
  {
    name: "merge: manual waits for a person",
    observed: observed({
      ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.7.0" }),
      promotions: [promotion("live", "1.8.0")],
    }),
    environment: "live",
    settle: true,
    situation: "waits-for-a-person",
    actions: [],
    says: /waits for a person to merge it/,
  },
  {
    name: "mode: propose never merges",
    observed: observed({ configuration: known(configuration({ mode: "propose" })), promotions: [open18] }),
    settle: true,
    situation: "waits-for-a-person",
    actions: [],
  },
  {
    name: "mode: observe tells what it would do",
    observed: observed({ configuration: known(configuration({ mode: "observe" })) }),
    situation: "only-observes",
    actions: [],
    says: /mode is observe; otherwise now: open, because `1.8.0` is the newest/,
  },
  {
    name: "what is asked of nobody yet is neither told nor acted on",
    observed: observed({
      promotions: [{ ...open18, approvals: approvedBy(["ola"]) }],
      configuration: known(
        configuration({
          pipelines: [
            pipeline({
              environments: [
                environment("integration", { mergeWhen: [{ kind: "approvals", count: 2, teams: ["acme/sre"] }] }),
              ],
            }),
          ],
        }),
      ),
    }),
    settle: true,
    situation: "waits-at-the-gates",
    actions: [],
    says: /what the gates of integration rest on has not been read yet/,
  },
  {
    name: "approvals: as many people as asked for, on this head",
    observed: gated({ kind: "approvals", count: 2, teams: [] }, { approvals: approvedBy(["ola", "leo"]) }),
    settle: true,
    situation: "merges",
  },
  {
    name: "approvals: one person counts once",
    observed: gated({ kind: "approvals", count: 2, teams: [] }, { approvals: approvedBy(["ola", "ola"]) }),
    settle: true,
    situation: "waits-at-the-gates",
    says: /`ola` approved this head; 2 approvals of people with write access are asked for/,
  },
  {
    name: "approvals: one on another head was given to something else",
    observed: gated({ kind: "approvals", count: 1, teams: [] }, { approvals: [{ by: "ola", head: "head-of-1.7.9" }] }),
    settle: true,
    situation: "waits-at-the-gates",
    says: /nobody has approved this head yet; `ola` approved another head/,
  },
  {
    name: "a window that is open lets it merge",
    observed: gated({ kind: "window", days: [5], from: 9 * 60, to: 16 * 60, zone: "Europe/London", except: [] }),
    settle: true,
    situation: "merges",
  },
  {
    name: "a window that is closed says when it opens",
    observed: gated({
      kind: "window",
      days: [1, 2, 3, 4],
      from: 9 * 60,
      to: 16 * 60,
      zone: "Europe/London",
      except: [],
    }),
    settle: true,
    situation: "waits-at-the-gates",
    says: /it opens at 2026-11-23 09:00 UTC/,
  },
  {
    name: "fan-in: only what was in all environments before goes on",
    observed: observed({
      ...declares({ a: "1.9.0", b: "1.8.0", c: "1.7.0" }),
      ledger: ledger({
        a: { reached: [reached("1.9.0"), reached("1.8.0")] },
        b: { reached: [reached("1.8.0")] },
        c: { reached: [reached("1.7.0")] },
      }),
      images: newer,
      configuration: known(
        configuration({
          pipelines: [
            pipeline({ environments: [environment("a"), environment("b"), environment("c", { after: ["a", "b"] })] }),
          ],
        }),
      ),
    }),
    environment: "c",
    situation: "opens",
    says: /`1.8.0` is the newest for c: it has been proven in a and b/,
  },
  {
    name: "same-as takes exactly what the other one runs, also backwards",
    observed: observed({
      ...declares({ live: "1.7.0", shadow: "1.8.0" }),
      configuration: known(
        configuration({
          pipelines: [
            pipeline({
              environments: [environment("live"), environment("shadow", { after: ["live"], sameAs: "live" })],
            }),
          ],
        }),
      ),
    }),
    environment: "shadow",
    situation: "opens",
    says: /`1.7.0` is the newest for shadow/,
  },
  {
    name: "places that disagree are brought together",
    observed: observed({
      environments: {
        "checkout/integration": known({
          places: [place("integration", pinned("1.7.0")), place("integration", pinned("1.8.0"))],
          problems: [],
        }),
      },
    }),
    situation: "opens",
    actions: ["open"],
  },
  {
    name: "environment = branch: the pull request goes to that branch",
    observed: observed({
      branches: {
        ...observed().branches,
        "env/integration": known({ head: "b1", tree: "t1", committedAt: 0, author: "maria", usesMergeQueue: false }),
      },
      configuration: known(
        configuration({
          pipelines: [pipeline({ environments: [environment("integration", { branch: "env/integration" })] })],
        }),
      ),
    }),
    situation: "opens",
    actions: ["open"],
  },
  {
    name: "a ledger that could not be read: nothing moves, nothing is written",
    observed: observed({ ledger: unknown("GitHub answered 502"), promotions: [open18] }),
    situation: "ledger-untrusted",
    actions: [],
  },
  {
    name: "a ledger that is not ours: nothing moves, and the check says why",
    observed: observed({ ledger: known({ kind: "untrusted", why: "commit `abc` is by maria" }), promotions: [open18] }),
    situation: "ledger-untrusted",
    actions: ["set-check"],
    says: /nothing is promoted here: commit `abc` is by maria/,
  },
];

describe("the case of one environment", () => {
  for (const row of rows) {
    test(row.name, () => {
      const name = row.environment ?? "integration";
      const start = row.settle ? settled(row.observed, name, row.answers) : row.observed;
      const { plan } = planFully(start, row.answers);
      const actions = plan.actions.filter((action) => isAbout(action, { name, start }));
      assert.equal(plan.situations[`checkout/${name}`], row.situation, JSON.stringify(plan.waits, undefined, 1));
      if (row.actions)
        assert.deepEqual(
          actions.map(({ kind }) => kind),
          row.actions,
        );
      const sentences = [
        ...actions.map(({ reason }) => reason),
        ...plan.waits.filter(({ key }) => key === `checkout/${name}`).map(({ reason }) => reason),
      ];
      if (row.says) assert.match(sentences.join("\n"), row.says);
    });
  }
});

test("what was approved before is not approved on a new head", () => {
  const gate: Gate = { kind: "approvals", count: 1, teams: [] };
  const start = gated(gate, { approvals: approvedBy(["ola"]) });
  const always = [environment("integration", { mergeWhen: [gate], supersede: "always" })];
  const newer = {
    ...start,
    configuration: known(configuration({ pipelines: [pipeline({ environments: always })] })),
    images: { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) },
  };
  const { plan } = planFully(newer);
  assert.deepEqual(
    plan.actions.flatMap((action) => (action.kind === "update" ? [action.check.state] : [])),
    ["in-progress"],
  );
});

test("a window that ends closes the check when it ends", () => {
  const gate: Gate = { kind: "window", days: [5], from: 9 * 60, to: 16 * 60, zone: "Europe/London", except: [] };
  const manual = [environment("integration", { mergeWhen: [gate], merge: "manual" })];
  const start = {
    ...gated(gate),
    configuration: known(configuration({ pipelines: [pipeline({ environments: manual })] })),
  };
  assert.equal(planFully(settled(start, "integration")).plan.lookAgainAt, minutes(4 * 60));
});

test("an open promotion does not keep the planner from asking for newer tags", () => {
  const { plan } = planFully(observed({ promotions: [open18], images: {} }));
  assert.deepEqual(plan.needs, [{ kind: "tags", image: IMAGE }]);
});

function isAbout(
  action: ReturnType<typeof planFully>["plan"]["actions"][number],
  { name, start }: { name: string; start: Observed },
): boolean {
  if ("key" in action) return action.key === `checkout/${name}`;
  return (
    action.kind === "set-check" &&
    start.promotions.some(({ head, key }) => head.oid === action.head && key === `checkout/${name}`)
  );
}
