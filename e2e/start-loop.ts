// The whole loop on real parts: a registry, the stand-in for GitHub with a config repository, Flux that pulls it into a
// real API server, a played kubelet, and Stagecoach as a process of its own. Answers with what people do and see in it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../test/cli/run-program.ts";
import type { Issue } from "../test/github/model/repository.ts";
import { type Github, startGithub } from "../test/github/start-github.ts";
import { type RunningRegistry, startRegistry } from "../test/registry/serve-registry.ts";
import { applyObjects } from "./apply-objects.ts";
import {
  CONFIG,
  declareRepository,
  type EnvironmentName,
  fluxObjects,
  type LoopPlace,
  namespaceOf,
  namespaces,
  notificationObjects,
  operatorSettings,
  reporterFile,
} from "./declare-loop.ts";
import { findFreePorts } from "./find-free-ports.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { fateByName, imageIdByName } from "./play-pod.ts";
import { runKubectl } from "./run-kubectl.ts";
import { startFlux } from "./start-flux.ts";
import { startStagecoach } from "./start-stagecoach.ts";

export type Loop = Awaited<ReturnType<typeof startLoop>>;

const REPOSITORY = `${CONFIG.owner}/${CONFIG.name}`;
const IMAGE = "acme/checkout";
const SECRETS = { LAB_SECRET: "the-secret-of-the-laboratory", PROD_REPORTS: "the-secret-of-flux-in-prod" };
const ISSUER = "https://kubernetes.default.svc";

/** `stops` ends what was started, also when not all of it was: from the last to the first. */
export async function startLoop(stops: (() => unknown)[]) {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-loop-"));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const kubelet = createPuller();
  const cluster = await openCluster({ play: kubelet });
  stops.push(() => cluster.stop());
  const registry = await startRegistry();
  stops.push(() => registry.close());
  const github = await startGithub();
  stops.push(() => github.close());
  const place = { namespace: cluster.namespace, host: registry.host };
  const digest = await kubelet.push(registry, "1.7.0");
  github.createRepository({ ...CONFIG, files: declareRepository(place, { tag: "1.7.0", digest }) });
  await applyObjects(cluster.kubeconfig, namespaces(place));
  const flux = await startFlux({ kubeconfig: cluster.kubeconfig });
  stops.push(() => flux.stop());
  await applyObjects(cluster.kubeconfig, fluxObjects(place, { repositoryUrl: `${github.url}/${REPOSITORY}` }));
  stops.push(() => flux.clear(cluster.namespace));
  await untilFluxHasApplied(cluster);
  const { port } = await findFreePorts("port");
  const hooks = `http://127.0.0.1:${port}/hooks`;
  const program = await runStagecoach({ github, cluster, place, folder, port });
  stops.push(() => program.stop());
  registry.notifyTo({ url: `${hooks}/registry/lab`, secret: SECRETS.LAB_SECRET, kind: "distribution" });
  const notifications = { address: `${hooks}/live/prod`, secret: SECRETS.PROD_REPORTS };
  await applyObjects(cluster.kubeconfig, notificationObjects(place, notifications));
  return {
    github,
    program,
    cluster,
    push: (tag: string) => kubelet.push(registry, tag),
    /** From then on this tag cannot be pulled. */
    breakImage: kubelet.break,
    ...lookAtGithub(github),
    ...actInCluster(cluster),
    ...(await setUpReporter({ cluster, place, folder, audience: `${hooks}/live/far` })),
  };
}

interface Running {
  readonly github: Github;
  readonly cluster: OpenCluster;
  readonly place: LoopPlace;
  readonly folder: string;
  readonly port: number;
}

