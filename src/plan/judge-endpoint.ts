// Judges what an endpoint of the operator says about a release. Whatever is no clear yes waits, and its words are shown as
// words of others.

import { type EndpointQuestion, endpointKey } from "../domain/endpoint.ts";
import type { GateResult, HttpGate } from "../domain/gate.ts";
import type { GateContext } from "./gate-context.ts";
import { code, nameTime } from "./wording.ts";

export function judgeEndpoint(gate: HttpGate, context: GateContext): GateResult {
  const name = `endpoint ${gate.endpoint}`;
  const reading = context.endpoints[endpointKey(questionOf(gate, context))];
  if (!reading) return { name, state: "waiting", reason: `${code(gate.endpoint)} has not been asked about it yet` };
  const { answer } = reading;
  if (answer.kind === "unknown")
    return { name, state: "waiting", reason: `what ${code(gate.endpoint)} says is not known: ${answer.why}` };
  const { state, reason, until } = answer.value;
  const says = `${code(gate.endpoint)} says ${code(reason)}`;
  switch (state) {
    case "pass":
      if (until !== undefined && until <= context.now)
        return { name, state: "waiting", reason: `what ${code(gate.endpoint)} said was good until ${nameTime(until)}` };
      return { name, state: "passed", reason: says, ...(until !== undefined && { changesAt: until }) };
    case "wait":
      return { name, state: "waiting", reason: says, ...(until !== undefined && { expectedAt: until }) };
    case "fail":
      return { name, state: "failed", reason: says };
  }
}

export function questionOf({ endpoint }: HttpGate, { key, release, promotion }: GateContext): EndpointQuestion {
  return {
    endpoint,
    key,
    release,
    ...(promotion && { promotion: { number: promotion.number, head: promotion.head.oid } }),
  };
}
