// What is decided for a repository as a whole: order, limits, checks on other heads, orphans, branches, the ledger.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Finding } from "../../src/domain/finding.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Configuration } from "../../src/domain/pipeline.ts";
import type { GuardedHead, PastPromotion } from "../../src/domain/promotion.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import {
  configuration,
  declares,
  digestOf,
  environment,
  IMAGE,
  images,
  minutes,
  observed,
  pinned,
  pipeline,
  place,
  planFully,
  promotion,
  release,
} from "./build.ts";

const kinds = (start: Observed) => planFully(start).plan.actions.map(({ kind }) => kind);
const reasons = (start: Observed) => planFully(start).plan.waits.map(({ reason }) => reason);
const configured = (changes: Partial<Configuration>) => known(configuration(changes));

/** Services `s1` to `s<count>`, each with one environment, all on 1.7.0 with 1.8.0 in the registry. */
function services(count: number, changes: Partial<Configuration> = {}): Observed {
  const names = Array.from({ length: count }, (_, index) => `s${index + 1}`);
  const image = (name: string) => `ghcr.io/acme/${name}`;
  const pipelines = names.map((name) =>
    pipeline({
      name,
      images: [{ image: image(name), policy: { kind: "semver", range: "*", ignore: [] } }],
      environments: [environment("dev")],
    }),
  );
  const states = names.map((name) => [
    `${name}/dev`,
    known({ places: [place("dev", pinned("1.7.0"), image(name))], problems: [] }),
  ]);
  const seen = (index: number) => images(["1.8.0"], { firstSeen: { [digestOf("1.8.0")]: minutes(-index) } });
  return observed({
    configuration: configured({ pipelines, ...changes }),
    environments: Object.fromEntries(states),
    images: Object.fromEntries(names.map((name, index) => [image(name), known(seen(index))])),
    ledger: known({ kind: "absent" }),
  });
}

describe("the order of actions", () => {
  test("memory first, then what ends, then what moves, then what opens", () => {
    const start = observed({
      ...declares({ integration: "1.8.0", staging: "1.7.0", live: "1.6.0" }),
      promotions: [promotion("integration", "1.8.0"), promotion("live", "1.6.5", { number: 8 })],
      images: { [IMAGE]: known(images(["1.8.0"])) },
    });
    const fresh = { ...start, ledger: known({ kind: "absent" as const }) };
    assert.deepEqual(kinds(fresh), ["remember", "close", "update", "open"]);
  });

  test("a second look at what the first one remembered and opened plans nothing new for the ledger", () => {
    const { plan } = planFully(services(3));
    const memory = plan.actions.find(({ kind }) => kind === "remember");
    assert.ok(memory?.kind === "remember");
    assert.equal(memory.news.length, 3);
    const ledger = known({ kind: "trusted" as const, ledger: memory.ledger, head: "l1", tree: "t1" });
    assert.ok(!kinds({ ...services(3), ledger }).includes("remember"));
  });
});

describe("limits", () => {
  test("the oldest wishes are opened, as many as there is room for", () => {
    const { plan } = planFully(services(5, { limits: { open: 2, hourly: 60 } }));
    const opened = plan.actions.flatMap((action) => (action.kind === "open" ? [action.key] : []));
    assert.deepEqual(opened, ["s5/dev", "s4/dev"]);
    assert.equal(plan.waits.filter(({ reason }) => /the limit is 2/.test(reason)).length, 3);
  });

  test("only the edits that there is room for are computed", () => {
    const first = planFully(services(300, { limits: { open: 3, hourly: 60 } }));
    assert.equal(Object.keys(first.observed.edits).length, 3);
  });

  test("a wish that cannot be written takes no place from the next one", () => {
    const refused = { kind: "refused", path: "a.yaml", line: 1, column: 1, why: "it is an alias" } as const;
    const start = services(3, { limits: { open: 1, hourly: 60 } });
    const { plan } = planFully(start, {
      edit: (key, to) =>
        known(
          key === "s3/dev"
            ? refused
            : {
                kind: "edit",
                edit: {
                  files: [
                    { path: "a", mode: "100644", before: "b", after: to.versions[0]?.tag ?? "", text: "", changes: [] },
                  ],
                },
              },
        ),
    });
    assert.deepEqual(
      plan.actions.flatMap((action) => (action.kind === "open" ? [action.key] : [])),
      ["s2/dev"],
    );
  });
});

