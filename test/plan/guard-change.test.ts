// What the guards say of somebody's pull request: which of them finds what, what a level makes of it, what has to be known
// first, and that nothing unknown passes where a guard is to fail.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { GuardName, Guards } from "../../src/domain/guard.ts";
import { USUAL_GUARDS } from "../../src/domain/guard.ts";
import { EMPTY_LEDGER, type Override } from "../../src/domain/ledger.ts";
import { type Observed, removalsKey } from "../../src/domain/observed.ts";
import type { Configuration, Environment } from "../../src/domain/pipeline.ts";
import type { Place } from "../../src/domain/place.ts";
import type { EnvironmentChange, ProposedChange } from "../../src/domain/proposed-change.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { overriddenBy } from "../../src/plan/guard-overrides.ts";
import { planGuarded } from "../../src/plan/plan-guarded.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import {
  configuration,
  declares,
  digestOf,
  environment,
  IMAGE,
  images,
  ledger,
  memory,
  noon,
  observed,
  pinned,
  pipeline,
  place,
  reached,
  release,
} from "./build.ts";

const HEAD = "their-head";
const BASE = "main";
const OFF = Object.fromEntries(Object.keys(USUAL_GUARDS).map((guard) => [guard, "off"])) as Guards;

type Changed = Omit<Partial<EnvironmentChange>, "key">;

interface Given {
  /** The only guard that is not off. */
  readonly guard?: GuardName;
  readonly level?: "warn" | "fail";
  readonly environment?: Partial<Environment>;
  readonly limits?: Configuration["limits"];
  /** By environment; `live` alone unless said. */
  readonly changes?: Readonly<Record<string, Changed>>;
  readonly seen?: Seen<ProposedChange>;
  readonly start?: Partial<Observed>;
}

function observe({ guard, level = "fail", ...given }: Given): Observed {
  const guards = guard === undefined ? OFF : { ...OFF, [guard]: level };
  const all = { guards, ...given.environment };
  const environments = [
    environment("integration", all),
    environment("staging", { after: ["integration"], ...all }),
    environment("live", { after: ["staging"], merge: "manual", ...all }),
  ];
  const changes = Object.entries(given.changes ?? {}).map(([name, change]): EnvironmentChange => {
    return {
      key: `checkout/${name}`,
      paths: [`apps/checkout/${name}/deployment.yaml`],
      before: [],
      after: [],
      secrets: [],
      unread: [],
      ...change,
    };
  });
  const pipelines = [pipeline({ environments })];
  return observed({
    configuration: known(configuration({ pipelines, ...(given.limits && { limits: given.limits }) })),
    images: { [IMAGE]: known(images(["1.6.0", "1.7.0"])) },
    guarded: [{ head: HEAD, number: 12, base: BASE, contains: [] }],
    removals: { [removalsKey({ head: HEAD, base: BASE })]: known([]) },
    changes: { [removalsKey({ head: HEAD, base: BASE })]: given.seen ?? known({ environments: changes }) },
    ...given.start,
  });
}

function checkOf(given: Given) {
  const action = planRepository(observe(given)).actions.find((each) => each.kind === "set-check" && each.head === HEAD);
  return action?.kind === "set-check" ? action.check : undefined;
}

function verdictsOf(given: Given) {
  const subject = checkOf(given)?.subject;
  return subject?.kind === "change" ? subject.verdicts : [];
}

const says = (given: Given) => {
  const check = checkOf(given);
  return check && `${check.state}: ${check.title}`;
};

/** The file of `live` says this where it said that. */
function sets(to: Partial<Place>, from: Partial<Place> = pinned("1.7.0"), name = "live"): Changed {
  return { before: [{ ...place(name, {}), ...from }], after: [{ ...place(name, {}), ...to }] };
}
const live = (change: Changed) => ({ changes: { live: change } });
const SECRET = { path: "apps/checkout/live/db.yaml", line: 4, key: "stringData.password", what: "a value of a Secret" };

interface Row {
  readonly when: string;
  readonly given: Given;
  readonly says: string | RegExp;
}

function tell(rows: readonly Row[]) {
  for (const { when, given, says: wanted } of rows) {
    test(`when ${when}`, () => {
      const said = says(given) ?? "nothing";
      if (typeof wanted === "string") assert.equal(said, wanted);
      else assert.match(said, wanted);
    });
  }
}

const NOTHING = "success: No promotion of Stagecoach's";

