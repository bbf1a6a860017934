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
  /** What the environment runs there is as the cluster says from now on. */
  readonly note: (health: { readonly version: string | undefined; readonly healthy: boolean }) => void;
}

export function playCluster(context: ClusterContext): Cluster {
  const { story, environment, source, note } = context;
  const name = applicationOf(environment);
  const application = source.argocd.application(name);
  const head = () => story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
  const state = { version: undefined as string | undefined, healthy: true };
  const manifestAt = (revision: string) =>
    (story.reads(placeOf(environment), { ref: revision }) ?? "").replaceAll("REGISTRY", story.registry.host);
  const declare = (revision: string) => {
    const text = manifestAt(revision);
    application.declares(parse(text) as Manifest);
    return /image: \S+\/[^\s:]+:([^\s"@]+)/.exec(text)?.[1];
  };
  const happened = async () => {
    note(state);
    await context.tell(source, name);
    await story.settle();
  };
  const apply = (revision: string) => {
    state.version = declare(revision);
    application.syncs(revision);
  };
  apply(head());
  application.healthy();
  note(state);
  return {
    application,
    async takes({ healthy = true, revision = head() } = {}) {
      apply(revision);
      state.healthy = healthy;
      if (healthy) application.healthy();
      await happened();
    },
    async begins() {
      declare(head());
      application.startsSync(head());
      await happened();
    },
    async fails(message) {
      declare(head());
      application.pushed(head()).failsSync(message);
      await happened();
    },
    async passesOn() {
      application.sees(head());
      await happened();
    },
    async degrades(message = "CrashLoopBackOff") {
      application.degraded(message);
      state.healthy = false;
      await happened();
    },
    async recovers() {
      application.healthy();
      state.healthy = true;
      await happened();
    },
    async handEdits(pointer, value) {
      const edited = application.objects[0];
      application.handEdit({ object: `${edited?.kind}/${edited?.name}`, pointer, value, manager: "kubectl-edit" });
      application.looks();
      await happened();
    },
    async heals() {
      application.syncs();
      if (state.healthy) application.healthy();
      await happened();
    },
    async isSuspended(is) {
      application.suspended(is);
      await happened();
    },
  };
}
