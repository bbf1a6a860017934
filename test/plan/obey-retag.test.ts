// What comes of `/retag`, a row for each: which version a tag is meant for, who may not have it, and what is remembered
// until the registry has answered.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Retag } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Environment, ImageAlias } from "../../src/domain/pipeline.ts";
import type { RetagImage } from "../../src/domain/retag-image.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import {
  configuration,
  declares,
  digestOf,
  environment,
  IMAGE,
  images,
  ledger,
  minutes,
  nothingSaid,
  observed,
  pipeline,
  planFully,
  reached,
} from "./build.ts";
import { person, say, told } from "./orders.ts";

const OWN = "registry.acme.example/live/checkout";
const ALIAS: ImageAlias = { image: OWN, as: IMAGE, policy: { tags: "^v(?P<version>.*)-stable$", ignore: ["rc"] } };
const NAME = "v1.8.0-stable";
const ON_STAGING = { key: "checkout/staging", state: "merged" } as const;

interface Row {
  readonly text?: string;
  readonly alias?: ImageAlias;
  readonly live?: Partial<Environment>;
  readonly right?: { readonly kind: "allowed" } | { readonly kind: "refused"; readonly why: string };
  /** What the name names in the registry. */
  readonly names?: Seen<string | undefined>;
  readonly memories?: Parameters<typeof ledger>[0];
  readonly retags?: readonly Retag[];
  readonly tried?: { readonly kind: "done" | "refused" | "unknown"; readonly id?: string };
  readonly role?: "read" | "write";
  readonly world?: Partial<Observed>;
}

const STOOD = {
  integration: { reached: [reached("1.8.0"), reached("1.7.0")] },
  staging: { reached: [reached("1.8.0"), reached("1.7.0")] },
};

function worldOf({ alias = ALIAS, live, memories = STOOD, retags = [], tried }: Row): Partial<Observed> {
  const environments = [
    environment("integration"),
    environment("staging", { after: ["integration"] }),
    environment("live", { after: ["staging"], images: [alias], ...live }),
  ];
  const { kind, id = "comment/4711.0" } = tried ?? {};
  return {
    ...declares({ integration: "1.8.0", staging: "1.8.0", live: "1.7.0" }),
    configuration: known(configuration({ pipelines: [pipeline({ environments })] })),
    ledger: ledger(memories, { retags }),
    images: { [IMAGE]: known(images(["1.7.0", "1.8.0"])), [OWN]: known(images(["v1.7.0-stable"])) },
    ...(kind && { retagged: { [`${OWN}:${NAME}`]: { id, kind, what: "the registry said so", at: minutes(0) } } }),
  };
}

/** The registry's side of it, as a pass would ask. */
function answersFor({ right = { kind: "allowed" }, names = known(undefined) }: Row) {
  return {
    live: (need: Parameters<typeof nothingSaid>[0], now: Observed): Partial<Observed> | undefined => {
      if (need.kind === "may-name") return { namings: { ...now.namings, [`${need.image}:${need.tag}`]: right } };
      if (need.kind !== "digest" || need.image !== OWN) return nothingSaid(need);
      const state = now.images[OWN];
      if (state?.kind !== "known") return undefined;
      const digests = { ...state.value.digests, [need.tag]: names };
      return { images: { ...now.images, [OWN]: known({ ...state.value, digests }) } };
    },
  };
}

function order(row: Row) {
  const { text = `/retag ${NAME} in live`, role = "write", world } = row;
  const said = say(text, {
    on: ON_STAGING,
    role,
    world: { people: { maria: person(role) }, ...worldOf(row), ...world },
    answers: answersFor(row),
  });
  return { ...said, retag: said.plan.actions.find((action): action is RetagImage => action.kind === "retag") };
}

function ordered(changes: Partial<Retag> = {}): Retag {
  return {
    id: "comment/4711.0",
    pipeline: "checkout",
    environment: "live",
    from: IMAGE,
    digest: digestOf("1.8.0"),
    image: OWN,
    tag: NAME,
    by: "maria",
    byId: 11,
    at: minutes(-1),
    ...changes,
  };
}