describe("secrets", () => {
  tell([
    {
      when: "it brings one: the place and the kind, never the value",
      given: { guard: "secrets", ...live({ secrets: [SECRET] }) },
      says: "failure: secrets: `checkout/live`: a value of a Secret stands in `stringData.password` in plain text",
    },
    {
      when: "the guard warns",
      given: { guard: "secrets", level: "warn", ...live({ secrets: [SECRET] }) },
      says: "success: 1 remark, which stops nothing: secrets",
    },
    { when: "the guard is off", given: live({ secrets: [SECRET] }), says: NOTHING },
    { when: "it brings none", given: { guard: "secrets", ...live({}) }, says: NOTHING },
    {
      when: "a file could not be read, and the guard fails: it waits, and blames nobody",
      given: { guard: "secrets", ...live({ unread: ["`a.yaml` was not read: it is larger than 1 MiB"] }) },
      says: /^in-progress: secrets: .*nobody looked for secrets there/,
    },
    {
      when: "a file could not be read, and the guard warns",
      given: { guard: "secrets", level: "warn", ...live({ unread: ["`a.yaml` was not read"] }) },
      says: /^success: 1 remark/,
    },
  ]);

  test("says where, and how to get past it only where something is in the way", () => {
    const [failed] = verdictsOf({ guard: "secrets", ...live({ secrets: [SECRET] }) });
    assert.deepEqual(failed?.at, { path: SECRET.path, line: 4 });
    assert.match(failed?.cure ?? "", /`\/override secrets <reason>`/);
    const [remark] = verdictsOf({ guard: "secrets", level: "warn", ...live({ secrets: [SECRET] }) });
    assert.doesNotMatch(remark?.cure ?? "", /override/);
  });
});

describe("mutable tags", () => {
  const guard = "mutable-tags";
  const moves = (tag: string) => `failure: mutable-tags: \`checkout/live\`: \`${IMAGE}:${tag}\` is a tag that moves`;
  tell([
    { when: "it is latest", given: { guard, ...live(sets({ tag: "latest" })) }, says: moves("latest") },
    { when: "it is a branch", given: { guard, ...live(sets({ tag: "main" })) }, says: moves("main") },
    {
      when: "it is somebody's branch",
      given: { guard, ...live(sets({ tag: "fix-the-till" })) },
      says: moves("fix-the-till"),
    },
    {
      when: "it is a channel of a version",
      given: { guard, ...live(sets({ tag: "1-latest" })) },
      says: moves("1-latest"),
    },
    {
      when: "there is no tag at all",
      given: { guard, ...live(sets({})) },
      says: /has neither a tag nor a digest, so it is whatever is newest/,
    },
    {
      when: "the digest is gone",
      given: { guard, ...live(sets({ tag: "1.8.0" })) },
      says: /has no digest, where one was pinned before/,
    },
    {
      when: "latest has its digest",
      given: { guard, ...live(sets({ tag: "latest", digest: digestOf("x") })) },
      says: NOTHING,
    },
    {
      when: "no digest was there before",
      given: { guard, ...live(sets({ tag: "1.8.0" }, { tag: "1.7.0" })) },
      says: NOTHING,
    },
    {
      when: "latest was there and stays",
      given: { guard, ...live(sets({ tag: "latest" }, { tag: "latest" })) },
      says: NOTHING,
    },
  ]);
});

describe("downgrades", () => {
  const guard = "downgrades";
  tell([
    {
      when: "it is older than Git",
      given: { guard, ...live(sets(pinned("1.6.0"))) },
      says: `failure: downgrades: \`checkout/live\`: \`${IMAGE}\` goes back to \`1.6.0\` from \`1.7.0\``,
    },
    { when: "it is newer", given: { guard, ...live(sets(pinned("1.8.0"))) }, says: NOTHING },
    { when: "only its file moved", given: { guard, ...live(movedFile()) }, says: NOTHING },
    {
      when: "only its document moved in the file",
      given: { guard, ...live(sets({ ...pinned("1.6.0"), document: 1 }, pinned("1.6.0"))) },
      says: NOTHING,
    },
    {
      when: "Git went on meanwhile, and it would take that back",
      given: { guard, ...live(sets(pinned("1.7.5"), pinned("1.7.0"))), start: declares({ live: "1.8.0" }) },
      says: /goes back to `1\.7\.5` from `1\.8\.0`/,
    },
    {
      when: "the policy gives no order: nobody is blamed, and it does not pass",
      given: { guard, ...live(sets({ tag: "nightly-7", digest: digestOf("n") })) },
      says: /^in-progress: downgrades: .*the policy gives no order between `nightly-7` and `1\.7\.0`/,
    },
    {
      when: "the policy gives no order, and the guard only warns",
      given: { guard, level: "warn", ...live(sets({ tag: "nightly-7", digest: digestOf("n") })) },
      says: NOTHING,
    },
  ]);

  test("a tag without a digest is asked for first", () => {
    const given: Given = { guard, ...live(sets({ tag: "1.9.0" }, { tag: "1.7.0" })) };
    assert.equal(checkOf(given), undefined);
    assert.ok(planRepository(observe(given)).needs.some(({ kind }) => kind === "digest"));
  });
});

