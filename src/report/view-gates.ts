// Gates as a table: what each says, when it is expected to pass and what would get past it. The last two columns are there
// only when a gate has something to say in them.

import { countOf } from "../domain/count-words.ts";
import type { GateResult, GateState } from "../domain/gate.ts";
import { cell, code, NOTHING, sentence, trusted } from "./escape-markdown.ts";
import { formatTime } from "./format-time.ts";

const STATES: Readonly<Record<GateState, string>> = { passed: "✅ passed", waiting: "⏳ waiting", failed: "❌ failed" };

export function viewGates(gates: readonly GateResult[]) {
  return {
    expects: gates.some(({ expectedAt }) => expectedAt !== undefined),
    unblocks: gates.some(({ unblock }) => unblock !== undefined),
    gates: gates.map((gate) => ({
      name: cell(sentence(nameGate(gate), 200)),
      state: trusted(STATES[gate.state]),
      reason: cell(sentence(gate.reason)),
      expected: gate.expectedAt === undefined ? NOTHING : trusted(formatTime(gate.expectedAt)),
      unblock: gate.unblock === undefined ? NOTHING : cell(code(gate.unblock, 600)),
    })),
  };
}

/** `soak 1 day`, or `checkout: soak 1 day` where several pipelines share a pull request. */
function nameGate({ pipeline, name }: GateResult): string {
  return pipeline === undefined ? name : `\`${pipeline}\`: ${name}`;
}

/** `2 of 3 gates have passed, 1 has failed.` */
export function countGates(gates: readonly GateResult[]): string {
  const passed = gates.filter(({ state }) => state === "passed").length;
  const failed = gates.filter(({ state }) => state === "failed").length;
  if (gates.length === 0) return "No gate stands before this.";
  if (passed === gates.length) return gates.length === 1 ? "The gate has passed." : "Every gate has passed.";
  const progress = `${passed} of ${countOf(gates.length, "gate")} ${passed === 1 ? "has" : "have"} passed`;
  return failed === 0 ? `${progress}.` : `${progress}, ${failed} ${failed === 1 ? "has" : "have"} failed.`;
}
