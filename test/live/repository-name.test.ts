import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { repositoryNameOf } from "../../src/live/repository-name.ts";

const ROWS: readonly (readonly [string, string | undefined])[] = [
  ["https://github.com/Acme/Shop-Env", "acme/shop-env"],
  ["https://github.com/acme/shop-env.git", "acme/shop-env"],
  ["https://user:token@github.com/acme/shop-env.git/", "acme/shop-env"],
  ["http://git.acme.com:8080/acme/env?ref=main", "acme/env"],
  ["ssh://git@github.com/acme/shop-env", "acme/shop-env"],
  ["ssh://git@github.com:22/acme/shop.env.git", "acme/shop.env"],
  ["git@github.com:acme/shop-env.git", "acme/shop-env"],
  ["github.com:acme/shop-env", "acme/shop-env"],
  // More parts, or fewer, are no repository of GitHub.
  ["https://gitlab.com/group/sub/project", undefined],
  ["https://github.com/acme", undefined],
  ["https://github.com/acme/..", undefined],
  ["oci://ghcr.io/acme/manifests/web", undefined],
  ["/srv/git/acme/env", undefined],
  ["", undefined],
  [`https://github.com/acme/${"a".repeat(5_000)}`, undefined],
];

describe("the repository that an address names", () => {
  for (const [address, name] of ROWS) {
    test(`${address.slice(0, 60) || "an empty text"}: ${name ?? "none"}`, () =>
      assert.equal(repositoryNameOf(address), name));
  }
});
