// Performs what a pass decided to say about what runs: the comment that follows a release, calls for attention,
// deployments, issues about drift, the draft that adopts what runs. What was said is kept, so that the next pass knows.

import type {
  AdoptDrift,
  AskToSync,
  CallForAttention,
  LiveAction,
  ReportDeployment,
  SettleDrift,
  TellDrift,
  TellLive,
} from "../domain/live-actions.ts";
import { type ToldComment, topicFor } from "../domain/told.ts";
import type { Outcome, RepositoryReference } from "../forge/forge.ts";
import { changeIssues, changeTold, forgetIssues } from "./remember-told.ts";
import type { Shell } from "./shell.ts";

export interface Actor {
  readonly at: RepositoryReference;
  /** GraphQL node id of the repository. */
  readonly node: string;
  readonly shell: Shell;
}

export function performLive(action: LiveAction, actor: Actor): Promise<Outcome<unknown>> {
  switch (action.kind) {
    case "tell-live":
      return tellLive(action, actor);
    case "call-for-attention":
      return callForAttention(action, actor);
    case "report-deployment":
      return reportDeployment(action, actor);
    case "tell-drift":
      return tellDrift(action, actor);
    case "settle-drift":
      return settleDrift(action, actor);
    case "adopt-drift":
      return adoptDrift(action, actor);
    case "ask-to-sync":
      return askToSync(action, actor);
  }
}

async function tellLive({ number, view, comment }: TellLive, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const body = shell.renderer.live(view);
  return writeComment(
    { number, body, ...(comment !== undefined && { comment }) },
    { topic: topicFor("live", view), fingerprint: view.fingerprint, at, shell },
  );
}

async function callForAttention({ number, view }: CallForAttention, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const body = shell.renderer.attention(view);
  return writeComment({ number, body }, { topic: `attention/${view.situation}`, fingerprint: "1", at, shell });
}

export function writeComment(
  request: { readonly number: number; readonly body: string; readonly comment?: number },
  { topic, fingerprint, at, shell }: Omit<ToldComment, "id"> & Pick<Actor, "at" | "shell">,
): Promise<Outcome<unknown>> {
  return changeTold(request.number, {
    write: () => shell.forge.writeComment(at, request),
    change: (told, { id }) => ({
      ...told,
      comments: [...told.comments.filter((each) => each.topic !== topic), { id, topic, fingerprint }],
    }),
    at,
    shell,
  });
}

function reportDeployment(report: ReportDeployment, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const { number, key: environment, status } = report;
  return changeTold(number, {
    write: () => writeDeployment(report, { at, shell }),
    change: (told, { id }) => ({
      ...told,
      deployments: [...told.deployments.filter((each) => each.id !== id), { id, environment, status }],
    }),
    at,
    shell,
  });
}

async function writeDeployment(
  { key, commit, deployment, status }: ReportDeployment,
  { at, shell }: Pick<Actor, "at" | "shell">,
): Promise<Outcome<{ readonly id: number }>> {
  const description = shell.renderer.deploymentDescription(status.description);
  const created =
    deployment === undefined
      ? await shell.forge.createDeployment(at, { commit, environment: key, description })
      : undefined;
  if (created?.kind === "moved-on" || created?.kind === "refused") return created;
  const id = created?.value.id ?? deployment;
  if (id === undefined) throw new Error("a deployment without an id was reported");
  const set = await shell.forge.setDeploymentStatus(at, { deployment: id, state: status.state, description });
  return set.kind === "moved-on" || set.kind === "refused" ? set : { kind: set.kind, value: { id } };
}

const DRIFT_LABEL = "stagecoach/drift";

function tellDrift({ key, view, issue }: TellDrift, { at, shell }: Actor): Promise<Outcome<unknown>> {
  const text = shell.renderer.driftIssue(view);
  const labels = ["stagecoach", DRIFT_LABEL];
  const { fingerprint } = view;
  return changeIssues(() => shell.forge.writeIssue(at, { ...text, labels, ...(issue !== undefined && { issue }) }), {
    change: (issues, { number }) => [
      ...issues.filter((each) => each.number !== number),
      { number, key, fingerprint, labels: issues.find((each) => each.number === number)?.labels ?? labels },
    ],
    at,
    shell,
  });
}

function settleDrift({ issue }: SettleDrift, { at, shell }: Actor): Promise<Outcome<unknown>> {
  return changeIssues(() => shell.forge.closeIssue(at, { issue }), {
    change: (issues) => issues.filter(({ number }) => number !== issue),
    at,
    shell,
  });
}

async function adoptDrift(
  { branch, base, baseHead, baseTree, edit, title, issue, label }: AdoptDrift,
  { at, node, shell }: Actor,
): Promise<Outcome<unknown>> {
  const files = edit.files.map(({ path, mode, text }) => ({ path, mode, text }));
  const { oid } = await shell.forge.commit(at, { parent: baseHead, baseTree, files, message: title });
  const moved = await shell.forge.moveRefs(at, { node, moves: [{ branch, to: oid }] });
  if (moved.kind === "refused") return moved;
  // Its branch was made before, for this very issue; whether the draft came to be is not known.
  const again = moved.kind === "moved-on";
  const body = shell.renderer.adoption({ issue });
  const opened = await shell.forge.openPullRequest(at, { title, body, branch, base, draft: true });
  if (opened.kind === "refused" || (opened.kind === "moved-on" && !again)) return opened;
  return takeOff(label, { issue, at, shell });
}

async function askToSync({ target, issue, label }: AskToSync, { at, shell }: Actor): Promise<Outcome> {
  const asked = await shell.live.askToSync({ source: target.source, asker: `${at.owner}/${at.name}`, target });
  return asked.kind === "asked" ? takeOff(label, { issue, at, shell }) : asked;
}

/** What the label asked for is done. */
async function takeOff(
  label: string,
  { issue, at, shell }: { readonly issue: number } & Pick<Actor, "at" | "shell">,
): Promise<Outcome> {
  const taken = await shell.forge.removeLabel(at, { number: issue, label });
  await forgetIssues({ at, shell });
  return taken;
}
