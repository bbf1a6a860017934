// Who stands in commits that GitHub makes for somebody.

import type { Signature } from "../git/commit.ts";
import type { User } from "./identity.ts";
import { type Model, timestamp } from "./model.ts";

/** The person or bot, with the address that hides the real one. */
export function signatureOf(model: Model, user: User): Signature {
  return { name: user.login, email: `${user.id}+${user.login}@users.noreply.github.com`, date: timestamp(model) };
}

/** The committer of everything that is made on the site or by an app through the API. */
export function githubSignature(model: Model): Signature {
  return { name: "GitHub", email: "noreply@github.com", date: timestamp(model) };
}
