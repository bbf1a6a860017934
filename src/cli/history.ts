// `stagecoach history`: what should have run in an environment, since when, who asked for it and who approved, from a
// clone alone. Can write the files of a point in time into a folder of their own.

import { resolve } from "node:path";
import { NO_SETTINGS } from "../domain/settings.ts";
import type { History } from "../forge/history.ts";
import { readTreeIndex } from "../reconcile/read-files.ts";
import { formatTime } from "../report/format-time.ts";
import type { CommandContext, ExitCode, Preview } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import type { HistoryEntry } from "./history-entry.ts";
import { historyJson, historyText } from "./print-history.ts";
import type { Given } from "./read-arguments.ts";
import { type ReadHistory, readHistory } from "./read-history.ts";
import { readTime } from "./read-time.ts";
import { writeDeclared } from "./write-declared.ts";

const ABOUT = `
Prints what Git declared for an environment, the newest first: version and digest, since when and until when, the commit
or promotion that brought it, who asked for it, who merged and who approved, and when it was first healthy.

All of it comes from a clone: the files on the environment's branch along the first parents, the messages of its
commits, and the branch \`stagecoach-ledger\`, if the clone has it. GitHub and the database are not asked. Paths and
images are those of the pipeline file of today; times are those of the commits. What a commit message or the ledger of
a clone says is shown as it stands there; nobody's signature is checked.

<environment> is \`<pipeline>/<environment>\`, or a name that only one pipeline has.

Exit code: 0, or 1 when the environment is not known, or did not exist then.`;

export const history = defineCommand({
  name: "history",
  summary: "tells from Git alone what should have run in an environment, and who decided it",
  usage: ["<environment> [--at <time>] [--write <folder>] [options]"],
  mostPositionals: 1,
  about: ABOUT,
  options: [
    { name: "at", value: "<time>", description: "what was declared then, such as `2026-11-01T12:00Z`" },
    {
      name: "write",
      value: "<folder>",
      description: "writes the environment's files as they were then (or are now)\ninto a new or empty folder",
    },
    { name: "local", value: "<clone>", description: "the clone; the current folder unless given" },
    { name: "branch", value: "<name>", description: "instead of the branch that is checked out" },
    { name: "json", description: "as JSON" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const [wanted] = given.positionals;
  if (wanted === undefined)
    return complainAboutUsage(context, { command: "history", why: "Name an environment, such as checkout/live." });
  const written = given.text("at");
  const time = written === undefined ? undefined : readTime(written);
  if (time?.kind === "wrong") return complainAboutUsage(context, { command: "history", why: time.why });
  const clone = resolve(context.folder, given.text("local") ?? ".");
  const branch = given.text("branch");
  const preview = await context.adapters.openPreview({
    forge: { kind: "local", clone, ...(branch !== undefined && { branch }) },
    settings: NO_SETTINGS,
  });
  try {
    if (time !== undefined && time.at > preview.shell.now()) {
      const why = `${formatTime(time.at)} has not come yet; history ends now.`;
      return complainAboutUsage(context, { command: "history", why });
    }
    return await tell(context, {
      wanted,
      given,
      asOf: time?.at,
      preview,
      history: context.adapters.openHistory({ clone }),
    });
  } finally {
    await preview.close();
  }
}

interface Asked {
  readonly wanted: string;
  readonly given: Given;
  readonly asOf: number | undefined;
  readonly preview: Preview;
  readonly history: History;
}

async function tell(
  context: CommandContext,
  { wanted, given, asOf, preview, history: source }: Asked,
): Promise<ExitCode> {
  const reading = await readHistory(wanted, { preview, history: source });
  if (reading.kind === "not-found") {
    context.complain(reading.why);
    return 1;
  }
  const entries = asOf === undefined ? reading.entries : entryAt(asOf, reading);
  if (typeof entries === "string") {
    context.complain(entries);
    return 1;
  }
  const { key, branch, head, notes } = reading;
  const repository = `${reading.at.owner}/${reading.at.name}`;
  const shown = { key, branch, head, notes, repository, entries, ...(asOf !== undefined && { asOf }) };
  context.print(given.has("json") ? historyJson(shown) : historyText(shown));
  const folder = given.text("write");
  return folder === undefined ? 0 : write(context, { folder, asOf, reading, preview, history: source });
}

/** The one entry, or a sentence that says why there is none. */
function entryAt(asOf: number, { entries, key, shallow }: ReadHistory): readonly HistoryEntry[] | string {
  const entry = entries.find(({ since }) => since <= asOf);
  if (entry !== undefined) return [entry];
  const first = entries.at(-1);
  if (first === undefined) return `Nothing was ever declared for ${key} where its paths lead.`;
  if (shallow)
    return `${key} at ${formatTime(asOf)} is not known: what this clone has of it begins at ${formatTime(first.since)}. \`git fetch --unshallow\` brings what was before.`;
  return `${key} did not exist at ${formatTime(asOf)}; its first version was declared at ${formatTime(first.since)}.`;
}

async function write(
  context: CommandContext,
  {
    folder,
    asOf,
    reading,
    preview,
    history: source,
  }: Omit<Asked, "wanted" | "given"> & { readonly folder: string; readonly reading: ReadHistory },
): Promise<ExitCode> {
  const { commits, environment, at } = reading;
  const commit = commits.findLast(({ since }) => asOf === undefined || since <= asOf);
  if (commit === undefined) {
    context.complain("There is nothing to write.");
    return 1;
  }
  const index = await readTreeIndex(commit.tree, { at, shell: preview.shell });
  const target = resolve(context.folder, folder);
  const result = await writeDeclared({ environment, index, history: source, folder: target });
  if (result.kind === "refused") {
    context.complain(result.why);
    return 1;
  }
  const files = result.files === 1 ? "1 file is" : `${result.files} files are`;
  context.complain(`${files} in ${target}, as of commit ${commit.commit.slice(0, 7)}.`);
  if (result.left.length > 0)
    context.complain(
      `Left out, because links and submodules are not followed: ${result.left.slice(0, 10).join(", ")}.`,
    );
  return 0;
}
