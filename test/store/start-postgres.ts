// A PostgreSQL of the test's own: Debian's binaries, a fresh cluster in a temporary folder, a unix socket and nothing on
// the network. `undefined` when the binaries are not installed; in CI that is an error, so that no suite is lost quietly.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RunningPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

const versions = "/usr/lib/postgresql";

export async function startPostgres(): Promise<RunningPostgres | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) {
    if (process.env.CI !== undefined) {
      throw new Error(`PostgreSQL is not installed under ${versions}, and in CI the store must be tested on it.`);
    }
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-postgres-"));
  const asPostgres = process.getuid?.() === 0;
  if (asPostgres) {
    const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" })));
    chownSync(folder, uid ?? 0, gid ?? 0);
  }
  const prefix = asPostgres ? ["runuser", "-u", "postgres", "--"] : [];
  const data = join(folder, "data");
  const [initdb = "", ...initArguments] = [
    ...prefix,
    join(binaries, "initdb"),
    ...["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", data],
  ];
  execFileSync(initdb, initArguments, { stdio: "ignore", cwd: folder });
  const server = await startServer([...prefix, join(binaries, "postgres")], { data, folder });
  return {
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    stop: async () => {
      await endServer(server, data);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string | undefined {
  const found = existsSync(versions) ? readdirSync(versions) : [];
  return found
    .sort((left, right) => Number(right) - Number(left))
    .map((version) => join(versions, version, "bin"))
    .find((folder) => existsSync(join(folder, "initdb")));
}

async function startServer(
  [program = "", ...leading]: readonly string[],
  { data, folder }: { readonly data: string; readonly folder: string },
): Promise<ChildProcess> {
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "max_connections=100"];
  const server = spawn(program, [...leading, "-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    server.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${output}`)));
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("ready to accept connections")) {
        resolve();
      }
    });
  });
  return server;
}

/** The postmaster itself is asked: under root it is the grandchild that does not get the signals of its wrapper. */
async function endServer(server: ChildProcess, data: string): Promise<void> {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const pid = Number(execFileSync("head", ["-n", "1", join(data, "postmaster.pid")], { encoding: "utf8" }));
  process.kill(pid, "SIGINT");
  await ended;
}
