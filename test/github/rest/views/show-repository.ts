// Repositories in the shapes of GitHub's REST API.

import { hasRole } from "../../model/decide-permission.ts";
import type { Actor } from "../../model/identity.ts";
import { fullName } from "../../model/manage-repositories.ts";
import type { Model } from "../../model/model.ts";
import type { Repository, Role } from "../../model/repository.ts";
import { showUser } from "./show-account.ts";

/** Where the API has this repository. */
export function repositoryUrl(model: Model, repository: Repository): string {
  return `${model.url}/repos/${fullName(repository)}`;
}

/** Where a browser has this repository. */
export function repositoryPage(model: Model, repository: Repository): string {
  return `${model.url}/${fullName(repository)}`;
}

/** The brief shape: lists, and wherever a repository is only mentioned. */
export function showMinimalRepository(model: Model, repository: Repository) {
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: showUser(model, repository.owner),
    html_url: repositoryPage(model, repository),
    description: repository.description,
    fork: repository.parent !== undefined,
    ...urlsOf(model, repository),
  };
}

/** The shape between: heads and bases of pull requests, repositories of an installation, webhook payloads. */
export function showRepository(model: Model, repository: Repository) {
  const open = [...repository.conversations.values()].filter(({ state }) => state === "open").length;
  const page = repositoryPage(model, repository);
  return {
    ...showMinimalRepository(model, repository),
    clone_url: `${page}.git`,
    git_url: `git:${page.slice(page.indexOf(":") + 1)}.git`,
    ssh_url: `git@${new URL(page).hostname}:${fullName(repository)}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    visibility: repository.private ? "private" : "public",
    archived: repository.archived,
    disabled: false,
    is_template: false,
    topics: [],
    forks: 0,
    forks_count: 0,
    open_issues: open,
    open_issues_count: open,
    size: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    has_downloads: true,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
  };
}

/** GET /repos/{owner}/{repo} */
export function showFullRepository(
  model: Model,
  { repository, actor }: { readonly repository: Repository; readonly actor: Actor },
) {
  const has = (role: Role) => actor.kind === "user" && hasRole(model, { user: actor.user, repository, role });
  return {
    ...showRepository(model, repository),
    permissions: {
      admin: has("admin"),
      maintain: has("maintain"),
      push: has("write"),
      triage: has("triage"),
      pull: true,
    },
    allow_merge_commit: repository.mergeMethods.includes("merge"),
    allow_squash_merge: repository.mergeMethods.includes("squash"),
    allow_rebase_merge: repository.mergeMethods.includes("rebase"),
    allow_auto_merge: repository.allowAutoMerge,
    allow_update_branch: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    network_count: 0,
    subscribers_count: 0,
    ...(repository.parent && {
      parent: showRepository(model, repository.parent),
      source: showRepository(model, repository.parent),
    }),
  };
}

function urlsOf(model: Model, repository: Repository) {
  const url = repositoryUrl(model, repository);
  return {
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
