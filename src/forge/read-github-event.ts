// Reads what GitHub sends: which passes it asks for, what it says about where the app is installed, and which images it
// names. Hints say where to look, never what is true. Pure; no shape makes it throw, and what means nothing here is
// ignored with the reason.

import { nameGitSource, nameWatched } from "../domain/git-source.ts";
import type { Hint, HintSubject } from "../domain/hint.ts";
import { isReferrerTag, isTag, normaliseImageName } from "../domain/image-name.ts";
import { readGithubPackage } from "../domain/read-github-package.ts";
import type { RepositoryReference } from "./forge.ts";
import { type GithubEvent, hint, ignored, type Reading, shapeless } from "./github-event.ts";
import { checkSubject, readCheckRun, readCheckSuite } from "./read-check-event.ts";
import { DASHBOARD_LABEL, DRIFT_LABEL } from "./read-marks.ts";
import { type Payload, readId, readOid, readRecords, readRepository, readText } from "./read-payload.ts";

export interface EventMessage {
  /** The name in `X-GitHub-Event`. */
  readonly event: string;
  readonly payload: unknown;
  /** The app's own slug: what it did itself is no news. */
  readonly slug?: string;
  /** Registries that the operator named, besides GitHub's own. */
  readonly hosts?: readonly string[];
  /** The host of the repositories; `github.com` unless given. */
  readonly gitHost?: string;
}

type Read = (reading: Reading) => GithubEvent;

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["push", readPush],
  ["pull_request", readPullRequestEvent],
  ["pull_request_review", ({ payload }) => hint(payload, pullRequestSubject(payload))],
  ["check_run", readCheckRun],
  ["check_suite", readCheckSuite],
  ["status", ({ payload }) => hint(payload, checkSubject(readOid(payload, "sha")))],
  ["merge_group", readMergeGroup],
  ["issue_comment", readComment],
  ["issues", readIssueEvent],
  ["registry_package", (reading) => readPackage(reading, "registry_package")],
  ["package", (reading) => readPackage(reading, "package")],
  ["installation", readInstallation],
  ["installation_repositories", readInstallationRepositories],
  ["repository", readRepositoryEvent],
  ["ping", () => ignored("a ping asks for nothing")],
]);

const QUIET_PULL_REQUEST_ACTIONS = new Set([
  "assigned",
  "unassigned",
  "locked",
  "unlocked",
  "milestoned",
  "demilestoned",
  "auto_merge_enabled",
  "auto_merge_disabled",
]);

const TELLING_ISSUE_ACTIONS = new Set([
  "closed",
  "reopened",
  "edited",
  "labeled",
  "unlabeled",
  "deleted",
  "transferred",
]);

export function readGithubEvent(message: EventMessage): GithubEvent {
  const { event, payload, slug, hosts = [], gitHost = "github.com" } = message;
  const read = READERS.get(event);
  if (read === undefined) return ignored("Stagecoach does nothing about events of this kind");
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return ignored("the body is no object");
  }
  const body = payload as Payload;
  const us = slug === undefined ? undefined : `${slug}[bot]`;
  const self = us !== undefined && readText(body, "sender", "login") === us;
  const action = readText(body, "action") ?? "";
  return read({ payload: body, action, self, hosts, gitHost, ...(us !== undefined && { us }) });
}

/** A branch or a tag moved: here, and maybe in a repository whose versions pipelines of others promote. */
function readPush({ payload, gitHost }: Reading): GithubEvent {
  const event = hint(payload, pushSubject(payload));
  const [owner = "", repository = ""] = readText(payload, "repository", "full_name")?.split("/") ?? [];
  const image = nameGitSource({ host: gitHost, owner, repository });
  const watched = image && nameWatched(image, readText(payload, "ref") ?? "");
  return image === undefined || watched === undefined || event.ignored
    ? event
    : { ...event, images: [{ image, watched }] };
}

function readPullRequestEvent({ payload, action, self }: Reading): GithubEvent {
  if (QUIET_PULL_REQUEST_ACTIONS.has(action)) return ignored(`"${action}" changes nothing for a promotion`);
  if (self && ["labeled", "unlabeled", "edited"].includes(action)) return ignored("Stagecoach did this itself");
  return hint(payload, pullRequestSubject(payload));
}

function readMergeGroup({ payload }: Reading): GithubEvent {
  const head = readOid(payload, "merge_group", "head_sha");
  return hint(payload, head === undefined ? undefined : { kind: "merge-group", head });
}