/** Stagecoach, and a way to begin again. */
async function runStagecoach({ github, cluster, place, folder, port }: Running) {
  const read = (path: string) => readFileSync(path, "utf8");
  const { kubeconfigs } = cluster;
  const jwks = await runKubectl(cluster.kubeconfig, ["get", "--raw", "/openid/v1/jwks"]);
  const subject = `system:serviceaccount:${cluster.namespace}:reporter`;
  const audience = `http://127.0.0.1:${port}/hooks/live/far`;
  const settings = operatorSettings(place, { issuer: ISSUER, audience, subject });
  let starts = 0;
  const start = (dev: string, prod: string) => {
    starts += 1;
    const secrets = { ...SECRETS, DEV_KUBECONFIG: read(dev), PROD_KUBECONFIG: read(prod), FAR_KEYS: jwks };
    return startStagecoach({ github, folder: join(folder, `stagecoach-${starts}`), port, settings, secrets });
  };
  let running = await start(kubeconfigs.comparer, kubeconfigs.documented);
  const log = () => read(running.logFile);
  /** A line of JSON for each. */
  const passes = () =>
    log()
      .split("\n")
      .filter((line) => line.includes('"msg":"pass finished"'));
  return {
    stop: () => running.stop(),
    /** It begins again without its database, and may not watch any cluster. */
    async forget() {
      await running.stop();
      running = await start(kubeconfigs["without-watch"], kubeconfigs["without-watch"]);
    },
    /** One of its commands, as its operator would type it. */
    command: (args: readonly string[]) => runProgram(args, { variables: running.environment, folder }),
    log,
    passes,
    /** When it looks again without being told to; epoch milliseconds, to the minute. */
    dueAt: () => Date.parse(/"lookAgainAt":"([^"]+)"/.exec(passes().at(-1) ?? "")?.[1] ?? ""),
  };
}

/** `stagecoach report` beside the cluster, with the rights and the token that its manifests give it. */
async function setUpReporter({
  cluster: { kubeconfig, kubeconfigs, namespace },
  place,
  folder,
  audience,
}: Pick<Running, "cluster" | "place" | "folder"> & { readonly audience: string }) {
  const [config, tokenFile] = [join(folder, "reporter.yaml"), join(folder, "reporter.token")];
  const token = await runKubectl(kubeconfig, [
    "create",
    "token",
    "reporter",
    "-n",
    namespace,
    `--audience=${audience}`,
  ]);
  writeFileSync(tokenFile, token, { mode: 0o600 });
  writeFileSync(config, reporterFile(place, { audience, tokenFile }));
  return {
    report: () =>
      runProgram(["report", "--once", "--config", config], { variables: { KUBECONFIG: kubeconfigs.reporter }, folder }),
  };
}

/**
 * As a runtime that pulls for its own platform: of a tag that names an index, pods show the digest of the platform's
 * manifest; of a pinned digest that digest.
 */
function createPuller() {
  const pulled = new Map<string, string>();
  const broken = new Set<string>();
  return {
    imageIdOf: (image: string) => pulled.get(image) ?? imageIdByName(image),
    fateOf: (image: string) =>
      [...broken].some((tag) => image.includes(`:${tag}`)) ? "image-pull-back-off" : fateByName(image),
    break: (tag: string) => broken.add(tag),
    async push(registry: RunningRegistry, tag: string): Promise<string> {
      const digest = await registry.push({ repository: IMAGE, tag, platforms: ["linux/amd64", "linux/arm64"] });
      const headers = { accept: "application/vnd.oci.image.index.v1+json" };
      const answer = await fetch(`http://${registry.host}/v2/${IMAGE}/manifests/${digest}`, { headers });
      const index = (await answer.json()) as { readonly manifests: readonly { readonly digest: string }[] };
      const image = `${registry.host}/${IMAGE}`;
      pulled.set(`${image}:${tag}`, `${image}@${index.manifests[0]?.digest}`);
      return digest;
    },
  } as const;
}

async function untilFluxHasApplied({ kubeconfig, namespace }: OpenCluster): Promise<void> {
  const wait = ["wait", "--for=condition=Ready", "--timeout=50s", "--namespace", namespace, "--all", "kustomization"];
  await runKubectl(kubeconfig, wait);
}

