// Which policy a pipeline file has for an image: of the pipeline that tracks it. Where none does, or several differ, it
// says so in a sentence; what is wrong in the file is told beside it.

import { countFindings, formatFinding } from "../config/format-finding.ts";
import { suggestWord } from "../config/nearest-word.ts";
import { readConfiguration } from "../config/read-configuration.ts";
import { isGitSource } from "../domain/git-source.ts";
import type { Configuration, TrackedImage } from "../domain/pipeline.ts";
import type { CommandContext } from "./command.ts";
import { readTarget } from "./read-target.ts";
import { READING_RULES } from "./reading-rules.ts";

export interface TrackedWish {
  /** A clone, or one pipeline file. */
  readonly file: string;
  /** Normalised; absent: the only one that the file tracks. */
  readonly image?: string | undefined;
  readonly pipeline?: string | undefined;
}

export type FoundTracked =
  | { readonly kind: "found"; readonly tracked: TrackedImage; readonly pipeline: string }
  /** A sentence. */
  | { readonly kind: "wrong"; readonly why: string };

export async function findTracked(wish: TrackedWish, context: CommandContext): Promise<FoundTracked> {
  const read = await readTarget(wish.file, context.folder);
  if (read.kind === "nothing") return wrong(read.why);
  const { files, tree, codeowners } = read.clone;
  const known = read.alone === undefined ? tree : undefined;
  const configuration = readConfiguration({ files, tree: known, floor: [], rules: READING_RULES, codeowners });
  const errors = configuration.findings.filter(({ severity }) => severity === "error");
  for (const finding of errors) context.complain(formatFinding(finding));
  const found = choose(configuration, wish);
  if (found.kind === "found" || errors.length === 0) return found;
  return wrong(`${found.why} ${wish.file} has ${countFindings(errors)}.`);
}

function choose({ pipelines }: Configuration, { file, image, pipeline: name }: TrackedWish): FoundTracked {
  const chosen = name === undefined ? pipelines : pipelines.filter((pipeline) => pipeline.name === name);
  if (name !== undefined && chosen.length === 0) {
    const names = pipelines.map((pipeline) => pipeline.name);
    return wrong(`${file} has no pipeline \`${name}\`. ${suggestWord(name, names) ?? ""}`.trimEnd());
  }
  const all = chosen.flatMap((pipeline) => pipeline.images.map((tracked) => ({ tracked, pipeline: pipeline.name })));
  const images = [...new Set(all.map(({ tracked }) => tracked.image))];
  const wanted = image ?? (images.length === 1 ? images[0] : undefined);
  if (wanted === undefined) return wrong(`Name one of the images that ${file} tracks: ${listed(images)}.`);
  if (isGitSource(wanted)) return wrong(`\`${wanted}\` is a Git repository: \`git ls-remote --tags\` shows its tags.`);
  const tracking = all.filter(({ tracked }) => tracked.image === wanted);
  const [first] = tracking;
  if (first === undefined) return wrong(whyUntracked(wanted, { file, images, pipelines }));
  const differs = tracking.some(({ tracked }) => JSON.stringify(tracked) !== JSON.stringify(first.tracked));
  if (!differs) return { kind: "found", ...first };
  const names = tracking.map(({ pipeline }) => pipeline);
  return wrong(`Pipelines have different policies for ${wanted}: ${listed(names)}; choose one with --pipeline.`);
}

function whyUntracked(
  image: string,
  {
    file,
    images,
    pipelines,
  }: Pick<TrackedWish, "file"> & Pick<Configuration, "pipelines"> & { images: readonly string[] },
): string {
  const aliases = pipelines.flatMap((pipeline) => pipeline.environments.flatMap((environment) => environment.images));
  const alias = aliases.find((each) => each.image === image);
  if (alias !== undefined) {
    return `\`${image}\` only names what \`${alias.as}\` decides: ask about that one.`;
  }
  return `No pipeline of ${file} tracks \`${image}\`. ${suggestWord(image, images) ?? ""}`.trimEnd();
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? "there is none" : words.slice(0, 20).join(", ");
}

function wrong(why: string): FoundTracked {
  return { kind: "wrong", why };
}
