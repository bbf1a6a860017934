import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { COMMANDS, exampleOf, leadOf } from "../../src/commands/command-table.ts";
import { MOST_SCANNED } from "../../src/commands/find-visible-lines.ts";
import { LONGEST_LINE, MOST_COMMANDS, readCommands } from "../../src/commands/read-commands.ts";
import { CHANGING_VERBS, type Command, VERBS } from "../../src/domain/command.ts";

/** A Saturday, half past noon. */
const AT = Date.UTC(2026, 10, 28, 12, 30);
const HOUR = 3_600_000;
const NAMES = new Set(["checkout", "search", "integration", "staging", "live"]);

function read(text: string, prefix?: string): readonly (Command | string)[] {
  return readCommands({ text, at: AT, prefix, names: NAMES }).map((line) =>
    line.kind === "command" ? line.command : `${line.why}. ${line.hint ?? ""}`,
  );
}

type Row = readonly [text: string, expected: Command | string];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  promote: [
    ["/promote", { verb: "promote", target: {} }],
    ["/promote 1.8.0", { verb: "promote", target: {}, version: "1.8.0" }],
    ["/promote to live", { verb: "promote", target: { name: "live" } }],
    ["/promote 1.7.1 to live", { verb: "promote", target: { name: "live" }, version: "1.7.1" }],
    ["/promote 1.7.1 TO live", { verb: "promote", target: { name: "live" }, version: "1.7.1" }],
    ["/promote live", { verb: "promote", target: { name: "live" } }],
    ["/promote checkout live", { verb: "promote", target: { pipeline: "checkout", name: "live" } }],
    ["/promote checkout/live", { verb: "promote", target: { pipeline: "checkout", name: "live" } }],
    ["/promote checkout/live 1.8.0", promoteCheckout("live")],
    ["/promote checkout 1.8.0 to staging", promoteCheckout("staging")],
    ["/promote 1.8.0 to checkout/staging", promoteCheckout("staging")],
    ["/promote 1.8.0 to checkout staging", promoteCheckout("staging")],
    ["/promote checkout 1.8.0 to checkout/staging", promoteCheckout("staging")],
    ["/promote checkout to staging", { verb: "promote", target: { pipeline: "checkout", name: "staging" } }],
    ['/promote "live" to staging', { verb: "promote", target: { name: "staging" }, version: "live" }],
    ["/promote `1.8.0` to `live`", { verb: "promote", target: { name: "live" }, version: "1.8.0" }],
    [
      `/promote sha256:${"a".repeat(12)} to live`,
      { verb: "promote", target: { name: "live" }, version: `sha256:${"a".repeat(12)}` },
    ],
    ["/promote 1.7.1 live", "`live` stands where a version is expected. Write `/promote 1.7.1 to live`."],
    ["/promote 1.8.0 to", `the environment behind \`to\` is missing. ${written("promote")}`],
    ["/promote a b c", `\`a b c\` is more than a pipeline and a version. ${written("promote")}`],
    ["/promote 1:8 to live", `\`1:8\` cannot be a version. ${written("promote")}`],
    ["/promote 1.8.0 to LIVE", `\`LIVE\` cannot be the name of an environment. ${written("promote")}`],
    ["/promote 1.8.0 to a/b/c", `\`a/b/c\` is more than one environment. ${written("promote")}`],
    [
      "/promote checkout 1.8.0 to search/live",
      `\`checkout 1.8.0\` and \`search/live\` are two different targets. ${written("promote")}`,
    ],
  ],
  rollback: [
    ["/rollback", { verb: "rollback", target: {} }],
    ["/rollback live", { verb: "rollback", target: { name: "live" } }],
    ["/rollback checkout live", { verb: "rollback", target: { pipeline: "checkout", name: "live" } }],
    ["/rollback to 1.7.0", { verb: "rollback", target: {}, to: { kind: "version", version: "1.7.0" } }],
    ["/rollback live to 2h", { verb: "rollback", target: { name: "live" }, to: { kind: "version", version: "2h" } }],
    ["/rollback live to 2026-11-01T12:00Z", backTo(Date.UTC(2026, 10, 1, 12))],
    ["/rollback live to 2026-11-01T12:00+01:00", backTo(Date.UTC(2026, 10, 1, 11))],
    ["/rollback live to 2026-11-01 12:00", backTo(Date.UTC(2026, 10, 1, 12))],
    ["/rollback live to 2026-11-01 12:00 UTC", backTo(Date.UTC(2026, 10, 1, 12))],
    ["/rollback live to 2026-11-01", backTo(Date.UTC(2026, 10, 1))],
    ["/rollback live to 12:29", backTo(AT - 60_000)],
    ["/rollback live to 18:00", backTo(Date.UTC(2026, 10, 27, 18))],
    ['/rollback to "2026-11-01"', { verb: "rollback", target: {}, to: { kind: "version", version: "2026-11-01" } }],
    ["/rollback 1.7.0", "`1.7.0` stands where an environment is expected. Write `/rollback to 1.7.0`."],
    ["/rollback live to", `the version or time behind \`to\` is missing. ${written("rollback")}`],
    ["/rollback live to 2026-12-01", `\`2026-12-01\` is yet to come. ${written("rollback")}`],
    [
      "/rollback live to last week",
      "`last week` is neither a version nor a time. Write a tag, or a time as `18:00`, `2026-12-01` or `2026-12-01T09:00Z`, in UTC.",
    ],
  ],
  hold: [
    ["/hold", { verb: "hold", target: {} }],
    ["/hold live", { verb: "hold", target: { name: "live" } }],
    ["/hold checkout live", { verb: "hold", target: { pipeline: "checkout", name: "live" } }],
    ["/hold new/one", { verb: "hold", target: { pipeline: "new", name: "one" } }],
    ["/hold live the sale", { verb: "hold", target: { name: "live" }, reason: "the sale" }],
    ["/hold the sale", { verb: "hold", target: {}, reason: "the sale" }],
    ['/hold "live event"', { verb: "hold", target: {}, reason: "live event" }],
    ['/hold live "live event"', { verb: "hold", target: { name: "live" }, reason: "live event" }],
    ["/hold live “until it works”", { verb: "hold", target: { name: "live" }, reason: "until it works" }],
    ["/hold live until 2h", { verb: "hold", target: { name: "live" }, until: AT + 2 * HOUR }],
    ["/hold live until 1d12h", { verb: "hold", target: { name: "live" }, until: AT + 36 * HOUR }],
    ["/hold live until 18:00", { verb: "hold", target: { name: "live" }, until: Date.UTC(2026, 10, 28, 18) }],
    ["/hold live until 18:00 UTC", { verb: "hold", target: { name: "live" }, until: Date.UTC(2026, 10, 28, 18) }],
    ["/hold live until 12:30", { verb: "hold", target: { name: "live" }, until: AT + 24 * HOUR }],
    ["/hold live until 2026-12-01", { verb: "hold", target: { name: "live" }, until: Date.UTC(2026, 11, 1) }],
    [
      "/hold live until 2026-12-01 09:00 the sale",
      { verb: "hold", target: { name: "live" }, until: Date.UTC(2026, 11, 1, 9), reason: "the sale" },
    ],
    [
      "/hold until 18:00 live the sale",
      { verb: "hold", target: { name: "live" }, until: Date.UTC(2026, 10, 28, 18), reason: "the sale" },
    ],
    [
      "/hold live broken until 2h at least",
      { verb: "hold", target: { name: "live" }, until: AT + 2 * HOUR, reason: "broken at least" },
    ],
    [
      "/hold live closed until we know more",
      { verb: "hold", target: { name: "live" }, reason: "closed until we know more" },
    ],
    [
      "/hold live see https://status.example/1 for *all* of `it`",
      { verb: "hold", target: { name: "live" }, reason: "see https://status.example/1 for all of it" },
    ],
    [
      "/hold lvie until 18:00",
      "`lvie` is no environment and no pipeline. Did you mean `live`? If it begins the reason, put the reason in quotes.",
    ],
    [
      "/hold checkout stagin",
      "`stagin` is no environment and no pipeline. Did you mean `staging`? If it begins the reason, put the reason in quotes.",
    ],
    ["/hold live until tomorrow", notATime("tomorrow")],
    ["/hold live until 25:00", notATime("25:00")],
    ["/hold live until 2026-02-30", notATime("2026-02-30")],
    ["/hold live until 0h", notATime("0h")],
    ["/hold live until 9999d", notATime("9999d")],
    ["/hold live until", `the time behind \`until\` is missing. ${TIMES()}`],
    ["/hold live until 2026-11-01", `\`2026-11-01\` is over already. ${written("hold")}`],
    ["/hold cancel", "`/hold` is not taken back this way. Write `/resume`."],
  ],
  resume: [
    ["/resume", { verb: "resume", target: {} }],
    ["/resume live", { verb: "resume", target: { name: "live" } }],
    ["/resume checkout", { verb: "resume", target: { name: "checkout" } }],
    ["/resume the work now", `\`the work now\` is more than one environment. ${written("resume")}`],
  ],
  "block and unblock": [
    ["/block 1.8.0 it loses orders", { verb: "block", version: "1.8.0", reason: "it loses orders" }],
    ['/block "1.8.0" "it loses orders"', { verb: "block", version: "1.8.0", reason: "it loses orders" }],
    ['/block 1.8.0 5" of snow', { verb: "block", version: "1.8.0", reason: '5" of snow' }],
    ["/block 1.8.0", `a reason is missing: people will ask why this version goes nowhere. ${written("block")}`],
    ['/block 1.8.0 ""', `a reason is missing: people will ask why this version goes nowhere. ${written("block")}`],
    ["/block", `the version is missing. ${written("block")}`],
    ["/block <version> it is bad", "more than text stands in this line. Write it as plain text, in one line."],
    ["/unblock 1.8.0", { verb: "unblock", version: "1.8.0" }],
    ["/unblock", `the version is missing. ${written("unblock")}`],
    ["/unblock 1.8.0 now", `\`now\` stands behind the version, where nothing is expected. ${written("unblock")}`],
  ],
  override: [
    ["/override soak it is urgent", { verb: "override", gate: "soak", reason: "it is urgent" }],
    ["/override Soak it is urgent", { verb: "override", gate: "soak", reason: "it is urgent" }],
    ["/override soak", `a reason is missing: it is recorded with the override. ${written("override")}`],
    ["/override", `the gate is missing. ${written("override")}`],
    ["/override @all it is urgent", `\`@all\` cannot be the name of a gate. ${written("override")}`],
  ],
  sandbox: [
    ["/sandbox integration", { verb: "sandbox", target: { name: "integration" } }],
    ["/sandbox checkout/integration", { verb: "sandbox", target: { pipeline: "checkout", name: "integration" } }],
    ["/sandbox release", { verb: "sandbox", target: {}, release: true }],
    ["/sandbox release integration", { verb: "sandbox", target: { name: "integration" }, release: true }],
    ["/sandbox checkout/release", { verb: "sandbox", target: { pipeline: "checkout", name: "release" } }],
    ["/sandbox", `the environment is missing. ${written("sandbox")}`],
  ],
  ignore: [
    ["/ignore", { verb: "ignore", target: {} }],
    ["/ignore live", { verb: "ignore", target: { name: "live" } }],
    ["/ignore until 2h", { verb: "ignore", target: {}, until: AT + 2 * HOUR }],
    [
      "/ignore checkout live until 2026-12-01",
      { verb: "ignore", target: { pipeline: "checkout", name: "live" }, until: Date.UTC(2026, 11, 1) },
    ],
    ["/ignore live until later", notATime("later")],
    ["/ignore live until 2h please", `\`2h please\` is not a time. ${written("ignore")}`],
  ],
  "the others": [
    ...(["adopt", "retry", "refresh", "status", "diff", "why"] as const).flatMap((verb): readonly Row[] => [
      [`/${verb}`, { verb, target: {} }],
      [`/${verb} live`, { verb, target: { name: "live" } }],
      [`/${verb} checkout live`, { verb, target: { pipeline: "checkout", name: "live" } }],
    ]),
    ["/help", { verb: "help" }],
    ["/help rollback", { verb: "help", about: "rollback" }],
    ["/help /Rollback", { verb: "help", about: "rollback" }],
    ["/help rolback", "there is no command `rolback`. Did you mean `rollback`?"],
    ["/help me", `there is no command \`me\`. ${written("help")}`],
  ],
  retag: [
    ["/retag v1.8.0-stable", { verb: "retag", target: {}, tag: "v1.8.0-stable" }],
    ["/retag v1.8.0-stable in live", { verb: "retag", target: { name: "live" }, tag: "v1.8.0-stable" }],
    ["/retag 1.8.0 IN checkout/live", { verb: "retag", target: { pipeline: "checkout", name: "live" }, tag: "1.8.0" }],
    ["/retag", `the tag is missing. ${written("retag")}`],
    ["/retag sha256:0123456789ab", `\`sha256:0123456789ab\` cannot be a tag. ${written("retag")}`],
    ["/retag v1 in", `the environment behind \`in\` is missing. ${written("retag")}`],
    ["/retag v1 live", `\`live\` stands behind the tag, where nothing but \`in\` is expected. ${written("retag")}`],
    ["/retag v1 in a/b/c", `\`a/b/c\` is more than one environment. ${written("retag")}`],
  ],
};

