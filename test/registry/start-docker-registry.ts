// The distribution project's own registry as Debian packages it (`docker-registry`), on a free port with its data in a
// temporary folder, and `skopeo` to push to it. Needs `apt-get install docker-registry skopeo`; no daemon, no network.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ChartToMake, type ImageToMake, type MadeImage, makeChart, makeImage } from "./make-image.ts";

export interface DockerRegistry {
  readonly host: string;
  /** Copies an image into it with `skopeo`; answers the digest that it was given. */
  push(push: { readonly repository: string; readonly tag: string; readonly image: ImageToMake }): Promise<string>;
  pushChart(push: { readonly repository: string; readonly tag: string; readonly chart: ChartToMake }): Promise<string>;
  /** `skopeo copy --all` within it, digests kept. */
  copy(copy: { readonly from: string; readonly to: string }): Promise<void>;
  /** The process is killed; what it has stored stays. */
  stop(): Promise<void>;
  /** Again, at the same address. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Who alone may do anything where `users` is set. */
export const DOCKER_USER = { username: "ci", password: "correct horse" };
/** With that password as bcrypt has it, the only form that the registry reads. */
const HTPASSWD = "ci:$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n";

const run = promisify(execFile);
const PATIENCE = 15_000;

/** `notify`: every push is told there, with `Authorization: Bearer <secret>`. */
export async function startDockerRegistry(
  options: { readonly notify?: { readonly url: string; readonly secret: string }; readonly users?: boolean } = {},
): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "docker-registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const settings = join(folder, "config.yml");
  await writeFile(settings, JSON.stringify(configuration({ host, folder, ...options })));
  await writeFile(join(folder, "htpasswd"), HTPASSWD);
  let server = await startServer(settings, host);
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };
  const store = async (made: MadeImage, { repository, tag }: { repository: string; tag: string }): Promise<string> => {
    const layout = await mkdtemp(join(folder, "layout-"));
    await writeLayout(layout, made);
    await skopeoCopy({ from: `oci:${layout}`, to: `docker://${host}/${repository}:${tag}` });
    return made.top.digest;
  };
  return {
    host,
    stop,
    start: async () => {
      server = await startServer(settings, host);
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
    push: ({ image, ...to }) => store(makeImage(image), to),
    pushChart: ({ chart, ...to }) => store(makeChart(chart), to),
    copy: ({ from, to }) => skopeoCopy({ from: `docker://${host}/${from}`, to: `docker://${host}/${to}` }),
  };
}

async function startServer(settings: string, host: string) {
  const server = spawn("docker-registry", ["serve", settings], { stdio: ["ignore", "ignore", "pipe"] });
  const stderr: string[] = [];
  server.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
  const ended = once(server, "exit");
  try {
    await untilItAnswers(host, () => server.exitCode !== null);
  } catch (error) {
    server.kill("SIGKILL");
    await ended;
    throw new Error(`docker-registry did not start: ${stderr.join("").slice(-2000)}`, { cause: error });
  }
  return server;
}

async function skopeoCopy({ from, to }: { readonly from: string; readonly to: string }): Promise<void> {
  const flags = ["--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false"];
  await run("skopeo", ["--insecure-policy", "copy", ...flags, from, to], { timeout: PATIENCE });
}

function configuration({
  host,
  folder,
  notify,
  users = false,
}: {
  readonly host: string;
  readonly folder: string;
  readonly users?: boolean;
  readonly notify?: { readonly url: string; readonly secret: string };
}): object {
  const endpoint = notify && {
    name: "stagecoach",
    url: notify.url,
    headers: { Authorization: [`Bearer ${notify.secret}`] },
    timeout: "3s",
    threshold: 3,
    backoff: "1s",
    ignoredmediatypes: ["application/octet-stream"],
    ignore: { actions: ["pull"] },
  };
  return {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    http: { addr: host },
    ...(users && { auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } } }),
    ...(endpoint && { notifications: { events: { includereferences: true }, endpoints: [endpoint] } }),
  };
}

/** An OCI image layout, which `skopeo` reads without unpacking anything. */
async function writeLayout(folder: string, { top, children, blobs }: MadeImage): Promise<void> {
  await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
  for (const { digest, bytes } of [top, ...children, ...blobs]) {
    await writeFile(join(folder, "blobs", digest.replace(":", "/")), bytes);
  }
  const manifests = [{ mediaType: top.mediaType, digest: top.digest, size: top.bytes.length }];
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

async function untilItAnswers(host: string, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      const response = await fetch(`http://${host}/v2/`);
      await response.arrayBuffer();
      if (response.ok || response.status === 401) return;
    } catch (error) {
      if (hasEnded() || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port could be found");
  return address.port;
}
