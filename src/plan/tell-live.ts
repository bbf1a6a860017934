// Decides what is told after a merge, and where: one comment on the pull request that follows its release until a newer
// one takes its place, a deployment with its status, and a call where a person must act. Says nothing twice.

import type { Reached } from "../domain/ledger.ts";
import type { LiveView, Stage } from "../domain/live-view.ts";
import type { LiveReading } from "../domain/observed.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Action, Need } from "../domain/plan.ts";
import { type DeploymentState, type ToldComment, type ToldOnPullRequest, topicFor } from "../domain/told.ts";
import { callForAttention } from "./call-for-attention.ts";
import { cameAt } from "./remember.ts";
import { joinTellings, NOTHING_TO_TELL, type Telling, type TellingContext } from "./telling.ts";
import { stageOf, viewLive } from "./view-live.ts";
import { nameRelease } from "./wording.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** What came longer ago is old news: nothing is begun about it, unless somebody should know. */
const WORTH_TELLING = 7 * DAY;
const ALWAYS_TOLD: readonly Stage[] = ["degraded", "drifted"];
/** A source that is silent for a moment is no news yet. */
const PATIENCE = 10 * MINUTE;
/** Releases that came so shortly after one another that none of them was healthy. */
const EARLIER = 3;

export function tellLive(context: TellingContext): Telling {
  const [present, ...earlier] = context.memory.reached;
  const now = present ? tellPresent(present, context) : NOTHING_TO_TELL;
  const before = earlier.slice(0, EARLIER).map((reached) => tellReplaced(reached, context));
  return joinTellings([now, ...before]);
}

function tellPresent(reached: Reached, context: TellingContext): Telling {
  const { verdict, observed } = context;
  // What is not fully known yet would only have to be corrected.
  if (verdict.needs.length > 0 || reached.pullRequest === undefined) return NOTHING_TO_TELL;
  const recent = observed.now - cameAt(reached, observed.past) < WORTH_TELLING;
  return withTold({ reached, number: reached.pullRequest, context }, (told, number) => {
    const { stage, reason } = verdict;
    const view = viewLive({ ...context, reached, mergedAt: cameAt(reached, observed.past), stage, reason }, verdict);
    if (isPassingSilence(context) && commentOn(view, told)) return [];
    return [
      ...comment({ view, number, told, recent }),
      ...deploy({ view, number, told, recent }),
      ...callForAttention({ number, told, context }),
    ];
  });
}

/**
 * It has not been heard of for a moment: that is shown only once it lasts. A look long after the last one, and one that
 * remembers none, begin to count with themselves.
 */
function isPassingSilence({ verdict, observed }: TellingContext): boolean {
  const lasts = ({ silentSince, heardAt }: LiveReading) => {
    const since = silentSince ?? heardAt;
    return since === undefined || observed.now - since >= PATIENCE;
  };
  const silent = verdict.places.filter(({ stage }) => stage === "no-news");
  return verdict.stage === "no-news" && !silent.some(({ reading }) => lasts(reading));
}

/** A newer release took its place. Its comment must not go on saying that it is on its way. */
function tellReplaced(reached: Reached, context: TellingContext): Telling {
  const { pipeline, environment, memory, observed } = context;
  const { pullRequest: number } = reached;
  const next = memory.reached[0];
  if (number === undefined || !next || observed.now - cameAt(reached, observed.past) > WORTH_TELLING)
    return NOTHING_TO_TELL;
  return withTold({ reached, number, context }, (told) => {
    const key = environmentKey(pipeline, environment);
    const live = commentOn({ key, ...(reached.shared && { shared: reached.shared }) }, told);
    const last = live && stageOf(live.fingerprint);
    const by = next.pullRequest === undefined ? "" : ` with pull request ${next.pullRequest}`;
    const before = reached.healthyAt === undefined ? ", before it was seen healthy" : "";
    const reason = `${nameRelease(next.release)} took its place${by}${before}`;
    const view = viewLive({
      pipeline,
      environment,
      reached,
      mergedAt: cameAt(reached, observed.past),
      stage: "replaced",
      reason,
    });
    const said = { view, number, told, recent: true };
    const isSaid = last === "replaced" || (last === "healthy" && reached.healthyAt !== undefined);
    // The status may have been lost after the comment was written, and a person may have deleted the comment.
    return [...(live && !isSaid ? comment(said) : []), ...deploy(said)];
  });
}

function withTold(
  subject: { readonly reached: Reached; readonly number: number; readonly context: TellingContext },
  tell: (told: ToldOnPullRequest, number: number) => readonly Action[],
): Telling {
  const { reached, number, context } = subject;
  const told = context.observed.told[number];
  if (told === undefined) {
    const need: Need = { kind: "told", number, ...(reached.commit !== undefined && { commit: reached.commit }) };
    return { ...NOTHING_TO_TELL, needs: [need] };
  }
  if (told.kind === "unknown") {
    const reason = `what was said on pull request ${number} is not known: ${told.why}`;
    return { ...NOTHING_TO_TELL, waits: [{ key: environmentKey(context.pipeline, context.environment), reason }] };
  }
  return { ...NOTHING_TO_TELL, actions: tell(told.value, number) };
}

interface Said {
  readonly view: LiveView;
  readonly number: number;
  readonly told: ToldOnPullRequest;
  readonly recent: boolean;
}

function commentOn(subject: Pick<LiveView, "key" | "shared">, told: ToldOnPullRequest): ToldComment | undefined {
  return told.comments.find(({ topic }) => topic === topicFor("live", subject));
}

function comment({ view, number, told, recent }: Said): readonly Action[] {
  const present = commentOn(view, told);
  if (present?.fingerprint === view.fingerprint) return [];
  if (!present && !recent && !ALWAYS_TOLD.includes(view.stage)) return [];
  return [
    {
      kind: "tell-live",
      key: view.key,
      number,
      view,
      ...(present && { comment: present.id }),
      reason: `${nameRelease(view.release)} is ${view.stage} in ${view.environment}: ${view.reason}`,
    },
  ];
}

/** `undefined`: the status stays what it is. Silence and changes by hand say nothing about what was deployed. */
function deploymentState(stage: Stage): DeploymentState | undefined {
  switch (stage) {
    case "merged":
      return "queued";
    case "reconciling":
    case "synced":
      return "in_progress";
    case "healthy":
      return "success";
    case "degraded":
      return "failure";
    case "replaced":
      return "inactive";
    case "drifted":
    case "suspended":
    case "no-news":
      return undefined;
  }
}

function deploy({ view, number, told, recent }: Said): readonly Action[] {
  const { key, commit, environment, stage } = view;
  const present = told.deployments.find((deployment) => deployment.environment === key);
  const state = deploymentState(stage) ?? (present ? undefined : "queued");
  if (commit === undefined || state === undefined || present?.status?.state === state || (!present && !recent))
    return [];
  // A deployment that succeeded stays one: what a newer one replaced is no failure.
  if (state === "inactive" && (!present || present.status?.state === "success")) return [];
  return [
    {
      kind: "report-deployment",
      key,
      number,
      commit,
      ...(present && { deployment: present.id }),
      status: { state, description: view.reason },
      reason: `the deployment to ${environment} is ${state}: ${view.reason}`,
    },
  ];
}
