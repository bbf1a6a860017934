// The forge that is GitHub: puts together what each file of this folder can do. Holds what all of them share: who the
// app is, and what repositories are called now.

import { acknowledge, answerComment } from "./answer-comment.ts";
import type { AppIdentity, Github } from "./call-github.ts";
import { classifyError } from "./classify-error.ts";
import { commitFiles } from "./commit-files.ts";
import { commitOnBranch } from "./commit-on-branch.ts";
import type { GithubConnection } from "./connect-github.ts";
import { addLabels, closePullRequest, describePullRequest } from "./edit-pull-request.ts";
import { findRepository } from "./find-repository.ts";
import type { Forge } from "./forge.ts";
import { hadPullRequests } from "./had-pull-requests.ts";
import { listInstallations, listRepositories } from "./list-installations.ts";
import { dequeuePullRequest, mergePullRequest } from "./merge-pull-request.ts";
import { mintSourceTokens } from "./mint-source-tokens.ts";
import { moveRefs } from "./move-refs.ts";
import { observeRepository } from "./observe-repository.ts";
import { openPullRequest } from "./open-pull-request.ts";
import { readAttestations } from "./read-attestations.ts";
import { readBlobs } from "./read-blobs.ts";
import { readChangedFiles } from "./read-changed-files.ts";
import { readComments } from "./read-comments.ts";
import { readDriftIssues } from "./read-drift-issues.ts";
import { readHeadFiles } from "./read-head-files.ts";
import { readLedgerCommits } from "./read-ledger-commits.ts";
import { readMembership } from "./read-membership.ts";
import { readOrigin } from "./read-origin.ts";
import { readPerson } from "./read-person.ts";
import { readReviews } from "./read-reviews.ts";
import { readRevision } from "./read-revision.ts";
import { listRevisions, readRevisions } from "./read-revisions.ts";
import { readSourceHistory } from "./read-source-history.ts";
import { readTold } from "./read-told.ts";
import { readTree } from "./read-tree.ts";
import { recallPackages } from "./recall-packages.ts";
import { setCheck } from "./set-check.ts";
import { writeComment } from "./write-comment.ts";
import { createDeployment, setDeploymentStatus } from "./write-deployment.ts";
import { closeIssue, removeLabel, writeIssue } from "./write-issue.ts";

export function createGithubForge(connection: GithubConnection): Forge {
  const github: Github = {
    ...connection,
    identity: rememberIdentity(connection),
    clientForSource: mintSourceTokens(connection),
    names: new Map(),
    bot: {},
    deployments: new Map(),
  };
  return {
    identity: github.identity,
    listInstallations: () => listInstallations(github),
    listRepositories: (installation) => listRepositories(github, installation),
    findRepository: (at) => findRepository(github, at),
    observe: (at, { branches }) => observeRepository(github, { at, branches }),
    recallPackages: (at) => recallPackages(github, at),
    hadPullRequests: (at) => hadPullRequests(github, { at }),
    readLedgerCommits: (at, { after }) => readLedgerCommits(github, { at, after }),
    readTree: (at, tree) => readTree(github, { at, tree }),
    readBlobs: (at, oids) => readBlobs(github, { at, oids }),
    readHeadFiles: (at, commit) => readHeadFiles(github, { at, commit }),
    readRevision: (at, wanted) => readRevision(github, { at, ...wanted }),
    readTold: (at, wanted) => readTold(github, { at, wanted }),
    readDriftIssues: (at) => readDriftIssues(github, { at }),
    readOrigin: (at, wanted) => readOrigin(github, { at, ...wanted }),
    readSourceHistory: (at, range) => readSourceHistory(github, { at, range }),
    readChangedFiles: (at, number) => readChangedFiles(github, { at, number }),
    listRevisions: (at, wanted) => listRevisions(github, { at, ...wanted }),
    readRevisions: (at, wanted) => readRevisions(github, { at, ...wanted }),
    readReviews: (at, number) => readReviews(github, { at, number }),
    readComments: (at, numbers) => readComments(github, { at, numbers }),
    readPerson: (at, login) => readPerson(github, { at, login }),
    readMembership: (at, question) => readMembership(github, { at, ...question }),
    readAttestations: (at, wanted) => readAttestations(github, { at, ...wanted }),
    commit: (at, change) => commitFiles(github, { at, change }),
    commitOnBranch: (at, request) => commitOnBranch(github, { at, request }),
    moveRefs: (at, request) => moveRefs(github, { at, ...request }),
    openPullRequest: (at, request) => openPullRequest(github, { at, ...request }),
    describePullRequest: (at, request) => describePullRequest(github, { at, ...request }),
    closePullRequest: (at, request) => closePullRequest(github, { at, ...request }),
    addLabels: (at, request) => addLabels(github, { at, ...request }),
    removeLabel: (at, request) => removeLabel(github, { at, ...request }),
    mergePullRequest: (at, request) => mergePullRequest(github, { at, ...request }),
    dequeuePullRequest: (at, request) => dequeuePullRequest(github, { at, ...request }),
    setCheck: (at, request) => setCheck(github, { at, ...request }),
    writeComment: (at, request) => writeComment(github, { at, ...request }),
    acknowledge: (at, request) => acknowledge(github, { at, ...request }),
    answerComment: (at, request) => answerComment(github, { at, ...request }),
    createDeployment: (at, request) => createDeployment(github, { at, ...request }),
    setDeploymentStatus: (at, request) => setDeploymentStatus(github, { at, ...request }),
    writeIssue: (at, request) => writeIssue(github, { at, ...request }),
    closeIssue: (at, request) => closeIssue(github, { at, ...request }),
  };
}

/** An app's slug and id do not change while a process runs; a failed question is asked again. */
function rememberIdentity({ app, settings, now }: GithubConnection): () => Promise<AppIdentity> {
  let asked: Promise<AppIdentity> | undefined;
  async function ask(): Promise<AppIdentity> {
    try {
      const { data } = await app.rest.apps.getAuthenticated();
      if (!data?.slug) throw new Error("GitHub did not say what the app is called.");
      return { slug: data.slug, appId: settings.appId };
    } catch (cause) {
      asked = undefined;
      throw classifyError(cause, { doing: "ask GitHub who the app is", installation: 0, now: now() }).error;
    }
  }
  return () => {
    asked ??= ask();
    return asked;
  };
}
