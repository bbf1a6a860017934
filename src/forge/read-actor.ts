// Who did something on GitHub, as the domain knows them. Only what GitHub says is a person, with a numeric id, is one;
// everything else gives no commands. Pure.

import type { Actor } from "../domain/conversation.ts";
import type { IdentifiedActorNode } from "./observe-answer.ts";

/** As a question asks for them, so that `readActor` can read them. */
export const IDENTIFIED_ACTOR = "__typename login ... on User { databaseId } ... on Bot { databaseId }";

/** GitHub's own stand-in for an account that was deleted. */
const GHOST: Actor = { id: 0, login: "ghost", kind: "bot" };

export function readActor(node: IdentifiedActorNode | null | undefined): Actor {
  if (!node) return GHOST;
  const id = node.databaseId;
  const isIdentified = typeof id === "number" && Number.isSafeInteger(id) && id > 0;
  const kind = node.__typename === "User" && isIdentified ? "person" : "bot";
  return { id: isIdentified ? id : 0, login: node.login, kind };
}
