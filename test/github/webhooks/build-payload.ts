// What GitHub writes into the body of a webhook for an announcement of the model. Who gets it, and how it is signed and
// sent, is decided elsewhere. The shapes are those of the REST API wherever GitHub uses the same.

import { commitAt } from "../git/git-repository.ts";
import type { Announcement } from "../model/announcement.ts";
import type { Installation, User } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { showInstallation, showTeam, showUser } from "../rest/views/show-account.ts";
import { showCheckRun, showCheckSuite, showDeployment, showDeploymentStatus } from "../rest/views/show-check.ts";
import { showCommit } from "../rest/views/show-commit.ts";
import { showComment, showIssue, showLabel, showReview } from "../rest/views/show-conversation.ts";
import { showPullRequest, showSimplePullRequest } from "../rest/views/show-pull-request.ts";
import { repositoryUrl, showRepository } from "../rest/views/show-repository.ts";
import { showPush, showSimpleCommit } from "./show-push.ts";

type Payload = Readonly<Record<string, unknown>>;
type Of<Event extends Announcement["event"]> = Extract<Announcement, { readonly event: Event }>;

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
      return { check_run: showRunWithSuite(model, announcement) };
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
      return { repositories: repositoriesOf(model, announcement.installation).map(showBriefly), requester: null };
    case "installation_repositories":
      return showSelection(announcement);
  }
}

function showRefEvent(announcement: Of<"create" | "delete">): Payload {
  const { event, ref, refType, repository, sender } = announcement;
  const common = { ref, ref_type: refType, pusher_type: sender.type === "Bot" ? "user" : sender.type.toLowerCase() };
  if (event === "delete") return common;
  return { ...common, master_branch: repository.defaultBranch, description: repository.description };
}

function showPullRequestEvent(model: Model, told: Of<"pull_request">): Payload {
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

function showChanges({ title, body, base }: NonNullable<Of<"pull_request">["changes"]>): Payload {
  return {
    ...(title !== undefined && { title: { from: title } }),
    ...(body !== undefined && { body: { from: body ?? "" } }),
    ...(base && { base: { ref: { from: base.ref }, sha: { from: base.oid } } }),
  };
}

function showIssueEvent(model: Model, { issue, repository, label, changes }: Of<"issues">): Payload {
  return {
    issue: showIssue(model, issue),
    ...(label && { label: showLabel(model, { repository, label }) }),
    ...(changes && { changes: showChanges(changes) }),
  };
}

function showCommentEvent(model: Model, { comment, action, previousBody }: Of<"issue_comment">): Payload {
  return {
    issue: showIssue(model, comment.conversation),
    comment: showComment(model, comment),
    ...(action === "edited" && { changes: { body: { from: previousBody ?? "" } } }),
  };
}

/** In a webhook a check run brings its suite in brief. */
function showRunWithSuite(model: Model, { checkRun }: Of<"check_run">): Payload {
  const { suite } = checkRun;
  const {
    id,
    node_id,
    head_branch,
    head_sha,
    status,
    conclusion,
    url,
    before,
    after,
    pull_requests,
    app,
    created_at,
    updated_at,
  } = showCheckSuite(model, suite);
  const brief = {
    id,
    node_id,
    head_branch,
    head_sha,
    status,
    conclusion,
    url,
    before,
    after,
    pull_requests,
    app,
    created_at,
    updated_at,
  };
  return { ...showCheckRun(model, checkRun), check_suite: brief };
}

function showStatusEvent(model: Model, { status, repository }: Of<"status">): Payload {
  const commit = commitAt(repository.git, status.oid);
  if (commit === undefined) throw new Error(`The commit ${status.oid} vanished from the stand-in's git repository.`);
  const branches = [...repository.git.refs].filter(
    ([name, oid]) => name.startsWith("refs/heads/") && oid === status.oid,
  );
  const api = repositoryUrl(model, repository);
  return {
    id: status.id,
    sha: status.oid,
    name: `${repository.owner.login}/${repository.name}`,
    avatar_url: showUser(model, status.creator).avatar_url,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: showCommit(model, { repository, commit }),
    branches: branches.map(([name, sha]) => ({
      name: name.slice("refs/heads/".length),
      commit: { sha, url: `${api}/commits/${sha}` },
      protected: false,
    })),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

function showMergeGroupEvent({ group, repository, reason }: Of<"merge_group">): Payload {
  return {
    merge_group: {
      head_sha: group.headOid,
      head_ref: group.headRef,
      base_sha: group.baseOid,
      base_ref: group.baseRef,
      head_commit: showSimpleCommit(repository, group.headOid),
    },
    ...(reason && { reason }),
  };
}

function showRepositoryEvent(announcement: Of<"repository">): Payload {
  switch (announcement.action) {
    case "renamed":
      return { changes: { repository: { name: { from: announcement.previousName } } } };
    case "edited":
      return { changes: {} };
    case "archived":
    case "created":
    case "unarchived":
      return {};
  }
}

function showSelection({ action, installation, repositories }: Of<"installation_repositories">): Payload {
  const brief = repositories.map(showBriefly);
  return {
    repository_selection: installation.repositories === "all" ? "all" : "selected",
    repositories_added: action === "added" ? brief : [],
    repositories_removed: action === "removed" ? brief : [],
    requester: null,
  };
}

function repositoriesOf(model: Model, { account, repositories }: Installation): readonly Repository[] {
  return [...model.repositories.values()].filter(
    (repository) => repository.owner === account && (repositories === "all" || repositories.has(repository.id)),
  );
}

function showBriefly(repository: Repository): Payload {
  const { id, nodeId, name, owner } = repository;
  return { id, node_id: nodeId, name, full_name: `${owner.login}/${name}`, private: repository.private };
}

function organizationOf(model: Model, { owner }: Repository): Payload {
  return owner.type === "Organization" ? { organization: showOrganization(model, owner) } : {};
}

function showOrganization(model: Model, { login, id, nodeId }: User): Payload {
  const url = `${model.url}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${model.url}/avatars/u/${id}`,
    description: null,
  };
}
