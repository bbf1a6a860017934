// Reviews of pull requests, and who is asked for one.

import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readText, readTexts } from "../../http/read-body.ts";
import { created, fail, findTooLongBody, notFound, ok, type Reply } from "../../http/reply.ts";
import { requestReviewers } from "../../model/change-conversation.ts";
import { roleOf } from "../../model/decide-permission.ts";
import type { Team, User } from "../../model/identity.ts";
import { findTeam, findUser } from "../../model/manage-accounts.ts";
import type { PullRequest, ReviewState } from "../../model/repository.ts";
import { dismissReview, reviewPullRequest } from "../../model/review-pull-request.ts";
import { showTeam, showUser } from "../views/show-account.ts";
import { showReview } from "../views/show-conversation.ts";
import { showSimplePullRequest } from "../views/show-pull-request.ts";
import { withPull } from "./pull-routes.ts";

const pulls = { permission: "pull_requests" };

export const reviewRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", pulls, (call) =>
    withPull(call, (pull) => paginate(call, { items: pull.reviews, show: (review) => showReview(call.model, review) })),
  ),
  repositoryRoute(
    "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    { ...pulls, role: "read", createsContent: true },
    (call) => withPull(call, (pull) => addReview(call, pull)),
  ),
  repositoryRoute("PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals", pulls, (call) =>
    withPull(call, (pull) => {
      const review = pull.reviews.find(({ id }) => String(id) === call.parameters.review_id);
      if (review === undefined) return notFound();
      if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
        return fail(422, "Can not dismiss a commented pull request review");
      dismissReview(call.model, { review, by: call.by, message: readText(call.body, "message") ?? "" });
      return ok(showReview(call.model, review));
    }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", pulls, (call) =>
    withPull(call, ({ requestedReviewers, requestedTeams }) =>
      ok({
        users: requestedReviewers.map((user) => showUser(call.model, user)),
        teams: requestedTeams.map((team) => showTeam(call.model, team)),
      }),
    ),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", pulls, (call) =>
    withPull(call, (pull) => askForReviews(call, pull)),
  ),
  repositoryRoute("DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", pulls, (call) =>
    withPull(call, (pull) => {
      const users = readTexts(call.body, "reviewers") ?? [];
      const teams = readTexts(call.body, "team_reviewers") ?? [];
      pull.requestedReviewers = pull.requestedReviewers.filter(({ login }) => !users.includes(login));
      pull.requestedTeams = pull.requestedTeams.filter(({ slug }) => !teams.includes(slug));
      return ok(showSimplePullRequest(call.model, pull));
    }),
  ),
];

const states: Readonly<Record<string, ReviewState>> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

function addReview({ model, by, body }: RepositoryCall, pull: PullRequest): Reply {
  const text = readText(body, "body");
  const tooLong = findTooLongBody("PullRequestReview", text);
  if (tooLong !== undefined) return tooLong;
  const event = readText(body, "event");
  const outcome = reviewPullRequest(model, {
    pull,
    author: by,
    state: event === undefined ? "PENDING" : (states[event] ?? "COMMENTED"),
    body: text,
    commitOid: readText(body, "commit_id"),
  });
  return outcome.kind === "refused"
    ? fail(422, `Unprocessable Entity: ${outcome.message}`)
    : ok(showReview(model, outcome.review));
}

/** GitHub takes only collaborators and teams with access, and never the author. */
function askForReviews({ model, by, body, repository }: RepositoryCall, pull: PullRequest): Reply {
  const users: User[] = [];
  for (const login of readTexts(body, "reviewers") ?? []) {
    const user = findUser(model, login);
    if (user === pull.author) return fail(422, "Review cannot be requested from pull request author.");
    if (user === undefined || roleOf(model, { user, repository }) === undefined)
      return fail(
        422,
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${repository.owner.login}/${repository.name} repository.`,
      );
    users.push(user);
  }
  const teams: Team[] = [];
  for (const slug of readTexts(body, "team_reviewers") ?? []) {
    const team = findTeam(model, { organization: repository.owner.login, slug });
    if (team === undefined || !repository.teams.has(team.id))
      return fail(
        422,
        `Reviews may only be requested from collaborators. One or more of the teams you specified is not a collaborator of the ${repository.owner.login}/${repository.name} repository.`,
      );
    teams.push(team);
  }
  requestReviewers(model, { pull, by, users, teams });
  return created(showSimplePullRequest(model, pull));
}
