// Reads texts by blob id, many at a time. A text counts only if its bytes hash to the id that it was asked by; what
// GraphQL changes on the way (a byte order mark, broken characters) or cuts is read again as bytes.

import { type Seen, unknown } from "../domain/seen.ts";
import { askGraphql, errorAt, type Github, read, readOrRefusal } from "./call-github.ts";
import { blobIdOf, decodeBlob, decodeText, LARGEST_BLOB } from "./decode-blob.ts";
import type { RepositoryReference } from "./forge.ts";

const BATCH = 50;

interface BlobNode {
  readonly byteSize?: number;
  readonly isBinary?: boolean | null;
  readonly isTruncated?: boolean;
  readonly text?: string | null;
}

interface Answer {
  readonly repository: Readonly<Record<string, BlobNode | null>> | null;
}

export async function readBlobs(
  github: Github,
  { at, oids }: { readonly at: RepositoryReference; readonly oids: readonly string[] },
): Promise<ReadonlyMap<string, Seen<string>>> {
  const wanted = [...new Set(oids)];
  const texts = new Map<string, Seen<string>>();
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    for (const [oid, text] of await readBatch(github, { at, oids: batch })) texts.set(oid, text);
  }
  return texts;
}

async function readBatch(
  github: Github,
  { at, oids }: { readonly at: RepositoryReference; readonly oids: readonly string[] },
): Promise<readonly (readonly [string, Seen<string>])[]> {
  const { data, errors } = await read(github, {
    at,
    doing: `read ${oids.length} files`,
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: blobsQuery(oids.length),
        variables: {
          owner: where.owner,
          name: where.repo,
          ...Object.fromEntries(oids.map((oid, n) => [`oid${n}`, oid])),
        },
      }),
  });
  const texts: (readonly [string, Seen<string>])[] = [];
  for (const [n, oid] of oids.entries()) {
    const error = errorAt(errors, ["repository", `blob${n}`]) ?? (data.repository ? undefined : errors[0]);
    const node = data.repository?.[`blob${n}`];
    const judged = error ? unknown(`GitHub said "${error.message}"`) : judge(oid, node);
    texts.push([oid, judged === "read-bytes" ? await readBytes(github, { at, oid }) : judged]);
  }
  return texts;
}

export function blobsQuery(count: number): string {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const variables = numbers.map((n) => `, $oid${n}: GitObjectID!`).join("");
  const blobs = numbers.map((n) => `blob${n}: object(oid: $oid${n}) { ...blob }`).join("\n    ");
  return `query Blobs($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
    ${blobs}
  }
}
fragment blob on Blob { byteSize isBinary isTruncated text }`;
}

function judge(oid: string, node: BlobNode | null | undefined): Seen<string> | "read-bytes" {
  if (!node || node.byteSize === undefined) return unknown("GitHub has no such file content");
  if (node.byteSize > LARGEST_BLOB)
    return unknown(`it has ${node.byteSize} bytes, more than the ${LARGEST_BLOB} that are read`);
  if (node.isBinary === true) return unknown("it is not text");
  if (typeof node.text !== "string" || node.isTruncated === true) return "read-bytes";
  const bytes = Buffer.from(node.text, "utf8");
  return blobIdOf(bytes, oid.length) === oid ? decodeText(bytes) : "read-bytes";
}

async function readBytes(
  github: Github,
  { at, oid }: { readonly at: RepositoryReference; readonly oid: string },
): Promise<Seen<string>> {
  const answer = await readOrRefusal(github, {
    at,
    doing: `read the bytes of ${oid}`,
    ask: ({ octokit, where }) => octokit.rest.git.getBlob({ ...where, file_sha: oid }),
  });
  if (answer.kind === "answered") return unknown(`GitHub answered ${answer.status}, "${answer.sentence}"`);
  const { content, encoding } = answer.value.data;
  const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  return decodeBlob(oid, bytes);
}
