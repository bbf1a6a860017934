// The guard `secrets`: a pull request brings a secret in plain text. Says where it stands, never what it is: whoever reads
// the check may not be one who may know it.

import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { blame, doubt, type GuardContext, levelOf } from "./guard-context.ts";
import { code } from "./wording.ts";

const MOST_TOLD = 20;
const CURE = "Encrypt it, or refer to where it is kept, and have a new one made: this one is in Git's history now";

export function guardSecrets(context: GuardContext): readonly GuardVerdict[] {
  const guard = "secrets";
  const { secrets, unread } = context.change;
  if (levelOf(guard, context) === "off") return [];
  const found = secrets.slice(0, MOST_TOLD).map(({ path, line, key, what }) => {
    const where = key === "" ? "stands here" : `stands in ${code(key)}`;
    return blame({ guard, at: { path, line }, why: `${what} ${where} in plain text`, cure: CURE }, context);
  });
  const doubts = unread.map((why) =>
    doubt({ guard, why: `nobody looked for secrets there: ${why}`, cure: "Make it readable, or smaller" }, context),
  );
  return [...found, ...doubts];
}