describe("checks on other heads", () => {
  const theirs: GuardedHead = { head: "their-head", number: 12, base: "main", contains: [] };
  const verdict = (head: GuardedHead, start: Partial<Observed> = {}) => {
    const { plan } = planFully(observed({ images: { [IMAGE]: known(images(["1.7.0"])) }, guarded: [head], ...start }));
    const check = plan.actions.find((action) => action.kind === "set-check" && action.head === head.head);
    return check?.kind === "set-check" ? `${check.check.state}: ${check.check.title}` : undefined;
  };

  test("a person's pull request to a governed branch succeeds, so that the check can be required", () => {
    assert.equal(verdict(theirs), "success: No promotion of Stagecoach's");
  });

  test("a merge group succeeds when every promotion in it has", () => {
    const green = promotion("integration", "1.8.0", { inMergeQueue: true });
    const start = { promotions: [green], images: { [IMAGE]: known(images(["1.8.0"])) } };
    assert.equal(
      verdict({ head: "group", base: "main", contains: [7] }, start),
      "success: Every gate of pull request 7 has passed",
    );
  });

  test("a merge group with a promotion whose gate has closed does not succeed", () => {
    const frozen = configured({ freezes: [{ from: minutes(-5), to: minutes(5), why: "audit", environments: [] }] });
    const start = {
      configuration: frozen,
      promotions: [promotion("integration", "1.8.0", { inMergeQueue: true })],
      images: { [IMAGE]: known(images(["1.8.0"])) },
    };
    assert.equal(
      verdict({ head: "group", base: "main", contains: [7] }, start),
      "in-progress: pull request 7 waits at a gate",
    );
  });

  test("a merge group without promotions succeeds", () => {
    assert.equal(verdict({ head: "group", base: "main", contains: [] }), "success: No promotion of Stagecoach's");
  });

  test("what says so already is not written again", () => {
    const { plan } = planFully(observed({ guarded: [theirs], images: { [IMAGE]: known(images(["1.7.0"])) } }));
    const [check] = plan.actions.flatMap((action) => (action.kind === "set-check" ? [action.check] : []));
    assert.ok(check);
    const present = { id: 4, state: check.state, fingerprint: check.fingerprint };
    assert.equal(verdict({ ...theirs, check: present }), undefined);
  });
});

describe("the pipeline file", () => {
  const error: Finding = {
    file: ".github/stagecoach.yaml",
    line: 3,
    column: 5,
    severity: "error",
    path: "pipelines[0]",
    message: "The range cannot be read.",
    pipeline: "checkout",
  };

  test("broken on the default branch: open promotions stay, and the commit shows why", () => {
    const broken = configured({ pipelines: [], broken: [{ name: "checkout", finding: error }], findings: [error] });
    const { plan } = planFully(observed({ configuration: broken, promotions: [promotion("integration", "1.8.0")] }));
    assert.deepEqual(
      plan.actions.map((action) => [action.kind, action.kind === "set-check" && action.head]),
      [["set-check", "base0"]],
    );
    assert.match(
      plan.waits.map(({ reason }) => reason).join("\n"),
      /pipeline checkout stands still: .github\/stagecoach.yaml:3:5[\s\S]*pull request 7 stays as it is/,
    );
  });

  test("an environment that it no longer names: the promotion is closed", () => {
    const { plan } = planFully(
      observed({ promotions: [promotion("canary", "1.8.0")], images: { [IMAGE]: known(images(["1.7.0"])) } }),
    );
    assert.deepEqual(
      plan.actions.map(({ kind, reason }) => [kind, reason]),
      [["close", "the pipeline file no longer names checkout/canary"]],
    );
  });

  const still: readonly { readonly name: string; readonly start: Partial<Observed>; readonly says: RegExp }[] = [
    { name: "absent", start: { configuration: known(undefined) }, says: /there is no pipeline file on main/ },
    {
      name: "unreadable now",
      start: { configuration: unknown("GitHub answered 502") },
      says: /could not be read: GitHub answered 502/,
    },
    {
      name: "of an archived repository",
      start: { repository: { ...observed().repository, archived: true } },
      says: /archived/,
    },
  ];
  for (const { name, start, says } of still) {
    test(`${name}: nothing is done, and it says why`, () => {
      const whole = observed({ ...start, promotions: [promotion("canary", "1.8.0")] });
      assert.deepEqual(kinds(whole), []);
      assert.match(reasons(whole).join("\n"), says);
    });
  }
});

