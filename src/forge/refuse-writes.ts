// The writing half of a forge that only looks: every write throws, so that a preview cannot change anything even if it
// tried.

import type { Forge } from "./forge.ts";

type Writes = Pick<
  Forge,
  | "commit"
  | "commitOnBranch"
  | "moveRefs"
  | "openPullRequest"
  | "describePullRequest"
  | "closePullRequest"
  | "addLabels"
  | "removeLabel"
  | "mergePullRequest"
  | "dequeuePullRequest"
  | "setCheck"
  | "writeComment"
  | "acknowledge"
  | "answerComment"
  | "createDeployment"
  | "setDeploymentStatus"
  | "writeIssue"
  | "closeIssue"
>;

async function refuse(): Promise<never> {
  throw new Error("A preview writes nothing.");
}

export const REFUSED_WRITES: Writes = {
  commit: refuse,
  commitOnBranch: refuse,
  moveRefs: refuse,
  openPullRequest: refuse,
  describePullRequest: refuse,
  closePullRequest: refuse,
  addLabels: refuse,
  removeLabel: refuse,
  mergePullRequest: refuse,
  dequeuePullRequest: refuse,
  setCheck: refuse,
  writeComment: refuse,
  acknowledge: refuse,
  answerComment: refuse,
  createDeployment: refuse,
  setDeploymentStatus: refuse,
  writeIssue: refuse,
  closeIssue: refuse,
};
