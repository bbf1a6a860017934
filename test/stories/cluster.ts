// What happens to one Application of a story's Argo CD: it takes what Git has, becomes healthy or sick, somebody edits by
// hand. Each word is done at the stand-in, told to Stagecoach where the story lets events through, and then the world
// settles. What was healthy with which version is written down, so that promotions can be held against it.

import { parse } from "yaml";
import type { PlayedApplication } from "../argocd/played-application.ts";
import type { Json, Manifest } from "../argocd/played-object.ts";
import { applicationOf } from "./application-of.ts";
import { CONFIG, type Story } from "./begin-story.ts";
import type { RunningSource } from "./live-source.ts";
import { placeOf } from "./sample-files.ts";

export interface Cluster {
  readonly application: PlayedApplication;
  /** It applies what the branch has now and is healthy at once, unless told otherwise. */
  takes(options?: { readonly healthy?: boolean; readonly revision?: string }): Promise<void>;
  /** It has begun to apply what the branch has now, and is not done. */
  begins(): Promise<void>;
  /** It could not apply what the branch has now. */
  fails(message: string): Promise<void>;
  /** It sees that the branch has moved elsewhere, and has nothing to apply. */
  passesOn(): Promise<void>;
  degrades(message?: string): Promise<void>;
  recovers(): Promise<void>;
  /** A person changes a field of the Deployment, by its pointer. */
  handEdits(pointer: string, value: Json): Promise<void>;
  /** What was changed by hand is as in Git again. */
  heals(): Promise<void>;
  isSuspended(is: boolean): Promise<void>;
}

export interface ClusterContext {
  readonly story: Pick<Story, "github" | "registry" | "now" | "settle" | "reads">;
  readonly environment: string;
  readonly source: RunningSource;
  readonly tell: (source: RunningSource, application: string) => Promise<void>;
  /** What the environment runs there, as the cluster itself has it, after every word. */
  readonly note: (health: { readonly version: string | undefined; readonly healthy: boolean }) => void;
}

interface ApplicationStatus {
  readonly status: {
    readonly sync: { readonly status: string };
    readonly health: { readonly status: string };
    readonly history?: readonly { readonly revision: string }[];
    readonly operationState?: { readonly phase: string };
  };
}

export function playCluster(context: ClusterContext): Cluster {
  const { story, environment, source, note } = context;
  const name = applicationOf(environment);
  const application = source.argocd.application(name);
  const head = () => story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
  const manifestAt = (revision: string) =>
    (story.reads(placeOf(environment), { ref: revision }) ?? "").replaceAll("REGISTRY", story.registry.host);
  const declare = (revision: string) => application.declares(parse(manifestAt(revision)) as Manifest);
  const noteNow = () => {
    const { status } = application.document as unknown as ApplicationStatus;
    const applied = status.history?.at(-1)?.revision ?? "";
    const isQuiet = status.sync.status === "Synced" && status.operationState?.phase !== "Running";
    note({
      version: /image: \S+\/[^\s:]+:([^\s"@]+)/.exec(manifestAt(applied))?.[1],
      healthy: isQuiet && status.health.status === "Healthy",
    });
  };
  const happened = async () => {
    noteNow();
    await context.tell(source, name);
    await story.settle();
  };
  const isHealthy = () => (application.document as unknown as ApplicationStatus).status.health.status === "Healthy";
  declare(head()).syncs(head()).healthy();
  noteNow();
  return {
    application,
    async takes({ healthy = true, revision = head() } = {}) {
      declare(revision).syncs(revision);
      if (healthy) application.healthy();
      await happened();
    },
    async begins() {
      declare(head()).startsSync(head());
      await happened();
    },
    async fails(message) {
      declare(head()).pushed(head()).failsSync(message);
      await happened();
    },
    async passesOn() {
      application.sees(head());
      await happened();
    },
    async degrades(message = "CrashLoopBackOff") {
      application.degraded(message);
      await happened();
    },
    async recovers() {
      application.healthy();
      await happened();
    },
    async handEdits(pointer, value) {
      const edited = application.objects[0];
      application.handEdit({ object: `${edited?.kind}/${edited?.name}`, pointer, value, manager: "kubectl-edit" });
      application.looks();
      await happened();
    },
    async heals() {
      const wasHealthy = isHealthy();
      application.syncs();
      if (wasHealthy) application.healthy();
      await happened();
    },
    async isSuspended(is) {
      application.suspended(is);
      await happened();
    },
  };
}
