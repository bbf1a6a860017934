// Our reading of image references beside a library's, over random references that are sound. Broken ones are not shown to
// it: its expression takes exponential time for them, which is why it reads nothing in the program itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFamiliarName } from "@swimlane/docker-reference";
import fc from "fast-check";
import { parseImageReference, registryOf, repositoryOf } from "../../src/domain/image-name.ts";

const part = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4}){0,2}$/);
const host = fc.oneof(
  fc.constantFrom("", "localhost/", "localhost:5000/", "docker.io/", "index.docker.io/", "127.0.0.1:5000/"),
  fc.stringMatching(/^[a-z0-9]{1,5}(?:-[a-z0-9]{1,3})?\.[a-z]{2,5}(?::[0-9]{2,5})?\/$/),
);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const tag = fc.oneof(fc.constant(""), fc.stringMatching(/^:[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/));
const digest = fc.constantFrom("", `@sha256:${"4f".repeat(32)}`);
const sound = fc.tuple(host, path, tag, digest).map((parts) => parts.join(""));
interface Read {
  readonly host: string | undefined;
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

function ours(text: string): Read | undefined {
  const read = parseImageReference(text);
  if (read === undefined) return undefined;
  return { host: registryOf(read.image), repository: repositoryOf(read.image), tag: read.tag, digest: read.digest };
}

/** `undefined`: it throws, as it does for whatever it does not read. */
function theirs(text: string): Read | undefined {
  try {
    const read = parseFamiliarName(text);
    return { host: read.domain, repository: read.repository, tag: read.tag, digest: read.digest };
  } catch {
    return undefined;
  }
}

/**
 * What comes first and could be a host: with capitals it is one for container runtimes and for us; one that no host can be
 * called is none for us, and the beginning of a repository of no registry for the library.
 */
function isReadOtherwise(text: string): boolean {
  const [first = ""] = text.includes("/") ? text.split("/", 1) : [];
  return /[A-Z]/.test(first) || (/[.:]/.test(first) && !/^[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]+)?$/.test(first));
}

test("references as tools write them are read the same", () => {
  fc.assert(
    fc.property(sound, (text) => {
      if (isReadOtherwise(text)) return;
      assert.notEqual(theirs(text), undefined, text);
      assert.deepEqual(ours(text), theirs(text), text);
    }),
    { numRuns: 3_000 },
  );
});

test("T5: a repository of Docker Hub that is called like a host stays one of Docker Hub", () => {
  for (const alias of ["index.docker.io", "registry-1.docker.io"]) {
    const read = parseImageReference(`${alias}/ghcr.io/acme:1.8.0`);
    assert.deepEqual(read, { image: "docker.io/ghcr.io/acme", tag: "1.8.0" });
  }
});
