import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { releaseOf } from "../../src/domain/release.ts";
import type { PullRequestText } from "../../src/forge/write-request.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { at, CHECKOUT, commit, digest, gate, NEW, OLD, promotion, source } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());
const render = (view: ReturnType<typeof promotion>) => renderer.pullRequest(view) satisfies PullRequestText;

const WEB = "ghcr.io/acme/shop-web";
const WORKER = "ghcr.io/acme/shop-worker";

const READ = [
  {
    name: "short.md",
    says: "little where there is little to say",
    view: promotion(),
  },
  {
    name: "unread.md",
    says: "whose word the digest is, where nobody could look it up",
    view: promotion({
      unread: [
        "that `ghcr.io/acme/checkout:1.8.0` is `sha256:bbbbbbbbbbbb` is the word of GitHub's event alone: the registry answers nobody without credentials, and the operator's settings name none for it",
      ],
    }),
  },
  {
    name: "waiting.md",
    says: "what it waits for, until when, and how it got here",
    view: promotion({
      merge: "auto",
      gates: [
        gate("merged in integration", "passed", {
          reason: "integration took it with pull request 12 on 2026-03-02 10:02 UTC",
        }),
        gate("soak 30 minutes", "waiting", {
          reason: "healthy for 12 minutes without a break",
          expectedAt: at("2026-03-02T10:32"),
          unblock: "/override soak <reason>",
        }),
        gate("checks `e2e@github-actions`", "waiting", { reason: "`e2e` runs since 2026-03-02 10:15 UTC" }),
      ],
      way: [{ environment: "integration", at: at("2026-03-02T10:02"), pullRequest: 12 }],
      saw: ["branch main at 4f1c2ab", "ghcr.io/acme/checkout 1.8.0 sha256:bbbbbbbbbbbb", "integration reached 1.8.0"],
    }),
  },
  {
    name: "live.md",
    says: "that a person decides, after two days on the way",
    view: promotion({
      key: "checkout/live",
      environment: "live",
      gates: [
        gate("healthy in staging", "passed", { reason: "staging runs `1.8.0` and is healthy" }),
        gate("approvals", "failed", {
          reason: "`maria` asked for changes in review",
          unblock: "/override approvals <reason>",
        }),
        gate("window mon-thu 09:00–16:00 Europe/London", "waiting", {
          reason: "the window is closed",
          expectedAt: at("2026-03-05T09:00"),
        }),
      ],
      way: [
        { environment: "integration", at: at("2026-03-03T10:02"), pullRequest: 12 },
        { environment: "staging", at: at("2026-03-04T16:40") },
      ],
    }),
  },
  {
    name: "several-images.md",
    says: "which images move, and folds many places",
    view: promotion({
      key: "shop/staging",
      pipeline: "shop",
      merge: "auto",
      gates: [gate("merged in dev", "passed", { reason: "dev took it by a commit on 2026-03-02 10:02 UTC" })],
      release: releaseOf([
        { image: WEB, tag: "2.1.0", digest: digest("c") },
        { image: WORKER, tag: "1.4.2", digest: digest("d") },
      ]),
      moves: [
        { image: WEB, from: { tag: "2.0.9" }, to: { tag: "2.1.0", digest: digest("c") } },
        { image: WORKER, from: { tag: "" }, to: { tag: "1.4.2", digest: digest("d") } },
      ],
      places: Array.from({ length: 34 }, (_, index) => ({
        path: `apps/shop/staging/part-${Math.floor(index / 2)}/deployment.yaml`,
        line: 20 + index,
        from: `${WEB}:2.0.9@${digest("9")}`,
        to: `${WEB}:2.1.0@${digest("c")}`,
      })),
    }),
  },
  {
    name: "first-time.md",
    says: "what comes, where nothing that can be read was before",
    view: promotion({ moves: [{ image: CHECKOUT, to: { tag: "1.8.0", digest: digest("b") } }] }),
  },
  {
    name: "rollback.md",
    says: "that it goes back, and why",
    view: promotion({
      release: releaseOf([{ image: CHECKOUT, tag: "1.7.0", digest: digest("a") }]),
      moves: [
        { image: CHECKOUT, from: { tag: "1.8.0", digest: digest("b") }, to: { tag: "1.7.0", digest: digest("a") } },
      ],
      rollback:
        "it goes back to `1.7.0`, the last that was healthy in staging: staging was degraded with it from 2026-03-02 10:02 UTC on: dev: `CrashLoopBackOff`",
    }),
  },
  {
    name: "commits-few.md",
    says: "which commits it brings, where they are few",
    view: promotion({
      source: source({
        ahead: 3,
        page: `https://github.com/acme/checkout/compare/${OLD}...${NEW}`,
        commits: [
          commit(3, { title: "Fix the tax of gift cards (#42)", by: "leo", pullRequest: 42 }),
          commit(2, { title: "Bump `lodash` to 4.17.21", by: "renovate[bot]", pullRequest: 41 }),
          commit(1, { title: "Round half up" }),
        ],
      }),
    }),
  },
  {
    name: "commits-many.md",
    says: "the newest commits, folded, and how many there are with how many pull requests",
    view: promotion({
      source: source({
        ahead: 27,
        commits: Array.from({ length: 25 }, (_, index) =>
          commit(30 - index, index % 3 === 0 ? { pullRequest: 60 - index } : {}),
        ),
      }),
    }),
  },
  {
    name: "commits-merges.md",
    says: "that merges are not among the commits that it lists",
    view: promotion({ source: source({ ahead: 4, commits: [commit(2, { pullRequest: 7 }), commit(1)] }) }),
  },
  {
    name: "commits-apart.md",
    says: "what is not among what comes, where two branches have grown apart",
    view: promotion({ source: source({ behind: 2 }) }),
  },
  {
    name: "commits-taken-back.md",
    says: "how many commits a way back takes back",
    view: promotion({
      rollback: "it goes back to `1.6.0`: `maria` wants it",
      source: source({ ahead: 0, behind: 4, commits: [] }),
    }),
  },
  {
    name: "commits-untold.md",
    says: "why there are no commits to list",
    view: promotion({
      source: source(
        {},
        {
          changes: [],
          gaps: [
            "the commits are not listed: `ghcr.io/acme/checkout` does not say from which commit it was built: it has no label `org.opencontainers.image.revision`",
            "the commits from `1a2b3c4` to `9f8e7d6` are not listed: GitHub shows Stagecoach no repository `acme/checkout`; the app has to be installed there, too, in the same account",
          ],
        },
      ),
    }),
  },
  {
    name: "commits-of-one-image.md",
    says: "of which of several images the commits are",
    view: promotion({
      moves: [
        { image: WEB, from: { tag: "2.0.9", digest: digest("9") }, to: { tag: "2.1.0", digest: digest("c") } },
        { image: WORKER, from: { tag: "2.0.9", digest: digest("8") }, to: { tag: "2.1.0", digest: digest("d") } },
      ],
      source: source({}, { images: [WEB] }),
    }),
  },
  {
    name: "another-build.md",
    says: "that a tag moved",
    view: promotion({
      release: releaseOf([{ image: CHECKOUT, tag: "latest", digest: digest("b") }]),
      moves: [
        { image: CHECKOUT, from: { tag: "latest", digest: digest("a") }, to: { tag: "latest", digest: digest("b") } },
      ],
      places: [
        { path: "apps/checkout/staging/kustomization.yaml", line: 9, from: digest("a"), to: digest("b") },
        { path: "apps/checkout/staging/values.yaml", line: 3, from: digest("a"), to: digest("b") },
      ],
    }),
  },
];

