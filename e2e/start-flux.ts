// Flux's source-, kustomize- and notification-controller as processes of this machine, working on the cluster of a
// kubeconfig: whatever it is, they are its admin. Their kinds are installed first, and stay when they are stopped.
//   KUBECONFIG=<path> node e2e/start-flux.ts [--folder <folder>]

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CoreV1Api, CustomObjectsApi, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { applyObjects, loadKubeconfig } from "./apply-objects.ts";
import { findFreePorts } from "./find-free-ports.ts";
import { definitionsFolder, programPath, requireParts } from "./parts.ts";
import { type RunningProcess, runProcess } from "./run-process.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { waitUntil } from "./wait-until.ts";

export interface Flux {
  /** where a Receiver's `status.webhookPath` is served */
  readonly receiverUrl: string;
  /** Removes what Flux works on in a namespace, and what it brought; without it the namespace could not be removed. */
  clear(namespace: string): Promise<void>;
  stop(): Promise<void>;
}

const CONTROLLERS = ["source-controller", "kustomize-controller", "notification-controller"] as const;

type Controller = (typeof CONTROLLERS)[number];

const NAMESPACE = "flux-system";

const MANAGED_BY = { label: "app.kubernetes.io/managed-by", us: "stagecoach-e2e" };

/** `folder`: for what they fetch and log; stays. Without it there is a temporary one, which goes when they are stopped. */
export async function startFlux(options: { readonly kubeconfig: string; readonly folder?: string }): Promise<Flux> {
  requireParts(...CONTROLLERS);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "stagecoach-flux-"));
  const running: RunningProcess[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await installKinds(options.kubeconfig);
    const receiverUrl = await startControllers({ ...options, folder }, running);
    return { receiverUrl, clear: (namespace) => clearNamespace(options.kubeconfig, namespace), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function installKinds(kubeconfig: string): Promise<void> {
  const definitions = CONTROLLERS.flatMap(readDefinitions);
  const api = KubernetesObjectApi.makeApiClient(loadKubeconfig(kubeconfig));
  await refuseForeignFlux(kubeconfig);
  await applyObjects(kubeconfig, [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: NAMESPACE, labels: { [MANAGED_BY.label]: MANAGED_BY.us } },
    },
    ...definitions,
  ]);
  for (const { apiVersion = "", kind = "", metadata } of definitions) {
    const name = metadata?.name ?? "";
    await waitUntil(`the kind ${name} is served`, {
      ask: async () => isEstablished(await api.read({ apiVersion, kind, metadata: { name } })),
    });
  }
}

/** Two of each controller would work against each other. */
async function refuseForeignFlux(kubeconfig: string): Promise<void> {
  const { items } = await loadKubeconfig(kubeconfig).makeApiClient(CoreV1Api).listNamespace();
  const found = items.find(({ metadata }) => metadata?.name === NAMESPACE);
  if (found === undefined || found.metadata?.labels?.[MANAGED_BY.label] === MANAGED_BY.us) return;
  throw new Error(`This cluster has a namespace ${NAMESPACE} that was not made here, so Flux may run there already.`);
}

function readDefinitions(controller: Controller): readonly KubernetesObject[] {
  const folder = definitionsFolder(controller);
  return readdirSync(folder)
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8")))
    .map((document) => document.toJS() as KubernetesObject);
}

function isEstablished(definition: KubernetesObject): boolean {
  const { status } = definition as { readonly status?: { readonly conditions?: readonly Condition[] } };
  return status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

async function startControllers(
  { kubeconfig, folder }: { readonly kubeconfig: string; readonly folder: string },
  running: RunningProcess[],
): Promise<string> {
  const temporary = join(folder, "temporary");
  mkdirSync(temporary, { recursive: true });
  const environment = { KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: NAMESPACE, TMPDIR: temporary };
  const ports = await findFreePorts("artifacts", "events", "receiver", ...CONTROLLERS.flatMap(portNames));
  const own: Readonly<Record<Controller, readonly string[]>> = {
    "source-controller": [
      `--storage-path=${mkdirUnder(folder, "artifacts")}`,
      `--storage-addr=127.0.0.1:${ports.artifacts}`,
      `--storage-adv-addr=127.0.0.1:${ports.artifacts}`,
      `--events-addr=http://127.0.0.1:${ports.events}/`,
    ],
    "kustomize-controller": [`--events-addr=http://127.0.0.1:${ports.events}/`],
    "notification-controller": [
      `--events-addr=127.0.0.1:${ports.events}`,
      `--receiverAddr=127.0.0.1:${ports.receiver}`,
    ],
  };
  await Promise.all(
    CONTROLLERS.map(async (controller) => {
      const [health, metrics] = portNames(controller).map((name) => ports[name]);
      const common = [`--health-addr=127.0.0.1:${health}`, `--metrics-addr=127.0.0.1:${metrics}`];
      const args = [...common, "--enable-leader-election=false", ...own[controller]];
      const logFile = join(folder, `${controller}.log`);
      const process = runProcess({ program: programPath(controller), args, logFile, environment });
      running.push(process);
      await waitUntil(`${controller} says that it is ready`, {
        ask: async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok,
        meanwhile: process.requireAlive,
      });
    }),
  );
  return `http://127.0.0.1:${ports.receiver}`;
}

/** Only the controllers take their finalizers off. Sources go last, because a Kustomization needs its own to the end. */
async function clearNamespace(kubeconfig: string, namespace: string): Promise<void> {
  const api = loadKubeconfig(kubeconfig).makeApiClient(CustomObjectsApi);
  const kinds = [
    { group: "kustomize.toolkit.fluxcd.io", version: "v1", plural: "kustomizations", namespace },
    { group: "source.toolkit.fluxcd.io", version: "v1", plural: "gitrepositories", namespace },
  ];
  for (const kind of kinds) {
    await api.deleteCollectionNamespacedCustomObject(kind);
    await waitUntil(`the ${kind.plural} of ${namespace} are gone`, {
      ask: async () => (await api.listNamespacedCustomObject(kind)).items.length === 0,
    });
  }
}

function portNames<Name extends Controller>(controller: Name) {
  return [`${controller} health`, `${controller} metrics`] as const;
}

function mkdirUnder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

if (import.meta.main) {
  await runUntilStopped(async () => {
    const { values } = parseArgs({ options: { folder: { type: "string" } } });
    const kubeconfig = process.env.KUBECONFIG;
    if (kubeconfig === undefined) throw new Error("KUBECONFIG does not say which cluster. Set it to one file.");
    const { receiverUrl, stop } = await startFlux({ kubeconfig, ...values });
    return { line: `Flux is running; its receivers are at ${receiverUrl}`, stop };
  });
}
