// The objects that a pull request takes out of environments, for the check's summary: one list for each environment, with
// what protects an object from being deleted, what holds data, and who approved it.

import type { CheckSubject } from "../domain/check-view.ts";
import { countOf, listOf } from "../domain/count-words.ts";
import { nameObject } from "../domain/object-reference.ts";
import type { RemovedObject } from "../domain/removal.ts";
import { cell, code, NOTHING, type SafeMarkdown, trusted } from "./escape-markdown.ts";

type Removals = Pick<Extract<CheckSubject, { kind: "removals" }>, "removals" | "approvals">;

const ENVIRONMENTS_SHOWN = 20;
const OBJECTS_SHOWN = 40;

/** `short`: without the objects, where the summary would be too long for GitHub. */
export function viewRemovals({ removals, approvals }: Removals, short: boolean) {
  const shown = removals.slice(0, ENVIRONMENTS_SHOWN);
  const hidden = removals.length - shown.length;
  return {
    environments: shown.map(({ key, objects, emptied }) => {
      const by = approvals.find((approval) => approval.key === key)?.by ?? [];
      const listed = short ? [] : objects.slice(0, OBJECTS_SHOWN);
      const more = objects.length - listed.length;
      return {
        name: code(key),
        count: trusted(`${countOf(objects.length, "object")} would be removed`),
        emptied,
        approved: by.length > 0 ? trusted(`approved by ${listOf(by.map((login) => code(login)))}`) : NOTHING,
        objects: listed.map(viewObject),
        more:
          more > 0
            ? trusted(`${countOf(more, listed.length > 0 ? "more object" : "object")} not shown here.`)
            : NOTHING,
      };
    }),
    moreEnvironments: hidden > 0 ? trusted(`${countOf(hidden, "more environment")} not shown here.`) : NOTHING,
  };
}

function viewObject(object: RemovedObject): { readonly [name: string]: SafeMarkdown } {
  const { path, holdsData, protection } = object;
  return {
    name: cell(code(nameObject(object))),
    path: cell(code(path)),
    data: holdsData ? trusted("⚠️ holds data") : NOTHING,
    protection:
      protection.length > 0 ? cell(trusted(protection.map((each) => code(each)).join(", "))) : trusted("none"),
  };
}
