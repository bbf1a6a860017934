// Gates that rest on people, checks and endpoints, a row each: what is known, and the state and the sentence that follow.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { membershipKey } from "../../src/domain/conversation.ts";
import { type EndpointAnswer, type EndpointReading, endpointKey } from "../../src/domain/endpoint.ts";
import type { Gate, GateState } from "../../src/domain/gate.ts";
import type { Promotion } from "../../src/domain/promotion.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { evaluateGate } from "../../src/plan/evaluate-gate.ts";
import type { GateContext } from "../../src/plan/gate-context.ts";
import { gateNeeds } from "../../src/plan/gate-needs.ts";
import { minutes, noon, promotion, release } from "./build.ts";

const HEAD = "head-of-1.8.0";

function context(open: Partial<Promotion> | undefined, changes: Partial<GateContext> = {}): GateContext {
  return {
    key: "checkout/live",
    release: release("1.8.0"),
    reachedIn: () => [],
    liveIn: () => undefined,
    observed: [],
    promotion: open && promotion("live", "1.8.0", open),
    requestedBy: [],
    memberships: {},
    endpoints: {},
    signatures: {},
    source: undefined,
    hours: { windows: [], freezes: [] },
    now: noon,
    ...changes,
  };
}

interface Row {
  readonly name: string;
  readonly open?: Partial<Promotion>;
  readonly context?: Partial<GateContext>;
  readonly gate?: Gate;
  readonly state: GateState;
  readonly says: RegExp;
}

function table(title: string, usual: Gate, rows: readonly Row[]): void {
  describe(title, () => {
    for (const { name, gate = usual, open = {}, context: changes, state, says } of rows) {
      test(`${state}: ${name}`, () => {
        const result = evaluateGate(gate, context(open, changes));
        assert.equal(result.state, state, result.reason);
        assert.match(result.reason, says);
      });
    }
  });
}

const approvedBy = (...people: readonly string[]) => ({
  approvals: people.map((by, index) => ({ by, byId: index + 100, head: HEAD })),
});
const inTeam = (answers: Readonly<Record<string, Seen<boolean>>>) => ({
  memberships: Object.fromEntries(
    Object.entries(answers).map(([login, seen]) => [membershipKey({ team: "acme/sre", login }), seen]),
  ),
});
const SRE: Gate = { kind: "approvals", count: 2, teams: ["acme/sre"] };

table("approvals", { kind: "approvals", count: 1, teams: [] }, [
  { name: "nobody yet", state: "waiting", says: /^nobody has approved this head yet; 1 approval of people with write/ },
  { name: "one person", open: approvedBy("ola"), state: "passed", says: /^`ola` approved this head$/ },
  {
    name: "T8: given on a head that is no more",
    open: { approvals: [{ by: "ola", head: "head-of-1.7.9" }] },
    state: "waiting",
    says: /`ola` approved another head, which no longer counts/,
  },
  {
    name: "T9: by whoever asked for the promotion",
    open: approvedBy("ola"),
    context: { requestedBy: [{ by: "Ola", byId: 9 }] },
    state: "waiting",
    says: /nobody whose approval counts.*the approval of `ola` does not count, who asked for this promotion/,
  },
  {
    name: "T9: by whoever asked for it, under a new name",
    open: approvedBy("ola-the-second"),
    context: { requestedBy: [{ by: "ola", byId: 100 }] },
    state: "waiting",
    says: /the approval of `ola-the-second` does not count, who asked/,
  },
  {
    name: "T9: by whoever pushed to the branch",
    open: { ...approvedBy("ola"), pushedBy: ["Ola"] },
    state: "waiting",
    says: /the approval of `ola` does not count, who pushed to its branch/,
  },
  {
    name: "another person beside the one who asked",
    open: approvedBy("ola", "leo"),
    context: { requestedBy: [{ by: "ola", byId: 100 }] },
    state: "passed",
    says: /^`leo` approved this head$/,
  },
  {
    name: "as many of the team as asked for",
    gate: SRE,
    open: approvedBy("ola", "leo"),
    context: inTeam({ ola: known(true), leo: known(true) }),
    state: "passed",
    says: /`ola` and `leo` approved/,
  },
  {
    name: "one of the team and one of nowhere",
    gate: SRE,
    open: approvedBy("ola", "leo"),
    context: inTeam({ ola: known(true), leo: known(false) }),
    state: "waiting",
    says: /`leo` does not count, who is not in `acme\/sre`; 2 approvals of members of `acme\/sre` are asked for/,
  },
  {
    name: "a team that could not be read",
    gate: SRE,
    open: approvedBy("ola", "leo"),
    context: inTeam({ ola: known(true), leo: unknown("GitHub answered 403") }),
    state: "waiting",
    says: /whether `leo` is in `acme\/sre` is not known: GitHub answered 403/,
  },
]);

