// Reads what others than we reported about a promotion's head: check runs of apps, and commit statuses, which anybody who
// may write can set. Judges only what GitHub's words mean; an unknown word proves nothing. Pure.

import type { HeadCheck, HeadChecks } from "../domain/promotion.ts";
import type { Signer } from "./judge-ownership.ts";
import { type ActorNode, nodesOf, type ReportedNode, type ReportNode } from "./observe-answer.ts";

const FAILED = new Set(["FAILURE", "CANCELLED", "TIMED_OUT", "ACTION_REQUIRED", "STALE", "STARTUP_FAILURE", "ERROR"]);

/** Our own check says what the gates say, so it is none of them. */
export function readHeadChecks(commit: ReportedNode | undefined, { slug }: Pick<Signer, "slug">): HeadChecks {
  const contexts = commit?.statusCheckRollup?.contexts;
  const all = nodesOf(contexts).map(readReport);
  const found = all.filter(({ app }) => app !== slug.toLowerCase());
  return { total: Math.max(0, (contexts?.totalCount ?? 0) - (all.length - found.length)), found };
}

function readReport(node: ReportNode): HeadCheck {
  switch (node.__typename) {
    case "CheckRun": {
      const app = node.checkSuite.app?.slug.toLowerCase();
      const word = node.status === "COMPLETED" ? (node.conclusion ?? "COMPLETED") : node.status;
      const state = node.status === "COMPLETED" ? stateOf(word) : "running";
      return { name: node.name, ...(app !== undefined && { app }), state, ...told(word, node.startedAt) };
    }
    case "StatusContext": {
      const app = botOf(node.creator);
      const isRunning = node.state === "PENDING" || node.state === "EXPECTED";
      const state = isRunning ? "running" : stateOf(node.state);
      return { name: node.context, ...(app !== undefined && { app }), state, ...told(node.state, node.createdAt) };
    }
  }
}

function stateOf(word: string): HeadCheck["state"] {
  if (word === "SUCCESS") return "passed";
  return FAILED.has(word) ? "failed" : "nothing";
}

function told(word: string, time: string | null): Pick<HeadCheck, "word" | "at"> {
  const at = time === null ? Number.NaN : Date.parse(time);
  return { word: word.toLowerCase().replaceAll("_", " "), ...(Number.isFinite(at) && { at }) };
}

/** GraphQL leaves out what REST puts behind a bot's name. */
function botOf(creator: ActorNode | null): string | undefined {
  return creator?.__typename === "Bot" ? creator.login.replace(/\[bot\]$/, "").toLowerCase() : undefined;
}
