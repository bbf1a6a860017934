import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AuthorizationTarget, authorize } from "../../src/commands/authorize.ts";
import { COMMANDS } from "../../src/commands/command-table.ts";
import type { Verb } from "../../src/domain/command.ts";
import { type Actor, membershipKey, type Person, ROLES, type Role } from "../../src/domain/conversation.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";

const JANE: Actor = { id: 7, login: "Jane", kind: "person" };
const LIVE: AuthorizationTarget = { name: "checkout/live", demanded: [] };
const YES = known(true);
const NO = known(false);
const TEAMS = { "acme/sre": YES, "acme/other": NO };
const SILENT = unknown("GitHub answered 503");

function person(role: Role): Seen<Person> {
  return known({ id: JANE.id, role });
}

function member(teams: Readonly<Record<string, Seen<boolean>>>): Readonly<Record<string, Seen<boolean>>> {
  return Object.fromEntries(
    Object.entries(teams).map(([team, seen]) => [membershipKey({ team, login: JANE.login }), seen]),
  );
}

/** What every way in asks: none of them can say which it is, so none can be treated otherwise. */
function ask(verb: Verb, { role, targets }: { readonly role: Role; readonly targets: readonly AuthorizationTarget[] }) {
  return authorize({ actor: JANE, verb, targets, person: person(role), memberships: member(TEAMS) });
}

/** Written out once more, so that a change of the table has to be meant. */
const NEEDED: Readonly<Record<Verb, Role>> = {
  ...{ help: "read", status: "read", why: "read", diff: "read", hold: "triage", override: "admin" },
  ...{ promote: "write", rollback: "write", resume: "write", block: "write", unblock: "write", retag: "write" },
  ...{ sandbox: "write", adopt: "write", ignore: "write", retry: "write", refresh: "write" },
};

type Situation = readonly [name: string, target: Omit<AuthorizationTarget, "name">, decides: "role" | "yes" | "no"];

/** Who decides about somebody with access: the role in the repository, or the lists of names. */
const SITUATIONS: readonly Situation[] = [
  ["nothing is said", { demanded: [] }, "role"],
  ["`allow` names them", { allow: ["jane"], demanded: [] }, "yes"],
  ["`allow` names a team of theirs", { allow: ["acme/other", "acme/sre"], demanded: [] }, "yes"],
  ["`allow` names others", { allow: ["joe"], demanded: [] }, "no"],
  ["`allow` names nobody", { allow: [], demanded: [] }, "no"],
  ["the operator names them", { demanded: [["JANE"]] }, "role"],
  ["the operator names others", { demanded: [["joe"]] }, "no"],
  ["the operator names nobody", { demanded: [[]] }, "no"],
  ["one rule of the operator names others", { demanded: [["jane"], ["joe"]] }, "no"],
  ["both name them", { allow: ["jane"], demanded: [["acme/sre"]] }, "yes"],
  ["`allow` names them, the operator names others", { allow: ["jane"], demanded: [["joe"]] }, "no"],
  ["the operator names them, `allow` names others", { allow: ["joe"], demanded: [["jane"]] }, "no"],
];

const WAYS_IN = ["a comment", "a button of the check", "a checkbox of the dashboard", "a route"];

describe("T6: who may give which command, by every way in", () => {
  for (const { verb } of COMMANDS) {
    for (const [name, rest, decides] of SITUATIONS) {
      test(`/${verb}, where ${name}`, () => {
        const targets = [{ name: "checkout/live", ...rest }];
        const expected = ROLES.map((role) => {
          const isEnough = ROLES.indexOf(role) >= ROLES.indexOf(NEEDED[verb]);
          const may = decides === "yes" || (decides === "role" && isEnough);
          return role !== "none" && may ? "allowed" : "refused";
        });
        for (const way of WAYS_IN) {
          const answers = ROLES.map((role) => ask(verb, { role, targets }).kind);
          assert.deepEqual(answers, expected, way);
        }
      });
    }
  }

  test("without an environment, the role in the repository decides", () => {
    for (const { verb } of COMMANDS) {
      const answers = ROLES.map((role) => ask(verb, { role, targets: [] }).kind);
      const first = ROLES.indexOf(NEEDED[verb]);
      assert.deepEqual(
        answers,
        ROLES.map((_, index) => (index >= first ? "allowed" : "refused")),
      );
    }
  });

  test("all environments have to allow it", () => {
    const named = { ...LIVE, allow: ["jane"] };
    const others = { name: "checkout/staging", allow: ["joe"], demanded: [] };
    assert.equal(ask("promote", { role: "read", targets: [named] }).kind, "allowed");
    assert.equal(ask("promote", { role: "read", targets: [named, others] }).kind, "refused");
    assert.equal(ask("promote", { role: "read", targets: [named, LIVE] }).kind, "refused");
    assert.equal(ask("promote", { role: "write", targets: [named, LIVE] }).kind, "allowed");
  });
});

