// What an action does, in few words, for the plan on a terminal and the line of a log: `open checkout/staging 1.8.0`.

import { environmentOfBranch } from "../domain/pipeline.ts";
import type { Action } from "../domain/plan.ts";
import { describeRelease } from "../domain/release.ts";
import { plainSentence } from "./escape-markdown.ts";

export interface ActionWords {
  /** `open`, `merge` … */
  readonly verb: string;
  /** `checkout/staging`; absent where the action is the whole repository's. */
  readonly key?: string;
  /** What it does it to: a version, a pull request, a head. */
  readonly object: string;
}

export function wordsOf(action: Action): ActionWords {
  switch (action.kind) {
    case "remember":
      return { verb: "remember", object: "" };
    case "close":
    case "label":
    case "describe":
      return { verb: action.kind, key: action.key, object: `#${action.number}` };
    case "open":
      return { verb: "open", key: action.key, object: releaseOf(action) };
    case "update":
      return { verb: "update", key: action.key, object: `#${action.number} to ${releaseOf(action)}` };
    case "merge":
      return {
        verb: action.method === "queue" ? "queue" : "merge",
        key: action.key,
        object: `#${action.number} ${releaseOf(action)}`,
      };
    case "set-check": {
      const { subject, state } = action.check;
      const key = subject.kind === "promotion" ? { key: subject.key } : {};
      return { verb: "check", ...key, object: `${action.head.slice(0, 7)} ${state}` };
    }
    case "delete-branch": {
      const key = environmentOfBranch(action.branch);
      return { verb: "delete-branch", ...(key !== undefined && { key }), object: plainSentence(action.branch, 200) };
    }
  }
}

/** `open checkout/staging 1.8.0` */
export function describeAction(action: Action): string {
  const { verb, key, object } = wordsOf(action);
  return [verb, key, object].filter((word) => word !== undefined && word !== "").join(" ");
}

function releaseOf({ view }: { readonly view: { readonly release: Parameters<typeof describeRelease>[0] } }): string {
  return plainSentence(describeRelease(view.release), 100);
}
