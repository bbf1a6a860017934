// Which refs of a push the rules forbid, told to git's update hook before the push is taken.

import { noOid } from "../git/git-repository.ts";
import { cannotForce, findRuleAgainstForward, forbidsForce } from "../model/find-rule.ts";
import type { Actor } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";

/** Lines for the hook in git-repository.ts: ref, `always` or `force`, reason. */
export function listRefusedRefs(
  model: Model,
  { repository, actor, raw }: { readonly repository: Repository; readonly actor: Actor; readonly raw: Buffer },
): string {
  const lines = readCommands(raw).flatMap((command) => {
    const move = { repository, actor, ...command };
    const rule = findRuleAgainstForward(model, move);
    if (rule !== undefined) return [`${command.name}\talways\t${rule}`];
    return forbidsForce(move) ? [`${command.name}\tforce\t${cannotForce}`] : [];
  });
  return lines.join("\n");
}

/** The commands stand before the pack, each in a line with its length: old id, new id, name of the ref. */
function readCommands(raw: Buffer) {
  const commands: { readonly name: string; readonly before: string | undefined; readonly after: string | undefined }[] =
    [];
  for (let at = 0; at + 4 <= raw.length; ) {
    const length = Number.parseInt(raw.subarray(at, at + 4).toString("latin1"), 16);
    if (!(length > 4)) break;
    const line = raw.subarray(at + 4, at + length).toString("utf8");
    const [, before = "", after = "", name = ""] = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line) ?? [];
    if (name !== "") commands.push({ name, before: known(before), after: known(after) });
    at += length;
  }
  return commands;
}

function known(oid: string): string | undefined {
  return oid === noOid ? undefined : oid;
}
