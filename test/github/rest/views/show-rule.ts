// Branch rules in the shapes of GitHub's rulesets.

import type { Actor } from "../../model/identity.ts";
import { fullName } from "../../model/manage-repositories.ts";
import type { Model } from "../../model/model.ts";
import type { Repository } from "../../model/repository.ts";
import type { BranchRule } from "../../model/rule.ts";
import { repositoryPage, repositoryUrl } from "./show-repository.ts";

/** GET /repos/{owner}/{repo}/rules/branches/{branch}: each demand by itself, with the ruleset it comes from */
export function showBranchRules(repository: Repository, rule: BranchRule) {
  const source = { ruleset_source_type: "Repository", ruleset_source: fullName(repository), ruleset_id: rule.id };
  return showDemands(rule).map((demand) => ({ ...demand, ...source }));
}

interface Shown {
  readonly repository: Repository;
  readonly rule: BranchRule;
  readonly actor: Actor;
  /** lists leave the demands out */
  readonly brief: boolean;
}

export function showRuleset(model: Model, { repository, rule, actor, brief }: Shown) {
  const name =
    actor.kind === "installation" ? actor.installation.app.slug : actor.kind === "user" ? actor.user.login : "";
  const shown = {
    id: rule.id,
    name: `Rules for ${rule.branch}`,
    target: "branch",
    source_type: "Repository",
    source: fullName(repository),
    enforcement: "active",
    node_id: `RRS_${rule.id}`,
    _links: {
      self: { href: `${repositoryUrl(model, repository)}/rulesets/${rule.id}` },
      html: { href: `${repositoryPage(model, repository)}/rules/${rule.id}` },
    },
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
  };
  if (brief) return shown;
  return {
    ...shown,
    current_user_can_bypass: [...rule.bypass, ...(rule.restrictUpdates ?? [])].includes(name) ? "always" : "never",
    conditions: { ref_name: { include: [`refs/heads/${rule.branch}`], exclude: [] } },
    rules: showDemands(rule),
  };
}

function showDemands(rule: BranchRule) {
  return [
    ...(rule.allowDeletions ? [] : [{ type: "deletion" }]),
    ...(rule.allowForcePushes ? [] : [{ type: "non_fast_forward" }]),
    ...(rule.restrictUpdates === undefined ? [] : [{ type: "update" }]),
    ...(rule.requiredApprovals === undefined ? [] : [showPullRequestDemand(rule)]),
    ...(rule.requiredChecks.length === 0 ? [] : [showChecksDemand(rule)]),
    ...(rule.mergeQueue === undefined ? [] : [showQueueDemand(rule.mergeQueue)]),
  ];
}

function showPullRequestDemand(rule: BranchRule) {
  return {
    type: "pull_request",
    parameters: {
      dismiss_stale_reviews_on_push: rule.dismissStaleReviews,
      require_code_owner_review: false,
      require_last_push_approval: rule.requireLastPushApproval,
      required_approving_review_count: rule.requiredApprovals,
      required_review_thread_resolution: false,
    },
  };
}

function showChecksDemand(rule: BranchRule) {
  return {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: rule.strict,
      required_status_checks: rule.requiredChecks.map(({ context, app }) => ({
        context,
        ...(app !== undefined && { integration_id: app }),
      })),
    },
  };
}

function showQueueDemand({ method }: NonNullable<BranchRule["mergeQueue"]>) {
  return {
    type: "merge_queue",
    parameters: {
      merge_method: method.toUpperCase(),
      grouping_strategy: "ALLGREEN",
      check_response_timeout_minutes: 60,
      max_entries_to_build: 5,
      max_entries_to_merge: 5,
      min_entries_to_merge: 1,
      min_entries_to_merge_wait_minutes: 5,
    },
  };
}