function promoteCheckout(name: string): Command {
  return { verb: "promote", target: { pipeline: "checkout", name }, version: "1.8.0" };
}

function backTo(at: number): Command {
  return { verb: "rollback", target: { name: "live" }, to: { kind: "time", at } };
}

function written(verb: string): string {
  const usage = COMMANDS.find((row) => row.verb === verb)?.usage ?? [];
  return `It is written ${usage.map((words) => `\`/${verb} ${words}\``).join(" or ")}.`;
}

function TIMES(): string {
  return "Write a time as `2h`, `18:00`, `2026-12-01` or `2026-12-01T09:00Z`, in UTC.";
}

function notATime(word: string): string {
  return `\`${word}\` is not a time. ${TIMES()}`;
}

for (const [name, rows] of Object.entries(TABLES)) {
  describe(`what people write: ${name}`, () => {
    for (const [text, expected] of rows) {
      test(text, () => assert.deepEqual(read(text), [expected]));
    }
  });
}

describe("the line", () => {
  test("the verb in any case, with white space around", () => {
    for (const text of [
      "/STATUS",
      "/Status  ",
      "  /status",
      "/status\t",
      "hello\n   /status\nthanks",
      "/status\r\nthanks",
    ]) {
      assert.deepEqual(read(text), [{ verb: "status", target: {} }], JSON.stringify(text));
    }
  });

  test("is told as it was written", () => {
    const [line] = readCommands({ text: "now:\n /hold `live` *now* \nthanks", at: AT, names: NAMES });
    assert.equal(line?.line, "/hold `live` *now*");
  });

  test("several in one comment, in their order, between other text", () => {
    const text = "This is broken.\n/hold live\n\n- see the log\n\n/block 1.8.0 it loses orders\nSorry!\n";
    assert.deepEqual(read(text), [
      { verb: "hold", target: { name: "live" } },
      { verb: "block", version: "1.8.0", reason: "it loses orders" },
    ]);
  });

  test("without names that are known, only what has a slash is a name before a reason", () => {
    const [plain] = readCommands({ text: "/hold live", at: AT });
    assert.deepEqual(plain?.kind === "command" && plain.command, { verb: "hold", target: {}, reason: "live" });
    const [full] = readCommands({ text: "/hold checkout/live now", at: AT });
    const target = { pipeline: "checkout", name: "live" };
    assert.deepEqual(full?.kind === "command" && full.command, { verb: "hold", target, reason: "now" });
  });
});

