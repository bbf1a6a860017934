import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseImageId } from "../../../src/live/kubernetes/find-running-containers.ts";
import { digest } from "./build.ts";

const ROWS: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ["a repository and a digest", `ghcr.io/acme/web@${digest("a")}`, digest("a")],
  ["the form of dockershim", `docker-pullable://ghcr.io/acme/web@${digest("a")}`, digest("a")],
  ["a mirror's repository", `127.0.0.1:5000/acme/web@${digest("a")}`, digest("a")],
  // These two are digests of the image's configuration.
  ["a digest alone", digest("a"), undefined],
  ["a digest behind a scheme", `docker://${digest("a")}`, undefined],
  ["nothing pulled yet", "", undefined],
  ["no status", undefined, undefined],
  ["a tag", "ghcr.io/acme/web:1.8.0", undefined],
  ["a digest that is cut", `ghcr.io/acme/web@${digest("a").slice(0, 40)}`, undefined],
  ["something behind the digest", `ghcr.io/acme/web@${digest("a")}<script>`, undefined],
];

describe("the digest in a container's imageID", () => {
  for (const [what, imageId, expected] of ROWS) {
    test(`${what}: ${expected === undefined ? "none" : "found"}`, () => {
      assert.equal(parseImageId(imageId), expected);
    });
  }
});
