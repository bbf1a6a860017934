// Writes our check on a head. A completed run is never reopened: a gate that closes again is a new run, and the newest
// run is the one that counts. The run's external id is the fingerprint of what it says.

import { type Github, read, readOrRefusal, type Written, write } from "./call-github.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";
import { CHECK_NAME } from "./observe-query.ts";
import type { CheckAction, CheckText } from "./write-request.ts";

export interface CheckRequest {
  readonly at: RepositoryReference;
  readonly head: string;
  readonly run?: number;
  readonly check: CheckText;
}

interface Run {
  readonly id: number;
  readonly external_id: string | null;
  readonly status: string;
  readonly conclusion: string | null;
}

/** GitHub takes no more in one request. */
const MOST_ANNOTATIONS = 50;
const MOST_ACTIONS = 3;

export async function setCheck(github: Github, request: CheckRequest): Promise<Outcome<{ readonly id: number }>> {
  const { run, check } = request;
  // An edit would put annotations beside those that the run has already.
  if (run === undefined || check.annotations.length > 0) return createRun(github, request);
  const written = await write(github, {
    at: request.at,
    doing: "edit the check",
    ask: ({ octokit, where }) =>
      octokit.rest.checks.update({ ...where, check_run_id: run, ...toRun(check), output: toOutput(check, 0) }),
  });
  if (written.kind === "ok" && says(written.value.data, check)) return { kind: "done", value: { id: run } };
  if (written.kind === "unsure") return readEdited(github, { ...request, run, error: written.error });
  const gone = written.kind === "answered" && written.status !== 404 && written.status !== 422;
  if (gone) return { kind: "refused", why: written.sentence };
  // The run is completed, or GitHub has deleted it.
  return createRun(github, request);
}

async function createRun(github: Github, request: CheckRequest): Promise<Outcome<{ readonly id: number }>> {
  const { at, head, check } = request;
  const written = await write(github, {
    at,
    doing: "write the check",
    ask: ({ octokit, where }) =>
      octokit.rest.checks.create({
        ...where,
        name: CHECK_NAME,
        head_sha: head,
        ...toRun(check),
        output: toOutput(check, 0),
      }),
  });
  const made = await judgeCreated(github, { request, written });
  if (made.kind === "done") await addAnnotations(github, { request, id: made.value.id });
  return made;
}

async function judgeCreated(
  github: Github,
  {
    request: { at, head, check },
    written,
  }: { readonly request: CheckRequest; readonly written: Written<{ readonly data: Run }> },
): Promise<Outcome<{ readonly id: number }>> {
  if (written.kind === "ok") return { kind: "done", value: { id: Number(written.value.data.id) } };
  if (written.kind === "answered") {
    const kind = written.status === 422 && /no commit found/i.test(written.sentence) ? "moved-on" : "refused";
    return { kind, why: written.sentence };
  }
  const { appId } = await github.identity();
  const { data } = await read(github, {
    at,
    doing: "look for the check",
    ask: ({ octokit, where }) =>
      octokit.rest.checks.listForRef({ ...where, ref: head, check_name: CHECK_NAME, app_id: appId, filter: "latest" }),
  });
  const newest = [...data.check_runs].sort((a, b) => Number(b.id) - Number(a.id))[0];
  if (newest && says(newest, check)) return { kind: "already-so", value: { id: Number(newest.id) } };
  throw written.error;
}

async function readEdited(
  github: Github,
  { at, run, check, error }: CheckRequest & { readonly run: number; readonly error: Error },
): Promise<Outcome<{ readonly id: number }>> {
  const now = await readOrRefusal(github, {
    at,
    doing: "read the check",
    ask: ({ octokit, where }) => octokit.rest.checks.get({ ...where, check_run_id: run }),
  });
  if (now.kind === "ok" && says(now.value.data, check)) return { kind: "already-so", value: { id: run } };
  throw error;
}

/** Those that did not fit into the first request. */
async function addAnnotations(
  github: Github,
  { request: { at, check }, id }: { readonly request: CheckRequest; readonly id: number },
): Promise<void> {
  for (let start = MOST_ANNOTATIONS; start < check.annotations.length; start += MOST_ANNOTATIONS) {
    const written = await write(github, {
      at,
      doing: "add annotations to the check",
      ask: ({ octokit, where }) =>
        octokit.rest.checks.update({ ...where, check_run_id: id, output: toOutput(check, start) }),
    });
    if (written.kind !== "ok") throw written.error;
  }
}

function toRun({ state, fingerprint, actions }: CheckText): {
  readonly external_id: string;
  readonly status: "in_progress" | "completed";
  readonly conclusion?: "success" | "failure";
  readonly actions: CheckAction[];
} {
  // An empty list takes the buttons of the text before away.
  const run = { external_id: fingerprint, actions: toActions(actions ?? []) };
  return state === "in-progress"
    ? { ...run, status: "in_progress" }
    : { ...run, status: "completed", conclusion: state };
}

/** GitHub refuses the whole check where one of them is too long. */
function toActions(actions: readonly CheckAction[]): CheckAction[] {
  return actions.slice(0, MOST_ACTIONS).map(({ label, description, identifier }) => ({
    label: [...label].slice(0, 20).join(""),
    description: [...description].slice(0, 40).join(""),
    identifier: identifier.slice(0, 20),
  }));
}

function toOutput({ title, summary, annotations }: CheckText, start: number) {
  const some = annotations.slice(start, start + MOST_ANNOTATIONS).map(({ path, line, level, message }) => ({
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    message,
  }));
  return { title, summary, ...(some.length > 0 && { annotations: some }) };
}

function says(run: Run, { fingerprint, state }: CheckText): boolean {
  if (run.external_id !== fingerprint) return false;
  return state === "in-progress" ? run.status !== "completed" : run.status === "completed" && run.conclusion === state;
}
