// Looks at one repository and decides, as a pass would, without acting: on GitHub, or on a clone. Shared by the
// commands that show a plan and that record one.

import { suggestWord } from "../config/nearest-word.ts";
import type { ImageVersion } from "../domain/release.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { type Decided, decide } from "../reconcile/decide.ts";
import { trackedImages } from "../reconcile/observe-images.ts";
import type { CommandContext } from "./command.ts";
import { type NoPreview, type Opened, type PreviewWish, WHERE_OPTIONS, withPreview } from "./open-preview.ts";
import type { Given, OptionForm } from "./read-arguments.ts";
import { readVersion, supposeReleases, supposeRevisions } from "./suppose-releases.ts";

export const PREVIEW_OPTIONS: readonly OptionForm[] = [
  ...WHERE_OPTIONS,
  {
    name: "settings",
    value: "<file>",
    description: "the operator's settings file: which registries are asked, and as whom",
  },
  {
    name: "release",
    value: "<image=tag@digest>",
    repeatable: true,
    description: "supposes that this image or tag of a Git repository had been pushed",
  },
  { name: "offline", description: "asks no registry" },
];

export type PreviewResult =
  | ({ readonly kind: "decided"; readonly at: RepositoryReference; readonly local: boolean } & Decided)
  | NoPreview;

export async function previewPass(context: CommandContext, { repository, given }: PreviewWish): Promise<PreviewResult> {
  const versions: ImageVersion[] = [];
  for (const written of given.texts("release")) {
    const reading = readVersion(written);
    if (reading.kind === "wrong") return reading;
    versions.push(reading.version);
  }
  return withPreview(context, {
    repository,
    given,
    look: (opened) => look(context, { ...opened, versions, given }),
  });
}

async function look(
  context: CommandContext,
  { preview, at, versions, given }: Opened & { readonly versions: readonly ImageVersion[]; readonly given: Given },
): Promise<PreviewResult> {
  const { now } = preview.shell;
  const registry = supposeReleases({ registry: preview.registry, versions, offline: given.has("offline"), now });
  const forge = supposeRevisions(preview.shell.forge, { versions, host: preview.shell.rules.gitHost ?? "github.com" });
  const decided = await decide({ hints: [], inTime: () => true, at, shell: { ...preview.shell, registry, forge } });
  warnAboutUnknownImages(context, { decided, versions });
  return { kind: "decided", at, local: given.has("local"), ...decided };
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
