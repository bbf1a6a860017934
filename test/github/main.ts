// The stand-in for GitHub by itself: `npm run github -- --port 4010 --data <folder>`. Prints one line of JSON that says
// where it is and how an app signs in, and then runs until it is stopped.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Role } from "./model/repository.ts";
import { type Github, startGithub } from "./start-github.ts";
import { seedRepositories } from "./stories/seed-repositories.ts";

const usage = `Usage: npm run github -- --port 4010 --data <folder> [options]

  --port <number>               where it listens on this machine (0 = any free port)
  --data <folder>               keeps the app's key, and the repositories until the next start
  --webhook-url <address>       where the app takes its webhooks
  --webhook-secret <text>       signs them; made when not given
  --seed <folder>               every <owner>/<repository> in it becomes a repository
  --user <login>:<permission>   read, triage, write, maintain or admin in every repository; may be repeated
`;

const roles: readonly Role[] = ["read", "triage", "write", "maintain", "admin"];

async function main(): Promise<void> {
  const options = readOptions();
  if (typeof options === "string") {
    process.stderr.write(`${options}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(options.data, { recursive: true });
  const privateKeyPath = join(options.data, "private-key.pem");
  // every start begins anew: what a repository means (pull requests, checks) lives in memory
  const dataFolder = join(options.data, "repositories");
  rmSync(dataFolder, { recursive: true, force: true });
  const github = await startGithub({
    dataFolder,
    port: options.port,
    ...ensureKeys(options.data, privateKeyPath),
    webhookSecret: options.webhookSecret ?? randomBytes(20).toString("hex"),
    ...(options.webhookUrl !== undefined && { webhookUrl: options.webhookUrl }),
  });
  const names = options.seed === undefined ? [] : seedRepositories(github, options.seed);
  for (const { login, role } of options.users)
    for (const repository of names) github.setRole({ repository, user: login, role });
  const line = {
    url: github.url,
    appId: github.appId,
    privateKeyPath,
    webhookSecret: github.webhookSecret,
    installationId: github.installation(names[0]?.split("/")[0] ?? "acme").id,
    repositories: names,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  stopOnSignal(github);
}

interface Options {
  readonly port: number;
  readonly data: string;
  readonly webhookUrl: string | undefined;
  readonly webhookSecret: string | undefined;
  readonly seed: string | undefined;
  readonly users: readonly { readonly login: string; readonly role: Role }[];
}

/** @returns the options, or a sentence that says what is wrong with them */
function readOptions(): Options | string {
  const text = { type: "string" } as const;
  let values: Readonly<Record<string, string | readonly string[] | boolean | undefined>>;
  try {
    ({ values } = parseArgs({
      options: {
        port: text,
        data: text,
        "webhook-url": text,
        "webhook-secret": text,
        seed: text,
        user: { type: "string", multiple: true },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const one = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const port = Number(one("port") ?? 4010);
  const data = one("data");
  if (data === undefined) return "Say with --data in which folder the repositories are kept.";
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return `--port takes a number from 0 to 65535, not ${one("port")}.`;
  const users = (Array.isArray(values.user) ? values.user : []).map((entry: string) => {
    const colon = entry.lastIndexOf(":");
    return { login: entry.slice(0, colon), role: roles.find((role) => role === entry.slice(colon + 1)) };
  });
  const known = users.flatMap(({ login, role }) => (login === "" || role === undefined ? [] : [{ login, role }]));
  if (known.length < users.length)
    return `--user takes <login>:<permission>, where the permission is one of ${roles.join(", ")}.`;
  return {
    port,
    data,
    webhookUrl: one("webhook-url"),
    webhookSecret: one("webhook-secret"),
    seed: one("seed"),
    users: known,
  };
}

function ensureKeys(
  folder: string,
  privateKeyPath: string,
): { readonly privateKey: string; readonly publicKey: string } {
  const publicKeyPath = join(folder, "public-key.pem");
  if (!existsSync(privateKeyPath) || !existsSync(publicKeyPath)) {
    const made = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    writeFileSync(publicKeyPath, made.publicKey);
    writeFileSync(privateKeyPath, made.privateKey);
    chmodSync(privateKeyPath, 0o600);
  }
  return { privateKey: readFileSync(privateKeyPath, "utf8"), publicKey: readFileSync(publicKeyPath, "utf8") };
}

function stopOnSignal(github: Github): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      void github.close().then(() => process.exit(0));
    });
}

await main();
