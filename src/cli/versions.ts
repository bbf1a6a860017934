// `stagecoach versions`: what a registry has of an image, what a policy picks of it, and why nothing else. Asks registries
// as `stagecoach serve` does, and writes nothing.

import { normaliseImageName, parseImageReference, registryOf } from "../domain/image-name.ts";
import type { TrackedImage } from "../domain/pipeline.ts";
import type { Settings } from "../domain/settings.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import { findTracked } from "./find-tracked.ts";
import { gatherSettings, SETTINGS_OPTION } from "./gather-settings.ts";
import { lookUpVersions } from "./look-up-versions.ts";
import { versionsJson, versionsText } from "./print-versions.ts";
import type { Given } from "./read-arguments.ts";
import { POLICY_OPTIONS, readPolicy } from "./read-policy.ts";
import { writeJson } from "./write-json.ts";

const ABOUT = `
Prints the tags of an image with their digests, which of them a policy picks, and why each of the others was passed
over. The policy is that of a pipeline file (--file), or is given by options in the words of one; without any
it is the highest semantic version. It is the planner that picks, so what is printed is what a first environment takes.
Blocks, holds and gates of a repository play no part here; \`stagecoach plan\` shows them.

Registries are asked as the settings file says, and well-known public ones without it. A line of the settings is for
certain config repositories: --for says for which of them this is asked.

Exit code: 0 when a version is picked, 1 when none is, 2 when it was called wrongly.`;

export const versions = defineCommand({
  name: "versions",
  summary: "shows the tags of an image, what a policy picks, and why nothing else",
  usage: ["<image> [options]", "[image] --file <pipeline file or clone> [options]"],
  mostPositionals: 1,
  about: ABOUT,
  options: [
    ...POLICY_OPTIONS,
    { name: "file", value: "<path>", description: "the policy of this pipeline file, or of a clone's" },
    { name: "pipeline", value: "<name>", description: "with --file: of this pipeline" },
    {
      name: "limit",
      value: "<number>",
      description: "how many allowed tags are shown with their digests; 20 unless given",
    },
    { name: "for", value: "<owner/name>", description: "the config repository for which the registry is asked" },
    SETTINGS_OPTION,
    { name: "json", description: "everything as JSON, every tag with its reason" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const usage = (why: string) => complainAboutUsage(context, { command: "versions", why });
  const limit = readLimit(given.text("limit") ?? "20");
  if (limit === undefined) return usage(`\`--limit\` is a number from 1 to ${MOST_SHOWN}.`);
  const wanted = await readWanted(context, given);
  if (wanted.kind === "wrong") return usage(wanted.why);
  const file = given.text("settings") ?? context.variables.STAGECOACH_SETTINGS;
  const gathered = await gatherSettings(context, { file });
  if (gathered.kind === "wrong") return usage(gathered.paragraphs.join("\n\n"));
  const { tracked } = wanted;
  const asker = given.text("for") ?? findAsker(tracked.image, gathered.settings);
  if (asker === undefined || !/^[\w.-]+\/[\w.-]+$/.test(asker))
    return usage(whyNobody(tracked.image, gathered.settings));
  const registry = context.adapters.openRegistry(gathered.settings);
  const looked = await lookUpVersions(tracked, { registry, asker, limit });
  context.print(given.has("json") ? writeJson(versionsJson(looked)) : versionsText(looked));
  return looked.picked.kind === "known" && looked.picked.value.kind === "version" ? 0 : 1;
}

const MOST_SHOWN = 500;

function readLimit(text: string): number | undefined {
  const limit = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST_SHOWN ? limit : undefined;
}

type Wanted =
  | { readonly kind: "wanted"; readonly tracked: TrackedImage }
  /** A sentence. */
  | { readonly kind: "wrong"; readonly why: string };

async function readWanted(context: CommandContext, given: Given): Promise<Wanted> {
  const [written] = given.positionals;
  const file = given.text("file");
  const image = written === undefined ? undefined : normaliseImageName(written);
  if (written !== undefined && image === undefined) return { kind: "wrong", why: whyNoImage(written) };
  if (file !== undefined) {
    const own = POLICY_OPTIONS.find(({ name }) => given.has(name));
    if (own !== undefined)
      return { kind: "wrong", why: `The policy is the file's, or the options': not --file and --${own.name}.` };
    const found = await findTracked({ file, image, pipeline: given.text("pipeline") }, context);
    return found.kind === "wrong" ? found : { kind: "wanted", tracked: found.tracked };
  }
  if (given.has("pipeline")) return { kind: "wrong", why: "--pipeline is for --file." };
  if (image === undefined) return { kind: "wrong", why: "Name an image, such as ghcr.io/acme/checkout." };
  const read = readPolicy(given);
  return read.kind === "wrong" ? read : { kind: "wanted", tracked: { image, policy: read.policy } };
}

function whyNoImage(written: string): string {
  const bare = written.replace(/^(?:oci|docker|https?):\/\//, "");
  const image = normaliseImageName(bare) ?? parseImageReference(bare)?.image;
  const shown = `\`${written.slice(0, 120)}\` is not the name of an image.`;
  return image === undefined ? shown : `${shown} Write \`${image}\`, without scheme, tag and digest.`;
}

/** Whom the lines of the image's registry are for. */
function patternsFor(image: string, { registries }: Settings): readonly string[] {
  return [...new Set(registries.filter(({ host }) => host === registryOf(image)).flatMap((line) => line.for))];
}

/** The only repository that they name outright, or anybody where no line is for somebody alone. */
function findAsker(image: string, settings: Settings): string | undefined {
  const patterns = patternsFor(image, settings);
  const named = patterns.filter((pattern) => !pattern.includes("*"));
  if (named.length === 1) return named[0];
  return named.length === 0 && patterns.every((pattern) => pattern === "*") ? "stagecoach/versions" : undefined;
}

function whyNobody(image: string, settings: Settings): string {
  const patterns = patternsFor(image, settings);
  const whom = patterns.length === 0 ? "" : `, one of ${patterns.join(", ")}`;
  return `Say with --for <owner/name> for which config repository ${registryOf(image)} is asked${whom}.`;
}