const API = "ghcr.io/acme/shop-api";
const partOf = (pipeline: string, image: string, rest: Partial<ReturnType<typeof promotion>> = {}) =>
  promotion({
    key: `${pipeline}/prod`,
    pipeline,
    environment: "prod",
    release: releaseOf([{ image, tag: "1.8.0", digest: digest("b") }]),
    moves: [{ image, from: { tag: "1.7.0", digest: digest("a") }, to: { tag: "1.8.0", digest: digest("b") } }],
    places: [{ path: `apps/${pipeline}/prod/deployment.yaml`, line: 9, from: "1.7.0", to: "1.8.0" }],
    ...rest,
  });

const PARTS = [
  partOf("api", API, {
    gates: [
      gate("healthy in staging", "passed", { pipeline: "api", reason: "staging was healthy with it" }),
      gate("soak 1 day", "waiting", {
        pipeline: "api",
        reason: "healthy for 12 minutes",
        expectedAt: at("2026-03-02T10:32"),
        unblock: "/override soak <reason>",
      }),
    ],
    way: [{ environment: "staging", at: at("2026-03-01T10:02"), pullRequest: 12 }],
  }),
  partOf("web", WEB, {
    requestedBy: "maria",
    gates: [gate("merged in dev", "passed", { pipeline: "web", reason: "dev took it by a commit" })],
  }),
  partOf("worker", WORKER, { rollback: "it goes back to `1.8.0`: `maria` wants it" }),
];

