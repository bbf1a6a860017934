// Accounts, apps, installations and teams in the shapes of GitHub's REST API. Webhook payloads carry the same shapes.

import type { App, Installation, Team, User } from "../../model/identity.ts";
import type { Model } from "../../model/model.ts";

export function showUser(model: Model, user: User) {
  const login = encodeURIComponent(user.login);
  const url = `${model.url}/users/${login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: user.nodeId,
    avatar_url: `${model.url}/avatars/u/${user.id}`,
    gravatar_id: "",
    url,
    html_url:
      user.type === "Bot"
        ? `${model.url}/apps/${encodeURIComponent(user.login.replace("[bot]", ""))}`
        : `${model.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** GET /users/{username} */
export function showPublicUser(model: Model, user: User) {
  return {
    ...showUser(model, user),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

export function showApp(model: Model, app: App) {
  return {
    id: app.id,
    client_id: `Iv23${String(app.id).padStart(16, "0")}`,
    slug: app.slug,
    node_id: app.nodeId,
    owner: showUser(model, app.owner),
    name: app.name,
    description: "",
    external_url: `${model.url}/${app.slug}`,
    html_url: `${model.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function showInstallation(model: Model, installation: Installation) {
  const { app, account } = installation;
  return {
    id: installation.id,
    client_id: `Iv23${String(app.id).padStart(16, "0")}`,
    account: showUser(model, account),
    repository_selection: installation.repositories === "all" ? "all" : "selected",
    access_tokens_url: `${model.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${model.url}/installation/repositories`,
    html_url: `${model.url}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedBy === undefined ? null : showUser(model, installation.suspendedBy),
    suspended_at: installation.suspendedAt ?? null,
  };
}

export function showTeam(model: Model, team: Team) {
  const url = `${model.url}/organizations/${team.organization.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: team.nodeId,
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    url,
    html_url: `${model.url}/orgs/${team.organization.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: team.organization.id,
    parent: null,
  };
}

/** GET /orgs/{org}/teams/{team_slug} */
export function showFullTeam(model: Model, team: Team) {
  const { organization } = team;
  const url = `${model.url}/orgs/${organization.login}`;
  return {
    ...showTeam(model, team),
    members_count: team.members.size,
    repos_count: 0,
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
    organization: {
      login: organization.login,
      id: organization.id,
      node_id: organization.nodeId,
      url,
      repos_url: `${url}/repos`,
      events_url: `${url}/events`,
      hooks_url: `${url}/hooks`,
      issues_url: `${url}/issues`,
      members_url: `${url}/members{/member}`,
      public_members_url: `${url}/public_members{/member}`,
      avatar_url: `${model.url}/avatars/u/${organization.id}`,
      description: null,
      html_url: `${model.url}/${organization.login}`,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      type: "Organization",
      created_at: organization.createdAt,
      updated_at: organization.createdAt,
      archived_at: null,
    },
  };
}