describe("/retag", () => {
  test("is remembered, then done, and answered only when the registry has the name", () => {
    const { ledger: after, retag, answer, plan } = order({});
    assert.deepEqual(after?.retags, [ordered()]);
    assert.deepEqual(after?.commands, [], "it is not carried out yet");
    assert.deepEqual(
      { from: retag?.from, digest: retag?.digest, image: retag?.image, tag: retag?.tag, key: retag?.key },
      { from: IMAGE, digest: digestOf("1.8.0"), image: OWN, tag: NAME, key: "checkout/live" },
    );
    assert.equal(answer, undefined);
    const kinds = plan.actions.map(({ kind }) => kind);
    assert.ok(kinds.indexOf("remember") < kinds.indexOf("retag"));
    assert.equal(plan.lookAgainAt, minutes(1));
  });

  test("is found again after a crash, and done", () => {
    const { ledger: after, retag, answer } = order({ retags: [ordered()] });
    assert.equal(retag?.tag, NAME);
    assert.equal(answer, undefined);
    assert.equal(after, undefined, "nothing is new");
  });

  test("ends when the name names the digest: the answer says so and how, and the ledger has the order", () => {
    const {
      ledger: after,
      retag,
      answers,
    } = order({
      retags: [ordered()],
      names: known(digestOf("1.8.0")),
      tried: { kind: "done" },
    });
    assert.equal(retag, undefined);
    assert.match(
      told(answers[0] ?? assert.fail()),
      /^done: `.*:v1\.8\.0-stable` names `sha256:.*` \| the registry said so$/,
    );
    assert.deepEqual(after?.retags, []);
    assert.equal(after?.commands[0]?.id, "comment/4711.0");
  });

  test("ends when the registry refuses; what was refused to somebody else says nothing", () => {
    const refused = order({ retags: [ordered()], tried: { kind: "refused" } });
    assert.equal(refused.retag, undefined);
    assert.match(told(refused.answers[0] ?? assert.fail()), /^refused: no name was written: the registry said so/);
    assert.deepEqual(refused.ledger?.retags, []);
    const others = order({ retags: [ordered()], tried: { kind: "refused", id: "comment/1.0" } });
    assert.equal(others.retag?.tag, NAME);
  });

  test("is tried again while nobody knows, and given up with an answer after half an hour", () => {
    const unsure = order({ retags: [ordered()], tried: { kind: "unknown" } });
    assert.equal(unsure.retag?.tag, NAME);
    assert.equal(unsure.answer, undefined);
    const late = { now: minutes(40) };
    const given = order({ retags: [ordered()], tried: { kind: "unknown" }, world: late });
    assert.equal(given.retag, undefined);
    assert.match(
      told(given.answers[0] ?? assert.fail()),
      /^refused: nothing came of it in 30 minutes: the registry said so/,
    );
    assert.deepEqual(given.ledger?.retags, []);
  });

  test("leaves the ledger, too, where its comment is gone and the name is there", () => {
    const digests = { [NAME]: known(digestOf("1.8.0")) };
    const start = observed({
      ...worldOf({ retags: [ordered()] }),
      images: { [IMAGE]: known(images(["1.7.0", "1.8.0"])), [OWN]: known(images([NAME], { digests })) },
    });
    const { plan } = planFully(start);
    const remembered = plan.actions.find(({ kind }) => kind === "remember");
    assert.deepEqual(remembered?.kind === "remember" && remembered.ledger.retags, []);
    assert.ok(plan.actions.every(({ kind }) => kind !== "retag"));
  });

  const rows: readonly (Row & { readonly name: string; readonly says: RegExp })[] = [
    {
      name: "a tag that the environment's rule does not match",
      text: "/retag 1.8.0 in live",
      says: /^refused: `1\.8\.0` does not match `\^v/,
    },
    {
      name: "a tag that is ignored here",
      text: "/retag v1.8.0-rc-stable in live",
      says: /^refused: .* matches `rc`, which is ignored/,
    },
    {
      name: "a version that was nowhere before",
      text: "/retag v1.9.0-stable in live",
      says: /^refused: no version `1\.9\.0` of .* that may go on has been in `staging`/,
    },
    {
      name: "a version that was only in the first of all environments before",
      memories: { ...STOOD, staging: { reached: [reached("1.7.0")] } },
      says: /^refused: no version `1\.8\.0`/,
    },
    {
      name: "a blocked one",
      world: {
        ledger: ledger(STOOD, {
          blocks: [
            { image: IMAGE, digest: digestOf("1.8.0"), tag: "1.8.0", by: "ola", at: minutes(-9), reason: "bad" },
          ],
        }),
      },
      says: /^refused: no version `1\.8\.0`/,
    },
    {
      name: "an environment that needs no names, with where they are needed",
      text: `/retag ${NAME}`,
      says: /^refused: `checkout\/staging` takes its images by the names .* \| .*`\/retag v1\.8\.0-stable in live`/,
    },
    {
      name: "an environment that comes first",
      live: { after: [] },
      says: /^refused: nothing was proven before `live`/,
    },
    {
      name: "what the operator does not let be written",
      right: { kind: "refused", why: "the operator says no" },
      says: /^refused: the operator says no/,
    },
    {
      name: "a name that names something else",
      names: known(digestOf("other")),
      says: /^refused: .* names `sha256:.* already, and a name does not move/,
    },
    {
      name: "a name that it has already",
      names: known(digestOf("1.8.0")),
      says: /^noted: .* names `sha256:.*` already/,
    },
    { name: "somebody who may only read", role: "read", says: /^refused: / },
    {
      name: "somebody whom the environment does not name",
      live: { allow: { retag: ["acme/release-managers"] } },
      world: { memberships: { "acme/release-managers maria": known(false) } },
      says: /^refused: /,
    },
    {
      name: "what the operator's floor names somebody else for",
      live: { demanded: { retag: [["jane"]] } } as never,
      says: /^refused: /,
    },
  ];
  for (const { name, says, ...row } of rows) {
    test(`does not write: ${name}`, () => {
      const { answers, ledger: after, retag } = order(row);
      assert.match(told(answers[0] ?? assert.fail("it has no answer")), says);
      assert.deepEqual(after?.retags ?? [], []);
      assert.deepEqual(after?.commands ?? [], []);
      assert.equal(retag, undefined);
    });
  }

  test("is remembered, too, where the registry cannot be read, as one that nobody has pushed to yet", () => {
    const { answer, retag, ledger: after } = order({ names: unknown("it answered 404 (NAME_UNKNOWN)") });
    assert.equal(answer, undefined);
    assert.equal(retag?.tag, NAME);
    assert.equal(after?.retags.length, 1);
  });

  test("waits for the one who ordered the same name before", () => {
    const { answer, ledger: after } = order({ retags: [ordered({ id: "comment/1.0", by: "ola" })] });
    assert.deepEqual([answer, after], [undefined, undefined]);
  });

  test("without a rule the tag is the version's own; without the version's part in the rule it is the newest that came far enough", () => {
    const plain = order({ text: "/retag 1.7.0 in live", alias: { image: OWN, as: IMAGE } });
    assert.equal(plain.retag?.digest, digestOf("1.7.0"));
    const build = order({
      text: "/retag build-9 in live",
      alias: { image: OWN, as: IMAGE, policy: { tags: "^build-", ignore: [] } },
    });
    assert.equal(build.retag?.digest, digestOf("1.8.0"));
  });

  test("in an environment that only observes nothing is ordered", () => {
    const { configuration: full, ...world } = worldOf({});
    const value = full?.kind === "known" ? full.value : undefined;
    const { answers, retag } = order({
      world: { ...world, configuration: known(value && { ...value, mode: "observe" }) },
    });
    assert.match(told(answers[0] ?? assert.fail()), /`mode: observe` only reports/);
    assert.equal(retag, undefined);
  });
});
