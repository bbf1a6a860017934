// Moves branches by compare-and-swap, all or none. What became of it is read from the branches themselves, never
// from the wording of an error.

import { askGraphql, type Github, read, write } from "./call-github.ts";
import { cleanSentence } from "./classify-error.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";
import type { RefMove } from "./write-request.ts";

export const MOVE_REFS = `
mutation MoveRefs($repository: ID!, $moves: [RefUpdate!]!) {
  updateRefs(input: { repositoryId: $repository, refUpdates: $moves }) { clientMutationId }
}`;

export interface MoveRequest {
  readonly at: RepositoryReference;
  /** Node id of the repository. */
  readonly node: string;
  readonly moves: readonly RefMove[];
}

export async function moveRefs(github: Github, { at, node, moves }: MoveRequest): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `move ${moves.map(({ branch }) => branch).join(", ")}`,
    ask: ({ octokit }) =>
      octokit.graphql(MOVE_REFS, { repository: node, moves: moves.map((move) => toRefUpdate(move, moves)) }),
  });
  if (written.kind === "ok") return { kind: "done", value: undefined };
  const heads = await readHeads(github, { at, branches: moves.map(({ branch }) => branch) });
  if (moves.every(({ branch, to }) => heads.get(branch) === to)) {
    return { kind: "already-so", value: undefined };
  }
  const moved = moves.find(({ branch, from }) => heads.get(branch) !== from);
  if (moved !== undefined) {
    const now = heads.get(moved.branch);
    return {
      kind: "moved-on",
      why: `${moved.branch} ${now === undefined ? "does not exist any more" : `is at ${now}`}`,
    };
  }
  if (written.kind === "unsure") throw written.error;
  return { kind: "refused", why: cleanSentence(written.sentence) };
}

function toRefUpdate({ branch, from, to }: RefMove, moves: readonly RefMove[]): Readonly<Record<string, unknown>> {
  const length = moves.flatMap((move) => [move.from, move.to]).find((oid) => oid !== undefined)?.length ?? 40;
  const none = "0".repeat(length);
  // A promotion's head goes straight from the old one to the new one, which does not stand on it.
  return { name: `refs/heads/${branch}`, beforeOid: from ?? none, afterOid: to ?? none, force: true };
}

interface Heads {
  readonly repository: Readonly<Record<string, { readonly target: { readonly oid: string } | null } | null>> | null;
}

/** Branch -> its head; branches that do not exist are missing. Throws when any of them cannot be read. */
async function readHeads(
  github: Github,
  { at, branches }: { readonly at: RepositoryReference; readonly branches: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const { data, errors } = await read(github, {
    at,
    doing: "read where the branches are",
    ask: ({ octokit, where }) =>
      askGraphql<Heads>(octokit, {
        query: headsQuery(branches.length),
        variables: {
          owner: where.owner,
          name: where.repo,
          ...Object.fromEntries(branches.map((branch, n) => [`ref${n}`, `refs/heads/${branch}`])),
        },
      }),
  });
  const [error] = errors;
  if (error) throw new Error(`Could not read where the branches are: GitHub said "${error.message}".`);
  const heads = branches.map((branch, n) => [branch, data.repository?.[`ref${n}`]?.target?.oid] as const);
  return new Map(heads.flatMap(([branch, oid]) => (oid === undefined ? [] : [[branch, oid]])));
}

export function headsQuery(count: number): string {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const variables = numbers.map((n) => `, $ref${n}: String!`).join("");
  const refs = numbers.map((n) => `ref${n}: ref(qualifiedName: $ref${n}) { target { oid } }`).join(" ");
  return `query Heads($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) { ${refs} }
}`;
}
