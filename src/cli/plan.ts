// `stagecoach plan`: what Stagecoach would do in a repository now, and why. Looks, and changes nothing.

import { countFindings, formatFinding } from "../config/format-finding.ts";
import type { Finding } from "../domain/finding.ts";
import { plainSentence } from "../report/escape-markdown.ts";
import { describePlan, renderPlan } from "../report/render-plan.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import { PREVIEW_OPTIONS, type PreviewResult, previewPass } from "./preview-pass.ts";
import type { Given } from "./read-arguments.ts";
import { writeJson } from "./write-json.ts";

const ABOUT = `
Prints what the next pass over a config repository would do, and why; and what it waits for. Nothing is written.

On GitHub it signs in as the app: APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, GHE_HOST as for \`stagecoach serve\`.
With --local it reads the commits of a clone and asks nobody but registries. A clone knows no pull requests, and its
ledger is believed without asking who wrote it.

Exit code: 0, or 1 when the pipeline file has errors or the repository cannot be read.`;

export const plan = defineCommand({
  name: "plan",
  summary: "shows what would be done in a repository, and why; changes nothing",
  usage: ["<owner/name> [options]", "--local <clone> [owner/name] [options]"],
  mostPositionals: 1,
  about: ABOUT,
  options: [
    ...PREVIEW_OPTIONS,
    { name: "json", description: "the plan, the cases of all environments and the findings as JSON" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const result = await previewPass(context, { repository: given.positionals[0], given });
  if (result.kind === "wrong") return complainAboutUsage(context, { command: "plan", why: result.why });
  if (result.kind === "not-found") {
    context.complain(result.why);
    return 1;
  }
  const shown = { ...result, findings: findingsOf(result) };
  context.print(given.has("json") ? asJson(shown) : asText(shown));
  return isSound(shown) ? 0 : 1;
}

type Shown = Extract<PreviewResult, { readonly kind: "decided" }> & { readonly findings: readonly Finding[] };

function findingsOf({ observed }: Pick<Shown, "observed">): readonly Finding[] {
  return observed.configuration.kind === "known" ? (observed.configuration.value?.findings ?? []) : [];
}

/** A repository without a pipeline file has no plan, which whoever asked for one will want to know. */
function isSound({ observed, findings }: Shown): boolean {
  const { configuration } = observed;
  return (
    configuration.kind === "known" &&
    configuration.value !== undefined &&
    findings.every(({ severity }) => severity !== "error")
  );
}

const LOCAL_NOTE =
  "Read from a clone: open pull requests are not known, and who wrote the ledger is not checked.\nUncommitted changes are not looked at.";

function asText(shown: Shown): string {
  const { plan: decided, findings, local } = shown;
  const changes = changesOf(shown);
  return [
    `${whereOf(shown).repository}, ${whereOf(shown).branch} at ${whereOf(shown).head?.slice(0, 7) ?? "no commit"}`,
    ...(local ? [LOCAL_NOTE] : []),
    renderPlan(decided).trimEnd(),
    ...(changes.length > 0 ? [writeChanges(changes)] : []),
    ...findings.map(formatFinding),
    ...(findings.length > 0 ? [`The pipeline file has ${countFindings(findings)}.`] : []),
  ].join("\n\n");
}

interface Change {
  readonly environment: string;
  readonly path: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** What the pull requests that would be opened or moved write. */
function changesOf({ plan: { actions } }: Pick<Shown, "plan">): readonly Change[] {
  return actions.flatMap((action) =>
    action.kind === "open" || action.kind === "update"
      ? action.view.places.map((place) => ({ environment: action.key, ...place }))
      : [],
  );
}

const MOST_CHANGES = 40;

function writeChanges(changes: readonly Change[]): string {
  const lines = changes.map(({ path, line, from, to }) => plainSentence(`${path}:${line}: ${from} -> ${to}`, 300));
  const more = lines.length > MOST_CHANGES ? [`and ${lines.length - MOST_CHANGES} more`] : [];
  return ["Changes", ...[...lines.slice(0, MOST_CHANGES), ...more].map((line) => `  ${line}`)].join("\n");
}

function asJson(shown: Shown): string {
  const { plan: decided, findings, local, observed } = shown;
  const { ledger } = observed;
  const value = {
    ...whereOf(shown),
    ledger: ledger.kind === "unknown" ? ledger : { kind: local ? "not-checked" : ledger.value.kind },
    ...describePlan(decided),
    changes: changesOf(shown),
    situations: decided.situations,
    findings,
  };
  return writeJson(value);
}

function whereOf({ at, observed }: Shown) {
  const { defaultBranch } = observed.repository;
  const branch = observed.branches[defaultBranch];
  return {
    repository: `${at.owner}/${at.name}`,
    branch: defaultBranch,
    ...(branch?.kind === "known" && { head: branch.value.head }),
  };
}