function movedFile(): Changed {
  const old = { ...place("live", pinned("1.6.0")), path: "apps/checkout/live/old.yaml" };
  return { before: [old], after: [place("live", pinned("1.6.0"))] };
}

describe("unproven versions", () => {
  const guard = "unproven";
  const hand = live(sets(pinned("1.8.0")));
  const withMemory = (environments: Parameters<typeof ledger>[0]) => ({ start: { ledger: ledger(environments) } });
  const everywhere = { reached: [reached("1.7.0")] };
  tell([
    {
      when: "the environment before never had it",
      given: { guard, ...hand },
      says: /^failure: unproven: .*`1\.8\.0` is not proven, merged in staging: staging has not had `1\.8\.0` yet/,
    },
    {
      when: "the environment before had it",
      given: {
        guard,
        ...hand,
        ...withMemory({ staging: { reached: [reached("1.7.0"), reached("1.8.0")] }, live: everywhere }),
      },
      says: NOTHING,
    },
    {
      when: "it was rolled back in an environment before",
      given: {
        guard,
        ...hand,
        ...withMemory({
          staging: {
            reached: [reached("1.7.0"), reached("1.8.0")],
            rolledBack: [{ release: release("1.8.0"), at: 0, to: "1.7.0", commit: "c" }],
          },
          live: everywhere,
        }),
      },
      says: /^failure: unproven: .*was rolled back in staging/,
    },
    {
      when: "it was rolled back here",
      given: {
        guard,
        changes: { integration: sets(pinned("1.8.0"), pinned("1.7.0"), "integration") },
        ...withMemory({
          integration: memory({
            ...everywhere,
            rolledBack: [{ release: release("1.8.0"), at: 0, to: "`1.7.0`", commit: "c" }],
          }),
        }),
      },
      says: /^failure: unproven: .*was rolled back here to `1\.7\.0`/,
    },
    {
      when: "it is blocked, also in the first environment",
      given: {
        guard,
        changes: { integration: sets(pinned("1.8.0"), pinned("1.7.0"), "integration") },
        start: {
          ledger: ledger(
            { integration: everywhere },
            {
              blocks: [
                { image: IMAGE, digest: digestOf("1.8.0"), tag: "1.8.0", by: "ann", at: 0, reason: "loses orders" },
              ],
            },
          ),
        },
      },
      says: /^failure: unproven: .*is blocked by `ann`: `loses orders`/,
    },
    {
      when: "it is what is there already, written in another way",
      given: {
        guard,
        ...live(sets(pinned("1.7.0"), { tag: "1.7.0" })),
        ...withMemory({ staging: { reached: [reached("1.6.0")] }, live: everywhere }),
      },
      says: NOTHING,
    },
    {
      when: "a first environment takes any other",
      given: { guard, changes: { integration: sets(pinned("1.8.0"), pinned("1.7.0"), "integration") } },
      says: NOTHING,
    },
    {
      when: "the environment gave its proofs up",
      given: { guard, ...hand, environment: { proposeWhen: [], unproven: "allow" } },
      says: NOTHING,
    },
    {
      when: "the ledger cannot be read: it waits",
      given: { guard, ...hand, start: { ledger: unknown("GitHub answered 502") } },
      says: /^in-progress: unproven: .*nobody can say what this version has proven: GitHub answered 502/,
    },
  ]);
});

describe("several environments", () => {
  const guard = "several-environments";
  const two = { changes: { staging: {}, live: {} } };
  tell([
    {
      when: "two of a pipeline change at once",
      given: { guard, ...two },
      says: "failure: several-environments: it changes `checkout/staging` and `checkout/live` at once",
    },
    { when: "the guard warns", given: { guard, level: "warn", ...two }, says: /^success: 1 remark/ },
    { when: "one changes", given: { guard, ...live({}) }, says: NOTHING },
    {
      when: "more than the limit, though every guard is off",
      given: { ...two, limits: { open: 20, hourly: 60, environments: 1 } },
      says: /^in-progress: environments: it changes 2 environments at once, and the limit is 1/,
    },
    {
      when: "as many as the limit",
      given: { ...two, limits: { open: 20, hourly: 60, environments: 2 } },
      says: NOTHING,
    },
  ]);
});

describe("what is not known", () => {
  test("what it changes is asked for, and no check is set before", () => {
    const given: Given = { start: { changes: {} } };
    assert.equal(checkOf(given), undefined);
    assert.deepEqual(
      planRepository(observe(given)).needs.filter(({ kind }) => kind === "change"),
      [{ kind: "change", number: 12, head: HEAD, base: BASE, fork: false }],
    );
  });

  tell([
    {
      when: "nobody can say what it changes: it waits, whatever the levels",
      given: { seen: unknown("it changes 4000 files") },
      says: "in-progress: Not known yet what this changes: it changes 4000 files",
    },
    {
      when: "a file of versions could not be read, and their guard fails",
      given: { guard: "downgrades", ...live({ unread: ["`a.yaml:3`: The file is not valid YAML"] }) },
      says: /^in-progress: downgrades: .*nobody can say which versions it sets/,
    },
  ]);
});

