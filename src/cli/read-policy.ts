// A policy from the options of `stagecoach versions`: the same words, and the same checks, as in a pipeline file.

import { isTag } from "../domain/image-name.ts";
import type { Policy, PolicyFilter, Selection } from "../domain/pipeline.ts";
import { readPlatform } from "../domain/platform.ts";
import type { Given, OptionForm } from "./read-arguments.ts";
import { READING_RULES } from "./reading-rules.ts";

export const POLICY_OPTIONS: readonly OptionForm[] = [
  {
    name: "semver",
    value: "<range>",
    description: 'the highest version within a range such as ">=1.0 <2.0"; "*" unless given',
  },
  { name: "newest", description: "the image that was built last" },
  { name: "numerical", value: "<asc|desc>", description: "the highest number, or the lowest" },
  { name: "alphabetical", value: "<asc|desc>", description: "the last in alphabetical order, or the first" },
  { name: "digest", value: "<tag>", description: "whatever this one tag names" },
  {
    name: "tags",
    value: "<pattern>",
    description: "only tags that match this RE2 pattern; its group `version` is compared",
  },
  { name: "ignore", value: "<pattern>", repeatable: true, description: "no tags that match this RE2 pattern" },
  {
    name: "platform",
    value: "<os/architecture>",
    repeatable: true,
    description: "only versions with an image for it, such as linux/arm64",
  },
];

const SELECTIONS = ["semver", "newest", "numerical", "alphabetical", "digest"];

export type PolicyReading =
  | { readonly kind: "policy"; readonly policy: Policy }
  /** A sentence. */
  | { readonly kind: "wrong"; readonly why: string };

export function readPolicy(given: Given): PolicyReading {
  const chosen = SELECTIONS.filter((name) => given.has(name)).map((name) => `\`--${name}\``);
  if (chosen.length > 1) return wrong(`A policy has one order: only one of ${chosen.join(" and ")} may be given.`);
  const selection = readSelection(given);
  if (selection.kind === "wrong") return selection;
  const filter = readFilter(given);
  if ("why" in filter) return filter;
  const platforms: string[] = [];
  for (const written of given.texts("platform")) {
    const platform = readPlatform(written);
    if (platform === undefined) return wrong(`\`${shown(written)}\` is no platform; one is written \`linux/arm64\`.`);
    platforms.push(platform);
  }
  return {
    kind: "policy",
    policy: { ...selection.selection, ...filter, ...(platforms.length > 0 && { platforms }) },
  };
}

type SelectionReading =
  | { readonly kind: "selection"; readonly selection: Selection }
  | { readonly kind: "wrong"; readonly why: string };

function readSelection(given: Given): SelectionReading {
  const selected = (selection: Selection): SelectionReading => ({ kind: "selection", selection });
  if (given.has("newest")) return selected({ kind: "newest" });
  const tag = given.text("digest");
  if (tag !== undefined) {
    return isTag(tag) ? selected({ kind: "digest", tag }) : wrong(`\`${shown(tag)}\` cannot be a tag.`);
  }
  for (const kind of ["numerical", "alphabetical"] as const) {
    const word = given.text(kind);
    if (word === undefined) continue;
    if (word === "asc") return selected({ kind, order: "ascending" });
    if (word === "desc") return selected({ kind, order: "descending" });
    return wrong(`\`--${kind}\` is \`asc\` or \`desc\`, not \`${shown(word)}\`.`);
  }
  const range = given.text("semver") ?? "*";
  const fault = READING_RULES.range(range);
  if (fault === undefined) return selected({ kind: "semver", range });
  return wrong(`The range \`${shown(range)}\` cannot be read: ${fault}. Write for example \`>=1.0 <2.0\`.`);
}

function readFilter(given: Given): PolicyFilter | { readonly kind: "wrong"; readonly why: string } {
  const tags = given.text("tags");
  const ignore = given.texts("ignore");
  for (const pattern of [...(tags === undefined ? [] : [tags]), ...ignore]) {
    const fault = READING_RULES.pattern(pattern);
    if (fault === undefined) continue;
    return wrong(`The pattern \`${shown(pattern)}\` cannot be used: ${fault}. Patterns are RE2, without look-around.`);
  }
  return { ...(tags !== undefined && { tags }), ignore };
}

function wrong(why: string): { readonly kind: "wrong"; readonly why: string } {
  return { kind: "wrong", why };
}

function shown(text: string): string {
  return text.slice(0, 120);
}