describe("branches whose promotion is over", () => {
  const head = {
    oid: "old-head",
    committedAt: 0,
    parent: "base0",
    release: release("1.7.0"),
    ownership: { kind: "ours" as const },
  };
  const stray = { key: "checkout/integration" as const, branch: "stagecoach/checkout/integration", head };
  const past = (changes: Partial<PastPromotion>): PastPromotion => ({
    number: 3,
    key: "checkout/integration",
    release: release("1.7.0"),
    outcome: "merged",
    base: "main",
    by: "maria",
    byUs: false,
    openedAt: 0,
    endedAt: minutes(-5),
    head: "old-head",
    approvals: [],
    ...changes,
  });
  const quiet = { images: { [IMAGE]: known(images(["1.7.0"])) }, strays: [stray] };

  test("merged: the branch is deleted", () => {
    assert.deepEqual(kinds(observed({ ...quiet, past: [past({})] })), ["delete-branch"]);
  });

  test("closed by a person: the branch stays, so that it can be reopened", () => {
    assert.deepEqual(kinds(observed({ ...quiet, past: [past({ outcome: "closed" })] })), []);
  });

  test("with a person's commit: the branch stays", () => {
    const theirs = {
      ...stray,
      head: { ...head, ownership: { kind: "foreign" as const, by: "maria", commit: "x", why: "" } },
    };
    assert.deepEqual(kinds(observed({ ...quiet, strays: [theirs], past: [past({})] })), []);
  });

  test("a new promotion moves the branch from where it is", () => {
    const { plan } = planFully(observed({ strays: [stray], past: [past({})] }));
    const opening = plan.actions.find(({ kind }) => kind === "open");
    assert.equal(opening?.kind === "open" && opening.branchHead, "old-head");
  });
});

test("only the oldest of several promotions is brought up to date, where the base demands it", () => {
  const { settledPair } = pair();
  const { plan } = planFully(settledPair);
  assert.deepEqual(
    plan.actions.flatMap((action) => (action.kind === "update" ? [action.number] : [])),
    [7],
  );
  assert.match(plan.waits.map(({ reason }) => reason).join("\n"), /pull request 8 waits for its turn/);
});

/** Two environments of different pipelines with ready promotions on heads that are behind. */
function pair(): { readonly settledPair: Observed } {
  const two = configured({ pipelines: [pipeline({ environments: [environment("a"), environment("b")] })] });
  const behind = { mergeState: "behind" as const };
  const start = observed({
    configuration: two,
    ...declares({ a: "1.7.0", b: "1.7.0" }),
    branches: { main: known({ head: "base9", tree: "t9", committedAt: 0, author: "maria", usesMergeQueue: false }) },
    promotions: [
      promotion("a", "1.8.0", { ...behind, head: { ...promotion("a", "1.8.0").head, oid: "a" } }),
      promotion("b", "1.8.0", { ...behind, number: 8, head: { ...promotion("b", "1.8.0").head, oid: "b" } }),
    ],
  });
  // Bring text and checks up to date first, as a pass would.
  const behindNobody = {
    ...start,
    promotions: start.promotions.map((each) => ({ ...each, mergeState: "clean" as const })),
  };
  const { plan } = planFully(behindNobody);
  const promotions = start.promotions.map((each) => {
    const check = plan.actions.find((action) => action.kind === "set-check" && action.head === each.head.oid);
    const text = plan.actions.find((action) => action.kind === "describe" && action.number === each.number);
    return {
      ...each,
      ...(check?.kind === "set-check" && {
        check: { id: 1, state: check.check.state, fingerprint: check.check.fingerprint },
      }),
      ...(text?.kind === "describe" && { describedAs: text.view.fingerprint }),
    };
  });
  return { settledPair: { ...start, promotions } };
}