test("only the memberships that a gate lacks are asked for", () => {
  const gates = [SRE];
  const needs = (people: readonly string[], answers: Readonly<Record<string, Seen<boolean>>>) =>
    gateNeeds({ gates, context: context(approvedBy(...people), inTeam(answers)) }).flatMap((need) =>
      need.kind === "membership" ? [need.login] : [],
    );
  assert.deepEqual(needs(["ola", "leo", "mia"], {}), ["ola", "leo"]);
  assert.deepEqual(needs(["ola", "leo", "mia"], { ola: known(true), leo: known(false) }), ["mia"]);
  assert.deepEqual(needs(["ola", "leo", "mia"], { ola: known(true), leo: known(true) }), []);
});

const reported = (...found: Promotion["checks"]["found"]) => ({ checks: { total: found.length, found } });
const run = { name: "e2e", app: "github-actions", at: noon };

table("checks", { kind: "checks", names: ["e2e@github-actions"] }, [
  { name: "it has not run", state: "waiting", says: /`e2e@github-actions` has not run on this head/ },
  {
    name: "it succeeded",
    open: reported({ ...run, state: "passed", word: "success" }),
    state: "passed",
    says: /`e2e@github-actions` succeeded on this head/,
  },
  {
    name: "it runs",
    open: reported({ ...run, state: "running", word: "in progress" }),
    state: "waiting",
    says: /has not ended: `in progress`/,
  },
  {
    name: "it failed",
    open: reported({ ...run, state: "failed", word: "timed out" }),
    state: "failed",
    says: /has not succeeded: `timed out`/,
  },
  {
    name: "it was skipped",
    open: reported({ ...run, state: "nothing", word: "skipped" }),
    state: "waiting",
    says: /was `skipped`, which proves nothing/,
  },
  {
    name: "T6: somebody who may write forged a status of that name",
    open: reported({ name: "e2e", state: "passed", word: "success", at: noon }),
    state: "waiting",
    says: /has not run on this head; the check of that name by a person does not count/,
  },
  {
    name: "T6: another app made one of that name",
    open: reported({ ...run, app: "helper", state: "passed", word: "success" }),
    state: "waiting",
    says: /the check of that name by `helper` does not count/,
  },
  {
    name: "the newest run counts, whatever an older one said",
    open: reported(
      { ...run, state: "passed", word: "success", at: minutes(5) },
      { ...run, state: "failed", word: "failure" },
    ),
    state: "passed",
    says: /succeeded/,
  },
  {
    name: "one that has not begun is newer than any",
    open: reported(
      { name: "e2e", app: "github-actions", state: "running", word: "queued" },
      { ...run, state: "passed", word: "success" },
    ),
    state: "waiting",
    says: /has not ended: `queued`/,
  },
  {
    name: "more checks than are read",
    open: { checks: { total: 130, found: [] } },
    state: "waiting",
    says: /was not found: this head has 130 checks, and not all of them are read/,
  },
  {
    name: "one of two is missing",
    gate: { kind: "checks", names: ["e2e", "lint"] },
    open: reported({ ...run, state: "passed", word: "success" }),
    state: "waiting",
    says: /^`lint` has not run on this head$/,
  },
  {
    name: "without an app, one that failed outweighs the others of that name",
    gate: { kind: "checks", names: ["e2e"] },
    open: reported(
      { ...run, state: "passed", word: "success" },
      { ...run, app: "helper", state: "failed", word: "failure" },
    ),
    state: "failed",
    says: /`e2e` has not succeeded/,
  },
]);

test("checks wait while there is no pull request", () => {
  const { state } = evaluateGate({ kind: "checks", names: ["e2e"] }, context(undefined));
  assert.equal(state, "waiting");
});

const BUDGET: Gate = { kind: "http", endpoint: "budget" };
const said = (answer: Seen<EndpointAnswer>): Partial<GateContext> => {
  const question = { endpoint: "budget", key: "checkout/live", release: release("1.8.0") } as const;
  const reading: EndpointReading = { answer, askAgainAt: minutes(1) };
  return { endpoints: { [endpointKey({ ...question, promotion: { number: 7, head: HEAD } })]: reading } };
};

table("an endpoint", BUDGET, [
  { name: "it was not asked yet", state: "waiting", says: /`budget` has not been asked about it yet/ },
  {
    name: "it says pass",
    context: said(known({ state: "pass", reason: "93% left" })),
    state: "passed",
    says: /^`budget` says `93% left`$/,
  },
  {
    name: "what it said holds no longer",
    context: said(known({ state: "pass", reason: "93% left", until: minutes(-1) })),
    state: "waiting",
    says: /was good until/,
  },
  {
    name: "it says wait",
    context: said(known({ state: "wait", reason: "a sale", until: minutes(30) })),
    state: "waiting",
    says: /says `a sale`/,
  },
  {
    name: "it says fail",
    context: said(known({ state: "fail", reason: "spent" })),
    state: "failed",
    says: /says `spent`/,
  },
  {
    name: "T14: its words stay words",
    context: said(known({ state: "fail", reason: "`@everyone` closes #1" })),
    state: "failed",
    says: /says `'@everyone' closes #1`/,
  },
  {
    name: "it could not be asked",
    context: said(unknown("it did not answer within 10 s")),
    state: "waiting",
    says: /what `budget` says is not known: it did not answer within 10 s/,
  },
]);
