// What people ordered is tried again without making a pass follow a pass for ever.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "../../src/domain/plan.ts";
import type { Forge } from "../../src/forge/forge.ts";
import { act } from "../../src/reconcile/act.ts";
import type { Shell } from "../../src/reconcile/shell.ts";
import { noon } from "../plan/build.ts";

const at = { installation: 1, repository: 1, owner: "acme", name: "platform-config" };

test("a /retry that GitHub does not let us answer is no reason to look again at once", async () => {
  let asked = 0;
  const forge: Pick<Forge, "answerComment"> = {
    answerComment: async () => {
      asked += 1;
      return { kind: "refused", why: "the conversation is locked" };
    },
  };
  const shell = {
    now: () => noon,
    forge,
    renderer: { answer: () => "an answer" },
    memory: { refused: new Map(), retried: new Map() },
    metrics: { acted: () => undefined },
  } as unknown as Shell;
  const actions = [
    { kind: "reconsider", keys: ["checkout/live"], reason: "maria said so" },
    {
      kind: "answer-comment",
      number: 7,
      conversation: "PR_7",
      comment: { id: 4711, node: "IC_4711" },
      reaction: "done",
      view: { comment: 4711, answers: [] },
      reason: "maria gets an answer",
    },
  ] as const satisfies readonly Action[];
  const acted = await act(actions, { at, node: "R_1", shell, mayGoOn: () => true });
  assert.deepEqual(
    acted.outcomes.map(({ kind }) => kind),
    ["already-so", "refused"],
  );
  assert.equal(asked, 1);
});
