// The one comment on a pull request that borrows an environment: who has it, how its branch came there, and what really
// runs. It is edited, never repeated, so it says nothing that changes while the world stands still.

import type { SandboxPlace, SandboxStage, SandboxView } from "../domain/sandbox.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { cell, code, name, type SafeMarkdown, sentence, trusted, wholeSentence } from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { formatTime } from "./format-time.ts";
import { healthCell, shortRevision, syncCell } from "./live-words.ts";
import { sandboxMark } from "./write-marks.ts";

const STAGES: Readonly<Record<SandboxStage, string>> = {
  proposed: "⏳ on its way",
  lent: "🔑 lent",
  waiting: "⏸️ waits",
  ending: "⏳ is given back",
  "given-back": "✅ given back",
};

const PLACES_SHOWN = 20;

export function renderSandbox(view: SandboxView, templates: CompiledTemplates): string {
  const { key, environment, stage, reason, by, at, fingerprint } = view;
  const places = view.places.slice(0, PLACES_SHOWN);
  const body = templates.sandbox({
    environment: name(environment),
    stage: trusted(STAGES[stage]),
    reason: wholeSentence(reason),
    claimed: trusted(`Claimed by ${code(by)}, ${formatTime(at)}.`),
    places: places.map(viewPlace),
    reasons: places.flatMap(reasonOf),
    marker: sandboxMark(key, fingerprint),
  });
  assertSafeMarkdown(body);
  return body;
}

function viewPlace(place: SandboxPlace) {
  return {
    where: cell(whereOf(place)),
    revision: cell(revisionOf(place)),
    sync: syncCell({ ...(place.sync && { sync: place.sync }) }),
    health: healthCell({
      source: "",
      name: "",
      stage: "synced",
      reason: "",
      running: [],
      ...(place.health && { health: place.health }),
    }),
  };
}

function whereOf({ name: place, source }: SandboxPlace): SafeMarkdown {
  return trusted(`${code(place, 200)} in ${code(source, 80)}`);
}

function revisionOf({ revision, isHead }: SandboxPlace): SafeMarkdown {
  if (revision === undefined) return trusted("–");
  const shown = shortRevision({ kind: "git", id: revision });
  return trusted(isHead ? `${shown}, the head of this branch` : `${shown}, not the head of this branch`);
}

function reasonOf(place: SandboxPlace): readonly SafeMarkdown[] {
  return place.reason === undefined ? [] : [trusted(`${whereOf(place)}: ${sentence(place.reason)}`)];
}
