// Trees, their entries, and blobs. GitHub cuts a blob's text after 512,000 bytes and says so; bytes that are no text
// have none.

import { readObject } from "../../git/object-store.ts";
import { entryType, type ListedEntry, readTree } from "../../git/tree.ts";
import { identifyGitNode } from "../../model/identify-node.ts";
import type { Repository } from "../../model/repository.ts";
import type { FieldTable } from "../context.ts";
import { type BlobNode, objectNode, type TreeNode } from "../git-node.ts";

const textLimit = 512_000;
/** git, too, takes a file for binary when one of its first bytes is zero */
const binaryWindow = 8_000;

export const treeFields = {
  Tree: {
    id: ({ repository, oid }: TreeNode) => identifyGitNode("tree", { repositoryId: repository.id, name: oid }),
    oid: ({ oid }: TreeNode) => oid,
    abbreviatedOid: ({ oid }: TreeNode) => oid.slice(0, 7),
    repository: ({ repository }: TreeNode) => repository,
    entries: ({ repository, oid, prefix }: TreeNode) =>
      (readTree(repository.git.objects, oid) ?? []).map(({ mode, name, oid: entryOid }) =>
        treeEntry(repository, { path: prefix + name, mode, type: entryType(mode), oid: entryOid }),
      ),
  },
  Blob: {
    id: ({ repository, oid }: BlobNode) => identifyGitNode("blob", { repositoryId: repository.id, name: oid }),
    oid: ({ oid }: BlobNode) => oid,
    abbreviatedOid: ({ oid }: BlobNode) => oid.slice(0, 7),
    repository: ({ repository }: BlobNode) => repository,
    byteSize: (blob: BlobNode) => bytesOf(blob).length,
    isBinary: (blob: BlobNode) => isBinary(bytesOf(blob)),
    isTruncated: (blob: BlobNode) => bytesOf(blob).length > textLimit,
    text: (blob: BlobNode) => {
      const bytes = bytesOf(blob);
      return isBinary(bytes) ? null : bytes.subarray(0, textLimit).toString("utf8");
    },
  },
} satisfies Readonly<Record<string, FieldTable>>;

/** The fields of a TreeEntry, for a tree's list and for a commit's `file(path)`. */
export function treeEntry(repository: Repository, { path, mode, type, oid }: ListedEntry): unknown {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return {
    name,
    path,
    type,
    oid,
    // GitHub prints the octal mode as a number: 100644 is 33188
    mode: Number.parseInt(mode, 8),
    size: () => (type === "blob" ? bytesOf({ repository, oid }).length : 0),
    extension: name.includes(".") ? name.slice(name.lastIndexOf(".")) : "",
    object: () => objectNode(repository, { oid, prefix: `${path}/` }),
    repository,
  };
}

function bytesOf({ repository, oid }: Pick<BlobNode, "repository" | "oid">): Buffer {
  const object = readObject(repository.git.objects, oid);
  if (object === undefined) throw new Error(`The blob ${oid} vanished from the stand-in's git repository.`);
  return object.body;
}

function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, binaryWindow).includes(0);
}
