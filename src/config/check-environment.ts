// Rules about one environment of a pipeline: it has something to write, its other names belong to the pipeline's images,
// and its gates can be met where they stand.

import { isGitSource } from "../domain/git-source.ts";
import type { Draft, DraftEnvironment } from "./draft.ts";
import type { WrittenGate } from "./gate-table.ts";
import { suggestWord } from "./nearest-word.ts";
import { listed, startOf, type Written } from "./shape.ts";

type Rule = (environment: DraftEnvironment, draft: Draft) => void;

const RULES: readonly Rule[] = [
  somethingToWrite,
  knownImages,
  imagesHaveAliases,
  uniqueAliases,
  proposableGates,
  openWindows,
];

export function checkEnvironments(draft: Draft): void {
  for (const environment of draft.environments) {
    for (const rule of RULES) rule(environment, draft);
  }
}

function somethingToWrite({ name, at, written }: DraftEnvironment, { reading }: Draft): void {
  const { paths, fields } = written;
  const attempted = at.node.kind === "map" && at.node.entries.some(({ key }) => key === "paths" || key === "fields");
  if (paths === undefined && (fields === undefined || fields.value.length === 0) && !attempted) {
    const hint = "Add `paths`: the files or folders in which the versions of this environment stand.";
    reading.report({
      at: startOf(at),
      message: `The environment \`${name}\` has neither \`paths\` nor \`fields\`.`,
      hint,
    });
  }
  const included = paths?.value.filter(({ value }) => !value.startsWith("!")) ?? [];
  if (paths !== undefined && paths.value.length > 0 && included.length === 0) {
    reading.report({
      at: paths.at,
      message: "These `paths` exclude everything.",
      hint: "The first has to be without `!`.",
    });
  }
}

function knownImages({ written }: DraftEnvironment, { images, reading }: Draft): void {
  if (images === undefined) return;
  const named = [
    ...(written.images?.value ?? []).map((each) => ({ ...each, name: each.value.as, key: "as" })),
    ...(written.fields?.value ?? []).map(({ value, at }) =>
      value.git === undefined ? { at, name: value.image, key: "image" } : { at, name: value.git, key: "git" },
    ),
  ];
  for (const { at, name, key } of named) {
    if (name === undefined) {
      const written = at.node.kind === "map" && at.node.entries.some((entry) => entry.key === key);
      if (images.length === 1 || written) continue;
      const message = `The key \`${key}\` is missing: the pipeline has ${images.length} images.`;
      reading.report({ at: startOf(at), message, hint: `Say which it is: ${listed(images)}.` });
    } else if (!images.includes(name.value)) {
      const message = `The pipeline has no image \`${name.value}\`.`;
      reading.report({ at: name.at, message, hint: () => suggestWord(name.value, images) });
    }
  }
}

/** An alias is the name of an image in another registry; a Git repository is where it is. */
function imagesHaveAliases({ written }: DraftEnvironment, { images, reading }: Draft): void {
  for (const { value, at } of written.images?.value ?? []) {
    const meant = value.as?.value ?? images?.[0];
    if (meant === undefined || !isGitSource(meant)) continue;
    const message = "A Git repository has no other name in an environment.";
    reading.report({ at: startOf(at), message, hint: "Take this entry out." });
  }
}

function uniqueAliases({ written }: DraftEnvironment, { images, reading }: Draft): void {
  const taken = new Set<string>();
  for (const { value, at } of written.images?.value ?? []) {
    const original = value.as?.value ?? images?.[0];
    for (const name of [value.image && `image ${value.image.value}`, original && `as ${original}`]) {
      if (name === undefined) continue;
      if (taken.has(name)) {
        const message = `The image \`${name.replace(/^(?:image|as) /, "")}\` stands twice in \`images\` of this environment.`;
        reading.report({ at: startOf(at), message });
      }
      taken.add(name);
    }
  }
}

function proposableGates({ written }: DraftEnvironment, { reading }: Draft): void {
  for (const { value, at } of written["propose-when"]?.value ?? []) {
    for (const key of ["approvals", "checks"] as const) {
      if (value[key] === undefined) continue;
      const message = `\`${key}\` can never be met here: there is no pull request before it is proposed.`;
      reading.report({ at: startOf(at), message, hint: "Write it under `merge-when`." });
    }
  }
}

function openWindows({ written }: DraftEnvironment, { reading }: Draft): void {
  const gates: readonly Written<WrittenGate>[] = [
    ...(written["propose-when"]?.value ?? []),
    ...(written["merge-when"]?.value ?? []),
  ];
  for (const { value } of gates) {
    if (value.window === undefined) continue;
    const { from, to } = value.window.value;
    if ((from?.value ?? 0) < (to?.value ?? 24 * 60)) continue;
    const at = (to ?? from)?.at ?? value.window.at;
    reading.report({
      at,
      message: "This window closes before it opens.",
      hint: "A window opens and closes on the same day.",
    });
  }
}