describe("words that are not ours", () => {
  const foreign = [
    ...["/test all", "/retest", "/lgtm", "/approve", "/assign @jane", "/label bug", "/cc @jane", "/close", "/reopen"],
    ...[
      "/ok-to-test",
      "/gemini review",
      "/unlock",
      "/who",
      "/banana",
      "/etc/hosts",
      "/promote/1.8",
      "/why?",
      "/help.",
      "/",
    ],
    ...["/ promote", "//promote", "/promote:", "/promotes1", "/hold1", "/status/live", "/правда", "/toString"],
  ];
  for (const text of foreign) test(text, () => assert.deepEqual(read(text), []));

  const near: readonly (readonly [string, string])[] = [
    ["/promot 1.8.0", "there is no command `/promot`. Did you mean `/promote`?"],
    ["/prmoote 1.8.0", "there is no command `/prmoote`. Did you mean `/promote`?"],
    ["/roll-back live", "there is no command `/roll-back`. Did you mean `/rollback`?"],
    ["/STATSU", "there is no command `/statsu`. Did you mean `/status`?"],
    ["/unhold", "there is no command `/unhold`. Did you mean `/resume`?"],
  ];
  for (const [text, expected] of near) test(text, () => assert.deepEqual(read(text), [expected]));
});

describe("with a prefix", () => {
  const rows: readonly (readonly [string, Command | string | undefined])[] = [
    ["/gitops promote 1.8.0", { verb: "promote", target: {}, version: "1.8.0" }],
    ["/GitOps Promote 1.8.0", { verb: "promote", target: {}, version: "1.8.0" }],
    ["/promote 1.8.0", undefined],
    ["/promot 1.8.0", undefined],
    ["/gitopspromote", undefined],
    ["/gitop", undefined],
    ["/gitop lint", undefined],
    ["/gitop promote", "there is no command `/gitop promote`. Did you mean `/gitops promote`?"],
    ["/gitops", "the command is missing. `/gitops help` tells which there are."],
    ["/gitops banana", "there is no command `banana`. `/gitops help` tells which there are."],
    ["/gitops hodl", "there is no command `/gitops hodl`. Did you mean `/gitops hold`?"],
    ["/gitops hold cancel", "`/gitops hold` is not taken back this way. Write `/gitops resume`."],
    ["/gitops unblock", "the version is missing. It is written `/gitops unblock <version>`."],
  ];
  for (const [text, expected] of rows) {
    test(text, () => assert.deepEqual(read(text, "gitops"), expected === undefined ? [] : [expected]));
  }
});

