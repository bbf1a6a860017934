// Puts together what the objects of one target say: the worst health and since when, what blocks it, the sick objects
// first, and the containers. One object of which nothing is known makes the whole unknown, unless another one is worse.

import type { Blocked, HealthState, LiveHealth, LiveResource, RunningContainer } from "../../domain/live-state.ts";
import { nameObject, type ObjectReference } from "../../domain/object-reference.ts";
import { earliest, latest } from "./find-since.ts";
import type { JudgedObject } from "./judge-object.ts";
import { cutText, LONGEST_MESSAGE } from "./read-fields.ts";
import { referenceOf } from "./reference-of.ts";

export const MOST_RESOURCES = 200;

/** Worst first. */
const ORDER: readonly HealthState[] = ["degraded", "missing", "unknown", "progressing", "suspended", "healthy"];

/** An object that should be there and is not, or of which nothing is known. */
export interface AbsentObject {
  readonly object: ObjectReference;
  readonly health: "missing" | "unknown";
  readonly message: string;
}

export interface Summary {
  readonly health: LiveHealth;
  readonly blocked?: Blocked;
  readonly resources: readonly LiveResource[];
  readonly containers: readonly RunningContainer[];
}

export interface Judgements {
  readonly judged: readonly JudgedObject[];
  readonly absent?: readonly AbsentObject[];
  /** Said besides: what was not looked at. */
  readonly notes?: readonly string[];
}

/** `undefined` where there is no object at all: what that means depends on who was asked. */
export function summariseObjects({ judged, absent = [], notes = [] }: Judgements): Summary | undefined {
  const items: readonly Item[] = [
    ...judged.map((one) => ({ ...one, object: referenceOf(one.object) })),
    ...absent.map((one) => ({ ...one, containers: [] })),
  ];
  const sorted = [...items].sort((a, b) => rank(a.health) - rank(b.health) || compareNames(a.object, b.object));
  const worst = sorted[0];
  if (worst === undefined) return undefined;
  const since = sinceOf(worst.health, items);
  const blocked = sorted.find((item) => item.blocked !== undefined)?.blocked;
  const message = messageOf(worst, [...notes, ...podNotes(judged)]);
  return {
    health: {
      state: worst.health,
      basis: "kstatus",
      ...(since !== undefined && { since }),
      ...(message !== "" && { message }),
    },
    ...(blocked && { blocked }),
    resources: sorted.slice(0, MOST_RESOURCES).map(({ object, health, message: text }) => ({
      object,
      health,
      ...(health !== "healthy" && text !== "" && { message: text }),
    })),
    containers: items.flatMap(({ containers }) => containers).slice(0, MOST_RESOURCES),
  };
}

interface Item {
  readonly object: ObjectReference;
  readonly health: HealthState;
  readonly message: string;
  readonly since?: number | undefined;
  readonly blocked?: Blocked | undefined;
  readonly containers: readonly RunningContainer[];
}

function messageOf({ object, health, message }: Item, notes: readonly string[]): string {
  const first = health === "healthy" ? [] : [`${nameObject(object)}: ${message}`];
  return cutText([...first, ...notes].join("; "), LONGEST_MESSAGE);
}

function podNotes(judged: readonly JudgedObject[]): readonly string[] {
  const why = judged.find(({ podsUnknown }) => podsUnknown !== undefined)?.podsUnknown;
  return why === undefined ? [] : [`what its pods run is not known: ${why}`];
}

/** All of them are healthy since the last one is; the whole is degraded since the first one is. */
function sinceOf(state: HealthState, items: readonly Item[]): number | undefined {
  const times = items.filter(({ health }) => health === state).map(({ since }) => since);
  if (state === "healthy") return latest(times);
  return state === "degraded" ? earliest(times) : undefined;
}

function rank(state: HealthState): number {
  return ORDER.indexOf(state);
}

export function worstOf(states: readonly HealthState[]): HealthState | undefined {
  return [...states].sort((a, b) => rank(a) - rank(b))[0];
}

function compareNames(a: ObjectReference, b: ObjectReference): number {
  const [one, other] = [nameObject(a), nameObject(b)];
  return one < other ? -1 : Number(one > other);
}
