// `stagecoach report`: reads what runs in a cluster that Stagecoach cannot reach, and reports it every few minutes until it
// is told to stop. Every failure is told; after one it is tried again, ever more slowly, and at the latest when the next
// report is due.

import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatFinding } from "../config/format-finding.ts";
import { readReporter } from "../config/read-reporter.ts";
import type { ReporterSettings } from "../domain/reporter.ts";
import type { MadeReport, PostOutcome, Reporter } from "../live/reporter/reporter.ts";
import { awaitSignal } from "./await-signal.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import type { Given } from "./read-arguments.ts";
import { readText } from "./read-clone.ts";

const ABOUT = `
For clusters that Stagecoach cannot reach. It runs in the cluster with the right to read and no other, reads what runs
there with Stagecoach's own readers, and posts it, signed, to /hooks/live/<id>. deploy/reporter/ has manifests,
docs/live-reports.md tells how both sides are set up.

In a cluster it reads with its own ServiceAccount; elsewhere with the kubeconfig that KUBECONFIG names. The file that
--config names says which cluster it speaks for, where reports go and what it looks at; secrets come from variables.

SIGTERM or SIGINT ends it. Exit code: 0; 1 when --once or --dry-run did not go well; 2 for wrong usage or settings.`;

export const report = defineCommand({
  name: "report",
  summary: "reports what runs in a cluster that Stagecoach cannot reach",
  usage: ["--config <file> [--once | --dry-run]"],
  mostPositionals: 0,
  about: ABOUT,
  options: [
    { name: "config", value: "<file>", description: "what to report, and where to; or STAGECOACH_REPORTER names it" },
    { name: "once", description: "reports once and ends" },
    { name: "dry-run", description: "prints what would be reported, and sends nothing" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const config = given.text("config") ?? context.variables.STAGECOACH_REPORTER;
  if (config === undefined)
    return complainAboutUsage(context, { command: "report", why: "Name a file with `--config`." });
  const settings = await gatherSettings(context, config);
  const access = await gatherAccess(context);
  if (settings === undefined || access === undefined) return 2;
  const reporter = context.adapters.openReporter({ settings, ...access });
  try {
    if (given.has("dry-run")) return await show(context, reporter);
    if (given.has("once")) {
      return (await reportOnce({ context, reporter, signal: new AbortController().signal })) === "taken" ? 0 : 1;
    }
    return await keepReporting({ context, reporter, settings });
  } finally {
    reporter.close();
  }
}

async function gatherSettings(context: CommandContext, file: string): Promise<ReporterSettings | undefined> {
  const { complain, folder, variables } = context;
  const text = await tryToRead(resolve(folder, file));
  if (text === undefined) {
    complain(`The reporter's file \`${file}\` cannot be read.`);
    return undefined;
  }
  const { findings, ...result } = readReporter({ file: { path: file, text }, variables });
  for (const finding of findings) complain(formatFinding(finding));
  return result.kind === "read" ? result.settings : undefined;
}

async function gatherAccess(context: CommandContext): Promise<{ readonly kubeconfig?: string } | undefined> {
  const { KUBECONFIG: file, KUBERNETES_SERVICE_HOST: inside } = context.variables;
  if (file === undefined || file === "") {
    if (inside) return {};
    context.complain("This does not run in a cluster, and KUBECONFIG names no file. Set it to a kubeconfig.");
    return undefined;
  }
  const kubeconfig = await tryToRead(resolve(context.folder, file));
  if (kubeconfig === undefined)
    context.complain("The file that KUBECONFIG names cannot be read. It has to be one file.");
  return kubeconfig === undefined ? undefined : { kubeconfig };
}

async function show({ print }: CommandContext, reporter: Reporter): Promise<ExitCode> {
  const made = await reporter.make();
  for (const { body } of made) print(JSON.stringify(JSON.parse(body), undefined, 2));
  return made.some(({ states }) => states.some((each) => "error" in each)) ? 1 : 0;
}

interface Reporting {
  readonly context: CommandContext;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE = 5_000;

async function keepReporting({
  context,
  reporter,
  settings,
}: Omit<Reporting, "signal"> & { readonly settings: ReporterSettings }): Promise<ExitCode> {
  const stop = new AbortController();
  const stopped = awaitSignal().then((signal) => {
    context.complain(`${signal}: the reporter ends.`);
    stop.abort();
  });
  let pause = FIRST_PAUSE;
  while (!stop.signal.aborted) {
    const outcome = await reportOnce({ context, reporter, signal: stop.signal });
    const wait = outcome === "failed" ? Math.min(pause, settings.every) : settings.every;
    pause = outcome === "failed" ? pause * 2 : FIRST_PAUSE;
    // Ended early only by the wish to stop.
    await sleep(wait, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  await stopped;
  return 0;
}

/** Reads, sends, and tells how it went; of several reports the worst outcome. */
async function reportOnce({ context, reporter, signal }: Reporting): Promise<PostOutcome["kind"]> {
  const made = await reporter.make();
  const outcomes: PostOutcome[] = [];
  for (const each of made) {
    if (signal.aborted) break;
    const outcome = await reporter.post(each, { signal });
    tell(context, each, outcome);
    outcomes.push(outcome);
  }
  return (["failed", "refused"] as const).find((kind) => outcomes.some((each) => each.kind === kind)) ?? "taken";
}

function tell({ print, complain }: CommandContext, { states }: MadeReport, outcome: PostOutcome): void {
  for (const each of states) if ("error" in each) complain(`${each.name} could not be read: ${each.error}.`);
  const what = `${states.length} ${states.length === 1 ? "target" : "targets"}`;
  switch (outcome.kind) {
    case "taken":
      print(`Reported ${what}${outcome.note === undefined ? "" : `; ${outcome.note}`}.`);
      return;
    case "refused":
      complain(`The report of ${what} was refused: ${outcome.why}.`);
      return;
    case "failed":
      complain(`The report of ${what} was not taken: ${outcome.why}. It is tried again.`);
  }
}

async function tryToRead(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
