// The pieces of which tables about orders are made: a conversation, a comment in it, and people who may do something.

import type { Comment, Conversation, Person, Role } from "../../src/domain/conversation.ts";
import type { AnswerComment, CommandAnswer } from "../../src/domain/conversation-actions.ts";
import type { ExecutedCommand, Ledger } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Remember } from "../../src/domain/plan.ts";
import { known, type Seen } from "../../src/domain/seen.ts";
import { type Answers, minutes, noon, observed, planFully } from "./build.ts";

const MARIA = { id: 11, login: "maria", kind: "person" } as const;

export function person(role: Role, id: number = MARIA.id): Seen<Person> {
  return known({ id, role });
}

export function comment(text: string, changes: Partial<Comment> = {}): Comment {
  return { id: 4711, node: "IC_4711", by: MARIA, at: minutes(-1), text, edited: false, hidden: false, ...changes };
}

export function conversation(changes: Partial<Conversation> = {}): Conversation {
  return {
    number: 7,
    kind: "promotion",
    state: "open",
    key: "checkout/live",
    fork: false,
    head: { oid: "head-of-1.8.0", committedAt: minutes(-30) },
    comments: 1,
    last: [{ id: 4711, at: minutes(-1), ours: false }],
    ...changes,
  };
}

export interface Saying {
  readonly on?: Partial<Conversation>;
  readonly comments?: readonly Comment[];
  readonly answered?: readonly number[];
  readonly role?: Role;
  readonly world?: Partial<Observed>;
  readonly answers?: Answers;
}

/** What a pass would do about these words of maria's on the open promotion to live. */
export function say(text: string, { on, comments, answered = [], role = "write", world, answers }: Saying = {}) {
  const place = conversation(on);
  const start = observed({
    conversations: [place],
    comments: {
      [place.number]: known({ node: "PR_7", comments: comments ?? [comment(text)], answered }),
    },
    people: { maria: person(role) },
    ...world,
  });
  const { plan } = planFully(start, answers);
  const remembered = plan.actions.find((action): action is Remember => action.kind === "remember");
  const answer = plan.actions.find((action): action is AnswerComment => action.kind === "answer-comment");
  return { plan, answer, ledger: remembered?.ledger, answers: answer?.view.answers ?? [] };
}

/** A line of maria's comment that a pass before this one has carried out. */
export function carriedOut(line: string, outcome: string): ExecutedCommand {
  return { id: "comment/4711.0", at: minutes(-1), by: MARIA.login, byId: MARIA.id, line, outcome };
}

/** `🚀 what`, with its notes behind it. */
export function told({ reaction, what, notes }: CommandAnswer): string {
  return `${reaction}: ${[what, ...notes].join(" | ")}`;
}

export function memoryOf(ledger: Ledger | undefined, name: string) {
  return ledger?.environments[`checkout/${name}`];
}

export { noon };
