// Finds the version that a name is meant for, from the tag's own words: one that stood in every environment before, or that
// a person asked for. What was proven nowhere gets no name.

import type { Ledger } from "../domain/ledger.ts";
import type { Environment, ImageAlias, Pipeline } from "../domain/pipeline.ts";
import { type ImageVersion, type Release, sameRelease } from "../domain/release.ts";
import { reachedIn, requestedIn, whyKeptAway } from "./recall.ts";
import { capturesVersion, matchTag } from "./tag-pattern.ts";
import { code } from "./wording.ts";

export interface Proving {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly ledger: Ledger;
}

export type FoundVersion =
  | { readonly kind: "found"; readonly version: ImageVersion }
  /** One sentence without a full stop. */
  | { readonly kind: "missing"; readonly why: string };

/** By the environment's rule for tags; where the rule does not say which version a tag means, the newest that came far enough. */
export function findProven(tag: string, { alias, ...proving }: Proving & { readonly alias: ImageAlias }): FoundVersion {
  const rule = alias.policy?.tags;
  const said = rule === undefined ? tag : matchTag(rule, tag)?.version;
  if (said === undefined)
    return missing(`${code(tag)} does not match ${code(rule ?? "")}, the rule for tags of ${code(alias.image)} here`);
  const ignoring = (alias.policy?.ignore ?? []).find((ignore) => matchTag(ignore, tag) !== undefined);
  if (ignoring !== undefined) return missing(`${code(tag)} matches ${code(ignoring)}, which is ignored here`);
  const own = proving.pipeline.images.find(({ image }) => image === alias.as)?.policy.tags;
  const wordsOf = (name: string) => (own === undefined ? name : (matchTag(own, name)?.version ?? name));
  const proven = provenReleases(proving).flatMap(({ versions }) => versions.filter(({ image }) => image === alias.as));
  const saysWhich = rule === undefined || capturesVersion(rule);
  const version = proven.find((each) => !saysWhich || wordsOf(each.tag) === said);
  if (version) return { kind: "found", version };
  const where = proving.environment.sameAs ?? proving.environment.after.join(", ");
  return missing(
    where === ""
      ? `nothing was proven before ${code(proving.environment.name)}, so nothing can be given a name there`
      : `no version ${saysWhich ? `${code(said)} ` : ""}of ${code(alias.as)} that may go on has been in ${code(where)}`,
  );
}

function missing(why: string): FoundVersion {
  return { kind: "missing", why };
}

/** What somebody asked for first, then the newest arrival first. */
function provenReleases({ pipeline, environment, ledger }: Proving): readonly Release[] {
  const recalling = { pipeline, ledger };
  const requested = requestedIn(environment.name, recalling);
  const before = environment.sameAs === undefined ? environment.after : [environment.sameAs];
  const [first = [], ...others] = before.map((name) => reachedIn(name, recalling).map(({ release }) => release));
  const everywhere = first.filter((release) =>
    others.every((reached) => reached.some((each) => sameRelease(each, release))),
  );
  const good = everywhere.filter((release) => whyKeptAway(release, { ...recalling, environment }) === undefined);
  return requested ? [requested.release, ...good] : good;
}
