// Which repository an address means, and what a person means by the beginning of a commit.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  isRevisionName,
  isTagName,
  nameGitSource,
  parseGitSource,
  readGitAddress,
} from "../../src/domain/git-source.ts";
import { meansIdentity, parseVersionReference, shortIdentity } from "../../src/domain/identity.ts";
import { normaliseImageName } from "../../src/domain/image-name.ts";
import { describeRelease, releaseOf } from "../../src/domain/release.ts";

const WEB = "git:github.com/acme/web";
const COMMIT = `commit:${"3f2a1c9".padEnd(40, "0")}`;
const DIGEST = `sha256:${"ab".repeat(32)}`;

describe("an address means the repository", () => {
  const rows: readonly (readonly [address: string, rest: string])[] = [
    ["https://github.com/acme/web", ""],
    ["https://github.com/Acme/Web.git", ""],
    ["https://GitHub.com/acme/web/", "/"],
    ["https://bot@github.com/acme/web", ""],
    ["ssh://git@github.com/acme/web.git", ""],
    ["ssh://git@github.com:22/acme/web.git", ""],
    ["git@github.com:acme/web.git", ""],
    ["git@github.com:/acme/web", ""],
    ["github.com/acme/web//deploy?ref=v1", "//deploy?ref=v1"],
    ["git::https://github.com/acme/web.git?ref=v1", "?ref=v1"],
    ["git@github.com:acme/web//deploy?ref=v1", "//deploy?ref=v1"],
  ];
  for (const [address, rest] of rows) {
    it(address, () => assert.deepEqual(readGitAddress(address), { source: WEB, rest }));
  }

  it("of a GitHub of one's own, with its port", () => {
    const source = "git:ghe.acme.com:8443/acme/web";
    assert.deepEqual(readGitAddress("https://ghe.acme.com:8443/acme/web.git"), { source, rest: "" });
  });
});

describe("no address of a repository is", () => {
  const rows = [
    "",
    "../base",
    "deployment.yaml",
    "oci://ghcr.io/acme/web",
    "https://user:secret@github.com/acme/web",
    "https://github.com",
    "https://github.com/acme",
    "https://github.com/acme/..",
    "https://github.com/ac me/web",
    "https://github.com//web",
    "file:///acme/web",
    "javascript:acme/web",
    "https://{{host}}/acme/web",
    `https://github.com/acme/${"x".repeat(600)}`,
  ];
  for (const address of rows) {
    it(JSON.stringify(address.slice(0, 60)), () => {
      const source = readGitAddress(address)?.source ?? "";
      assert.ok(!source.startsWith("git:github.com/") && !source.includes("{"), source);
    });
  }
});

describe("the name of a repository", () => {
  it("is never that of an image, and stays what it is", () => {
    assert.equal(nameGitSource({ host: "github.com", owner: "Acme", repository: "Web" }), WEB);
    assert.deepEqual(parseGitSource(WEB), { host: "github.com", owner: "acme", repository: "web" });
    assert.equal(normaliseImageName(WEB), undefined);
    for (const wrong of ["git:github.com/acme/web.git", "git:github.com/acme/web/x", "git:github.com/acme", "git:/a/b"])
      assert.equal(parseGitSource(wrong), undefined, wrong);
  });
});

describe("a revision", () => {
  it("may be called what Git allows and nothing else reads in another way", () => {
    for (const name of ["v1.0.0", "1.0.0+build.5", "checkout@1.2.3", "release/2026-11", "heads/main", "__proto__"])
      assert.ok(isRevisionName(name), name);
    const wrong = [
      "",
      "-v1",
      "a b",
      "a..b",
      "a/",
      "/a",
      "a//b",
      "a.lock",
      "v1~2",
      "a:b",
      "`a`",
      "a\nb",
      "refs/tags/v1",
      "é",
    ];
    for (const name of [...wrong, "x".repeat(201)]) assert.ok(!isRevisionName(name), name);
    assert.ok(!isTagName("heads/main"), "a tag of this name would read like a branch");
  });

  it("is written and read back with the repository and its commit", () => {
    for (const tag of ["v1.0.0", "heads/main", "checkout@1.2.3"]) {
      assert.deepEqual(parseVersionReference(`${WEB}:${tag}@${COMMIT}`), { image: WEB, tag, digest: COMMIT });
    }
    assert.deepEqual(parseVersionReference(`${WEB}@${COMMIT}`), { image: WEB, digest: COMMIT });
    assert.deepEqual(parseVersionReference(`ghcr.io/acme/web:1@${DIGEST}`), {
      image: "ghcr.io/acme/web",
      tag: "1",
      digest: DIGEST,
    });
    for (const wrong of [
      `${WEB}:a b@${COMMIT}`,
      `${WEB}:v1@commit:123 `,
      `git:x:v1@${COMMIT}`,
      `${WEB}:v1@${COMMIT}\n`,
    ])
      assert.equal(parseVersionReference(wrong), undefined, wrong);
  });

  it("is meant by the beginning of its commit, at least seven digits of it", () => {
    for (const written of ["3f2a1c9", "3f2a1c90000", "commit:3f2a1c9", COMMIT])
      assert.ok(meansIdentity(written, COMMIT));
    for (const written of ["3f2a1c", "3f2a1c8", "commit:3f", "v1.0", DIGEST])
      assert.ok(!meansIdentity(written, COMMIT));
    assert.ok(!meansIdentity("abababa", DIGEST), "the digits of a digest alone are a tag");
    assert.ok(meansIdentity(DIGEST.slice(0, 20), DIGEST));
  });

  it("is told by its tag, and of a branch by its commit", () => {
    assert.equal(shortIdentity(COMMIT), "commit 3f2a1c9");
    assert.equal(describeRelease(releaseOf([{ image: WEB, tag: "v1.0.0", digest: COMMIT }])), "v1.0.0");
    assert.equal(describeRelease(releaseOf([{ image: WEB, tag: "heads/main", digest: COMMIT }])), "main@3f2a1c9");
    const two = releaseOf([
      { image: WEB, tag: "heads/main", digest: COMMIT },
      { image: "ghcr.io/acme/cart", tag: "1.8.0", digest: DIGEST },
    ]);
    assert.equal(describeRelease(two), "cart 1.8.0, web main@3f2a1c9");
  });
});
