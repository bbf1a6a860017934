// Check suites, check runs and commit statuses: made, changed by GitHub's rules, and read as required checks.

import type { CheckAnnotation, CheckConclusion, CheckRun, CheckStatus, CheckSuite, CommitStatus } from "./check.ts";
import { identifyNode } from "./identify-node.ts";
import type { Actor, App, User } from "./identity.ts";
import { appOf } from "./manage-accounts.ts";
import { announce, commitKey, type Model, nextId, register, timestamp } from "./model.ts";
import type { Repository } from "./repository.ts";
import type { RequiredCheck } from "./rule.ts";

export interface CheckChange {
  readonly name?: string;
  readonly status?: CheckStatus;
  readonly conclusion?: CheckConclusion;
  readonly externalId?: string;
  readonly detailsUrl?: string;
  readonly startedAt?: string;
  readonly completedAt?: string;
  readonly output?: {
    readonly title?: string;
    readonly summary?: string;
    readonly text?: string;
    readonly annotations?: readonly CheckAnnotation[];
  };
  readonly actions?: CheckRun["actions"];
}

export function ensureCheckSuite(
  model: Model,
  {
    repository,
    app,
    oid,
    branch,
  }: { readonly repository: Repository; readonly app: App; readonly oid: string; readonly branch?: string },
): CheckSuite {
  const suites = suitesOf(model, { repository, oid });
  const known = suites.find((suite) => suite.app === app);
  if (known !== undefined) return known;
  const id = nextId(model);
  const now = timestamp(model);
  const headBranch = branch ?? branchAt(repository, oid);
  const suite: CheckSuite = register(model, {
    kind: "check-suite",
    id,
    nodeId: identifyNode("check-suite", id),
    repository,
    app,
    headOid: oid,
    headBranch,
    runs: [],
    createdAt: now,
    updatedAt: now,
  });
  model.checkSuites.set(commitKey({ repository, oid }), [...suites, suite]);
  return suite;
}

export function createCheckRun(
  model: Model,
  {
    repository,
    app,
    oid,
    name,
    change,
  }: {
    readonly repository: Repository;
    readonly app: App;
    readonly oid: string;
    readonly name: string;
    readonly change: CheckChange;
  },
): CheckRun {
  const suite = ensureCheckSuite(model, { repository, app, oid });
  const id = nextId(model);
  const run: CheckRun = register(model, {
    kind: "check-run",
    id,
    nodeId: identifyNode("check-run", id),
    suite,
    name,
    status: "queued",
    conclusion: null,
    externalId: "",
    detailsUrl: undefined,
    startedAt: timestamp(model),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
    createdAt: timestamp(model),
  });
  suite.runs.push(run);
  model.checkRuns.set(id, run);
  applyChange(model, { run, change });
  announce(model, { event: "check_run", action: "created", repository, checkRun: run, sender: app.bot });
  if (run.status === "completed") announceCompleted(model, run);
  return run;
}

/** A completed run stays completed, with the conclusion that it has; GitHub answers 200 and changes the rest. */
export function changeCheckRun(
  model: Model,
  { run, change }: { readonly run: CheckRun; readonly change: CheckChange },
): void {
  const wasCompleted = run.status === "completed";
  if (wasCompleted) {
    const { status: _status, conclusion: _conclusion, completedAt: _completedAt, ...rest } = change;
    applyChange(model, { run, change: rest });
  } else applyChange(model, { run, change });
  if (!wasCompleted && run.status === "completed") announceCompleted(model, run);
}

export function rerequestCheckRun(model: Model, { run, by }: { readonly run: CheckRun; readonly by: User }): void {
  announce(model, {
    event: "check_run",
    action: "rerequested",
    repository: run.suite.repository,
    checkRun: run,
    sender: by,
  });
}

/** A person presses one of the buttons that the run shows; there is no other way to press one. */
export function pressCheckButton(
  model: Model,
  { run, button, by }: { readonly run: CheckRun; readonly button: string; readonly by: User },
): "pressed" | "not-there" {
  if (!run.actions.some(({ identifier }) => identifier === button)) return "not-there";
  announce(model, {
    event: "check_run",
    action: "requested_action",
    repository: run.suite.repository,
    checkRun: run,
    button,
    sender: by,
  });
  return "pressed";
}

