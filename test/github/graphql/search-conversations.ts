// `search(type: ISSUE)`: the qualifiers that a bot would use to find its own pull requests. A qualifier that is not
// listed here is not modelled, because ignoring it would answer more than GitHub does. There is no lag of an index.

import { canSee } from "../model/decide-permission.ts";
import { fullName } from "../model/manage-repositories.ts";
import type { Conversation } from "../model/repository.ts";
import { byNodeId, connect, type PageArguments } from "./connection.ts";
import type { Context } from "./context.ts";
import { notModelled } from "./problem.ts";

interface SearchArguments extends PageArguments {
  readonly query: string;
  readonly type: string;
}

type Test = (conversation: Conversation) => boolean;

/** GitHub shows the first thousand and no more. */
const searchLimit = 1_000;

export function searchConversations(_: unknown, { query, type, ...page }: SearchArguments, context: Context) {
  if (type !== "ISSUE") throw notModelled(`search(type: ${type})`);
  const terms = query.match(/(?:[^\s"]+:)?"[^"]*"|\S+/g) ?? [];
  const newestFirst = terms.every((term) => term !== "sort:created-asc");
  const tests = terms.filter((term) => !term.startsWith("sort:created-")).map(testOf);
  const found = [...context.model.repositories.values()]
    .filter((repository) => canSee(context.model, { actor: context.actor, repository }))
    .flatMap(({ conversations }) => [...conversations.values()])
    .filter((conversation) => tests.every((test) => test(conversation)))
    .toSorted((one, other) => (newestFirst ? other.id - one.id : one.id - other.id));
  const { totalCount, ...connection } = connect(found.slice(0, searchLimit), page, byNodeId);
  return { ...connection, issueCount: Math.max(totalCount, found.length) };
}

function testOf(term: string): Test {
  if (term.startsWith("-")) {
    const test = testOf(term.slice(1));
    return (conversation) => !test(conversation);
  }
  const colon = term.indexOf(":");
  const value = term.slice(colon + 1).replace(/^"|"$/g, "");
  if (colon < 0) return ({ title, body }) => `${title}\n${body ?? ""}`.toLowerCase().includes(value.toLowerCase());
  const qualifier = term.slice(0, colon);
  if (qualifier === "is" || qualifier === "state" || qualifier === "type") return testOfState(value, term);
  const make = qualifiers[qualifier];
  if (make === undefined) throw notModelled(`the search qualifier ${term}`);
  return make(value);
}

function testOfState(value: string, term: string): Test {
  const test = states[value];
  if (test === undefined) throw notModelled(`the search qualifier ${term}`);
  return test;
}

const states: Readonly<Record<string, Test>> = {
  pr: ({ kind }) => kind === "pull-request",
  issue: ({ kind }) => kind === "issue",
  open: ({ state }) => state === "open",
  closed: ({ state }) => state === "closed",
  merged: (one) => one.kind === "pull-request" && one.mergedAt !== undefined,
  unmerged: (one) => one.kind === "pull-request" && one.mergedAt === undefined,
  draft: (one) => one.kind === "pull-request" && one.draft,
};

const qualifiers: Readonly<Record<string, (value: string) => Test>> = {
  repo:
    (value) =>
    ({ repository }) =>
      fullName(repository).toLowerCase() === value.toLowerCase(),
  org:
    (value) =>
    ({ repository }) =>
      repository.owner.login.toLowerCase() === value.toLowerCase(),
  // an app is named app/slug, and its login carries a suffix
  author: (value) => {
    const login = value.startsWith("app/") ? `${value.slice("app/".length)}[bot]` : value;
    return ({ author }) => author.login.toLowerCase() === login.toLowerCase();
  },
  label:
    (value) =>
    ({ labels }) =>
      labels.some(({ name }) => name.toLowerCase() === value.toLowerCase()),
  // GitHub matches the beginning of a branch's name
  head: (value) => (one) => one.kind === "pull-request" && one.headRef.startsWith(value),
  base: (value) => (one) => one.kind === "pull-request" && one.baseRef.startsWith(value),
};
