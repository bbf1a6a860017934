import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readProposed } from "../../src/forge/read-proposed.ts";
import { readRelease, readTrailers } from "../../src/forge/read-trailers.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const image = `Image: ghcr.io/acme/checkout:1.8.0@${digest}`;
const title = "Promote checkout 1.8.0 to staging";
const release = { versions: [{ image: "ghcr.io/acme/checkout", tag: "1.8.0", digest }] };

describe("the release that a commit's trailers name", () => {
  const cases: readonly { readonly name: string; readonly message: string; readonly expected: unknown }[] = [
    {
      name: "one image",
      message: `${title}\n\nPipeline: checkout\nEnvironment: staging\n${image}\n`,
      expected: release,
    },
    { name: "CRLF", message: `${title}\r\n\r\n${image}\r\n`, expected: release },
    {
      name: "a squash that adds co-authors",
      message: `${title} (#7)\n\n* words\n\n${image}\n\nCo-authored-by: Alice <alice@example.com>`,
      expected: release,
    },
    { name: "no trailers", message: title, expected: undefined },
    { name: "a title that looks like one", message: image, expected: undefined },
    { name: "trailers that are not last", message: `${title}\n\n${image}\n\nand words`, expected: undefined },
    { name: "a tag without digest", message: `${title}\n\nImage: ghcr.io/acme/checkout:1.8.0`, expected: undefined },
    {
      name: "a digest without tag",
      message: `${title}\n\nImage: ghcr.io/acme/checkout@${digest}`,
      expected: undefined,
    },
    { name: "one good and one broken", message: `${title}\n\n${image}\nImage: what?`, expected: undefined },
    { name: "the same image twice", message: `${title}\n\n${image}\n${image}`, expected: undefined },
    { name: "another pipeline", message: `${title}\n\nPipeline: web\n${image}`, expected: undefined },
    { name: "another environment", message: `${title}\n\nEnvironment: live\n${image}`, expected: undefined },
    { name: "far too long", message: `${title}\n\n${image}${"\n".repeat(70_000)}`, expected: undefined },
  ];
  for (const { name, message, expected } of cases) {
    it(name, () => assert.deepEqual(readRelease(message, "checkout/staging"), expected));
  }

  it("sorts several images by name, so that releases compare", () => {
    const worker = `Image: ghcr.io/acme/a-worker:2@${digest}`;
    const read = readRelease(`${title}\n\n${image}\n${worker}`);
    assert.deepEqual(
      read?.versions.map((version) => version.image),
      ["ghcr.io/acme/a-worker", "ghcr.io/acme/checkout"],
    );
  });
});

it("gives the other trailers in their order", () => {
  assert.deepEqual(readTrailers("Title\n\nText.\n\nFrom: 1.7.0\nRequested-By: @alice"), [
    { key: "From", value: "1.7.0" },
    { key: "Requested-By", value: "@alice" },
  ]);
});

describe("what a commit proposes for a group", () => {
  const part = (pipeline: string, environment = "prod") =>
    `Pipeline: ${pipeline}\nEnvironment: ${environment}\n${image}\nFrom: ghcr.io/acme/checkout:1.7.0`;
  const proposed = (pipeline: string) => ({ key: `${pipeline}/prod`, release });
  const rows: readonly { readonly name: string; readonly trailers: string; readonly expected: unknown }[] = [
    { name: "two services", trailers: `${part("a")}\n${part("b")}`, expected: [proposed("a"), proposed("b")] },
    { name: "a single one", trailers: part("a"), expected: [proposed("a")] },
    { name: "one that stands twice", trailers: `${part("a")}\n${part("a")}`, expected: undefined },
    { name: "one without a version", trailers: `${part("a")}\nPipeline: b\nEnvironment: prod`, expected: undefined },
    { name: "one without an environment", trailers: `${part("a")}\nPipeline: b\n${image}`, expected: undefined },
    { name: "T18: one that no environment can be called", trailers: part("../a"), expected: undefined },
    { name: "an environment that stands twice", trailers: `${part("a")}\nEnvironment: dev`, expected: undefined },
  ];
  for (const { name, trailers, expected } of rows) {
    it(name, () => {
      const { parts } = readProposed(`${title}\n\n${trailers}`, "shop/prod");
      assert.deepEqual(parts, expected);
    });
  }

  it("is no matter where the branch is the environment's own", () => {
    assert.deepEqual(readProposed(`${title}\n\n${part("a")}`, "a/prod"), { release });
  });
});
