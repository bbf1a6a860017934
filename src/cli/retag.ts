// `stagecoach retag`: gives a digest another name, as `/retag` does, by the same settings and with the same questions.

import { type CopyOutcome, describeCopyWork } from "../domain/copy-outcome.ts";
import { type ImageReference, parseImageReference, registryOf } from "../domain/image-name.ts";
import type { Settings } from "../domain/settings.ts";
import type { CopyRequest, Registry } from "../registry/registry.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import { gatherSettings, SETTINGS_OPTION } from "./gather-settings.ts";
import type { Given } from "./read-arguments.ts";
import { writeJson } from "./write-json.ts";

const ABOUT = `
Gives what the first name says another name: in the same repository, in another one of the same registry, or in another
registry. Indexes keep all their parts, so the digest stays; at the end the registry is asked what the new name names. A
name that names something else already is never moved.

Only registries and tags are written whose line in the settings file says \`push\`. The line has to be \`for\` the config
repository in whose name this happens: --for says which; without it, it is the one that the line names.

Exit code: 0 when the name names the digest, or would; 1 when not; 2 when it was called wrongly.`;

export const retag = defineCommand({
  name: "retag",
  summary: "gives a digest another name in a registry",
  usage: ["<image>:<tag> <image>:<tag> [options]", "<image>@<digest> <image>:<tag> [options]"],
  mostPositionals: 2,
  about: ABOUT,
  options: [
    { name: "for", value: "<owner/name>", description: "the config repository in whose name" },
    SETTINGS_OPTION,
    { name: "dry-run", description: "looks at everything and writes nothing" },
    { name: "json", description: "what came of it as JSON" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const usage = (why: string) => complainAboutUsage(context, { command: "retag", why });
  const [from, to] = given.positionals.map(parseImageReference);
  if (from === undefined || (from.tag ?? from.digest) === undefined)
    return usage("Name what gets another name first: `<image>:<tag>` or `<image>@sha256:<digest>`.");
  if (to?.tag === undefined || to.digest !== undefined) return usage("Name the new name second: `<image>:<tag>`.");
  const file = given.text("settings") ?? context.variables.STAGECOACH_SETTINGS;
  const gathered = await gatherSettings(context, { file });
  if (gathered.kind === "wrong") return usage(gathered.paragraphs.join("\n\n"));
  const patterns = patternsFor(gathered.settings, to);
  if (patterns.length === 0)
    return fail(context, `no line of \`registries\` in the settings is about ${registryOf(to.image)}`);
  const asker = given.text("for") ?? findAsker(patterns);
  if (asker === undefined || !/^[\w.-]+\/[\w.-]+$/.test(asker))
    return usage(`Say with --for <owner/name> in the name of which config repository: of ${patterns.join(", ")}.`);
  const registry = context.adapters.openRegistry(gathered.settings);
  const right = registry.mayName({ image: to.image, tag: to.tag, asker });
  if (right.kind === "refused") return fail(context, right.why);
  const digest = await digestOf(from, { asker, registry });
  if (digest.kind === "unknown") return fail(context, digest.why);
  const request: CopyRequest = {
    asker,
    from: { image: from.image, digest: digest.value },
    to: { image: to.image, tag: to.tag },
    pretend: given.has("dry-run"),
  };
  return tell(context, { request, outcome: await registry.copyImage(request), asJson: given.has("json") });
}

/** Whom the lines of the image's registry are for. */
function patternsFor({ registries }: Settings, { image }: ImageReference): readonly string[] {
  const lines = registries.filter(({ host }) => host === registryOf(image));
  return [...new Set(lines.flatMap((line) => line.for))];
}

/** The only repository that they name outright, or anybody where they are for everybody. */
function findAsker(patterns: readonly string[]): string | undefined {
  const named = patterns.filter((pattern) => !pattern.includes("*"));
  if (named.length === 1) return named[0];
  return named.length === 0 && patterns.includes("*") ? "stagecoach/retag" : undefined;
}

async function digestOf(
  { image, tag = "", digest }: ImageReference,
  { asker, registry }: { readonly asker: string; readonly registry: Registry },
): Promise<{ readonly kind: "known"; readonly value: string } | { readonly kind: "unknown"; readonly why: string }> {
  if (digest !== undefined) return { kind: "known", value: digest };
  const resolved = await registry.resolveTag({ image, tag, asker });
  if (resolved.kind === "unknown") return resolved;
  if (resolved.value === undefined) return { kind: "unknown", why: `${image} has no tag ${tag}` };
  return { kind: "known", value: resolved.value };
}

function fail({ complain }: CommandContext, why: string): ExitCode {
  complain(`Nothing was written: ${why}.`);
  return 1;
}

interface Told {
  readonly request: CopyRequest;
  readonly outcome: CopyOutcome;
  readonly asJson: boolean;
}

function tell(context: CommandContext, { request, outcome, asJson }: Told): ExitCode {
  const { from, to, pretend = false } = request;
  const isSo = outcome.kind === "done" || outcome.kind === "already-so";
  if (asJson) {
    context.print(writeJson({ from, to, dryRun: pretend, outcome }));
    return isSo ? 0 : 1;
  }
  const [name, digest] = [`${to.image}:${to.tag}`, from.digest];
  switch (outcome.kind) {
    case "done":
      context.print(`${name} ${pretend ? "would name" : "names"} ${digest}: ${describeCopyWork(outcome.work)}.`);
      return 0;
    case "already-so":
      context.print(`${name} names ${digest} already.`);
      return 0;
    case "refused":
      return fail(context, outcome.why);
    case "unknown":
      context.complain(
        `${name} may or may not name ${digest} now: ${outcome.why}. Try again: what is there is not sent twice.`,
      );
      return 1;
  }
}
