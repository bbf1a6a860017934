// Finds the resolver of a field, and the type of a value behind an interface or union. Values with a `kind` are the
// model's: their types have a table each, and what the table lacks is not modelled. Values without one were made by a
// resolver for this answer: their own properties are the fields.

import type { GraphQLResolveInfo } from "graphql";
import type { Context, FieldTable } from "./context.ts";
import { accountFields } from "./fields/account.ts";
import { checkFields } from "./fields/check.ts";
import { commitFields } from "./fields/commit.ts";
import { conversationFields } from "./fields/conversation.ts";
import { deploymentFields } from "./fields/deployment.ts";
import { mergeQueueFields } from "./fields/merge-queue.ts";
import { pullRequestFields } from "./fields/pull-request.ts";
import { queryFields } from "./fields/query.ts";
import { reactionFields } from "./fields/reaction.ts";
import { referenceFields } from "./fields/reference.ts";
import { repositoryFields } from "./fields/repository.ts";
import { reviewFields } from "./fields/review.ts";
import { tagFields } from "./fields/tag.ts";
import { timelineFields } from "./fields/timeline.ts";
import { treeFields } from "./fields/tree.ts";
import { mutationFields } from "./mutations/mutation.ts";
import { typeOfTimelineEvent } from "./name-timeline-event.ts";
import { brokenField, notModelled } from "./problem.ts";

type AnyResolver = (source: unknown, args: unknown, context: Context) => unknown;

const tables: Readonly<Record<string, FieldTable>> = {
  ...accountFields,
  ...checkFields,
  ...commitFields,
  ...conversationFields,
  ...deploymentFields,
  ...mergeQueueFields,
  ...pullRequestFields,
  ...queryFields,
  ...reactionFields,
  ...referenceFields,
  ...repositoryFields,
  ...reviewFields,
  ...tagFields,
  ...timelineFields,
  ...treeFields,
  ...mutationFields,
};

const typesOfKinds: Readonly<Record<string, string>> = {
  app: "App",
  "check-run": "CheckRun",
  "check-suite": "CheckSuite",
  comment: "IssueComment",
  deployment: "Deployment",
  "deployment-status": "DeploymentStatus",
  "git-blob": "Blob",
  "git-commit": "Commit",
  "git-ref": "Ref",
  "git-tag": "Tag",
  "git-tree": "Tree",
  issue: "Issue",
  label: "Label",
  "merge-queue": "MergeQueue",
  "merge-queue-entry": "MergeQueueEntry",
  "pull-request": "PullRequest",
  repository: "Repository",
  review: "PullRequestReview",
  status: "StatusContext",
  team: "Team",
};

export function resolveField(source: unknown, args: unknown, context: Context, info: GraphQLResolveInfo): unknown {
  const { parentType, fieldName } = info;
  if (context.brokenFields.includes(`${parentType.name}.${fieldName}`)) throw brokenField();
  const table = tables[parentType.name];
  const resolver = table !== undefined && Object.hasOwn(table, fieldName) ? table[fieldName] : undefined;
  if (resolver !== undefined) return (resolver as AnyResolver)(source, args, context);
  if (table === undefined && isObject(source) && kindOf(source) === undefined && Object.hasOwn(source, fieldName)) {
    const value = source[fieldName];
    return typeof value === "function" ? value(args, context) : value;
  }
  throw notModelled(`${parentType.name}.${fieldName}`);
}

export function nameType(value: unknown): string {
  if (!isObject(value)) throw notModelled(`the type of ${JSON.stringify(value)}`);
  if (typeof value.__typename === "string") return value.__typename;
  const kind = kindOf(value);
  if (kind === "user") return String(value.type);
  const name = typesOfKinds[String(kind)] ?? typeOfTimelineEvent(String(kind));
  if (name === undefined) throw notModelled(`the type of a ${kind ?? "value without kind"}`);
  return name;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function kindOf(value: Readonly<Record<string, unknown>>): string | undefined {
  return typeof value.kind === "string" ? value.kind : undefined;
}
