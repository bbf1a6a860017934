import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { EMPTY_LEDGER, type EnvironmentMemory, type Ledger, REACHED_KEPT } from "../../src/domain/ledger.ts";
import { releaseOf } from "../../src/domain/release.ts";
import { createLedgerReader, readLedger } from "../../src/ledger/read-ledger.ts";
import { writeLedger } from "../../src/ledger/write-ledger.ts";
import { LEDGER, REACHED, release } from "./build-ledger.ts";

const SEED = { seed: 20_260_302 };

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const words = fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.toWellFormed());
const person = fc.oneof(fc.constantFrom("maria", "renovate[bot]", "on", "1e3", "null"), words);
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const digest = fc.oneof(
  hex(64).map((digits) => `sha256:${digits}`),
  hex(40).map((digits) => `commit:${digits}`),
);
const tag = fc.oneof(
  fc.constantFrom("1.10", "0x1F", "on", "2026-03-02", "1_000", "latest", "~1".slice(1), "heads/main", "web@1.0+2"),
  fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/),
);
const image = fc.constantFrom(
  "ghcr.io/acme/checkout",
  "docker.io/library/nginx",
  "127.0.0.1:5000/lab/app",
  "git:github.com/acme/checkout-manifests",
);
const name = fc.constantFrom("checkout", "constructor", "a.b-c_d", "0", "live");
const releases = fc
  .uniqueArray(image, { minLength: 1 })
  .chain((images) => fc.tuple(...images.map((each) => fc.record({ image: fc.constant(each), tag, digest }))))
  .map(releaseOf);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

const id = fc.integer({ min: 1 });
const memory = fc
  .record({
    reached: fc.array(
      fc
        .record({
          release: releases,
          at: time,
          again: optional(time),
          pullRequest: optional(fc.integer({ min: 1 })),
          mergedBy: optional(person),
          approvedBy: optional(fc.array(person)),
          head: optional(hex(40)),
          commit: optional(hex(40)),
          healthyAt: optional(time),
          soaked: optional(fc.integer({ min: 0, max: 1_000_000 }).map((seconds) => seconds * 1_000)),
        })
        .map(present),
      { maxLength: 4 },
    ),
    declined: fc.array(fc.record({ release: releases, at: time, pullRequest: fc.integer({ min: 1 }), by: person }), {
      maxLength: 3,
    }),
    rolledBack: fc.array(fc.record({ release: releases, at: time, to: words, commit: hex(40) }), { maxLength: 3 }),
    stopped: fc.array(fc.record({ release: releases, at: time, why: words }), { maxLength: 3 }),
    requested: optional(
      fc
        .record({
          release: releases,
          at: time,
          by: person,
          byId: id,
          back: optional(fc.constant(true as const)),
          reason: optional(words),
        })
        .map(present),
    ),
  })
  .map(present) as fc.Arbitrary<EnvironmentMemory>;

const ledgers = fc.record({
  environments: fc.dictionary(
    fc.tuple(name, name).map((names) => names.join("/")),
    memory,
    { maxKeys: 4, noNullPrototype: true },
  ),
  holds: fc.array(
    fc
      .record({
        pipeline: name,
        environment: optional(name),
        by: person,
        at: time,
        until: optional(time),
        reason: words,
      })
      .map(present),
    { maxLength: 3 },
  ),
  blocks: fc.array(fc.record({ image, tag, digest, by: person, at: time, reason: words }), { maxLength: 3 }),
  overrides: fc.array(
    fc.record({
      pipeline: name,
      environment: name,
      gate: fc.constantFrom("soak", "healthy"),
      release: releases,
      by: person,
      byId: id,
      at: time,
      reason: words,
    }),
    { maxLength: 3 },
  ),
  commands: fc.array(
    fc.record({ id: fc.constant("comment/1.0"), at: time, by: person, byId: id, line: words, outcome: words }),
    { maxLength: 3 },
  ),
  sandboxes: fc.array(
    fc
      .record({
        pipeline: name,
        environment: name,
        number: fc.integer({ min: 1, max: 99_999 }),
        branch: fc.constantFrom("main", "feature/cart#2"),
        by: person,
        byId: id,
        at: time,
        before: fc.constantFrom("main", "1.10", "HEAD"),
        wrote: fc.array(fc.constantFrom("feature/cart#2", "on"), { maxLength: 3 }),
        endedAt: optional(time),
        ended: optional(words),
      })
      .map(present),
    { maxLength: 3 },
  ),
  retags: fc.array(
    fc.record({
      id: fc.constant("comment/1.0"),
      pipeline: name,
      environment: name,
      from: image,
      digest,
      image,
      tag,
      by: person,
      byId: id,
      at: time,
    }),
    { maxLength: 3 },
  ),
}) as unknown as fc.Arbitrary<Ledger>;