describe("T27: limits", () => {
  test(`${MOST_COMMANDS} commands are read, and of more none`, () => {
    assert.equal(read("/hold\n".repeat(MOST_COMMANDS)).length, MOST_COMMANDS);
    assert.deepEqual(read("/hold\n".repeat(MOST_COMMANDS + 1)), [
      "there are 6 commands in this comment, and none was carried out. A comment may have 5.",
    ]);
  });

  test(`a line of ${LONGEST_LINE} characters is read, and a longer one is not`, () => {
    const line = "/block 1.8.0 ".padEnd(LONGEST_LINE, "x");
    assert.equal(typeof read(line)[0], "object");
    assert.deepEqual(read(`${line}x`), ["this line has 513 characters. A command has at most 512."]);
  });

  test("what stands behind the first 16 KiB is not read, nor the paragraph that is cut there", () => {
    const command = "\n\n/hold live\n\n";
    const filler = (length: number): string => "x".repeat(length);
    assert.equal(read(command + filler(MOST_SCANNED)).length, 1);
    assert.equal(read(filler(MOST_SCANNED) + command).length, 0);
    assert.equal(read(`${filler(MOST_SCANNED - 12)}\n\n/hold live\n===\n`).length, 0);
    // Whoever handed it over may have cut it there already.
    assert.equal(read(`${filler(MOST_SCANNED - 12)}\n\n/hold live`).length, 0);
  });

  test("bytes are counted, not characters", () => {
    assert.equal(read(`${"ü".repeat(MOST_SCANNED / 2)}\n\n/hold live`).length, 0);
  });

  test("a text that is too tangled for people is not parsed", () => {
    const held = [{ verb: "hold", target: { name: "live" } }];
    const rows: readonly (readonly [within: string, beyond: string])[] = [
      ["~a".repeat(1_000), "~a".repeat(1_001)],
      ["a\n".repeat(997), "a\n".repeat(998)],
      [`${"- ".repeat(10)}a`, `${"- ".repeat(11)}a`],
      [`${"1. > ".repeat(5)}a`, `${"1. > ".repeat(6)}a`],
    ];
    for (const [within, beyond] of rows) {
      assert.deepEqual(read(`/hold live\n\n${within}`), held);
      assert.deepEqual(read(`/hold live\n\n${beyond}`), []);
    }
  });
});

describe("the table", () => {
  test("has a row for every verb, and says which change something", () => {
    assert.deepEqual(
      COMMANDS.map(({ verb }) => verb),
      VERBS,
    );
    assert.deepEqual(
      COMMANDS.flatMap(({ verb, changes }) => (changes ? [verb] : [])),
      CHANGING_VERBS,
    );
  });

  for (const row of COMMANDS.filter(({ read: reads }) => reads !== undefined)) {
    test(`the example of ${row.verb} is a command, with a prefix too`, () => {
      for (const prefix of [undefined, "gitops"]) {
        const [line, ...more] = readCommands({ text: exampleOf(row, leadOf(prefix)), at: AT, prefix, names: NAMES });
        assert.equal(line?.kind === "command" && line.command.verb, row.verb);
        assert.deepEqual(more, []);
      }
    });
  }
});
