// What the operator says: environment variables, the private key's file, the settings file. Everything that is wrong
// is told at once, each with what to do; values of variables are never part of it.

import { createPrivateKey, randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { formatFinding } from "../config/format-finding.ts";
import { type EnvironmentSettings, readEnvironment } from "../config/read-environment.ts";
import { readSettings } from "../config/read-settings.ts";
import { NO_SETTINGS, type Settings } from "../domain/settings.ts";
import type { CommandContext, GithubApp } from "./command.ts";
import { readText } from "./read-clone.ts";
import { READING_RULES } from "./reading-rules.ts";

/** Of commands that need nothing of the operator but this file. */
export const SETTINGS_OPTION = {
  name: "settings",
  value: "<file>",
  description: "the operator's settings file; STAGECOACH_SETTINGS unless given",
} as const;

export type Gathered<T> =
  | (T & { readonly kind: "gathered" })
  /** Paragraphs, each about one thing that is wrong. */
  | { readonly kind: "wrong"; readonly paragraphs: readonly string[] };

type Source = Pick<CommandContext, "variables" | "folder" | "complain">;

export interface Operation {
  readonly environment: EnvironmentSettings;
  readonly app: GithubApp;
  readonly settings: Settings;
}

/** `settingsFile` goes before the environment's. Warnings of the settings file are told and stop nothing. */
export async function gatherOperation(
  source: Source,
  { settingsFile, apiUrl }: { readonly settingsFile?: string; readonly apiUrl: ApiUrl },
): Promise<Gathered<Operation>> {
  const environment = readEnvironment(source.variables);
  if (environment.kind === "invalid") {
    const paragraphs = environment.problems.map(({ message, cure }) => problem(message, cure));
    return { kind: "wrong", paragraphs };
  }
  const { settings: read } = environment;
  const key = await readKey(read, source);
  const settings = await gatherSettings(source, { file: settingsFile ?? read.settingsFile });
  if (key.kind === "wrong" || settings.kind === "wrong") {
    return {
      kind: "wrong",
      paragraphs: [key, settings].flatMap((part) => ("paragraphs" in part ? part.paragraphs : [])),
    };
  }
  const { appId, webhookSecrets } = read;
  const app = { appId, privateKey: key.pem, webhookSecrets, baseUrl: apiUrl(read.github ?? {}) };
  return { kind: "gathered", environment: read, app, settings: settings.settings };
}

/** From a host and a protocol to where the REST API is. */
export type ApiUrl = (github: { readonly host?: string; readonly protocol?: string }) => string;

/** As the app, but only to look: no webhook is received, so a secret for them is made up where none is given. */
export function withoutWebhooks(variables: CommandContext["variables"]): CommandContext["variables"] {
  return variables.WEBHOOK_SECRET ? variables : { ...variables, WEBHOOK_SECRET: randomBytes(32).toString("hex") };
}

export async function gatherSettings(
  { variables, folder, complain }: Source,
  { file }: { readonly file: string | undefined },
): Promise<Gathered<{ readonly settings: Settings }>> {
  if (file === undefined) return { kind: "gathered", settings: NO_SETTINGS };
  const text = await tryToRead(file, folder);
  if (text === undefined) {
    const cure = "Set STAGECOACH_SETTINGS to the settings file, or remove it to run without one.";
    return wrong(problem(`The settings file \`${file}\` cannot be read.`, cure));
  }
  const { findings, ...result } = readSettings({ file: { path: file, text }, variables, rules: READING_RULES });
  if (result.kind === "invalid") return { kind: "wrong", paragraphs: findings.map(formatFinding) };
  for (const finding of findings) complain(formatFinding(finding));
  return { kind: "gathered", settings: result.settings };
}

async function readKey(
  { privateKey }: EnvironmentSettings,
  { folder, complain }: Source,
): Promise<Gathered<{ readonly pem: string }>> {
  const isFile = privateKey.kind === "file";
  const name = isFile ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY";
  const cure = `Set ${name} to the ${isFile ? "" : "text of the "}.pem file that the GitHub App's settings page gave.`;
  const pem = isFile ? await tryToRead(privateKey.path, folder) : privateKey.pem;
  if (pem === undefined) return wrong(problem("The file that PRIVATE_KEY_PATH names cannot be read.", cure));
  try {
    createPrivateKey(pem);
  } catch {
    // What OpenSSL says about a broken key helps nobody.
    return wrong(problem(`What ${name} ${isFile ? "names" : "holds"} is not a private key in PEM form.`, cure));
  }
  if (isFile && (await isOpenToOthers(resolve(folder, privateKey.path)))) {
    complain(
      "Everybody on this machine can read the file that PRIVATE_KEY_PATH names. Take that right away: chmod 600.",
    );
  }
  return { kind: "gathered", pem };
}

async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== "win32" && ((await stat(path)).mode & 0o007) !== 0;
}

async function tryToRead(path: string, folder: string): Promise<string | undefined> {
  try {
    return await readText(resolve(folder, path));
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function problem(message: string, cure: string): string {
  return `${message}\n  ${cure}`;
}

function wrong(paragraph: string): { readonly kind: "wrong"; readonly paragraphs: readonly string[] } {
  return { kind: "wrong", paragraphs: [paragraph] };
}
