// Who may give commands to an environment: whom its repository names, and whom the operator names beside that. The word
// `CODEOWNERS` becomes the people who own every file of the environment; where there are none, nobody is named.

import type { Environment } from "../domain/pipeline.ts";
import { matchesName, type SettingsFloor } from "../domain/settings.ts";
import { CODE_OWNERS } from "./configuration-files.ts";
import type { Draft, DraftEnvironment } from "./draft.ts";
import type { WrittenEnvironment } from "./environment-table.ts";
import type { OwnerSearch } from "./find-owners.ts";
import { startOf } from "./shape.ts";
import type { At } from "./source.ts";

type WrittenAllow = NonNullable<WrittenEnvironment["allow"]>;

export interface AllowContext {
  readonly draft: Draft;
  readonly floor: readonly SettingsFloor[];
  readonly owners: OwnerSearch;
}

export function normaliseAllow(
  environment: DraftEnvironment,
  { draft, floor, owners }: AllowContext,
): Pick<Environment, "allow" | "demanded"> {
  const written = environment.written.allow;
  const own = Object.entries(written === undefined ? {} : writtenAllow(written));
  const rules = floor.filter(({ environments }) => environments.some((name) => matchesName(name, environment.name)));
  const demanded = new Map<string, readonly (readonly string[])[]>();
  for (const [verb, people] of rules.flatMap(({ allow = {} }) => Object.entries(allow))) {
    const list = expand(people, { ...{ environment, draft, owners, verb }, at: startOf(environment.at) });
    demanded.set(verb, [...(demanded.get(verb) ?? []), list]);
  }
  return {
    allow: Object.fromEntries(
      own.map(([verb, people]) => {
        const at = written?.value[verb]?.at ?? environment.at;
        return [verb, expand(people, { environment, draft, owners, verb, at })];
      }),
    ),
    demanded: Object.fromEntries(demanded),
  };
}

/** As written, with the word for the owners. */
export function writtenAllow({ value }: WrittenAllow): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([verb, people]) =>
      people === undefined ? [] : [[verb, people.value.map((person) => person.value)]],
    ),
  );
}

interface Expansion {
  readonly environment: DraftEnvironment;
  readonly draft: Draft;
  readonly owners: OwnerSearch;
  readonly verb: string;
  /** Where a warning points. */
  readonly at: At;
}

function expand(people: readonly string[], { environment, draft, owners, verb, at }: Expansion): readonly string[] {
  if (!people.includes(CODE_OWNERS)) return people;
  const found = owners.ownersOf({
    paths: environment.written.paths?.value.map(({ value }) => value) ?? [],
    files: environment.written.fields?.value.flatMap(({ value }) => value.file?.value ?? []) ?? [],
  });
  const named = [...new Set([...people.filter((person) => person !== CODE_OWNERS), ...found.owners])];
  if (found.owners.length === 0) {
    const rest = named.length === 0 ? "nobody" : "nobody but those named besides";
    draft.reading.report({
      at,
      severity: "warning",
      message: `${found.why}, so ${rest} may give \`/${verb}\` in \`${environment.name}\`.`,
      hint: "Add a line for its paths at the end of `.github/CODEOWNERS`, or name people.",
    });
  }
  return named;
}
