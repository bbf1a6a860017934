// Whether somebody may give a command: one answer for every way in, a comment, a button of a check, a checkbox, a route.
// It knows no difference between them. Pure: what has to be read of GitHub first is an answer, too, and what could not be
// read allows nothing.

import type { Verb } from "../domain/command.ts";
import { type Actor, membershipKey, type Person, ROLES, type Role } from "../domain/conversation.ts";
import { listOf } from "../domain/count-words.ts";
import type { Seen } from "../domain/seen.ts";
import { commandRow } from "./command-table.ts";
import { quote } from "./quote.ts";

export interface AuthorizationRequest {
  readonly actor: Actor;
  readonly verb: Verb;
  /** What it would act on; all have to allow it. None: the repository as a whole. */
  readonly targets: readonly AuthorizationTarget[];
  /** The actor as GitHub knows them now; `undefined` as long as nobody asked. */
  readonly person: Seen<Person> | undefined;
  /** By `membershipKey`; what is missing was not asked. */
  readonly memberships: Readonly<Record<string, Seen<boolean>>>;
}

export interface AuthorizationTarget {
  /** How sentences call it: the environment's key. */
  readonly name: string;
  /** Whom its repository names for this verb, in place of the general rule; an empty list names nobody. */
  readonly allow?: readonly string[] | undefined;
  /** Whom the operator names for this verb; each list has to name the actor, too. */
  readonly demanded: readonly (readonly string[])[];
}

/** `why`: a sentence without a full stop. */
export type Authorization =
  | { readonly kind: "allowed" }
  | { readonly kind: "refused"; readonly why: string }
  /** Not a refusal: it is tried again. */
  | { readonly kind: "unknown"; readonly why: string }
  /** What has to be read before there is an answer; each once. */
  | { readonly kind: "needs"; readonly person: boolean; readonly memberships: readonly Membership[] };

export interface Membership {
  /** `organisation/team` */
  readonly team: string;
  readonly login: string;
}

export function authorize(request: AuthorizationRequest): Authorization {
  const { actor, person } = request;
  if (actor.kind !== "person") return refused(`${quote(actor.login)} is no person, and only people give commands`);
  if (person === undefined) return { kind: "needs", person: true, memberships: [] };
  if (person.kind === "unknown") return unverified(actor, person.why);
  const { id, role } = person.value;
  if (id !== actor.id) return refused(`the login ${quote(actor.login)} belongs to another account by now`);
  if (!atLeast(role, "read")) return refused(`${quote(actor.login)} has no access to this repository`);
  return judgeRole(role, request) ?? combine(judgeLists(request));
}

const ALLOWED: Authorization = { kind: "allowed" };

function refused(why: string): Authorization {
  return { kind: "refused", why };
}

function unverified({ login }: Actor, why: string): Authorization {
  return {
    kind: "unknown",
    why: `what ${quote(login)} may do could not be verified, because ${why}`,
  };
}

function atLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** The general rule, where a target does not name people itself; `undefined` where it stands in nobody's way. */
function judgeRole(role: Role, { actor, verb, targets }: AuthorizationRequest): Authorization | undefined {
  const general = targets.filter(({ allow }) => allow === undefined);
  const needed = commandRow(verb).role;
  const isAsked = general.length > 0 || targets.length === 0;
  if (!isAsked || atLeast(role, needed)) return undefined;
  const where = general.length === 0 ? "" : ` for ${nameAll(general.map(({ name }) => name))}`;
  const what = `\`/${verb}\`${where} takes the role ${needed}${needed === "admin" ? "" : " or more"} in this repository`;
  return refused(`${what}, and ${quote(actor.login)} has ${role}`);
}

const MOST_NAMED = 8;

function nameAll(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return listOf([...names.slice(0, MOST_NAMED).map(quote), ...(rest > 0 ? [`${rest} more`] : [])]);
}

/** Every list of names that binds: those of the environments, and those of the operator. */
function judgeLists(request: AuthorizationRequest): readonly Authorization[] {
  return request.targets.flatMap(({ name, allow, demanded }) => {
    const own = allow === undefined ? [] : [judgeList(allow, { request, name, source: "the pipeline file names" })];
    const source = "the operator's settings name";
    return [...own, ...demanded.map((list) => judgeList(list, { request, name, source }))];
  });
}

interface ListContext {
  readonly request: AuthorizationRequest;
  readonly name: string;
  readonly source: string;
}

function judgeList(
  people: readonly string[],
  { request: { actor, verb, memberships }, name, source }: ListContext,
): Authorization {
  const login = actor.login.toLowerCase();
  if (people.some((person) => person.toLowerCase() === login)) return ALLOWED;
  const teams = people.filter((person) => person.includes("/")).map((team) => ({ team, login: actor.login }));
  const seen = teams.map((team) => memberships[membershipKey(team)]);
  if (seen.some((each) => each?.kind === "known" && each.value)) return ALLOWED;
  const unread = teams.filter((_, index) => seen[index] === undefined);
  if (unread.length > 0) return { kind: "needs", person: false, memberships: unread };
  const failed = seen.find((each) => each?.kind === "unknown");
  if (failed?.kind === "unknown") return unverified(actor, failed.why);
  const rule = `for \`/${verb}\` in ${quote(name)} ${source}`;
  if (people.length === 0) return refused(`${rule} nobody`);
  return refused(`${rule} ${nameAll(people)}, and ${quote(actor.login)} is none of them`);
}

/** A refusal says most: what else would have to be read does not matter any more. */
function combine(judged: readonly Authorization[]): Authorization {
  const refusal = judged.find(({ kind }) => kind === "refused");
  if (refusal !== undefined) return refusal;
  const memberships = new Map(
    judged
      .flatMap((each) => (each.kind === "needs" ? each.memberships : []))
      .map((each) => [membershipKey(each), each]),
  );
  if (memberships.size > 0) return { kind: "needs", person: false, memberships: [...memberships.values()] };
  return judged.find(({ kind }) => kind === "unknown") ?? ALLOWED;
}
