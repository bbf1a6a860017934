// A great many services: one word stops the line in one pass, and what it costs does not grow faster than they do.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_LEDGER, type Ledger } from "../../src/domain/ledger.ts";
import type { EnvironmentKey, Pipeline } from "../../src/domain/pipeline.ts";
import type { Promotion } from "../../src/domain/promotion.ts";
import { known } from "../../src/domain/seen.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import {
  configuration,
  digestOf,
  environment,
  IMAGE,
  images,
  memory,
  minutes,
  observed,
  pinned,
  pipeline,
  place,
  planFully,
  promotion,
  reached,
} from "./build.ts";

const NAMES = ["dev", "qa", "perf", "staging", "canary", "live"];

function service(index: number): Pipeline {
  return pipeline({
    name: `service-${index}`,
    environments: NAMES.map((name, at) => environment(name, at === 0 ? {} : { after: [NAMES[at - 1] ?? ""] })),
  });
}

/** All run one image; dev, qa and perf have 1.8.0, staging is about to take it. */
function services(count: number) {
  const pipelines = Array.from({ length: count }, (_, index) => service(index));
  const keys = pipelines.flatMap(({ name }) => NAMES.map((each): EnvironmentKey => `${name}/${each}`));
  const tagOf = (key: EnvironmentKey) => (/\/(dev|qa|perf)$/.test(key) ? "1.8.0" : "1.7.0");
  const promotions = pipelines.map(
    ({ name }, index): Promotion => ({
      ...promotion("staging", "1.8.0"),
      key: `${name}/staging`,
      branch: `stagecoach/${name}/staging`,
      number: index + 1,
      head: { ...promotion("staging", "1.8.0").head, oid: `head-${index}` },
    }),
  );
  return observed({
    configuration: known(configuration({ pipelines, limits: { open: 500, hourly: 500 } })),
    images: { [IMAGE]: known(images(["1.7.0", "1.8.0"])) },
    environments: Object.fromEntries(
      keys.map((key) => [
        key,
        known({ places: [{ ...place("x", pinned(tagOf(key))), path: `apps/${key}/deployment.yaml` }], problems: [] }),
      ]),
    ),
    promotions,
    ledger: known({
      kind: "trusted",
      head: "1edger",
      tree: "tree",
      ledger: {
        ...EMPTY_LEDGER,
        environments: Object.fromEntries(keys.map((key) => [key, memory({ reached: [reached(tagOf(key))] })])),
        blocks: [
          {
            image: IMAGE,
            tag: "1.8.0",
            digest: digestOf("1.8.0"),
            by: "maria",
            at: minutes(-1),
            reason: "it loses orders",
          },
        ],
      },
    }),
  });
}

describe("300 services with 6 environments each and a blocked digest", () => {
  test("one pass turns every open promotion of it red, and none is opened", () => {
    const { plan } = planFully(services(300), { head: () => known([{ path: "x", blob: "y" }]) });
    const checks = plan.actions.filter((action) => action.kind === "set-check" || action.kind === "update");
    const red = checks.filter(({ check }) => check.state === "failure");
    assert.equal(red.length, 300);
    assert.equal(plan.actions.filter(({ kind }) => kind === "open" || kind === "merge").length, 0);
    assert.deepEqual(plan.needs, []);
  });

  test("nothing has to be asked for that: a plan without a single further question says it", () => {
    const { needs } = planRepository({ ...services(300), promotions: [] });
    assert.deepEqual(needs, []);
  });
});

describe("a change to more environments at once than somebody has thought of", () => {
  const pipelines = Array.from({ length: 12 }, (_, index) =>
    pipeline({ name: `service-${index}`, environments: [environment("live")] }),
  );
  const waiting = (ledger: Partial<Ledger> = {}) =>
    observed({
      configuration: known(configuration({ pipelines, limits: { open: 500, hourly: 500, environments: 10 } })),
      environments: Object.fromEntries(
        pipelines.map(({ name }) => [
          `${name}/live`,
          known({ places: [{ ...place("live", pinned("1.7.0")), path: `apps/${name}/x.yaml` }], problems: [] }),
        ]),
      ),
      ledger: known({ kind: "trusted", head: "1edger", tree: "tree", ledger: { ...EMPTY_LEDGER, ...ledger } }),
    });
  const word = { gate: "environments", by: "maria", byId: 11, reason: "the base image" };

  test("waits for a person's word, and says where to give it", () => {
    const { plan } = planFully(waiting());
    assert.equal(plan.actions.filter(({ kind }) => kind === "open").length, 0);
    assert.match(
      plan.waits[0]?.reason ?? "",
      /12 environments would change at once, and the limit is 10; .*`\/override environments <reason>` on the dashboard/,
    );
  });

  test("is opened once it was given, and that counts for an hour", () => {
    const opens = (at: number) =>
      planFully(waiting({ overrides: [{ ...word, at }] })).plan.actions.filter(({ kind }) => kind === "open").length;
    assert.equal(opens(minutes(-10)), 12);
    assert.equal(opens(minutes(-61)), 0);
  });
});
