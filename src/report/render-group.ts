// The body of the pull request that goes to several services of an environment at once: first how far it is as a whole,
// then a section for each service. Everything of one service is said as it is on a pull request of its own.

import { countOf } from "../domain/count-words.ts";
import type { PromotionView } from "../domain/plan.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { fenced, NOTHING, name, trusted } from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { nameRelease } from "./name-release.ts";
import {
  type PullRequestDescription,
  progressSentence,
  pullRequestsOf,
  renderTitle,
  SECTION_NAMES,
  SECTIONS,
  type Section,
  viewService,
} from "./render-pull-request.ts";
import { LONGEST_BODY, renderWithin, tellLeftOut } from "./render-within.ts";
import { viewGates } from "./view-gates.ts";
import { sourcePages, viewSource } from "./view-source.ts";
import { descriptionMark } from "./write-marks.ts";

export interface JointView extends PromotionView {
  readonly parts: readonly PromotionView[];
}

export function isJoint(view: PromotionView): view is JointView {
  return view.parts !== undefined;
}

export function renderGroup(view: JointView, templates: CompiledTemplates): PullRequestDescription {
  const body = renderWithin({
    limit: LONGEST_BODY,
    droppable: SECTIONS,
    render: (leftOut) => templates["pull-request-group"](viewGroup(view, leftOut)),
  });
  assertSafeMarkdown(body, { references: view.parts.flatMap(pullRequestsOf), links: sourcePages(view) });
  return { title: renderTitle(view), body };
}

function viewGroup(view: JointView, leftOut: ReadonlySet<Section>) {
  const { parts, environment, saw } = view;
  const services = parts.map((part) => viewService(part, leftOut));
  return {
    opening: trusted(`Merging this moves ${countOf(parts.length, "service")} of ${name(environment)} together.`),
    progress: progressSentence(view),
    ...viewSource(view, { withCommits: !leftOut.has("commits") }),
    services: services.map(({ opening, digests: _, ...service }, index) => ({
      ...service,
      title: titleOf(parts[index]),
      what: opening,
      ...viewGates(leftOut.has("gates") ? [] : (parts[index]?.gates ?? [])),
    })),
    digests: services.flatMap(({ digests }) => digests),
    saw: leftOut.has("saw") || saw.length === 0 ? NOTHING : fenced(saw),
    leftOut: tellLeftOut(leftOut, SECTION_NAMES),
    closing: trusted(`To decline all these versions for ${name(environment)}, close the pull request.`),
    marker: descriptionMark(view.fingerprint),
  };
}

/** Escaped as a title is. */
function titleOf(part: PromotionView | undefined) {
  return trusted(part === undefined ? "" : nameRelease(part.pipeline, part.release));
}