/** Holds and blocks have no order. */
function unordered(ledger: Ledger): unknown {
  const texts = (entries: readonly object[]) =>
    entries.map((entry) => JSON.stringify(Object.entries(entry).sort())).sort();
  // Generated records have no prototype; what counts is what they say.
  return {
    environments: structuredClone(ledger.environments),
    holds: texts(ledger.holds),
    blocks: texts(ledger.blocks),
    overrides: texts(ledger.overrides),
    commands: structuredClone(ledger.commands),
    sandboxes: texts(ledger.sandboxes),
    retags: texts(ledger.retags),
  };
}

function ledgerOf(files: ReadonlyMap<string, string>): Ledger {
  const reading = readLedger({ files });
  assert.equal(reading.kind, "read", JSON.stringify(reading));
  return reading.kind === "read" ? reading.ledger : EMPTY_LEDGER;
}

function whyUnreadable(changed: Readonly<Record<string, string>>): string {
  const reading = readLedger({ files: new Map([...writeLedger(LEDGER), ...Object.entries(changed)]) });
  assert.equal(reading.kind, "unreadable");
  return reading.kind === "unreadable" ? reading.why : "";
}

describe("the files of the ledger", () => {
  test("are small, sorted, and readable by people", () => {
    const text = [...writeLedger(LEDGER)].map(([path, content]) => `--- ${path}\n${content}`).join("\n");
    const file = new URL("cases/ledger.txt", import.meta.url);
    if (process.env.UPDATE_CASES === "1") writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"));
  });

  test("give back everything that was written", () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        assert.deepEqual(unordered(ledgerOf(writeLedger(ledger))), unordered(ledger));
      }),
      { ...SEED, numRuns: 200 },
    );
  });

  test("are the same bytes for the same memory, in whatever order it was made", () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const environments = Object.fromEntries(Object.entries(ledger.environments).reverse());
        const reordered = {
          ...ledger,
          environments,
          holds: [...ledger.holds].reverse(),
          blocks: [...ledger.blocks].reverse(),
          overrides: [...ledger.overrides].reverse(),
        };
        assert.deepEqual([...writeLedger(reordered)], [...writeLedger(ledger)]);
        assert.deepEqual([...writeLedger(ledgerOf(writeLedger(ledger)))], [...writeLedger(ledger)]);
      }),
      { ...SEED, numRuns: 50 },
    );
  });

  test("remember as many releases of an environment as are kept, the present one first", () => {
    const reached = Array.from({ length: 30 }, (_, index) => ({ ...REACHED, release: release(`1.${index}.0`) }));
    const environments = { "checkout/live": { reached, declined: [], rolledBack: [], stopped: [] } };
    const kept = ledgerOf(writeLedger({ ...EMPTY_LEDGER, environments })).environments["checkout/live"]?.reached ?? [];
    assert.deepEqual(kept, reached.slice(0, REACHED_KEPT));
  });

  test("are parsed again only where they changed", () => {
    const read = createLedgerReader();
    const files = writeLedger(LEDGER);
    const [first, second] = [read({ files }), read({ files })];
    assert.ok(first.kind === "read" && second.kind === "read");
    assert.deepEqual(first, readLedger({ files }));
    assert.equal(first.ledger.environments["checkout/live"], second.ledger.environments["checkout/live"]);
    const changed = read({ files: new Map([...files, ["holds.yaml", "holds: []\n"]]) });
    assert.deepEqual(changed, { kind: "read", ledger: { ...LEDGER, holds: [] } });
  });
});

