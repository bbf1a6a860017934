// `stagecoach live`: what runs in an environment now, everywhere it runs, as its sources tell. Looks, and changes nothing.

import { type EnvironmentKey, nameInEnvironment } from "../domain/pipeline.ts";
import { unknown } from "../domain/seen.ts";
import { observeConfiguration } from "../reconcile/observe-configuration.ts";
import { readTreeIndex } from "../reconcile/read-files.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import { type EnvironmentReading, type FoundEnvironment, findEnvironment } from "./find-environment.ts";
import { type NoPreview, type Opened, WHERE_OPTIONS, withPreview } from "./open-preview.ts";
import { placeText, type ShownPlace } from "./print-live.ts";
import type { Given } from "./read-arguments.ts";
import { writeJson } from "./write-json.ts";

const ABOUT = `
Asks the live sources of an environment what runs there now: what the reconciler wants and has, sync and health and who
says so, what keeps it from converging, objects, containers with the digests of their pods, and what differs from Git at
first sight. What is not known is said to be unknown, with the reason.

<environment> is \`<pipeline>/<environment>\`, or a name that only one pipeline has. The pipeline file is read from GitHub
as the app (APP_ID and its companions, as for \`stagecoach serve\`), or from a clone with --local; the sources are those
of the operator's settings. Sources that only push reports are known to the running service alone.

Exit code: 0 when it is healthy everywhere by fresh news, 1 when not or not known, 2 for wrong usage.`;

export const live = defineCommand({
  name: "live",
  summary: "asks the clusters what runs in an environment, and how it is",
  usage: ["<environment> <owner/name> [options]", "<environment> --local <clone> [owner/name] [options]"],
  mostPositionals: 2,
  about: ABOUT,
  options: [
    ...WHERE_OPTIONS,
    { name: "settings", value: "<file>", description: "the operator's settings file: which sources there are" },
    { name: "json", description: "the whole model as JSON" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const [wanted, repository] = given.positionals;
  if (wanted === undefined)
    return complainAboutUsage(context, { command: "live", why: "Name an environment, such as checkout/staging." });
  const result = await withPreview<Looked | NoPreview>(context, {
    repository,
    given,
    look: (opened) => look(wanted, opened),
  });
  if (result.kind === "wrong") return complainAboutUsage(context, { command: "live", why: result.why });
  if (result.kind === "not-found") {
    context.complain(result.why);
    return 1;
  }
  context.print(given.has("json") ? asJson(result) : asText(result));
  return result.places.every(isHealthy) ? 0 : 1;
}

interface Looked {
  readonly kind: "looked";
  readonly key: EnvironmentKey;
  readonly repository: string;
  /** One for each `live` of the environment, in its order. */
  readonly places: readonly ShownPlace[];
}

async function look(wanted: string, opened: Opened): Promise<Looked | NoPreview> {
  const found = await readEnvironment(wanted, opened);
  if (found.kind === "not-found") return found;
  const { key, environment } = found;
  if (environment.live.length === 0) {
    const why = `${key} names no \`live\`, so nobody knows what runs there. docs/live-state.md says how to set it up.`;
    return { kind: "not-found", why };
  }
  const repository = `${opened.at.owner}/${opened.at.name}`;
  return { kind: "looked", key, repository, places: await readPlaces(found, { ...opened, asker: repository }) };
}

async function readEnvironment(wanted: string, { preview, at }: Opened): Promise<EnvironmentReading> {
  const { forge, shell } = preview;
  const { repository, branches } = await forge.observe(at, { branches: [] });
  const { defaultBranch } = repository;
  const head = branches[defaultBranch];
  if (head?.kind !== "known" || head.value === undefined) {
    const why = head?.kind === "unknown" ? `: ${head.why}` : ", which has no commit yet";
    return { kind: "not-found", why: `There is no pipeline file on ${defaultBranch}${why}.` };
  }
  const index = await readTreeIndex(head.value.tree, { at, shell });
  const configuration = await observeConfiguration(index, { at, shell });
  return findEnvironment(wanted, { configuration, where: defaultBranch });
}

async function readPlaces(
  { pipeline, environment }: FoundEnvironment,
  { preview, asker }: Opened & { readonly asker: string },
): Promise<readonly ShownPlace[]> {
  const images = pipeline.images.map(({ image }) => nameInEnvironment(environment, image));
  const bySource = [...Map.groupBy(environment.live, ({ source }) => source)];
  const read = await Promise.all(
    bySource.map(async ([source, targets]) => {
      const wanted = targets.map((target) => ({ target, objects: environment.objects, images, awaited: true }));
      const states = await preview.shell.live.read({ source, asker, targets: wanted });
      return targets.map((target, index) => ({
        target,
        state: states[index] ?? unknown(`${source} did not answer for it`),
      }));
    }),
  );
  const places = read.flat();
  return environment.live.flatMap((target) => places.find((place) => place.target === target) ?? []);
}

/** What is old says nothing about now. */
function isHealthy({ state }: ShownPlace): boolean {
  return state.kind === "known" && state.value.health.state === "healthy" && state.value.freshness.stale === undefined;
}

function asText({ key, repository, places }: Looked): string {
  return [`${key} in ${repository}`, ...places.map(placeText)].join("\n\n");
}

/** Times as everywhere in the model: epoch milliseconds. */
function asJson({ key, repository, places }: Looked): string {
  return writeJson({
    environment: key,
    repository,
    healthy: places.every(isHealthy),
    places: places.map(({ target, state }) => ({
      ...target,
      ...(state.kind === "known" ? { state: state.value } : { unknown: state.why }),
    })),
  });
}
