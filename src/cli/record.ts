// `stagecoach record`: keeps what a pass observed, and what was planned on it, as two files. A test plans the same
// observation again and holds the plan to be the same, so a bug report becomes a test by copying a folder.

import { access, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import { makeRecording } from "./make-recording.ts";
import { PREVIEW_OPTIONS, previewPass } from "./preview-pass.ts";
import type { Given } from "./read-arguments.ts";

const FOLDER = "test/plan/recorded";

const ABOUT = `
Looks at a config repository as \`stagecoach plan\` does, and writes what it observed and what it planned to
<folder>/<name>/observed.json and plan.json. The tests plan every recorded case again.

The files hold the pipeline files as they were read, image names, versions, pull requests and the files that a promotion
would write. What looks like a credential is taken out; read them before you give them to somebody.`;

export const record = defineCommand({
  name: "record",
  summary: "keeps what a pass observed as a test case",
  usage: ["<owner/name> <name> [options]", "--local <clone> [owner/name] <name> [options]"],
  mostPositionals: 2,
  about: ABOUT,
  options: [
    ...PREVIEW_OPTIONS,
    { name: "folder", value: "<folder>", description: `where cases are kept; ${FOLDER} unless given` },
    { name: "replace", description: "writes over a case of that name" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const name = given.positionals.at(-1);
  const repository = given.positionals.length === 2 ? given.positionals[0] : undefined;
  const usage = (why: string) => complainAboutUsage(context, { command: "record", why });
  if (name === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name))
    return usage(
      `Name the case, in lower-case letters, digits and dashes${name === undefined ? "" : `: not \`${name}\``}.`,
    );
  const folder = join(resolve(context.folder, given.text("folder") ?? FOLDER), name);
  if (!given.has("replace") && (await exists(folder)))
    return usage(`${folder} is there already; --replace writes over it.`);
  const result = await previewPass(context, { repository, given });
  if (result.kind === "wrong") return usage(result.why);
  if (result.kind === "not-found") {
    context.complain(result.why);
    return 1;
  }
  const { observed, plan, redacted } = makeRecording(result.observed);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "observed.json"), observed);
  await writeFile(join(folder, "plan.json"), plan);
  if (redacted > 0) context.complain(`${redacted} texts looked like credentials and were taken out.`);
  context.print(`Recorded in ${folder}.`);
  return 0;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
