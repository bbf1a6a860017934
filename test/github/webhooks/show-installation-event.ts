// The parts of payloads about where the app is installed, and about repositories and organisations themselves.

import { isInstalledOn } from "../model/decide-permission.ts";
import type { User } from "../model/identity.ts";
import { fullName } from "../model/manage-repositories.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import type { AnnouncementOf, Payload } from "./announcement-of.ts";

export function showInstallationEvent(model: Model, { installation }: AnnouncementOf<"installation">): Payload {
  const chosen = [...model.repositories.values()].filter((repository) => isInstalledOn(installation, repository));
  return { repositories: chosen.map(showBriefly), requester: null };
}

export function showRepositoryEvent(announcement: AnnouncementOf<"repository">): Payload {
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

export function showSelection({
  action,
  installation,
  repositories,
}: AnnouncementOf<"installation_repositories">): Payload {
  const brief = repositories.map(showBriefly);
  return {
    repository_selection: installation.repositories === "all" ? "all" : "selected",
    repositories_added: action === "added" ? brief : [],
    repositories_removed: action === "removed" ? brief : [],
    requester: null,
  };
}

function showBriefly(repository: Repository): Payload {
  const { id, nodeId, name } = repository;
  return { id, node_id: nodeId, name, full_name: fullName(repository), private: repository.private };
}

/** Only organisations are told of; a person who owns the repository is not. */
export function organizationOf(model: Model, { owner }: Repository): Payload {
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
