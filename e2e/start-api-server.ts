// A Kubernetes API server of one's own, without a machine under it: etcd, kube-apiserver and kube-controller-manager on
// free ports of this machine, everything they write in one folder. Controllers work (Deployments, ReplicaSets, garbage
// collection, namespaces); nothing schedules or runs pods (see play-kubelet.ts).
//   node e2e/start-api-server.ts [--folder <folder>]

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CoreV1Api, Health } from "@kubernetes/client-node";
import { loadKubeconfig } from "./apply-objects.ts";
import { findFreePorts } from "./find-free-ports.ts";
import { programPath, requireParts } from "./parts.ts";
import { type RunningProcess, runProcess } from "./run-process.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { waitUntil } from "./wait-until.ts";
import { writeKubeconfig } from "./write-kubeconfig.ts";

export interface ApiServer {
  /** the path of the admin's kubeconfig */
  readonly kubeconfig: string;
  readonly server: string;
  /** Kills kube-apiserver at once, as a machine that fails does. What is stored stays. */
  breakDown(): Promise<void>;
  /** Starts it again at the same address. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** `folder`: has to be empty or absent, and stays; without it there is a temporary one, which goes when it is stopped. */
export async function startApiServer(options: { readonly folder?: string } = {}): Promise<ApiServer> {
  requireParts("etcd", "kube-apiserver", "kube-controller-manager");
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "stagecoach-api-server-"));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    // the store goes last
    for (const stopPart of stops.splice(0).toReversed()) await stopPart();
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await startParts(folder, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(folder: string, stops: (() => Promise<void>)[]): Promise<Omit<ApiServer, "stop">> {
  const ports = await findFreePorts("etcd", "peer", "server");
  const place = {
    folder,
    ports,
    certificates: join(folder, "certificates"),
    serviceAccountKey: join(folder, "sa.key"),
  };
  const token = randomBytes(24).toString("hex");
  // token, user, uid, groups
  writeSecret(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`);
  writeSecret(place.serviceAccountKey, makeKey());
  const store = runProcess(etcd(place));
  stops.push(store.stop);
  let apiServer = await startServing(place);
  stops.push(() => apiServer.stop());
  const server = `https://127.0.0.1:${ports.server}`;
  const authorityData = readFileSync(join(place.certificates, "apiserver.crt")).toString("base64");
  const access = { server, authorityData, user: "admin", token };
  const kubeconfig = writeKubeconfig(join(folder, "kubeconfig.yaml"), access);
  await untilReady(kubeconfig, apiServer);
  const controllers = runProcess(controllerManager(place, kubeconfig));
  stops.push(controllers.stop);
  return {
    kubeconfig,
    server,
    breakDown: () => apiServer.stop("SIGKILL"),
    async comeBack() {
      apiServer = await startServing(place);
      await untilReady(kubeconfig, apiServer);
    },
  };
}

interface Place {
  readonly folder: string;
  readonly ports: Readonly<Record<"etcd" | "peer" | "server", number>>;
  readonly certificates: string;
  readonly serviceAccountKey: string;
}

function etcd({ folder, ports }: Place) {
  const [client, peer] = [`http://127.0.0.1:${ports.etcd}`, `http://127.0.0.1:${ports.peer}`];
  const args = [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // nothing in here has to survive the machine
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
  return { program: programPath("etcd"), args, logFile: join(folder, "etcd.log") };
}

/** Runs kube-apiserver until it has made its certificate; it waits for etcd by itself. */
async function startServing({ folder, ports, certificates, serviceAccountKey }: Place): Promise<RunningProcess> {
  const args = [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    // the Service `kubernetes` may not point at a loopback address, and nothing in here needs it
    "--endpoint-reconciler-type=none",
    `--secure-port=${ports.server}`,
    `--cert-dir=${certificates}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${serviceAccountKey}`,
    `--service-account-signing-key-file=${serviceAccountKey}`,
    "--service-cluster-ip-range=10.96.0.0/24",
    // pods would wait for tokens that nobody mounts
    "--disable-admission-plugins=ServiceAccount",
  ];
  const logFile = join(folder, "kube-apiserver.log");
  const process = runProcess({ program: programPath("kube-apiserver"), args, logFile });
  await waitUntil("kube-apiserver makes its certificate", {
    ask: async () => existsSync(join(certificates, "apiserver.crt")),
    meanwhile: process.requireAlive,
  });
  return process;
}

function controllerManager({ folder, serviceAccountKey }: Place, kubeconfig: string) {
  // those that look after machines and after a cloud have none here
  const absent = ["node-ipam", "node-lifecycle", "service-lb", "cloud-node-lifecycle", "node-route"];
  const args = [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${["*", ...absent.map((name) => `-${name}-controller`)].join(",")}`,
    "--leader-elect=false",
    "--secure-port=0",
    `--service-account-private-key-file=${serviceAccountKey}`,
  ];
  return {
    program: programPath("kube-controller-manager"),
    args,
    logFile: join(folder, "kube-controller-manager.log"),
  };
}

async function untilReady(kubeconfig: string, process: RunningProcess): Promise<void> {
  const config = loadKubeconfig(kubeconfig);
  await waitUntil("kube-apiserver says that it is ready", {
    ask: () => new Health(config).readyz({}),
    meanwhile: process.requireAlive,
  });
  await waitUntil("the namespace default is there", {
    ask: () => config.makeApiClient(CoreV1Api).readNamespace({ name: "default" }),
    meanwhile: process.requireAlive,
  });
}

function makeKey(): string {
  const encoding = { type: "pkcs8", format: "pem" } as const;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export(encoding).toString();
}

function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { folder: { type: "string" } } });
  await runUntilStopped(async () => {
    const apiServer = await startApiServer(values);
    return { line: apiServer.kubeconfig, stop: apiServer.stop };
  });
}