function lookAtGithub(github: Github) {
  const repository = REPOSITORY;
  const promotions = (environment: EnvironmentName) =>
    github.pullRequests({ repository }).filter(({ headRef }) => headRef === `stagecoach/checkout/${environment}`);
  const promotion = (tag: string, environment: EnvironmentName) =>
    promotions(environment).find(({ title }) => title === `Promote checkout ${tag} to ${environment}`);
  const comments = (number: number, topic: string) =>
    github.comments({ repository, number }).filter(({ body }) => body.includes(`<!-- stagecoach:${topic}`));
  const followed = (tag: string, environment: EnvironmentName) => {
    const found = promotion(tag, environment);
    return found && comments(found.number, "live ").map(({ body }) => body);
  };
  const issues = () =>
    [...github.model.repositories.values()]
      .filter(({ owner, name }) => `${owner.login}/${name}` === repository)
      .flatMap(({ conversations }) => [...conversations.values()])
      .filter((each): each is Issue => each.kind === "issue");
  return {
    promotion,
    comments,
    /** The text of the comment that follows a release, which there is once. */
    followed,
    /** Its stage, as its mark says it. */
    stage: (tag: string, environment: EnvironmentName) =>
      /<!-- stagecoach:live ([a-z-]+)\./.exec(followed(tag, environment)?.[0] ?? "")?.[1],
    deployment: (tag: string, environment: EnvironmentName) => {
      const commit = promotion(tag, environment)?.mergeCommitOid;
      const all = github.deployments({ repository }).filter(({ oid }) => oid === commit);
      return all.find((each) => each.environment === `checkout/${environment}`)?.statuses.at(-1)?.state;
    },
    /** What our check on an open promotion says. */
    check: (tag: string, environment: EnvironmentName) => {
      const { headOid: ref = "" } = promotion(tag, environment) ?? {};
      const run = github.checkRuns({ repository, ref, app: "stagecoach" }).at(-1);
      return run && `${run.conclusion ?? run.status}: ${run.output.title}\n${run.output.summary}`;
    },
    merge: (tag: string, environment: EnvironmentName) => {
      const { number = 0 } = promotion(tag, environment) ?? {};
      return github.mergePullRequest({ repository, number, by: "ann" }).kind;
    },
    /** How many comments of ours there are on all pull requests. */
    said: () =>
      github
        .pullRequests({ repository })
        .flatMap(({ number }) => github.comments({ repository, number }))
        .filter(({ app }) => app !== undefined).length,
    driftIssues: (environment: EnvironmentName) =>
      issues().filter(({ title }) => title === `Drift in checkout/${environment}`),
    declares: (environment: EnvironmentName) =>
      /checkout:([^\s@]+)/.exec(
        github.fileAt({ repository, ref: "main", path: `apps/${environment}/deployment.yaml` }) ?? "",
      )?.[1],
  };
}

function actInCluster({ kubeconfig, namespace }: OpenCluster) {
  const kubectl = (environment: EnvironmentName, args: readonly string[]) =>
    runKubectl(kubeconfig, ["--namespace", namespaceOf(environment, { namespace }), ...args]);
  const suspend = async (environment: EnvironmentName, value: boolean) => {
    const patch = ["--type=merge", "--patch", JSON.stringify({ spec: { suspend: value } })];
    await runKubectl(kubeconfig, ["--namespace", namespace, "patch", "kustomization", environment, ...patch]);
  };
  return {
    kubectl,
    suspend: (environment: EnvironmentName) => suspend(environment, true),
    resume: (environment: EnvironmentName) => suspend(environment, false),
    /** Image of the Deployment's template. */
    imageIn: (environment: EnvironmentName) =>
      kubectl(environment, ["get", "deployment/checkout", "-o=jsonpath={.spec.template.spec.containers[0].image}"]),
    /** How often Flux has reconciled it. */
    runsOf: async (environment: EnvironmentName) => {
      const path = "-o=jsonpath={.status.history[*].totalReconciliations}";
      const text = await runKubectl(kubeconfig, ["-n", namespace, "get", "kustomization", environment, path]);
      return text.split(" ").reduce((sum, each) => sum + Number(each), 0);
    },
    /** Of pods that are ready. */
    digestsIn: async (environment: EnvironmentName) => {
      const path = '{range .items[*]}{.status.containerStatuses[?(@.ready==true)].imageID}{"\\n"}{end}';
      const text = await kubectl(environment, ["get", "pods", `-o=jsonpath=${path}`]);
      return [...new Set(text.split("\n").flatMap((id) => id.split("@")[1] ?? []))];
    },
  };
}
