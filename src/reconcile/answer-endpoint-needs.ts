// Asks the operator's endpoints what the planner wants to know. A question rests after its answer, whatever that was, so
// that no endpoint is asked more often than its operator wants; all of a pass share one time.

import { type EndpointQuestion, type EndpointReading, endpointKey } from "../domain/endpoint.ts";
import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import { unknown } from "../domain/seen.ts";
import type { EndpointReply } from "../endpoint/endpoint.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

interface Asking {
  readonly observed: Observed;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

type EndpointNeed = Extract<Need, { kind: "endpoint" }>;

const AT_ONCE = 10;
/** Milliseconds that the questions of one round may take together. */
const PATIENCE = 20_000;
/** One that asks to wait until later is believed for so long at most. */
const LONGEST_REST = 60 * 60_000;

export function isEndpointNeed(need: Need): need is EndpointNeed {
  return need.kind === "endpoint";
}

export async function answerEndpointNeeds(
  needs: readonly EndpointNeed[],
  asking: Asking,
): Promise<Pick<Observed, "endpoints">> {
  const { observed, shell } = asking;
  const readings: Record<string, EndpointReading> = { ...observed.endpoints };
  const until = shell.now() + PATIENCE;
  for (let first = 0; first < needs.length; first += AT_ONCE) {
    const some = needs.slice(first, first + AT_ONCE).map(({ question }) => question);
    const answers = await Promise.all(some.map((question) => readOrAsk(question, { ...asking, until })));
    for (const [index, question] of some.entries()) {
      const reading = answers[index];
      if (reading) readings[endpointKey(question)] = reading;
    }
  }
  return { endpoints: readings };
}

async function readOrAsk(
  question: EndpointQuestion,
  { observed, at, shell, until }: Asking & { readonly until: number },
): Promise<EndpointReading> {
  const key = `${at.repository} ${endpointKey(question)}`;
  const kept = (await shell.store.cache.read("endpoint", [key])).get(key);
  if (kept !== undefined) {
    const reading = JSON.parse(kept) as EndpointReading;
    if (reading.askAgainAt > shell.now()) return reading;
  }
  if (shell.now() > until)
    return { answer: unknown("there was no time to ask it in this pass"), askAgainAt: shell.now() };
  const { owner, name } = observed.repository;
  const reply = await shell.endpoints.ask({ asker: `${owner}/${name}`, question });
  const reading = { answer: reply.answer, askAgainAt: restUntil(reply, shell.now()) };
  await shell.store.cache.write("endpoint", new Map([[key, JSON.stringify(reading)]]));
  return reading;
}

function restUntil({ answer, every }: EndpointReply, now: number): number {
  const usual = now + every;
  if (answer.kind === "unknown" || answer.value.state !== "wait") return usual;
  return Math.max(usual, Math.min(answer.value.until ?? 0, now + LONGEST_REST));
}
