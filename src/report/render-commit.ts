// The messages of a promotion's commit and of its merge. Every value in them is held to its grammar before it is
// written, so that nothing can begin a line of its own and nothing is an order to GitHub ("fixes GH-12").

import { countOf } from "../domain/count-words.ts";
import type { ImageMove } from "../domain/image-move.ts";
import type { PromotionView } from "../domain/plan.ts";
import { type Trailer, writeTrailers } from "./commit-trailers.ts";
import { plainWord } from "./name-release.ts";
import { renderTitle } from "./render-pull-request.ts";

export function renderCommitMessage(view: PromotionView): string {
  return `${renderTitle(view)}\n\n${renderMergeMessage(view)}`;
}

/** The number stands where GitHub would put it. */
export function renderMergeTitle(view: PromotionView, number: number): string {
  return `${renderTitle(view)} (#${number})`;
}

/** Repeats the trailers, so that a squash keeps them. */
export function renderMergeMessage(view: PromotionView): string {
  const parts = view.parts ?? [view];
  return `${commitSentence(view)}\n\n${parts.map((part) => writeTrailers(trailersOf(part))).join("\n")}`;
}

function trailersOf(view: PromotionView): readonly Trailer[] {
  const { pipeline, environment, release, moves, source, requestedBy, overriddenBy } = view;
  return [
    { name: "Pipeline", value: pipeline },
    { name: "Environment", value: environment },
    ...release.versions.map(
      ({ image, tag, digest }): Trailer => ({ name: "Image", value: `${image}:${tag}@${digest}` }),
    ),
    ...moves.flatMap(fromTrailer),
    ...(source?.revisions ?? []).map(
      (revision): Trailer => ({ name: "Source-Revision", value: `${source?.repository ?? ""}@${revision}` }),
    ),
    ...(requestedBy === undefined ? [] : [{ name: "Requested-By", value: requestedBy } as const]),
    ...overriddenBy.map((by): Trailer => ({ name: "Overridden-By", value: by })),
  ];
}

function fromTrailer({ image, from }: ImageMove): readonly Trailer[] {
  if (!from?.tag && !from?.digest) return [];
  return [{ name: "From", value: `${image}${from.tag ? `:${from.tag}` : ""}${from.digest ? `@${from.digest}` : ""}` }];
}

function commitSentence({ environment, moves, places }: PromotionView): string {
  const where = `${countOf(places.length, "place")} of ${plainWord(environment)}`;
  const verb = places.length === 1 ? "changes" : "change";
  const [only] = moves;
  if (moves.length !== 1 || !only?.from?.tag || only.from.tag === only.to.tag) return `${where} ${verb}.`;
  return `${where} ${verb} from ${plainWord(only.from.tag)} to ${plainWord(only.to.tag)}.`;
}
