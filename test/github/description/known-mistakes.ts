// The places where GitHub's description itself is wrong: GitHub's real answers differ from it, and so do ours.
// Every entry says why. A finding that an entry covers is dropped; nothing else is ever excused.
import type { ErrorObject } from "ajv";

type KnownMistake = {
  /** "GET /repos/{owner}/{repo}", or the name of a webhook. */
  readonly operation: RegExp;
  readonly path: RegExp;
  readonly keyword: string;
  /** what the value looks like where GitHub is right and its description is not */
  readonly value: RegExp;
  readonly reason: string;
};

const knownMistakes: readonly KnownMistake[] = [
  {
    operation: /./,
    path: /\/email$/,
    keyword: "format",
    value: /^\d+\+[\w-]+\[bot\]@users\.noreply\.github\.com$/,
    reason: "The address that GitHub gives to a bot has brackets in it, which no mail address may have unquoted.",
  },
  {
    operation: /deployment/,
    path: /\/(environment_url|log_url|target_url)$/,
    keyword: "format",
    value: /^$/,
    reason:
      "Where no address was given GitHub sends none, and the description itself says so: its default is empty text.",
  },
  {
    operation: /^GET \/app\/installations$/,
    path: /^\/\d+\/account$/,
    keyword: "required",
    value: /./,
    reason: "An account is a user or an enterprise; the description of this list says that it is both at once.",
  },
  {
    operation: /^GET \/app\/installations$/,
    path: /^\/\d+\/account$/,
    keyword: "type",
    value: /./,
    reason: "The other half of the account that is both a user and an enterprise.",
  },
  {
    operation: /^GET \/app\/installations$/,
    path: /^\/\d+\/account$/,
    keyword: "anyOf",
    value: /./,
    reason: "The sum of the two above.",
  },
  {
    operation: /\/(pulls|commits)\b/,
    path: /\/labels\/\d+\/description$/,
    keyword: "type",
    value: /^null$/,
    reason: "A label without a description has null there; only the description of issues says so.",
  },
  {
    operation: /^(issues?|issue-comment)\b/,
    path: /\/performed_via_github_app\/events\/\d+$/,
    keyword: "enum",
    value: /^merge_group$/,
    reason: "An app may listen to merge groups; the description knows that of checks and deployments, not of issues.",
  },
];

export function isKnownMistake(operation: string, error: ErrorObject): boolean {
  return knownMistakes.some(
    (known) =>
      known.operation.test(operation) &&
      known.path.test(error.instancePath) &&
      known.keyword === error.keyword &&
      known.value.test(String(error.data)),
  );
}
