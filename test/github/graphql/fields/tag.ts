// Annotated tags, and what they are of.

import { readTag } from "../../git/tag.ts";
import { identifyGitNode } from "../../model/identify-node.ts";
import type { FieldTable } from "../context.ts";
import { objectNode, type TagNode } from "../git-node.ts";

export const tagFields = {
  Tag: {
    id: ({ repository, oid }: TagNode) => identifyGitNode("tag", { repositoryId: repository.id, name: oid }),
    oid: ({ oid }: TagNode) => oid,
    abbreviatedOid: ({ oid }: TagNode) => oid.slice(0, 7),
    repository: ({ repository }: TagNode) => repository,
    name: (node: TagNode) => read(node).name,
    message: (node: TagNode) => read(node).message,
    target: (node: TagNode) => objectNode(node.repository, { oid: read(node).target }),
  },
} satisfies Readonly<Record<string, FieldTable>>;

function read({ repository, oid }: TagNode) {
  const tag = readTag(repository.git.objects, oid);
  if (tag === undefined) throw new Error(`The tag ${oid} vanished from the stand-in's git repository.`);
  return tag;
}
