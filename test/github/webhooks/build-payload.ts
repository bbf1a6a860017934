// What GitHub writes into the body of a webhook for an announcement of the model. Who gets it, and how it is signed and
// sent, is decided elsewhere. The shapes are those of the REST API wherever GitHub uses the same.

import type { Announcement } from "../model/announcement.ts";
import type { Installation, User } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { showInstallation, showTeam, showUser } from "../rest/views/show-account.ts";
import { showCheckSuite, showDeployment, showDeploymentStatus } from "../rest/views/show-check.ts";
import { showComment, showIssue, showLabel, showReview } from "../rest/views/show-conversation.ts";
import { showPullRequest, showSimplePullRequest } from "../rest/views/show-pull-request.ts";
import { showRepository } from "../rest/views/show-repository.ts";
import type { AnnouncementOf, Payload } from "./announcement-of.ts";
import { showMergeGroupEvent, showRunWithSuite, showStatusEvent } from "./show-check-event.ts";
import {
  organizationOf,
  showInstallationEvent,
  showRepositoryEvent,
  showSelection,
} from "./show-installation-event.ts";
import { showPush } from "./show-push.ts";

/** @param installation through which the receiver sees what happened */
export function buildPayload(
  model: Model,
  { announcement, installation }: { readonly announcement: Announcement; readonly installation: Installation },
): Payload {
  const own = ownPart(model, announcement);
  const action = "action" in announcement ? { action: announcement.action } : {};
  if (!("repository" in announcement)) {
    return {
      ...action,
      ...own,
      installation: showInstallation(model, installation),
      sender: showUser(model, announcement.sender),
    };
  }
  return { ...action, ...commonPart(model, { ...announcement, installation }), ...own };
}

/** What every event in a repository says beside its own part. */
export function commonPart(
  model: Model,
  {
    repository,
    sender,
    installation,
  }: { readonly repository: Repository; readonly sender: User; readonly installation: Installation },
): Payload {
  return {
    repository: showRepository(model, repository),
    ...organizationOf(model, repository),
    installation: { id: installation.id, node_id: installation.nodeId },
    sender: showUser(model, sender),
  };
}

function ownPart(model: Model, announcement: Announcement): Payload {
  switch (announcement.event) {
    case "push":
      return showPush(model, announcement);
    case "create":
    case "delete":
      return showRefEvent(announcement);
    case "pull_request":
      return showPullRequestEvent(model, announcement);
    case "pull_request_review":
      return {
        review: { ...showReview(model, announcement.review), state: announcement.review.state.toLowerCase() },
        pull_request: showSimplePullRequest(model, announcement.review.pullRequest),
        ...(announcement.action === "edited" && { changes: {} }),
      };
    case "issues":
      return showIssueEvent(model, announcement);
    case "issue_comment":
      return showCommentEvent(model, announcement);
    case "check_run":
      return {
        check_run: showRunWithSuite(model, announcement),
        ...(announcement.action === "requested_action" && { requested_action: { identifier: announcement.button } }),
      };
    case "check_suite":
      return { check_suite: showCheckSuite(model, announcement.checkSuite) };
    case "status":
      return showStatusEvent(model, announcement);
    case "deployment":
      return { deployment: showDeployment(model, announcement.deployment), workflow: null, workflow_run: null };
    case "deployment_status": {
      const { deployment, status } = announcement;
      return {
        deployment: showDeployment(model, deployment),
        deployment_status: showDeploymentStatus(model, { deployment, status }),
      };
    }
    case "merge_group":
      return showMergeGroupEvent(announcement);
    case "repository":
      return showRepositoryEvent(announcement);
    case "installation":
      return showInstallationEvent(model, announcement);
    case "installation_repositories":
      return showSelection(announcement);
  }
}

function showRefEvent(announcement: AnnouncementOf<"create" | "delete">): Payload {
  const { event, ref, refType, repository } = announcement;
  const common = { ref, ref_type: refType, pusher_type: "user" };
  if (event === "delete") return common;
  return { ...common, master_branch: repository.defaultBranch, description: repository.description };
}

function showPullRequestEvent(model: Model, told: AnnouncementOf<"pull_request">): Payload {
  const { pullRequest: pull, repository, label, reviewer, before, after, reason, changes } = told;
  const full = showPullRequest(model, pull);
  return {
    number: pull.number,
    pull_request: { ...full, ...settingsOf(repository) },
    ...(label && { label: showLabel(model, { repository, label }) }),
    ...(reviewer?.kind === "user" && { requested_reviewer: showUser(model, reviewer) }),
    ...(reviewer?.kind === "team" && { requested_team: showTeam(model, reviewer) }),
    ...(before && { before }),
    ...(after && { after }),
    ...(reason && { reason }),
    ...(changes && { changes: showChanges(changes) }),
  };
}

/** Settings of the repository that GitHub repeats in the pull request of a payload. */
function settingsOf({ allowAutoMerge, deleteBranchOnMerge }: Repository): Payload {
  return {
    allow_auto_merge: allowAutoMerge,
    delete_branch_on_merge: deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
  };
}

function showChanges({ title, body, base }: NonNullable<AnnouncementOf<"pull_request">["changes"]>): Payload {
  return {
    ...(title !== undefined && { title: { from: title } }),
    ...(body !== undefined && { body: { from: body ?? "" } }),
    ...(base && { base: { ref: { from: base.ref }, sha: { from: base.oid } } }),
  };
}

function showIssueEvent(model: Model, { issue, repository, label, changes }: AnnouncementOf<"issues">): Payload {
  return {
    issue: showIssue(model, issue),
    ...(label && { label: showLabel(model, { repository, label }) }),
    ...(changes && { changes: showChanges(changes) }),
  };
}

function showCommentEvent(model: Model, { comment, action, previousBody }: AnnouncementOf<"issue_comment">): Payload {
  return {
    issue: showIssue(model, comment.conversation),
    comment: showComment(model, comment),
    ...(action === "edited" && { changes: { body: { from: previousBody ?? "" } } }),
  };
}