describe("the pipeline file of a pull request", () => {
  const at = { file: ".github/stagecoach.yaml", line: 3, column: 1, path: "x" };
  const error = { ...at, severity: "error", message: "The key `paths` is missing." } as const;
  const file = (...findings: readonly (typeof error | (Omit<typeof error, "severity"> & { severity: "warning" }))[]) =>
    known<ProposedChange>({
      environments: [],
      pipelineFile: { kind: "read", findings, preview: ["It opens nothing"] },
    });
  tell([
    {
      when: "it has an error",
      given: { seen: file(error) },
      says: "failure: 1 error in the pipeline file: The key `paths` is missing.",
    },
    {
      when: "it has a warning",
      given: { seen: file({ ...error, severity: "warning" }) },
      says: "success: The pipeline file can be read, with 1 warning",
    },
    { when: "it is sound", given: { seen: file() }, says: "success: The pipeline file can be read" },
    {
      when: "it could not be read",
      given: { seen: known({ environments: [], pipelineFile: { kind: "unread", why: "GitHub answered 502" } }) },
      says: "in-progress: The pipeline file could not be read: GitHub answered 502",
    },
    {
      when: "none would be left",
      given: { seen: known({ environments: [], pipelineFile: { kind: "gone" } }) },
      says: "success: No pipeline file would be left",
    },
  ]);

  test("another plan of the same file writes no check anew", () => {
    const told = (line: string) =>
      checkOf({ seen: known({ environments: [], pipelineFile: { kind: "read", findings: [], preview: [line] } }) });
    assert.equal(told("It opens nothing")?.fingerprint, told("It opens one")?.fingerprint);
  });
});

describe("an override", () => {
  const given: Given = { guard: "secrets", ...live({ secrets: [SECRET] }) };
  const letPast = (gate: string, head: string): Override => ({
    gate,
    head,
    by: "maria",
    byId: 11,
    at: noon,
    reason: "it is a test key",
  });
  const stateWith = (overrides: readonly Override[]) => {
    const now = observe(given);
    assert.ok(now.configuration.kind === "known" && now.configuration.value);
    const found = planRepository(now);
    assert.ok(found);
    const candidates = new Map(
      now.configuration.value.pipelines.flatMap((each) =>
        each.environments.map((one) => [
          `checkout/${one.name}` as const,
          {
            observed: now,
            pipeline: each,
            environment: one,
            ledger: EMPTY_LEDGER,
            facts: { timeOf: () => undefined },
            declaredIn: () => ({ kind: "unknown" as const, why: "nobody asked", needs: [] }),
            liveIn: () => undefined,
          },
        ]),
      ),
    );
    const plan = planGuarded({
      observed: now,
      configuration: now.configuration.value,
      verdicts: new Map(),
      candidates,
      overrides,
    });
    return plan.actions.find(({ head }) => head === HEAD)?.check.state;
  };

  test("T8: lets a guard be passed on its own head, and on no other", () => {
    assert.equal(stateWith([]), "failure");
    assert.equal(stateWith([letPast("secrets", HEAD)]), "success");
    assert.equal(stateWith([letPast("secrets", "an-earlier-head")]), "failure");
    assert.equal(stateWith([letPast("downgrades", HEAD)]), "failure");
  });

  test("no head is one by the name of what every object has", () => {
    assert.deepEqual(overriddenBy("secrets", { head: "constructor", overrides: [letPast("secrets", HEAD)] }), []);
  });
});

describe("a merge group", () => {
  const group = { head: "group-head", base: BASE, contains: [], others: [12] };
  const stateOf = (given: Given) => {
    const now = observe(given);
    const plan = planRepository({ ...now, guarded: [...now.guarded, group] });
    const action = plan.actions.find((each) => each.kind === "set-check" && each.head === "group-head");
    return action?.kind === "set-check" ? `${action.check.state}: ${action.check.title}` : undefined;
  };

  test("passes with a person's pull request that passes", () => {
    assert.equal(stateOf({ guard: "secrets", ...live({}) }), NOTHING);
  });

  test("fails with one whose check failed", () => {
    const given: Given = { guard: "secrets", ...live({ secrets: [SECRET] }) };
    assert.equal(stateOf(given), "failure: The check of pull request 12 has failed");
  });

  test("waits for one that waits, and for one that nobody could look at", () => {
    const waits = "in-progress: The check of pull request 12 is not done";
    assert.equal(stateOf({ seen: unknown("GitHub answered 502") }), waits);
    assert.equal(stateOf({ start: { changes: {} } }), waits);
  });
});
