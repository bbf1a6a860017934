// What an action does, in few words, for the plan on a terminal and the line of a log: `open checkout/staging 1.8.0`.

import type {
  AdoptDrift,
  AskToSync,
  CallForAttention,
  ReportDeployment,
  SettleDrift,
  TellDrift,
  TellLive,
} from "../domain/live-actions.ts";
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
    case "acknowledge":
    case "reconsider":
      return { verb: action.kind, object: "" };
    case "answer-comment":
      return { verb: "answer", object: `comment ${action.comment.id} on #${action.number}: ${action.reaction}` };
    case "tell-refused":
      return { verb: "refuse", object: `on #${action.number}` };
    case "tell-dashboard":
      return { verb: action.kind, object: action.issue === undefined ? "in a new issue" : `in #${action.issue}` };
    case "close-dashboard":
      return { verb: action.kind, object: `#${action.issue}` };
    case "close":
    case "dequeue":
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
    case "retag":
      return { verb: action.kind, key: action.key, object: plainSentence(`${action.image}:${action.tag}`, 300) };
    case "propose-sandbox":
      return {
        verb: action.kind,
        key: action.key,
        object: `${plainSentence(action.view.to, 100)} in ${plainSentence(action.view.path, 200)}`,
      };
    case "merge-sandbox":
      return { verb: action.method === "queue" ? "queue" : "merge", key: action.key, object: `#${action.number}` };
    case "tell-sandbox":
      return { verb: action.kind, key: action.key, object: `#${action.number} ${action.view.stage}` };
    case "tell-live":
    case "call-for-attention":
    case "report-deployment":
    case "tell-drift":
    case "settle-drift":
    case "adopt-drift":
    case "ask-to-sync":
      return wordsOfLiveAction(action);
    case "delete-branch": {
      const key = environmentOfBranch(action.branch);
      return { verb: "delete-branch", ...(key !== undefined && { key }), object: plainSentence(action.branch, 200) };
    }
  }
}

type LiveAction = TellLive | CallForAttention | ReportDeployment | TellDrift | SettleDrift | AdoptDrift | AskToSync;

function wordsOfLiveAction(action: LiveAction): ActionWords {
  switch (action.kind) {
    case "tell-live":
      return { verb: action.kind, key: action.key, object: `#${action.number} ${action.view.stage}` };
    case "call-for-attention":
      return {
        verb: "call",
        key: action.key,
        object: `#${action.number} ${plainSentence(action.view.situation, 100)}`,
      };
    case "report-deployment":
      return {
        verb: "deployment",
        key: action.key,
        object: `#${action.number} ${action.commit.slice(0, 7)} ${action.status.state}`,
      };
    case "tell-drift":
      return {
        verb: action.kind,
        key: action.key,
        object: action.issue === undefined ? "in a new issue" : `in #${action.issue}`,
      };
    case "settle-drift":
      return { verb: action.kind, key: action.key, object: `#${action.issue}` };
    case "adopt-drift":
      return { verb: action.kind, key: action.key, object: `#${action.issue} on ${plainSentence(action.branch, 200)}` };
    case "ask-to-sync": {
      const { source, name } = action.target;
      return { verb: action.kind, key: action.key, object: plainSentence(`${name} in ${source}`, 300) };
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
