// Answers what the planner wants to know about people: what they may do here and which teams they are in. Asked anew in
// every pass that needs it, because a right that was taken away must not be used once more.

import { membershipKey, type Person } from "../domain/conversation.ts";
import type { Observed } from "../domain/observed.ts";
import type { Need } from "../domain/plan.ts";
import type { Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Shell } from "./shell.ts";

type PeopleNeed = Extract<Need, { kind: "person" | "membership" }>;

export function isPeopleNeed(need: Need): need is PeopleNeed {
  return need.kind === "person" || need.kind === "membership";
}

export async function answerPeopleNeeds(
  needs: readonly PeopleNeed[],
  { observed, at, shell }: { readonly observed: Observed; readonly at: RepositoryReference; readonly shell: Shell },
): Promise<Pick<Observed, "people" | "memberships">> {
  const people: Record<string, Seen<Person>> = { ...observed.people };
  const memberships: Record<string, Seen<boolean>> = { ...observed.memberships };
  for (const need of needs) {
    switch (need.kind) {
      case "person":
        people[need.login.toLowerCase()] = await shell.forge.readPerson(at, need.login);
        break;
      case "membership":
        memberships[membershipKey(need)] = await shell.forge.readMembership(at, need);
        break;
    }
  }
  return { people, memberships };
}
