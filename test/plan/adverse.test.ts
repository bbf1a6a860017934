// The planner in an unkind world: memory that runs short, names without an order, registries that come and go, people
// who turn things round. Each case stood still, said something untrue, or wrote without a reason once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageState } from "../../src/domain/image-state.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Configuration } from "../../src/domain/pipeline.ts";
import type { EditResult } from "../../src/domain/place.ts";
import { known, unknown } from "../../src/domain/seen.ts";
import {
  configuration,
  declares,
  digestOf,
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

const WORKER = "ghcr.io/acme/worker";
const configured = (changes: Partial<Configuration>) => known(configuration(changes));
const kinds = (start: Observed) => planFully(start).plan.actions.map(({ kind }) => kind);
const situation = (start: Observed, name: string) => planFully(start).plan.situations[`checkout/${name}`];
const main = { head: "base0", tree: "tree0", committedAt: minutes(-60), author: "maria", usesMergeQueue: false };

describe("what people refused", () => {
  const hotfix = { release: release("hotfix-1"), at: minutes(-9), to: "1.7.0", commit: "c0ffee" };

  test("a rollback of what has no order binds nothing but itself", () => {
    const memory = { reached: [reached("1.7.0"), reached("hotfix-1")], rolledBack: [hotfix] };
    assert.equal(situation(observed({ ledger: ledger({ integration: memory }) }), "integration"), "opens");
  });

  test("a refusal from before the pipeline got another image binds in the images of then", () => {
    const policy = { kind: "semver", range: "*", ignore: [] } as const;
    const two = pipeline({
      images: [
        { image: IMAGE, policy },
        { image: WORKER, policy },
      ],
      environments: [environment("integration")],
    });
    const start = (tags: readonly string[]) =>
      observed({
        configuration: configured({ pipelines: [two] }),
        environments: {
          "checkout/integration": known({
            places: [place("integration", pinned("1.7.0")), place("integration", pinned("1.7.0", WORKER), WORKER)],
            problems: [],
          }),
        },
        images: { [IMAGE]: known(images(tags)), [WORKER]: known(images(["2.0.0"])) },
        ledger: ledger({
          integration: { declined: [{ release: release("1.8.0"), at: minutes(-9), pullRequest: 3, by: "maria" }] },
        }),
      });
    assert.equal(situation(start(["1.8.0"]), "integration"), "declined");
    assert.equal(situation(start(["1.8.0", "1.9.0"]), "integration"), "opens");
  });

  test("what follows another environment is refused only the very release that was refused", () => {
    const shadow = environment("shadow", { after: ["live"], sameAs: "live" });
    const start = (live: string) => {
      const { environments } = declares({ live, shadow: "1.7.0" });
      const back = { release: release("1.9.0"), at: minutes(-9), to: "1.7.0", commit: "c0ffee" };
      return observed({
        environments,
        configuration: configured({ pipelines: [pipeline({ environments: [environment("live"), shadow] })] }),
        ledger: ledger({
          live: { reached: [reached(live)] },
          shadow: { reached: [reached("1.7.0")], rolledBack: [back] },
        }),
      });
    };
    assert.equal(situation(start("1.9.0"), "shadow"), "rolled-back");
    assert.equal(situation(start("1.8.0"), "shadow"), "opens");
  });
});

describe("memory that runs short", () => {
  test("an approved promotion keeps its proof, however many releases come in the meantime", () => {
    const upstream = Array.from({ length: 20 }, (_, index) => reached(`2.${20 - index}.0`));
    const approved = promotion("staging", "2.1.0", { approvals: [{ by: "maria", head: "head-of-2.1.0" }] });
    const start = observed({
      ...declares({ integration: "3.0.0", staging: "1.7.0", live: "1.7.0" }),
      ledger: ledger({ integration: { reached: upstream }, staging: { reached: [reached("1.7.0")] } }),
      promotions: [approved],
      images: { [IMAGE]: known(images(["3.0.0"])) },
    });
    const remembered = planFully(start).plan.actions.find(({ kind }) => kind === "remember");
    assert.ok(remembered?.kind === "remember");
    const next = {
      ...start,
      ledger: known({ kind: "trusted" as const, ledger: remembered.ledger, head: "l", tree: "t" }),
    };
    const { plan } = planFully(next);
    assert.ok(!plan.actions.some(({ kind }) => kind === "close"));
    const check = plan.actions.find((action) => action.kind === "set-check" && action.head === approved.head.oid);
    assert.equal(check?.kind === "set-check" && check.check.state, "success");
  });

  test("the ledger begins before the first promotion, also where there is nothing to remember yet", () => {
    const disagreeing = known({
      places: [place("integration", pinned("1.7.0")), place("integration", pinned("1.6.0"))],
      problems: [],
    });
    const only = pipeline({ environments: [environment("integration")] });
    const start = observed({
      configuration: configured({ pipelines: [only] }),
      environments: { "checkout/integration": disagreeing },
      ledger: known({ kind: "absent" }),
    });
    assert.deepEqual(kinds(start), ["remember", "open"]);
    assert.deepEqual(kinds({ ...start, images: { [IMAGE]: known(images(["1.5.0"])) } }), []);
  });
});

describe("what is not known", () => {
  test("a registry that comes and goes changes nothing on a promotion that waits with a note", () => {
    const newer = { [IMAGE]: known(images(["1.7.0", "1.8.0", "1.9.0"])) };
    const approved = promotion("integration", "1.8.0", { approvals: [{ by: "maria", head: "head-of-1.8.0" }] });
    const manual = pipeline({ environments: [environment("integration", { merge: "manual" })] });
    const start = settled(
      observed({ promotions: [approved], images: newer, configuration: configured({ pipelines: [manual] }) }),
      "integration",
    );
    assert.deepEqual(kinds(start), []);
    assert.deepEqual(kinds({ ...start, images: { [IMAGE]: unknown("the registry answered 503") } }), []);
  });

  test("a verdict that changes is written also while the registry is silent", () => {
    const start = settled(observed({ promotions: [promotion("integration", "1.8.0")] }), "integration");
    const freeze = { from: minutes(-1), to: minutes(60), why: "year end", environments: [] };
    const frozen = { ...start, configuration: configured({ freezes: [freeze] }) };
    assert.ok(kinds({ ...frozen, images: { [IMAGE]: unknown("the registry answered 503") } }).includes("set-check"));
  });

  test("an image of which only single tags were asked has tags to be read, not none", () => {
    const own = "registry.acme.com/live/checkout";
    const live = environment("live", { images: [{ image: own, as: IMAGE }] });
    const single = images([], { readAt: 0, digests: { "1.6.0": known(digestOf("1.6.0")) } });
    const start = observed({
      configuration: configured({ pipelines: [pipeline({ environments: [live] })] }),
      environments: {
        "checkout/live": known({ places: [place("live", { tag: "1.6.0" }, own)], problems: [] }),
      },
      images: { [IMAGE]: known(images(["1.8.0"])), [own]: known(single) },
      ledger: known({ kind: "absent" }),
    });
    assert.deepEqual(planFully(start).plan.needs, [{ kind: "tags", image: own }]);
    const first = { ...start, images: { [IMAGE]: known(single) }, promotions: [] };
    assert.deepEqual(planFully(first).plan.needs, [
      { kind: "digest", image: own, tag: "1.6.0" },
      { kind: "tags", image: IMAGE },
    ]);
  });
});

describe("what was read the time before", () => {
  const before = (tags: readonly string[], changes: Partial<ImageState> = {}) =>
    images(tags, { digests: {}, earlier: Object.fromEntries(tags.map((tag) => [tag, digestOf(tag)])), ...changes });
  const look = (state: ImageState, rest: Partial<Observed> = {}) =>
    planFully(observed({ ...declares({ integration: "1.7.0" }), images: { [IMAGE]: known(state) }, ...rest })).plan;
  const digest = (tag: string) => ({ kind: "digest", image: IMAGE, tag });

  test("is enough to see that the environment has the newest", () => {
    assert.deepEqual(look(before(["1.6.0", "1.7.0"])).needs, []);
  });

  test("is not enough to propose it", () => {
    assert.deepEqual(look(before(["1.7.0", "1.8.0"])).needs, [digest("1.8.0")]);
  });

  test("is not enough where the tag stood for something else than what the environment has", () => {
    assert.deepEqual(look(before(["1.7.0"], { earlier: { "1.7.0": digestOf("other") } })).needs, [digest("1.7.0")]);
  });

  test("is not enough to pass over what is blocked", () => {
    const block = { image: IMAGE, digest: digestOf("1.7.0"), tag: "1.7.0", by: "omar", at: minutes(-5), reason: "no" };
    assert.deepEqual(look(before(["1.7.0"]), { ledger: ledger({}, { blocks: [block] }) }).needs, [digest("1.7.0")]);
  });

  test("says nothing for a tag with the name of what every object has", () => {
    const policy = { kind: "alphabetical", order: "ascending", ignore: [] } as const;
    const pipelines = [pipeline({ images: [{ image: IMAGE, policy }] })];
    const { needs } = look(before([], { tags: ["constructor"] }), { configuration: configured({ pipelines }) });
    assert.deepEqual(needs, [digest("constructor")]);
  });
});

test("a policy that follows one tag asks for that tag, and for no list", () => {
  const pipelines = [pipeline({ images: [{ image: IMAGE, policy: { kind: "digest", tag: "latest", ignore: [] } }] })];
  const { plan } = planFully(observed({ configuration: configured({ pipelines }), images: {} }));
  assert.deepEqual(
    plan.needs.filter(({ kind }) => kind === "tags"),
    [],
  );
  assert.ok(plan.needs.some((need) => need.kind === "digest" && need.tag === "latest"));
});

describe("proof", () => {
  test("an environment that gives up proof takes what was in all environments before, all the same", () => {
    const free = environment("c", { after: ["a", "b"], proposeWhen: [], unproven: "allow" });
    const { environments } = declares({ a: "1.9.0", b: "1.8.0", c: "1.7.0" });
    const start = observed({
      environments,
      configuration: configured({
        pipelines: [pipeline({ environments: [environment("a"), environment("b"), free] })],
      }),
      ledger: ledger({
        a: { reached: [reached("1.9.0"), reached("1.8.0")] },
        b: { reached: [reached("1.8.0")] },
        c: { reached: [reached("1.7.0")] },
      }),
      images: { [IMAGE]: known(images(["1.9.0"])) },
    });
    const proposed = planFully(start).plan.actions.flatMap((action) =>
      action.kind === "open" && action.key === "checkout/c" ? [action.view.release.versions[0]?.tag] : [],
    );
    assert.deepEqual(proposed, ["1.8.0"]);
  });
});

describe("promotions in unusual places", () => {
  test("two of one environment, because a person pointed the first elsewhere: that one is closed", () => {
    const elsewhere = promotion("integration", "1.8.0", { base: "develop" });
    const right = promotion("integration", "1.8.0", { number: 8 });
    for (const promotions of [
      [elsewhere, right],
      [right, elsewhere],
    ]) {
      const start = settled(observed({ promotions }), "integration");
      const { actions } = planFully(start).plan;
      assert.deepEqual(
        actions.map((action) => [action.kind, "number" in action && action.number]),
        [
          ["close", 7],
          ["merge", 8],
        ],
      );
    }
  });

  test("pointed elsewhere, its branch seems to have everybody's commits: it is closed all the same", () => {
    const ownership = { kind: "foreign", by: "maria", commit: "c0ffee1", why: "14 commits above the base" } as const;
    const elsewhere = promotion("integration", "1.8.0", { base: "develop" });
    const start = observed({ promotions: [{ ...elsewhere, head: { ...elsewhere.head, ownership } }] });
    assert.deepEqual(kinds(start), ["close"]);
    assert.deepEqual(kinds({ ...start, branches: { main: unknown("GitHub answered 502") } }), ["set-check"]);
  });

  test("in the merge queue nothing moves, not even what cannot be read", () => {
    const { release: _, ...unreadable } = promotion("integration", "1.8.0").head;
    const queued = promotion("integration", "1.8.0", { inMergeQueue: true, head: unreadable });
    assert.deepEqual(kinds(observed({ promotions: [queued] })), []);
  });

  test("while one merges, none of the same branch is brought up to date: it would be behind again at once", () => {
    const start = observed({
      ...declares({ integration: "1.8.0", staging: "1.7.0", live: "1.7.0" }),
      images: { [IMAGE]: known(images(["1.8.0", "1.9.0"])) },
      promotions: [
        promotion("integration", "1.9.0", { number: 9 }),
        promotion("staging", "1.8.0", { number: 8, mergeState: "behind" }),
      ],
    });
    const ready = settled(settled(start, "integration"), "staging");
    assert.deepEqual(kinds(ready), ["merge"]);
    const behind = { ...ready, promotions: ready.promotions.filter(({ number }) => number === 8) };
    assert.ok(kinds(behind).includes("update"));
    const draft = { ...behind, promotions: behind.promotions.map((each) => ({ ...each, draft: true })) };
    assert.ok(!kinds(draft).includes("update"));
  });

  test("an environment's name may be longer than a label", () => {
    const name = "a".repeat(60);
    const long = pipeline({ environments: [environment(name)] });
    const { environments } = declares({ [name]: "1.7.0" });
    const { plan } = planFully(observed({ configuration: configured({ pipelines: [long] }), environments }));
    const labels = plan.actions.flatMap((action) => (action.kind === "open" ? action.view.labels : []));
    assert.deepEqual(
      labels.map(({ length }) => length),
      ["stagecoach".length, 50],
    );
  });
});

describe("when to look again", () => {
  const freeze = { from: minutes(30), to: minutes(60), why: "year end", environments: [] };

  test("a freeze that begins while a promotion waits closes its check in time", () => {
    const manual = pipeline({ environments: [environment("integration", { merge: "manual" })] });
    const start = observed({
      promotions: [promotion("integration", "1.8.0")],
      configuration: configured({ pipelines: [manual], freezes: [freeze] }),
    });
    assert.equal(planFully(settled(start, "integration")).plan.lookAgainAt, minutes(30));
  });

  test("a freeze of other environments wakes nobody", () => {
    const manual = pipeline({ environments: [environment("integration", { merge: "manual" })] });
    const start = observed({
      promotions: [promotion("integration", "1.8.0")],
      configuration: configured({ pipelines: [manual], freezes: [{ ...freeze, environments: ["live"] }] }),
    });
    assert.equal(planFully(settled(start, "integration")).plan.lookAgainAt, undefined);
  });
});

describe("a check that says something untrue", () => {
  const red = { id: 4, state: "failure", fingerprint: "of another day" } as const;
  const branches = { main: known({ ...main, check: red }) };

  test("is put right on the default branch once nothing is wrong any more", () => {
    const { plan } = planFully(observed({ branches, ...everywhere("1.8.0") }));
    const titles = plan.actions.map((action) => action.kind === "set-check" && [action.head, action.check.state]);
    assert.deepEqual(titles, [["base0", "success"]]);
  });

  test("a completed run is left, and another one made; one in progress is edited", () => {
    const runs = [red, { ...red, state: "in-progress" as const }].map((check) => {
      const { plan } = planFully(observed({ branches: { main: known({ ...main, check }) }, ...everywhere("1.8.0") }));
      return plan.actions.map((action) => action.kind === "set-check" && action.run);
    });
    assert.deepEqual(runs, [[undefined], [4]]);
  });

  test("stays while it is not known whether all is well", () => {
    assert.deepEqual(kinds(observed({ branches, ledger: unknown("GitHub answered 502") })), []);
  });
});

describe("a pipeline file with an error", () => {
  test("promotions that it does not name stay, for the error may hide their pipeline", () => {
    const finding = { file: ".github/stagecoach.yaml", line: 3, column: 5, path: "pipelines[1]" } as const;
    const error = {
      ...finding,
      severity: "error",
      message: "The folder has no placeholder.",
      pipeline: "{app}",
    } as const;
    const start = observed({
      configuration: configured({ broken: [{ name: "{app}", finding: error }], findings: [error] }),
      promotions: [{ ...promotion("dev", "1.8.0"), key: "cart/dev" }],
      ...everywhere("1.8.0"),
    });
    assert.ok(!kinds(start).includes("close"));
  });
});

describe("wishes that cannot be written", () => {
  test("a hundred of them do not keep the last place from one that can", () => {
    const names = Array.from({ length: 120 }, (_, index) => `s${index}`);
    const pipelines = names.map((name) => pipeline({ name, environments: [environment("dev")] }));
    const places = known({ places: [place("dev", pinned("1.7.0"))], problems: [] });
    const refused: EditResult = { kind: "refused", path: "a.yaml", line: 1, column: 1, why: "it is an alias" };
    const start = observed({
      configuration: configured({ pipelines, limits: { open: 1, hourly: 60 } }),
      environments: Object.fromEntries(names.map((name) => [`${name}/dev`, places])),
      ledger: known({ kind: "absent" }),
    });
    const writable: EditResult = {
      kind: "edit",
      edit: { files: [{ path: "a", mode: "100644", before: "b", after: "c", text: "c", changes: [] }] },
    };
    const { plan } = planFully(start, { edit: (key) => known(key === "s99/dev" ? writable : refused) });
    assert.deepEqual(
      plan.actions.flatMap((action) => (action.kind === "open" ? [action.key] : [])),
      ["s99/dev"],
    );
  });
});
