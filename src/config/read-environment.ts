// The environment variables that Stagecoach is started with: a pure function of them, everything that is wrong at once.
// Probot's setup mode (which writes credentials without asking who is there) is never entered: without an app, it does
// not start. Reads no files; a key in a file is named to the caller.

import type { Variables } from "./read-secrets.ts";

export interface EnvironmentSettings {
  readonly appId: number;
  readonly privateKey: PrivateKey;
  /** Any of them is accepted; the first is used where one has to be. */
  readonly webhookSecrets: readonly string[];
  /** GitHub Enterprise Server; absent: github.com. */
  readonly github?: { readonly host: string; readonly protocol: "http" | "https" };
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly logLevel: LogLevel;
  readonly store:
    | { readonly kind: "postgresql"; readonly url: string }
    | { readonly kind: "embedded"; readonly folder: string };
  /** Path of the settings file. */
  readonly settingsFile?: string;
}

export type PrivateKey =
  | { readonly kind: "text"; readonly pem: string }
  | { readonly kind: "file"; readonly path: string };

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type EnvironmentResult =
  | { readonly kind: "read"; readonly settings: EnvironmentSettings }
  | { readonly kind: "invalid"; readonly problems: readonly EnvironmentProblem[] };

export interface EnvironmentProblem {
  readonly variable: string;
  /** A sentence. Never contains the variable's value where that could be a secret. */
  readonly message: string;
  /** What to do, a sentence. */
  readonly cure: string;
}

const HOST = "localhost";
const PORT = 3000;
const METRICS_PORT = 9090;
const DATA_FOLDER = "stagecoach-data";
const SHORTEST_SECRET = 16;
const NEW_SECRET = "Make one with `openssl rand -hex 32` and give the same to the GitHub App.";

/** Reads one variable after the other and remembers what is wrong. */
interface Desk {
  /** `undefined` where it is absent or empty: an empty variable is how many tools write an absent one. */
  readonly value: (name: string) => string | undefined;
  readonly problem: (problem: EnvironmentProblem) => void;
}

export function readEnvironment(variables: Variables): EnvironmentResult {
  const problems: EnvironmentProblem[] = [];
  const desk: Desk = {
    value: (name) => (Object.hasOwn(variables, name) ? variables[name]?.trim() : undefined) || undefined,
    problem: (problem) => problems.push(problem),
  };
  const appId = readAppId(desk);
  const privateKey = readPrivateKey(desk);
  const github = readGithub(desk);
  const settingsFile = desk.value("STAGECOACH_SETTINGS");
  const settings = {
    webhookSecrets: readWebhookSecrets(desk),
    ...(github !== undefined && { github }),
    host: desk.value("HOST") ?? HOST,
    port: readPort(desk, { variable: "PORT", otherwise: PORT }),
    metricsPort: readPort(desk, { variable: "METRICS_PORT", otherwise: METRICS_PORT }),
    logLevel: readLogLevel(desk),
    store: readStore(desk),
    ...(settingsFile !== undefined && { settingsFile }),
  };
  if (settings.port === settings.metricsPort && settings.port !== 0) {
    const message = `PORT and METRICS_PORT are both ${settings.port}.`;
    desk.problem({ variable: "METRICS_PORT", message, cure: "Give the metrics a port of their own." });
  }
  if (appId === undefined || privateKey === undefined || problems.length > 0) return { kind: "invalid", problems };
  return { kind: "read", settings: { appId, privateKey, ...settings } };
}