describe("a ledger that cannot be taken in whole is not taken at all", () => {
  const LIVE = "environments/checkout/live.yaml";
  const entry = (rest: string) => `reached:\n  - ${rest}\ndeclined: []\nrolled-back: []\n`;
  const rows: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly why: RegExp;
  }[] = [
    {
      name: "a newer format",
      files: { "version.yaml": "version: 2\n" },
      why: /version 2, and this Stagecoach knows version 1: run a newer one/,
    },
    { name: "no version", files: { "version.yaml": "version: one\n" }, why: /`version.yaml` names no version/ },
    {
      name: "an unknown file",
      files: { "surprise.yaml": "surprise: []\n" },
      why: /`surprise.yaml` is a file that this version does not know/,
    },
    { name: "a name that is no environment's", files: { "environments/../live.yaml": "" }, why: /does not know/ },
    { name: "an unknown key", files: { "holds.yaml": "holds: []\nmore: 1\n" }, why: /`holds.yaml` has the key `more`/ },
    { name: "a missing key", files: { "blocks.yaml": "{}\n" }, why: /`blocks.yaml` lacks the key `blocks`/ },
    {
      name: "an unknown key of an entry",
      files: { "holds.yaml": 'holds: [{ pipeline: a, by: b, at: "2026-03-02T10:02:00Z", reason: "", soak: 1 }]\n' },
      why: /under `holds\[0\]` the key `soak`, which this version does not know/,
    },
    {
      name: "an entry without versions",
      files: { [LIVE]: entry('{ at: "2026-03-02T10:02:00Z", versions: [] }') },
      why: /`reached\[0\]` a `versions` that is not a list of images/,
    },
    {
      name: "an entry without time",
      files: { [LIVE]: entry("{ versions: [] }") },
      why: /under `reached\[0\]` no `at`/,
    },
    {
      name: "a day that does not exist",
      files: { [LIVE]: entry('{ at: "2026-02-30T10:02:00Z" }') },
      why: /a `at` that is not a time/,
    },
    {
      name: "something else than a list",
      files: { "holds.yaml": "holds: 3\n" },
      why: /something else than a list under `holds`/,
    },
    { name: "what is not YAML", files: { "holds.yaml": "holds: [\n" }, why: /`holds.yaml` is not YAML/ },
    {
      name: "two keys of one name",
      files: { "holds.yaml": "holds: []\nholds: []\n" },
      why: /is not YAML: duplicate_key/,
    },
    { name: "an alias", files: { "holds.yaml": "holds: &a [*a]\n" }, why: /has an alias/ },
    { name: "a nesting without end", files: { "holds.yaml": `holds: ${"[".repeat(100_000)}` }, why: /`holds.yaml`/ },
    { name: "an enormous file", files: { "holds.yaml": `# ${"x".repeat(500_000)}` }, why: /larger than 500000 bytes/ },
    {
      name: "a list without end",
      files: { "holds.yaml": `holds:\n${"- 1\n".repeat(2_001)}` },
      why: /more than 2000 entries/,
    },
  ];
  for (const { name: row, files, why } of rows) test(row, () => assert.match(whyUnreadable(files), why));

  test("and is never written either", () => {
    const hold = { pipeline: "../x", by: "maria", at: 0, reason: "" };
    assert.throws(
      () => writeLedger({ ...EMPTY_LEDGER, holds: [hold] }),
      /could not be read again: `holds.yaml` has under `holds\[0\]`/,
    );
    const environments = { "a/../b": { reached: [], declined: [], rolledBack: [], stopped: [] } };
    assert.throws(() => writeLedger({ ...EMPTY_LEDGER, environments }), /cannot name a file of the ledger/);
  });
});
