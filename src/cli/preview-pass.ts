// Looks at one repository and decides, as a pass would, without acting: on GitHub, or on a clone. Shared by the
// commands that show a plan and that record one.

import { resolve } from "node:path";
import { suggestWord } from "../config/nearest-word.ts";
import type { ImageVersion } from "../domain/release.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { type Decided, decide } from "../reconcile/decide.ts";
import { trackedImages } from "../reconcile/observe-images.ts";
import type { CommandContext, Preview, PreviewOptions } from "./command.ts";
import { gatherOperation, gatherSettings, withoutWebhooks } from "./gather-settings.ts";
import type { Given, OptionForm } from "./read-arguments.ts";
import { readVersion, supposeReleases } from "./suppose-releases.ts";

export const PREVIEW_OPTIONS: readonly OptionForm[] = [
  { name: "local", value: "<clone>", description: "looks at a clone on this machine instead of GitHub" },
  { name: "branch", value: "<name>", description: "with --local: instead of the branch that is checked out" },
  {
    name: "settings",
    value: "<file>",
    description: "the operator's settings file: which registries are asked, and as whom",
  },
  {
    name: "release",
    value: "<image=tag@digest>",
    repeatable: true,
    description: "supposes that this image had been pushed",
  },
  { name: "offline", description: "asks no registry" },
];

export interface PreviewWish {
  /** `owner/name`; may be absent only where a clone is looked at. */
  readonly repository: string | undefined;
  readonly given: Given;
}

export type PreviewResult =
  | ({ readonly kind: "decided"; readonly at: RepositoryReference; readonly local: boolean } & Decided)
  /** Paragraphs. */
  | { readonly kind: "wrong"; readonly why: string }
  | { readonly kind: "not-found"; readonly why: string };

export async function previewPass(context: CommandContext, { repository, given }: PreviewWish): Promise<PreviewResult> {
  const clone = given.text("local");
  if (repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    return { kind: "wrong", why: `\`${repository}\` is not a repository; it is written owner/name.` };
  if (repository === undefined && clone === undefined)
    return { kind: "wrong", why: "Name a repository (owner/name), or a clone with --local." };
  if (clone === undefined && given.has("branch")) return { kind: "wrong", why: "--branch is for --local." };
  const versions: ImageVersion[] = [];
  for (const written of given.texts("release")) {
    const reading = readVersion(written);
    if (reading.kind === "wrong") return reading;
    versions.push(reading.version);
  }
  const options = await gatherPreview(context, { repository, clone, given });
  if (options.kind === "wrong") return { kind: "wrong", why: options.paragraphs.join("\n\n") };
  const preview = await context.adapters.openPreview(options.options);
  try {
    return await look(context, { preview, repository, versions, given });
  } finally {
    await preview.close();
  }
}

interface Wish {
  readonly repository: string | undefined;
  readonly given: Given;
}

async function gatherPreview(
  context: CommandContext,
  { repository, clone, given }: Wish & { readonly clone: string | undefined },
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

async function look(
  context: CommandContext,
  {
    preview,
    repository,
    versions,
    given,
  }: Wish & { readonly preview: Preview; readonly versions: readonly ImageVersion[] },
): Promise<PreviewResult> {
  const found = await findRepository(preview, repository);
  if (found.kind === "not-found") return found;
  const { at } = found;
  const { now } = preview.shell;
  const registry = supposeReleases({ registry: preview.registry, versions, offline: given.has("offline"), now });
  const decided = await decide({ hints: [], inTime: () => true, at, shell: { ...preview.shell, registry } });
  warnAboutUnknownImages(context, { decided, versions });
  return { kind: "decided", at, local: given.has("local"), ...decided };
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

function warnAboutUnknownImages(
  { complain }: CommandContext,
  { decided, versions }: { readonly decided: Decided; readonly versions: readonly ImageVersion[] },
): void {
  const { configuration } = decided.observed;
  if (configuration.kind === "unknown" || configuration.value === undefined) return;
  const tracked = trackedImages(configuration.value);
  for (const { image } of versions) {
    if (tracked.includes(image)) continue;
    complain(`No pipeline tracks \`${image}\`. ${suggestWord(image, tracked) ?? ""}`.trimEnd());
  }
}
