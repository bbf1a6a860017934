// Obeys `/retag`: gives a digest that was proven the name that an environment needs. It is written to the ledger first,
// then done; the answer comes when the registry says what the name names, or why it does not.

import type { Command } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import { digestOfTag } from "../domain/image-state.ts";
import type { Ledger, Retag } from "../domain/ledger.ts";
import type { Environment, ImageAlias, Pipeline } from "../domain/pipeline.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { ImageVersion } from "../domain/release.ts";
import { nameKey } from "../domain/retag-image.ts";
import { findProven } from "./find-proven.ts";
import { findOneEnvironment } from "./find-targets.ts";
import { notFound, type Obeying } from "./obey-hold.ts";
import type { Obeyed } from "./order.ts";
import { triedFor } from "./plan-retags.ts";
import { code, shortDigest } from "./wording.ts";

type RetagCommand = Extract<Command, { verb: "retag" }>;

export function obeyRetag({ target, tag }: RetagCommand, obeying: Obeying): Obeyed {
  const { order, context } = obeying;
  const pending = context.ledger.retags.filter(({ id }) => id === order.id);
  if (pending.length > 0) return settle(pending, obeying);
  const found = findOneEnvironment(target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const { pipeline, environment } = found;
  if (environment.images.length === 0) return whyNoNames(tag, { pipeline, environment });
  const meant = environment.images.map((alias) => ({
    alias,
    proven: findProven(tag, { alias, pipeline, environment, ledger: context.ledger }),
  }));
  const wanted = meant.flatMap(({ alias, proven }): readonly Wanted[] =>
    proven.kind === "found" ? [{ alias, tag, version: proven.version }] : [],
  );
  const missing = meant.flatMap(({ proven }) => (proven.kind === "missing" ? [proven.why] : []));
  if (wanted.length === 0) return { kind: "refused", what: listOf(missing.slice(0, 5)) };
  return begin(wanted, { pipeline, environment, obeying });
}

interface Wanted {
  readonly alias: ImageAlias;
  readonly tag: string;
  readonly version: ImageVersion;
}

interface Place {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
}

function whyNoNames(tag: string, { pipeline, environment }: Place): Obeyed {
  const others = pipeline.environments.filter(({ images }) => images.length > 0).map(({ name }) => name);
  return {
    kind: "refused",
    what: `${code(environmentKey(pipeline, environment))} takes its images by the names that they come with, so none is missing`,
    notes: others.slice(0, 5).map((name) => `for another environment, write ${code(`/retag ${tag} in ${name}`)}`),
  };
}

function begin(wanted: readonly Wanted[], { pipeline, environment, obeying }: Place & Obeyings): Obeyed {
  const { order, context } = obeying;
  const judged = wanted.map((each) => ({ each, verdict: judgeName(each, obeying) }));
  const needs = judged.flatMap(({ verdict }) => (verdict.kind === "needs" ? verdict.needs : []));
  if (needs.length > 0) return { kind: "waits", why: "the registry is asked about that name", needs };
  for (const { verdict } of judged) {
    if (verdict.kind === "ordered") return { kind: "waits", why: verdict.why, needs: [] };
    if (verdict.kind === "refused") return { kind: "refused", what: verdict.why };
  }
  // The registry is asked once more before it is written to; one that nobody has pushed to yet cannot be read before that.
  const free = judged.filter(({ verdict }) => verdict.kind !== "named").map(({ each }) => each);
  if (free.length === 0) return { kind: "noted", what: `${listOf(wanted.map(describe))} already` };
  const { by, at, id } = order;
  const retags = free.map(
    ({ alias, tag, version }): Retag => ({
      id,
      pipeline: pipeline.name,
      environment: environment.name,
      from: alias.as,
      digest: version.digest,
      image: alias.image,
      tag,
      by: by.login,
      byId: by.id,
      at,
    }),
  );
  const ledger = { ...context.ledger, retags: [...context.ledger.retags, ...retags] };
  return { kind: "waits", why: UNDER_WAY, needs: [], begun: { ledger, news: `${by.login} ordered ${order.line}` } };
}

interface Obeyings {
  readonly obeying: Obeying;
}

const UNDER_WAY = "the name is being written";

type Judged =
  | { readonly kind: "free" | "named" }
  | { readonly kind: "refused" | "unknown" | "ordered"; readonly why: string }
  | { readonly kind: "needs"; readonly needs: readonly Need[] };

function judgeName({ alias: { image }, tag, version }: Wanted, { context }: Obeying): Judged {
  const name = { image, tag };
  const right = context.observed.namings?.[nameKey(name)];
  if (right === undefined) return { kind: "needs", needs: [{ kind: "may-name", ...name }] };
  if (right.kind === "refused") return { kind: "refused", why: right.why };
  if (context.ledger.retags.some((each) => nameKey(each) === nameKey(name)))
    return { kind: "ordered", why: "somebody ordered that name a moment ago" };
  return judgeDigest({ ...name, digest: version.digest }, { context });
}

/** What the name names now: it never moves. */
function judgeDigest(
  { image, tag, digest }: Pick<Retag, "image" | "tag" | "digest">,
  { context }: Pick<Obeying, "context">,
): Judged {
  const state = context.observed.images[image];
  const seen = state?.kind === "known" ? digestOfTag(state.value, tag) : state;
  if (seen === undefined) return { kind: "needs", needs: [{ kind: "digest", image, tag }] };
  if (seen.kind === "unknown")
    return { kind: "unknown", why: `${code(`${image}:${tag}`)} could not be read: ${seen.why}` };
  if (seen.value === undefined) return { kind: "free" };
  if (seen.value === digest) return { kind: "named" };
  return {
    kind: "refused",
    why: `${code(`${image}:${tag}`)} names ${code(shortDigest(seen.value))} already, and a name does not move`,
  };
}

function describe({ alias, tag, version }: Wanted): string {
  return `${code(`${alias.image}:${tag}`)} names ${code(shortDigest(version.digest))}`;
}

/** What became of the names that this order is waiting for. */
function settle(pending: readonly Retag[], { order, context }: Obeying): Obeyed {
  const ledger: Ledger = { ...context.ledger, retags: context.ledger.retags.filter(({ id }) => id !== order.id) };
  const tries = pending.map((each) => triedFor(each, context.observed.retagged));
  const refused = tries.find((each) => each?.kind === "refused");
  if (refused) return { kind: "refused", what: `no name was written: ${refused.what}`, ledger };
  const judged = pending.map((each) => judgeDigest(each, { context }));
  const needs = judged.flatMap((each) => (each.kind === "needs" ? each.needs : []));
  if (needs.length > 0) return { kind: "waits", why: "the registry is asked about that name", needs };
  const moved = judged.find((each) => each.kind === "refused");
  if (moved?.kind === "refused") return { kind: "refused", what: moved.why, ledger };
  if (judged.every(({ kind }) => kind === "named")) {
    const names = pending.map(
      ({ image, tag, digest }) => `${code(`${image}:${tag}`)} names ${code(shortDigest(digest))}`,
    );
    const how = [...new Set(tries.flatMap((each) => (each?.kind === "done" ? [each.what] : [])))];
    return { kind: "done", ledger, what: listOf(names), notes: how };
  }
  const setback = tries.find((each) => each?.kind === "unknown");
  return { kind: "waits", why: setback?.what ?? UNDER_WAY, needs: [] };
}
