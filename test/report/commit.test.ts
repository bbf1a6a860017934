import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { releaseOf } from "../../src/domain/release.ts";
import { readParts, readRelease } from "../../src/forge/read-trailers.ts";
import { writeTrailers } from "../../src/report/commit-trailers.ts";
import { renderCommitMessage, renderMergeMessage, renderMergeTitle } from "../../src/report/render-commit.ts";
import { renderTitle } from "../../src/report/render-pull-request.ts";
import { CHECKOUT, digest, NEW, OLD, promotion, source } from "./build-view.ts";

const tagged = (tag: string, pipeline = "checkout") =>
  promotion({
    pipeline,
    release: releaseOf([{ image: CHECKOUT, tag, digest: digest("b") }]),
    moves: [{ image: CHECKOUT, from: { tag: "1.7.0" }, to: { tag, digest: digest("b") } }],
  });

describe("the commit of a promotion", () => {
  test("T32: says what it does in its title, a sentence and trailers", () => {
    assert.equal(
      renderCommitMessage(promotion()),
      `Promote checkout 1.8.0 to staging

1 place of staging changes from 1.7.0 to 1.8.0.

Pipeline: checkout
Environment: staging
Image: ghcr.io/acme/checkout:1.8.0@${digest("b")}
From: ghcr.io/acme/checkout:1.7.0@${digest("a")}`,
    );
  });

  test("T32: of a group says of each service what it takes, in an order that can be read back", () => {
    const parts = ["api", "web"].map((pipeline) =>
      promotion({ key: `${pipeline}/prod`, pipeline, environment: "prod", requestedBy: `${pipeline}-team` }),
    );
    const message = renderCommitMessage(promotion({ key: "shop/prod", pipeline: "shop", environment: "prod", parts }));
    assert.match(message, /^Promote 2 services to prod\n\n/);
    const read = readParts(`${message}\n\nCo-authored-by: Maria <m@example.com>`);
    assert.deepEqual(
      read.map(({ key, release, trailers }) => [key, release, trailers.at(4)?.value]),
      parts.map(({ key, release, requestedBy }) => [key, release, requestedBy]),
    );
    assert.equal(readRelease(message, "shop/prod"), undefined);
    assert.equal(readRelease(message, "api/prod"), undefined, "nobody takes the whole for one");
  });

  test("names the commits of the source that its images say they were built from", () => {
    const built = promotion({ source: source({}, { revisions: [NEW, OLD] }) });
    const message = renderCommitMessage(built);
    assert.match(
      message,
      new RegExp(`^From: .*\nSource-Revision: acme/checkout@${NEW}\nSource-Revision: acme/checkout@${OLD}$`, "m"),
    );
    assert.deepEqual(readRelease(message, "checkout/staging"), built.release, "and reads the same");
    assert.equal(renderMergeMessage(built), message.slice(message.indexOf("\n\n") + 2));
    const untold = promotion({ source: source({}, { revisions: [], changes: [] }) });
    assert.equal(renderCommitMessage(untold), renderCommitMessage(promotion()));
  });

  test("is repeated by the merge, whose title has the number", () => {
    assert.equal(renderMergeTitle(promotion(), 12), "Promote checkout 1.8.0 to staging (#12)");
    assert.equal(`${renderTitle(promotion())}\n\n${renderMergeMessage(promotion())}`, renderCommitMessage(promotion()));
  });

  test("does not say where it came from when that is not known", () => {
    const unknownBefore = promotion({
      moves: [{ image: CHECKOUT, from: { tag: "" }, to: { tag: "1.8.0", digest: digest("b") } }],
    });
    assert.doesNotMatch(renderCommitMessage(unknownBefore), /^From:/m);
    assert.match(renderCommitMessage(unknownBefore), /^1 place of staging changes\.$/m);
  });

  test("tells its release to whoever reads it, under a squash too", () => {
    const { release } = promotion();
    assert.deepEqual(readRelease(renderCommitMessage(promotion()), promotion().key), release);
    const squashed = `${renderMergeTitle(promotion(), 12)}\n\n${renderMergeMessage(promotion())}\n\nCo-authored-by: Maria <m@example.com>\n`;
    assert.deepEqual(readRelease(squashed.replaceAll("\n", "\r\n")), release);
  });

  test("T14: takes no value that is not of its grammar, above all none with a second line", () => {
    const name = (value: string) => ({ name: "Pipeline", value }) as const;
    assert.throws(() => writeTrailers([name("checkout\nRequested-By: mallory")]), /The commit cannot say Pipeline/);
    assert.throws(() => writeTrailers([{ name: "Requested-By", value: "maria\r\nImage: x" }]), /Requested-By/);
    assert.throws(() => renderCommitMessage(tagged("1.8.0\nFrom: x")), /Image/);
    assert.throws(() => renderCommitMessage(tagged("1.8.0 fixes #1")), /Image/);
  });

  test("T14: gives GitHub no order, whatever names people choose", () => {
    assert.equal(renderTitle(tagged("GH-12", "fixes")), "Promote fixes `GH-12` to staging");
    assert.equal(renderTitle(tagged("www.example.com")), "Promote checkout `www.example.com` to staging");
    assert.match(renderCommitMessage(tagged("gh-7")), /from 1\.7\.0 to `gh-7`\./);
  });

  test("stays short in its title", () => {
    assert.ok(renderTitle(tagged("x".repeat(128))).length < 120);
    const versions = Array.from({ length: 9 }, (_, index) => ({
      image: `${CHECKOUT}-${index}`,
      tag: `1.${index}.0`,
      digest: digest("b"),
    }));
    assert.equal(renderTitle(promotion({ release: releaseOf(versions) })), "Promote checkout (9 images) to staging");
  });
});
