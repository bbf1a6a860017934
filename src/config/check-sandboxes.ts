// The rule that what is lent touches nobody else: the file of a sandbox is in no place where another pipeline has its
// versions. Two environments that name the same field are found where all fields are.

import { type Draft, type DraftEnvironment, describePlace } from "./draft.ts";
import { checkPathPattern, selectPaths } from "./path-patterns.ts";
import type { At } from "./source.ts";

interface Ground {
  readonly draft: Draft;
  readonly environment: DraftEnvironment;
  readonly at: At;
  readonly selects: (path: string) => boolean;
}

/** Where there are more, the rest is left to the review of the pull request that writes there. */
const MOST_SANDBOXES = 200;

export function checkSandboxes(drafts: readonly Draft[]): void {
  const lent = drafts.flatMap((draft) =>
    draft.environments.flatMap((environment) => {
      const file = environment.written.sandbox?.value.file;
      return file === undefined ? [] : [{ draft, environment, file }];
    }),
  );
  if (lent.length === 0) return;
  const grounds = drafts.flatMap(groundsOf);
  for (const { draft, environment, file } of lent.slice(0, MOST_SANDBOXES)) {
    const branch = environment.written.branch?.value;
    const rival = grounds.find(
      (each) => each.draft !== draft && each.environment.written.branch?.value === branch && each.selects(file.value),
    );
    if (rival === undefined) continue;
    const message = `\`${file.value}\` holds versions of \`${rival.draft.name}/${rival.environment.name}\` too.`;
    const hint = `Lend an environment by a file of its own; the other is in ${describePlace(rival.at, file.at)}.`;
    draft.reading.report({ at: file.at, message, hint });
  }
}

function groundsOf(draft: Draft): readonly Ground[] {
  return draft.environments.flatMap((environment) => {
    const { paths, fields } = environment.written;
    const files = (fields?.value ?? []).flatMap(({ value }) => value.file?.value ?? []);
    const sound = (paths?.value ?? []).filter(({ value }) => checkPathPattern(value) === undefined);
    const selects = selectPaths(sound.map(({ value }) => value.replace(/\/$/, "")));
    const at = paths?.at ?? environment.at;
    return [{ draft, environment, at, selects: (path: string) => files.includes(path) || selects(path) }];
  });
}
