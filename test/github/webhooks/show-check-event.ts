// The parts of payloads about what was reported on commits, and about merge groups.

import { commitAt } from "../git/git-repository.ts";
import { fullName } from "../model/manage-repositories.ts";
import type { Model } from "../model/model.ts";
import { showCheckRun, showCheckSuite, showSimpleStatus } from "../rest/views/show-check.ts";
import { showCommit } from "../rest/views/show-commit.ts";
import { repositoryUrl } from "../rest/views/show-repository.ts";
import type { AnnouncementOf, Payload } from "./announcement-of.ts";
import { showSimpleCommit } from "./show-push.ts";

/** In a webhook a check run brings its suite in brief. */
export function showRunWithSuite(model: Model, { checkRun }: AnnouncementOf<"check_run">): Payload {
  const {
    repository: _,
    head_commit,
    latest_check_runs_count,
    check_runs_url,
    ...brief
  } = showCheckSuite(model, checkRun.suite);
  return { ...showCheckRun(model, checkRun), check_suite: brief };
}

export function showStatusEvent(model: Model, { status, repository }: AnnouncementOf<"status">): Payload {
  const commit = commitAt(repository.git, status.oid);
  if (commit === undefined) throw new Error(`The commit ${status.oid} vanished from the stand-in's git repository.`);
  const branches = [...repository.git.refs].filter(
    ([name, oid]) => name.startsWith("refs/heads/") && oid === status.oid,
  );
  const api = repositoryUrl(model, repository);
  const { node_id: _, url: __, ...shown } = showSimpleStatus(model, status);
  return {
    ...shown,
    sha: status.oid,
    name: fullName(repository),
    commit: showCommit(model, { repository, commit }),
    branches: branches.map(([name, sha]) => ({
      name: name.slice("refs/heads/".length),
      commit: { sha, url: `${api}/commits/${sha}` },
      protected: false,
    })),
  };
}

export function showMergeGroupEvent({ group, repository, reason }: AnnouncementOf<"merge_group">): Payload {
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
