// Whether a place has applied a release of which a Git repository is a part: by the commit of the config repository, or by
// the promoted commit itself where a reconciler follows the promoted repository.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveRevision, LiveState } from "../../src/domain/live-state.ts";
import { type ImageVersion, releaseOf } from "../../src/domain/release.ts";
import { answer } from "../../src/plan/answer.ts";
import { whatIsApplied } from "../../src/plan/what-is-applied.ts";
import { digestOf, environment, IMAGE, noon, observed } from "./build.ts";
import { container, HEAD, liveState } from "./build-live.ts";

const PROMOTED = "1".repeat(40);
const OLDER = "2".repeat(40);
const MANIFESTS: ImageVersion = { image: "git:github.com/acme/manifests", tag: "v1.8.0", digest: `commit:${PROMOTED}` };
const WEB: ImageVersion = { image: IMAGE, tag: "1.8.0", digest: digestOf("1.8.0") };
const NONE: Pick<LiveState, "containers"> = { containers: [] };
const RUNS: Pick<LiveState, "containers"> = { containers: [container(digestOf("1.8.0"))] };

function git(id: string, repository?: string): LiveRevision {
  return { kind: "git", id, ...(repository !== undefined && { repository }) };
}

function judge(
  versions: readonly ImageVersion[],
  {
    revisions,
    containers,
  }: Pick<LiveState, "containers"> & { readonly revisions: readonly LiveRevision[] | undefined },
) {
  const { observed: _, ...rest } = liveState({ containers });
  const state: LiveState = { ...rest, ...(revisions && { observed: revisions }) };
  const judged = whatIsApplied(state, {
    observed: observed(),
    key: "checkout/staging",
    environment: environment("staging"),
    reached: { release: releaseOf(versions), at: noon },
    cameAt: noon,
    branch: { name: "main", head: HEAD },
    readDeclaredAt: () => answer({ images: [] }),
  });
  assert.ok(judged.kind === "known", JSON.stringify(judged));
  return judged.value;
}

interface Row {
  readonly name: string;
  readonly versions?: readonly ImageVersion[];
  readonly revisions: readonly LiveRevision[] | undefined;
  readonly containers?: LiveState["containers"];
  readonly holds: boolean;
  readonly why?: RegExp;
}

const rows: readonly Row[] = [
  {
    name: "the config repository's head is applied",
    revisions: [git(HEAD, "acme/platform-config")],
    holds: true,
  },
  {
    name: "the promoted commit is applied by who follows the promoted repository",
    revisions: [git(PROMOTED, "acme/manifests")],
    holds: true,
  },
  {
    name: "the promoted commit is applied, and nobody says of which repository it is",
    revisions: [git(PROMOTED)],
    holds: true,
  },
  {
    name: "another commit of the promoted repository is applied",
    revisions: [git(OLDER, "acme/manifests")],
    holds: false,
    why: /runs commit `2222222` of `acme\/manifests`, not `1111111`/,
  },
  {
    name: "of two sources the promoted one is behind, whatever the other says",
    revisions: [git(HEAD, "acme/platform-config"), git(OLDER, "acme/manifests")],
    holds: false,
    why: /not `1111111`/,
  },
  {
    name: "a commit of a third repository says nothing",
    revisions: [git(PROMOTED, "evil/manifests")],
    holds: false,
    why: /it follows `evil\/manifests`, not this repository, and no commit of the repository that is promoted/,
  },
  {
    name: "no commit at all, and pods say nothing about manifests",
    revisions: undefined,
    containers: RUNS.containers,
    holds: false,
    why: /no commit of the repository that is promoted/,
  },
  {
    name: "with an image beside it, the commit alone is not enough",
    versions: [MANIFESTS, WEB],
    revisions: [git(PROMOTED, "acme/manifests")],
    holds: false,
    why: /it has applied the promoted commit, and nothing was seen/,
  },
  {
    name: "with an image beside it, the pods alone are not enough",
    versions: [MANIFESTS, WEB],
    revisions: undefined,
    containers: RUNS.containers,
    holds: false,
  },
  {
    name: "with an image beside it, commit and pods prove both",
    versions: [MANIFESTS, WEB],
    revisions: [git(PROMOTED, "acme/manifests")],
    containers: RUNS.containers,
    holds: true,
  },
];

describe("a release of a Git repository", () => {
  for (const { name, versions = [MANIFESTS], revisions, containers = NONE.containers, holds, why } of rows) {
    it(name, () => {
      const judged = judge(versions, { revisions, containers });
      assert.equal(judged.holds, holds, judged.why);
      if (why) assert.match(judged.why, why);
    });
  }
});