export function addStatus(
  model: Model,
  status: Pick<CommitStatus, "repository" | "oid" | "context" | "state" | "description" | "targetUrl" | "creator">,
): CommitStatus {
  const id = nextId(model);
  const added: CommitStatus = register(model, {
    kind: "status",
    id,
    nodeId: identifyNode("status", id),
    createdAt: timestamp(model),
    ...status,
  });
  const key = commitKey(status);
  model.statuses.set(key, [...(model.statuses.get(key) ?? []), added]);
  announce(model, { event: "status", repository: status.repository, status: added, sender: status.creator });
  return added;
}

export function suitesOf(
  model: Model,
  commit: { readonly repository: Repository; readonly oid: string },
): readonly CheckSuite[] {
  return model.checkSuites.get(commitKey(commit)) ?? [];
}

/** @param latest one run for each app and name, the newest, as GitHub filters by default */
export function runsOf(
  model: Model,
  { latest, ...commit }: { readonly repository: Repository; readonly oid: string; readonly latest: boolean },
): readonly CheckRun[] {
  return suitesOf(model, commit).flatMap(({ runs }) => {
    if (!latest) return runs;
    return [...new Map(runs.map((run) => [run.name, run])).values()];
  });
}

/** The latest status of each context, as the combined status shows them. */
export function latestStatusesOf(
  model: Model,
  commit: { readonly repository: Repository; readonly oid: string },
): readonly CommitStatus[] {
  return [...new Map((model.statuses.get(commitKey(commit)) ?? []).map((status) => [status.context, status])).values()];
}

/** What GitHub says about the first required check that does not stand; undefined when all do. */
export function findFailingChecks(
  model: Model,
  {
    repository,
    oid,
    required,
  }: { readonly repository: Repository; readonly oid: string; readonly required: readonly RequiredCheck[] },
): string | undefined {
  for (const { context, app } of required) {
    const runs = runsOf(model, { repository, oid, latest: true }).filter(
      (run) => run.name === context && (app === undefined || run.suite.app.id === app),
    );
    const statuses =
      app === undefined
        ? latestStatusesOf(model, { repository, oid }).filter((status) => status.context === context)
        : [];
    if (runs.length + statuses.length === 0) return `Required status check "${context}" is expected.`;
    const passed = ["success", "neutral", "skipped"];
    if (runs.some((run) => run.status !== "completed") || statuses.some(({ state }) => state === "pending"))
      return `Required status check "${context}" is in progress.`;
    const good =
      runs.every((run) => passed.includes(run.conclusion ?? "")) && statuses.every(({ state }) => state === "success");
    if (!good) return `Required status check "${context}" is failing.`;
  }
  return undefined;
}

/** The app that an actor reports checks as; only apps may. */
export function checkAppOf(actor: Actor): App | undefined {
  return appOf(actor);
}

function applyChange(model: Model, { run, change }: { readonly run: CheckRun; readonly change: CheckChange }): void {
  const { output, ...fields } = change;
  Object.assign(run, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  // a conclusion completes the run, and a completed run without a time was completed now
  if (change.conclusion !== undefined) run.status = "completed";
  if (run.status === "completed") run.completedAt = change.completedAt ?? run.completedAt ?? timestamp(model);
  if (output !== undefined) {
    run.output.title = output.title ?? run.output.title;
    run.output.summary = output.summary ?? run.output.summary;
    run.output.text = output.text ?? run.output.text;
    run.output.annotations.push(...(output.annotations ?? []));
  }
  run.suite.updatedAt = timestamp(model);
}

function announceCompleted(model: Model, run: CheckRun): void {
  const { repository, app, runs } = run.suite;
  announce(model, { event: "check_run", action: "completed", repository, checkRun: run, sender: app.bot });
  if (runs.every(({ status }) => status === "completed"))
    announce(model, { event: "check_suite", action: "completed", repository, checkSuite: run.suite, sender: app.bot });
}

function branchAt(repository: Repository, oid: string): string | null {
  for (const [name, tip] of repository.git.refs)
    if (tip === oid && name.startsWith("refs/heads/")) return name.slice("refs/heads/".length);
  return null;
}