describe("T6: who somebody is", () => {
  const request = { actor: JANE, verb: "promote", targets: [LIVE], memberships: {} } as const;

  test("a bot gives no commands, whatever its role", () => {
    const actor: Actor = { id: 7, login: "helper[bot]", kind: "bot" };
    assert.deepEqual(authorize({ ...request, actor, person: person("admin") }), {
      kind: "refused",
      why: "`helper[bot]` is no person, and only people give commands",
    });
  });

  test("somebody who took over the login is somebody else", () => {
    const other = known({ id: 8, role: "admin" } as const);
    const answer = authorize({ ...request, targets: [{ ...LIVE, allow: ["jane"] }], person: other });
    assert.deepEqual(answer, { kind: "refused", why: "the login `Jane` belongs to another account by now" });
  });

  test("nobody was asked yet: the person is needed", () => {
    assert.deepEqual(authorize({ ...request, person: undefined }), { kind: "needs", person: true, memberships: [] });
  });

  test("T6: GitHub did not answer: nothing is allowed, and nothing is refused", () => {
    assert.deepEqual(authorize({ ...request, person: SILENT }), {
      kind: "unknown",
      why: "what `Jane` may do could not be verified, because GitHub answered 503",
    });
  });
});

describe("teams", () => {
  const target = { ...LIVE, allow: ["joe", "acme/sre"], demanded: [["acme/leads", "acme/sre"], ["acme/leads"]] };

  function asked(memberships: Readonly<Record<string, Seen<boolean>>>) {
    return authorize({
      ...{ actor: JANE, verb: "promote", targets: [target, target] },
      ...{ person: person("read"), memberships: member(memberships) },
    });
  }

  test("are needed once each, and only where no login decides", () => {
    const sre = { team: "acme/sre", login: "Jane" };
    const leads = { team: "acme/leads", login: "Jane" };
    assert.deepEqual(asked({}), { kind: "needs", person: false, memberships: [sre, leads] });
    assert.deepEqual(asked({ "acme/sre": YES }), { kind: "needs", person: false, memberships: [leads] });
    const named = { ...LIVE, allow: ["acme/sre", "JANE"] };
    assert.equal(
      authorize({ actor: JANE, verb: "promote", targets: [named], person: person("read"), memberships: {} }).kind,
      "allowed",
    );
  });

  const rows: readonly (readonly [
    name: string,
    memberships: Readonly<Record<string, Seen<boolean>>>,
    expected: string,
  ])[] = [
    ["a member of both", { "acme/sre": YES, "acme/leads": YES }, "allowed"],
    ["a member of one", { "acme/sre": YES, "acme/leads": NO }, "refused"],
    ["a member of none", { "acme/sre": NO, "acme/leads": NO }, "refused"],
    ["one could not be read", { "acme/sre": YES, "acme/leads": SILENT }, "unknown"],
    ["none could be read", { "acme/sre": SILENT, "acme/leads": SILENT }, "unknown"],
    ["refused by one, whatever the other says", { "acme/sre": SILENT, "acme/leads": NO }, "refused"],
    ["refused by one, before the other is read", { "acme/sre": NO }, "refused"],
  ];
  for (const [name, memberships, expected] of rows) {
    test(name, () => assert.equal(asked(memberships).kind, expected));
  }
});

describe("a refusal says what was needed and what was there", () => {
  const rows: readonly (readonly [
    verb: Verb,
    role: Role,
    target: AuthorizationTarget | undefined,
    expected: string,
  ])[] = [
    ["promote", "none", LIVE, "`Jane` has no access to this repository"],
    [
      "promote",
      "triage",
      LIVE,
      "`/promote` for `checkout/live` takes the role write or more in this repository, and `Jane` has triage",
    ],
    ["block", "read", undefined, "`/block` takes the role write or more in this repository, and `Jane` has read"],
    [
      "override",
      "maintain",
      LIVE,
      "`/override` for `checkout/live` takes the role admin in this repository, and `Jane` has maintain",
    ],
    [
      "rollback",
      "admin",
      { ...LIVE, allow: ["joe", "eve"] },
      "for `/rollback` in `checkout/live` the pipeline file names `joe` and `eve`, and `Jane` is none of them",
    ],
    ["rollback", "admin", { ...LIVE, allow: [] }, "for `/rollback` in `checkout/live` the pipeline file names nobody"],
    [
      "rollback",
      "admin",
      { ...LIVE, demanded: [["joe"]] },
      "for `/rollback` in `checkout/live` the operator's settings name `joe`, and `Jane` is none of them",
    ],
    [
      "hold",
      "write",
      { ...LIVE, allow: Array.from({ length: 12 }, (_, index) => `person-${index}`) },
      "for `/hold` in `checkout/live` the pipeline file names `person-0`, `person-1`, `person-2`, `person-3`, `person-4`, `person-5`, `person-6`, `person-7` and 4 more, and `Jane` is none of them",
    ],
  ];
  for (const [verb, role, target, expected] of rows) {
    test(expected, () => {
      const answer = ask(verb, { role, targets: target === undefined ? [] : [target] });
      assert.deepEqual(answer, { kind: "refused", why: expected });
    });
  }
});
