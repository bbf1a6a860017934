// Where people may talk to us, as the observing question shows it: pull requests that are open or ended last, and the
// dashboard issue. Only marks of the last comments; what they say is read when somebody needs it. Pure.

import type { Conversation } from "../domain/conversation.ts";
import type { DashboardIssue } from "../domain/dashboard.ts";
import type { ObservedPages } from "./ask-observe-pages.ts";
import {
  type DashboardNode,
  type Nodes,
  nodesOf,
  type OpenNode,
  type OriginNode,
  type PastNode,
  type TalkingNode,
} from "./observe-answer.ts";
import { readActor } from "./read-actor.ts";
import { readCommentId } from "./read-comments.ts";
import { readDashboardMark } from "./read-marks.ts";
import { isOurBot, ourEnvironment, type Reading, readSuiteTime } from "./read-pull-request.ts";

export function readConversations(
  { open, repository }: ObservedPages,
  { reading, dashboard }: { readonly reading: Reading; readonly dashboard: DashboardNode | undefined },
): readonly Conversation[] {
  const past = nodesOf(repository.past);
  const numbers = new Set(open.map(({ number }) => number));
  return [
    ...open.map((node) => readOpen(node, reading)),
    // Between two pages a pull request may have ended; it counts as what it was first.
    ...past.filter(({ number }) => !numbers.has(number)).map((node) => readEnded(node, reading)),
    ...(dashboard ? [readIssue(dashboard, reading)] : []),
  ];
}

/** Whoever may give labels may give ours to any issue; only what our app opened is the dashboard. */
export function findDashboard<T extends Pick<DashboardNode, "author">>(
  issues: Nodes<T> | undefined,
  { signer }: Reading,
): T | undefined {
  return nodesOf(issues).find(({ author }) => isOurBot(author, signer));
}

export function readDashboard(node: DashboardNode, { signer }: Reading): DashboardIssue {
  const { number, id, body } = node;
  const edits = nodesOf(node.userContentEdits);
  const last = edits.findIndex(({ editor }) => isOurBot(editor, signer));
  const editors = edits.slice(0, last < 0 ? edits.length : last).map(({ editor }) => readActor(editor));
  const fingerprint = readDashboardMark(body);
  const editedAt = Date.parse(edits[0]?.editedAt ?? "");
  return {
    number,
    node: id,
    body,
    ...(fingerprint !== undefined && { fingerprint }),
    editors: [...new Map(editors.map((editor) => [`${editor.id} ${editor.login}`, editor])).values()],
    ...(Number.isFinite(editedAt) && { editedAt }),
  };
}

/** Of somebody's commit only GitHub's own time counts; before it has one, nothing that was shown of it was there. */
function readOpen(node: OpenNode, reading: Reading): Conversation {
  const commits = nodesOf(node.newest).map(({ commit }) => commit);
  const { head, ...pull } = readPull(node, { reading, commits });
  const arrived = readSuiteTime(commits.find(({ oid }) => oid === node.headRefOid));
  const isSure = arrived !== undefined || pull.kind === "promotion";
  const seen = head && isSure ? { ...head, committedAt: Math.max(head.committedAt, arrived ?? 0) } : undefined;
  return { ...pull, state: "open", ...(seen && { head: seen }) };
}

function readEnded(node: PastNode, reading: Reading): Conversation {
  const commits = nodesOf(node.commits).map(({ commit }) => commit);
  return { ...readPull(node, { reading, commits }), state: node.state === "MERGED" ? "merged" : "closed" };
}

function readPull(
  node: OriginNode & TalkingNode,
  {
    reading,
    commits,
  }: {
    readonly reading: Reading;
    readonly commits: readonly { readonly oid: string; readonly committedDate?: string }[];
  },
): Omit<Conversation, "state"> {
  const key = ourEnvironment(node, reading);
  const committed = commits.find(({ oid }) => oid === node.headRefOid)?.committedDate;
  return {
    number: node.number,
    kind: key === undefined ? "pull-request" : "promotion",
    ...(key !== undefined && { key }),
    fork: node.isCrossRepository || node.headRepository?.databaseId !== reading.repository,
    ...(committed !== undefined && { head: { oid: node.headRefOid, committedAt: Date.parse(committed) } }),
    ...readTalk(node, reading),
  };
}

function readIssue(node: DashboardNode, reading: Reading): Conversation {
  return { number: node.number, kind: "dashboard", state: "open", fork: false, ...readTalk(node, reading) };
}

function readTalk({ comments }: TalkingNode, { signer }: Reading): Pick<Conversation, "comments" | "last"> {
  const last = nodesOf(comments).map(({ url, createdAt, author }) => ({
    id: readCommentId(url),
    at: Date.parse(createdAt),
    ours: isOurBot(author, signer),
  }));
  if (last.some(({ id }) => !Number.isSafeInteger(id))) throw new Error("GitHub did not say which comment is which.");
  return { comments: comments.totalCount, last };
}