function readComment({ payload, action, self, us }: Reading): GithubEvent {
  const number = readId(payload, "issue", "number");
  const isOurs = us !== undefined && readText(payload, "comment", "user", "login") === us;
  if (isOurs && action !== "created") {
    if (self) return ignored("Stagecoach did this itself");
    // What we said has to stand there again.
    return hint(payload, number === undefined ? undefined : { kind: "pull-request", number });
  }
  if (action !== "created") return ignored("commands are taken from new comments only");
  if (readText(payload, "comment", "user", "type") === "Bot") return ignored("commands are not taken from bots");
  const comment = readId(payload, "comment", "id");
  return hint(
    payload,
    number === undefined || comment === undefined ? undefined : { kind: "comment", number, comment },
  );
}

/** People close, reopen, edit and label our issues; what they do with others is their own affair. */
function readIssueEvent({ payload, action, self, us }: Reading): GithubEvent {
  if (self) return ignored("Stagecoach did this itself");
  if (!TELLING_ISSUE_ACTIONS.has(action)) return ignored(`"${action}" changes nothing for an issue of Stagecoach`);
  const author = readText(payload, "issue", "user", "login");
  if (us !== undefined && author !== us) return ignored("it is not an issue of Stagecoach");
  const labels = readRecords(payload, "issue", "labels").map((label) => readText(label, "name"));
  // The label that was taken away stands beside the issue alone.
  const names = [...labels, readText(payload, "label", "name")];
  const isRead = names.includes(DRIFT_LABEL) || names.includes(DASHBOARD_LABEL);
  return isRead ? hint(payload, { kind: "repository" }) : ignored("it is neither about drift nor the dashboard");
}

/** The host counts only where it is GitHub's own or one that the operator named (T5). */
function readPackage({ payload, hosts }: Reading, key: "package" | "registry_package"): GithubEvent {
  const read = readGithubPackage(payload, key);
  if (read.kind === "shapeless") return shapeless(key);
  if (read.kind === "nothing") return ignored(read.why);
  const { host, path, tag, told } = read.pushed;
  if (!isTag(tag)) return ignored("it names no tag");
  if (isReferrerTag(tag)) return ignored("it is a signature, an attestation or another note to an image");
  if (host !== "ghcr.io" && !hosts.includes(host)) return ignored("the operator's settings do not name its registry");
  const image = normaliseImageName(`${host}/${path}`);
  if (image === undefined) return ignored("it names no image");
  return { hints: [], directory: {}, images: [{ image, tag, ...(told !== undefined && { told }) }] };
}

function readInstallation({ payload, action }: Reading): GithubEvent {
  const id = readId(payload, "installation", "id");
  if (id === undefined) return shapeless("installation");
  const listed = readRecords(payload, "repositories").map((item) => readRepository(item, id));
  const repositories = listed.filter((repository) => repository !== undefined);
  if (action === "deleted" || action === "suspend") {
    const state = action === "deleted" ? "deleted" : "suspended";
    const remove = action === "deleted" ? { remove: repositories.map(({ repository }) => repository) } : {};
    return { hints: [], images: [], directory: { ...remove, installation: { id, state } } };
  }
  return {
    hints: repositories.map(toHint),
    images: [],
    directory: { save: repositories, installation: { id, state: "active" } },
  };
}

function readInstallationRepositories({ payload }: Reading): GithubEvent {
  const id = readId(payload, "installation", "id");
  if (id === undefined) return shapeless("installation");
  const added = readRecords(payload, "repositories_added").map((item) => readRepository(item, id));
  const save = added.filter((repository) => repository !== undefined);
  const removed = readRecords(payload, "repositories_removed").map((item) => readId(item, "id"));
  const remove = removed.filter((repository) => repository !== undefined);
  return { hints: save.map(toHint), images: [], directory: { save, remove } };
}

function readRepositoryEvent({ payload, action }: Reading): GithubEvent {
  const id = readId(payload, "repository", "id");
  if (id === undefined) return shapeless("repository");
  if (action === "deleted") return { hints: [], images: [], directory: { remove: [id] } };
  if (action === "created" || action === "publicized" || action === "privatized") {
    return ignored(`"${action}" changes nothing for its promotions`);
  }
  const installation = readId(payload, "installation", "id");
  const found = installation === undefined ? undefined : readRepository(payload.repository as Payload, installation);
  const hints: readonly Hint[] = [{ repository: id, subject: { kind: "repository" } }];
  return { hints, images: [], directory: found ? { save: [found] } : {} };
}

function pullRequestSubject(payload: Payload): HintSubject | undefined {
  const number = readId(payload, "pull_request", "number") ?? readId(payload, "number");
  return number === undefined ? undefined : { kind: "pull-request", number };
}

function pushSubject(payload: Payload): HintSubject | undefined {
  const ref = readText(payload, "ref");
  return ref?.startsWith("refs/") ? { kind: "push", ref } : undefined;
}

function toHint({ repository }: RepositoryReference): Hint {
  return { repository, subject: { kind: "repository" } };
}
