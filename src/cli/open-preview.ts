// Opens what a command looks through at one repository without writing: on GitHub as the app, or on a clone. Shared by
// the commands that show a plan, that record one, and that show what runs.

import { resolve } from "node:path";
import type { RepositoryReference } from "../forge/forge.ts";
import type { CommandContext, Preview, PreviewOptions } from "./command.ts";
import { gatherOperation, gatherSettings, withoutWebhooks } from "./gather-settings.ts";
import type { Given, OptionForm } from "./read-arguments.ts";

export const WHERE_OPTIONS: readonly OptionForm[] = [
  { name: "local", value: "<clone>", description: "looks at a clone on this machine instead of GitHub" },
  { name: "branch", value: "<name>", description: "with --local: instead of the branch that is checked out" },
];

export interface PreviewWish {
  /** `owner/name`; may be absent only where a clone is looked at. */
  readonly repository: string | undefined;
  readonly given: Given;
}

export type NoPreview =
  /** Paragraphs. */
  { readonly kind: "wrong"; readonly why: string } | { readonly kind: "not-found"; readonly why: string };

export interface Opened {
  readonly preview: Preview;
  readonly at: RepositoryReference;
}

/** Closes the preview when `look` is done. */
export async function withPreview<T>(
  context: CommandContext,
  { repository, given, look }: PreviewWish & { readonly look: (opened: Opened) => Promise<T> },
): Promise<T | NoPreview> {
  const clone = given.text("local");
  if (repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    return { kind: "wrong", why: `\`${repository}\` is not a repository; it is written owner/name.` };
  if (repository === undefined && clone === undefined)
    return { kind: "wrong", why: "Name a repository (owner/name), or a clone with --local." };
  if (clone === undefined && given.has("branch")) return { kind: "wrong", why: "--branch is for --local." };
  const options = await gatherPreview(context, { repository, clone, given });
  if (options.kind === "wrong") return { kind: "wrong", why: options.paragraphs.join("\n\n") };
  const preview = await context.adapters.openPreview(options.options);
  try {
    const found = await findRepository(preview, repository);
    return found.kind === "not-found" ? found : await look({ preview, at: found.at });
  } finally {
    await preview.close();
  }
}

async function gatherPreview(
  context: CommandContext,
  { repository, clone, given }: PreviewWish & { readonly clone: string | undefined },
): Promise<
  | { readonly kind: "options"; readonly options: PreviewOptions }
  | { readonly kind: "wrong"; readonly paragraphs: readonly string[] }
> {
  const file = given.text("settings");
  if (clone === undefined) {
    const source = { ...context, variables: withoutWebhooks(context.variables) };
    const { apiUrl } = context.adapters;
    const gathered = await gatherOperation(source, { apiUrl, ...(file !== undefined && { settingsFile: file }) });
    if (gathered.kind === "wrong") return gathered;
    const { app, settings } = gathered;
    return { kind: "options", options: { forge: { kind: "github", app }, settings } };
  }
  const gathered = await gatherSettings(context, { file });
  if (gathered.kind === "wrong") return gathered;
  const branch = given.text("branch");
  const forge = {
    kind: "local" as const,
    clone: resolve(context.folder, clone),
    ...(branch !== undefined && { branch }),
    ...(repository !== undefined && { repository }),
  };
  return { kind: "options", options: { forge, settings: gathered.settings } };
}

type Found =
  | { readonly kind: "found"; readonly at: RepositoryReference }
  | { readonly kind: "not-found"; readonly why: string };

/** GitHub is asked where the app is installed: what it cannot reach, it could not promote in either. */
async function findRepository({ forge }: Preview, repository: string | undefined): Promise<Found> {
  const installations = await forge.listInstallations();
  const [owner] = repository?.toLowerCase().split("/") ?? [];
  const installation = installations.find(({ account }) => owner === undefined || account.toLowerCase() === owner);
  if (installation === undefined) {
    const accounts = installations.map(({ account }) => account).join(", ") || "nobody's account";
    return {
      kind: "not-found",
      why: `The app is not installed for ${repository ?? ""}; it is installed on ${accounts}.`,
    };
  }
  if (installation.suspended)
    return { kind: "not-found", why: `The app's installation on ${installation.account} is suspended.` };
  const repositories = await forge.listRepositories(installation.id);
  const at = repositories.find(
    (each) => repository === undefined || `${each.owner}/${each.name}`.toLowerCase() === repository.toLowerCase(),
  );
  if (at !== undefined) return { kind: "found", at };
  const why = `The app is installed on ${installation.account}, but ${repository ?? ""} is not among its repositories.`;
  return { kind: "not-found", why };
}