const GROUP = promotion({
  key: "shop/prod",
  pipeline: "shop",
  environment: "prod",
  release: { versions: PARTS.flatMap(({ release }) => release.versions) },
  moves: PARTS.flatMap(({ moves }) => moves),
  places: PARTS.flatMap(({ places }) => places),
  gates: PARTS.flatMap(({ gates }) => gates),
  saw: ["api:", "  base: main at 4f1c2ab"],
  parts: PARTS,
});

const SOURCED = promotion({
  ...GROUP,
  parts: PARTS.map((part, index) =>
    index === 2
      ? { ...part, source: source({}, { changes: [], gaps: ["the commits are not listed: `x` does not say it"] }) }
      : { ...part, source: source() },
  ),
});

const GROUPED_SOURCES = {
  name: "group-commits.md",
  says: "the commits of services that are built together once",
  view: SOURCED,
};

const GROUPED = {
  name: "group.md",
  says: "what it brings to each of several services, a section for each",
  view: GROUP,
};

describe("a promotion's pull request", () => {
  for (const { name, says, view } of [...READ, GROUPED, GROUPED_SOURCES]) {
    test(`says ${says} (${name})`, () => {
      const { title, body } = render(view);
      compareCase(name, `Title: ${title}\n\n${body}`);
      assert.equal(body.split("\n").at(-1), `<!-- stagecoach:description ${view.fingerprint} -->`);
    });
  }

  test("of a group stays short enough for GitHub, however many services go together", () => {
    const parts = Array.from({ length: 50 }, (_, index) =>
      partOf(`service-${index}`, `${API}-${index}`, {
        gates: Array.from({ length: 9 }, (_gate, number) =>
          gate(`gate ${number}`, "waiting", { reason: "it is not known yet, and here is a long reason why not" }),
        ),
      }),
    );
    const { title, body } = render(promotion({ ...GROUP, parts }));
    assert.equal(title, "Promote 50 services to prod");
    assert.ok(body.length < 58_000);
    assert.match(body, /Left out, because GitHub limits how long this may be/);
    assert.match(body, /^### `?service-49`? 1\.8\.0$/m);
  });

  test("leaves the commits out before it leaves out what is decided by", () => {
    const long = "a very long line ".repeat(12);
    const commits = Array.from({ length: 20 }, (_, index) => commit(index, { title: long, by: "m".repeat(90) }));
    const parts = Array.from({ length: 20 }, (_, index) => {
      const told = source({ ahead: 20, commits });
      const changes = told.changes.map((change) => ({ ...change, head: `${index}`.padStart(40, "0") }));
      return partOf(`service-${index}`, `${API}-${index}`, { source: { ...told, changes } });
    });
    const { body } = render(promotion({ ...GROUP, parts }));
    assert.ok(body.length < 58_000);
    assert.match(
      body,
      /Left out, because GitHub limits how long this may be: what Stagecoach saw, the full digests and the commits\./,
    );
    assert.doesNotMatch(body, /a very long line/);
    assert.match(body, /^For `service-19`: 20 commits of `acme\/checkout`/m);
  });

  test("of a group that goes back as a whole says so", () => {
    const parts = PARTS.map((part) => ({ ...part, rollback: "it goes back" }));
    assert.equal(render(promotion({ ...GROUP, parts })).title, "Roll back 3 services in prod");
  });
});
