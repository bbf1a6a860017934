// Everything that people read on GitHub, from what the planner decided. Pure once the templates are given.

import type { CheckView } from "../domain/check-view.ts";
import type { AnswerView, RefusalView } from "../domain/conversation-actions.ts";
import type { DashboardView } from "../domain/dashboard.ts";
import type { AttentionView, DriftIssueView, LiveView } from "../domain/live-view.ts";
import type { PromotionView } from "../domain/plan.ts";
import type { SandboxPullView, SandboxView } from "../domain/sandbox.ts";
import { compileTemplates, type Templates } from "./compile-templates.ts";
import { plainSentence } from "./escape-markdown.ts";
import { renderAnswer } from "./render-answer.ts";
import { renderAttention } from "./render-attention.ts";
import { type CheckReport, renderCheck } from "./render-check.ts";
import { renderCommitMessage, renderMergeMessage, renderMergeTitle } from "./render-commit.ts";
import { type DashboardText, renderDashboard } from "./render-dashboard.ts";
import { type DriftIssue, renderDriftIssue } from "./render-drift-issue.ts";
import { isJoint, renderGroup } from "./render-group.ts";
import { renderLive } from "./render-live.ts";
import { type PullRequestDescription, renderPullRequest } from "./render-pull-request.ts";
import { renderRefusal } from "./render-refusal.ts";
import { renderSandbox } from "./render-sandbox.ts";
import { renderSandboxCommit, renderSandboxMerge, renderSandboxPull } from "./render-sandbox-pull.ts";

export interface Renderer {
  readonly pullRequest: (view: PromotionView) => PullRequestDescription;
  readonly check: (view: CheckView) => CheckReport;
  /** Title, a sentence, trailers. */
  readonly commitMessage: (view: PromotionView) => string;
  /** `number`: of the pull request that is merged. */
  readonly merge: (view: PromotionView, number: number) => { readonly title: string; readonly message: string };
  /** The comment that follows a promotion after its merge. */
  readonly live: (view: LiveView) => string;
  readonly attention: (view: AttentionView) => string;
  /** The comment that answers another one. */
  readonly answer: (view: AnswerView) => string;
  /** The comment that tells why a button or a box was not obeyed. */
  readonly refusal: (view: RefusalView) => string;
  readonly driftIssue: (view: DriftIssueView) => DriftIssue;
  readonly dashboard: (view: DashboardView) => DashboardText;
  /** Body of the draft that an issue about drift asked for. */
  readonly adoption: (asked: { readonly issue: number }) => string;
  /** Our pull request that lends an environment or takes it back. */
  readonly sandboxPull: (view: SandboxPullView) => PullRequestDescription;
  readonly sandboxCommit: (view: SandboxPullView) => string;
  readonly sandboxMerge: (
    view: SandboxPullView,
    number: number,
  ) => { readonly title: string; readonly message: string };
  /** The comment on the pull request that borrows. */
  readonly sandbox: (view: SandboxView) => string;
  /** Plain text, as long as GitHub takes for the status of a deployment. */
  readonly deploymentDescription: (sentence: string) => string;
}

const LONGEST_DEPLOYMENT_DESCRIPTION = 140;

/** Throws when a template cannot be read as one; rendering throws when a result is not safe to post. */
export function createRenderer(templates: Templates): Renderer {
  const compiled = compileTemplates(templates);
  return {
    pullRequest: (view) => (isJoint(view) ? renderGroup(view, compiled) : renderPullRequest(view, compiled)),
    check: (view) => renderCheck(view, compiled),
    commitMessage: renderCommitMessage,
    merge: (view, number) => ({ title: renderMergeTitle(view, number), message: renderMergeMessage(view) }),
    live: (view) => renderLive(view, compiled),
    attention: (view) => renderAttention(view, compiled),
    answer: (view) => renderAnswer(view, compiled),
    refusal: (view) => renderRefusal(view, compiled),
    driftIssue: (view) => renderDriftIssue(view, compiled),
    dashboard: (view) => renderDashboard(view, compiled),
    adoption: ({ issue }) =>
      `This draft writes to Git what was read in the cluster, as the label on #${issue} asked. Nothing is merged by itself: a person reviews it, marks it ready and merges it, or closes it.`,
    sandboxPull: (view) => renderSandboxPull(view, compiled),
    sandboxCommit: renderSandboxCommit,
    sandboxMerge: renderSandboxMerge,
    sandbox: (view) => renderSandbox(view, compiled),
    deploymentDescription: (sentence) => plainSentence(sentence, LONGEST_DEPLOYMENT_DESCRIPTION),
  };
}
