// Rules about groups, whose environments are proposed together: one name and one branch for all of a group, no pipeline of
// that name, and nothing that follows another environment backwards.

import { type Draft, type DraftEnvironment, describePlace } from "./draft.ts";
import type { Written } from "./shape.ts";

interface Member {
  readonly draft: Draft;
  readonly environment: DraftEnvironment;
  readonly group: Written<string>;
}

export function checkGroups(drafts: readonly Draft[]): void {
  const members = drafts.flatMap((draft) =>
    draft.environments.flatMap((environment): readonly Member[] => {
      const { group, name } = environment.written;
      // Without a name it has its finding already.
      return group === undefined || name === undefined ? [] : [{ draft, environment, group }];
    }),
  );
  const pipelines = new Map(drafts.filter(({ isSample }) => !isSample).map((draft) => [draft.name, draft]));
  const first = new Map<string, Member>();
  for (const member of members) {
    notLikeAPipeline(member, pipelines);
    notSameAs(member);
    const known = first.get(member.group.value);
    if (known === undefined) first.set(member.group.value, member);
    else likeTheFirst(member, known);
  }
}

/** The names of both stand in the names of branches. */
function notLikeAPipeline({ draft, group }: Member, pipelines: ReadonlyMap<string, Draft>): void {
  const pipeline = pipelines.get(group.value);
  if (pipeline === undefined) return;
  const message = `A group cannot be called \`${group.value}\`: there is a pipeline of that name.`;
  const hint = `The pipeline is in ${describePlace(pipeline.at, group.at)}.`;
  draft.reading.report({ at: group.at, message, hint });
}

function notSameAs({ draft, environment, group }: Member): void {
  if (environment.written["same-as"] === undefined) return;
  const message =
    "An environment with `same-as` cannot have a `group`: it may go backwards, and the others would wait.";
  draft.reading.report({ at: group.at, message, hint: "Remove one of them." });
}

function likeTheFirst({ draft, environment, group }: Member, first: Member): void {
  const where = `the group begins in ${describePlace(first.group.at, group.at)}`;
  if (environment.name !== first.environment.name) {
    const message = `The environments of group \`${group.value}\` have different names: \`${first.environment.name}\` and \`${environment.name}\`.`;
    const hint = `One pull request goes to one stage; ${where}.`;
    draft.reading.report({ at: group.at, message, hint });
    return;
  }
  const [branch, other] = [environment.written.branch?.value, first.environment.written.branch?.value];
  if (branch === other) return;
  const message = `The environments of group \`${group.value}\` stand on different branches: ${nameBranch(other)} and ${nameBranch(branch)}.`;
  draft.reading.report({ at: group.at, message, hint: `One pull request goes to one branch; ${where}.` });
}

function nameBranch(branch: string | undefined): string {
  return branch === undefined ? "the default branch" : `\`${branch}\``;
}