/** Where `serve` listens with these variables, for whoever wants to talk to it; `undefined`: they do not say a port. */
export function readAddress(variables: Variables): string | undefined {
  const value = (name: string) => variables[name]?.trim() || undefined;
  const problems: EnvironmentProblem[] = [];
  const port = readPort({ value, problem: (each) => problems.push(each) }, { variable: "PORT", otherwise: PORT });
  const written = value("HOST") ?? HOST;
  // To listen everywhere is an address for servers alone.
  const host = written === "0.0.0.0" || written === "::" ? HOST : written;
  return problems.length > 0 || port === 0 ? undefined : `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function readAppId({ value, problem }: Desk): number | undefined {
  const written = value("APP_ID");
  if (written !== undefined && /^[1-9]\d{0,14}$/.test(written)) return Number(written);
  const message = written === undefined ? "APP_ID is not set." : "APP_ID is not a number.";
  problem({ variable: "APP_ID", message, cure: "Set it to the app id on the GitHub App's settings page." });
  return undefined;
}

function readPrivateKey({ value, problem }: Desk): PrivateKey | undefined {
  const written = value("PRIVATE_KEY");
  const path = value("PRIVATE_KEY_PATH");
  if (written === undefined && path === undefined) {
    const cure =
      "Set PRIVATE_KEY_PATH to the file that the GitHub App's settings page gave, or PRIVATE_KEY to its text.";
    problem({ variable: "PRIVATE_KEY", message: "Neither PRIVATE_KEY nor PRIVATE_KEY_PATH is set.", cure });
    return undefined;
  }
  if (written === undefined) return { kind: "file", path: path ?? "" };
  if (path !== undefined) {
    const message = "Both PRIVATE_KEY and PRIVATE_KEY_PATH are set.";
    problem({ variable: "PRIVATE_KEY", message, cure: "Remove one of them." });
    return undefined;
  }
  const pem = decodePem(written);
  if (pem !== undefined) return { kind: "text", pem };
  const cure = "Set it to the whole text of the .pem file; line breaks may be written as \\n, or all of it as base64.";
  problem({ variable: "PRIVATE_KEY", message: "PRIVATE_KEY is not a private key in PEM form.", cure });
  return undefined;
}

function decodePem(written: string): string | undefined {
  const isPem = (text: string): boolean =>
    /^-----BEGIN (?:RSA )?PRIVATE KEY-----\s/.test(text) && /-----END (?:RSA )?PRIVATE KEY-----\s*$/.test(text);
  const text = written.replaceAll("\\n", "\n");
  if (isPem(text)) return text;
  const decoded = Buffer.from(written, "base64").toString("utf8").trim();
  return isPem(decoded) ? decoded : undefined;
}

/** T2: without a real secret anybody could send events. */
function readWebhookSecrets({ value, problem }: Desk): readonly string[] {
  const variable = "WEBHOOK_SECRET";
  const secrets = (value(variable) ?? "").split(",").map((secret) => secret.trim());
  const message = secrets.map((secret) => whatIsWrong(secret, secrets.length)).find((wrong) => wrong !== undefined);
  if (message !== undefined) problem({ variable, message, cure: NEW_SECRET });
  return message === undefined ? secrets : [];
}

function whatIsWrong(secret: string, count: number): string | undefined {
  if (secret === "")
    return count === 1 ? "WEBHOOK_SECRET is not set." : "One of the secrets in WEBHOOK_SECRET is empty.";
  if (secret === "development") return "WEBHOOK_SECRET is `development`, which everybody knows.";
  if (secret.length < SHORTEST_SECRET)
    return `A secret in WEBHOOK_SECRET has fewer than ${SHORTEST_SECRET} characters.`;
  return undefined;
}

function readGithub({ value, problem }: Desk): EnvironmentSettings["github"] {
  const host = value("GHE_HOST");
  const protocol = value("GHE_PROTOCOL");
  if (protocol !== undefined && protocol !== "http" && protocol !== "https") {
    problem({
      variable: "GHE_PROTOCOL",
      message: "GHE_PROTOCOL is neither http nor https.",
      cure: "Remove it, or set it to https.",
    });
    return undefined;
  }
  if (host === undefined) {
    if (protocol === undefined) return undefined;
    problem({
      variable: "GHE_PROTOCOL",
      message: "GHE_PROTOCOL is set without GHE_HOST.",
      cure: "Set GHE_HOST too, or remove it.",
    });
    return undefined;
  }
  if (!/^[a-z0-9.-]+(?::\d{1,5})?$/i.test(host)) {
    const cure = "Set it to the host alone, such as github.acme.com.";
    problem({ variable: "GHE_HOST", message: "GHE_HOST is not the name of a host.", cure });
    return undefined;
  }
  return { host, protocol: protocol ?? "https" };
}

function readPort(
  { value, problem }: Desk,
  { variable, otherwise }: { readonly variable: string; readonly otherwise: number },
): number {
  const written = value(variable);
  if (written === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(written) ? Number(written) : -1;
  // 0 lets the system choose, which tests do.
  if (port >= 0 && port <= 65_535) return port;
  problem({ variable, message: `${variable} is not a port.`, cure: "Set it to a number from 1 to 65535." });
  return otherwise;
}

function readLogLevel({ value, problem }: Desk): LogLevel {
  const written = value("LOG_LEVEL");
  const level = LOG_LEVELS.find((each) => each === (written ?? "info").toLowerCase());
  if (level !== undefined) return level;
  problem({
    variable: "LOG_LEVEL",
    message: "LOG_LEVEL is not a level.",
    cure: `Set it to one of ${LOG_LEVELS.join(", ")}.`,
  });
  return "info";
}

function readStore({ value, problem }: Desk): EnvironmentSettings["store"] {
  const url = value("DATABASE_URL");
  if (url === undefined) return { kind: "embedded", folder: value("STAGECOACH_DATA") ?? DATA_FOLDER };
  // The address holds a password, so nothing of it is repeated.
  if (!/^postgres(?:ql)?:\/\/./.test(url) || URL.parse(url) === null) {
    const cure = "Set it to postgresql://user:password@host:5432/database, or remove it for the embedded database.";
    problem({ variable: "DATABASE_URL", message: "DATABASE_URL is not the address of a PostgreSQL database.", cure });
  }
  return { kind: "postgresql", url };
}
