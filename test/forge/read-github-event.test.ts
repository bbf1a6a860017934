import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GithubEvent } from "../../src/forge/github-event.ts";
import { readGithubEvent } from "../../src/forge/read-github-event.ts";
import { samplePayloads } from "./sample-payload.ts";

const repository = { id: 7, name: "platform", full_name: "acme/platform", owner: { login: "acme" } };
const installation = { id: 3 };
const head = "ab".repeat(20);
const sender = (login: string) => ({ sender: { login, type: login.endsWith("[bot]") ? "Bot" : "User" } });

const us = { login: "stagecoach[bot]", type: "Bot" };
const dashboard = { number: 8, user: us, labels: [{ name: "stagecoach/dashboard" }] };
const alice = { sender: { id: 77, login: "alice", type: "User" } };
const pressed = {
  action: "requested_action",
  requested_action: { identifier: "hold" },
  check_run: { id: 5, head_sha: head, app: { slug: "stagecoach" } },
};
const driftIssue = { number: 9, user: us, labels: [{ name: "stagecoach/drift" }] };

function read(event: string, body: object): GithubEvent {
  return readGithubEvent({ event, payload: { repository, installation, ...body }, slug: "stagecoach" });
}

describe("an event names what to read", () => {
  const cases: readonly {
    readonly name: string;
    readonly event: string;
    readonly body: object;
    readonly subject: object;
  }[] = [
    {
      name: "a push",
      event: "push",
      body: { ref: "refs/heads/main" },
      subject: { kind: "push", ref: "refs/heads/main" },
    },
    {
      name: "a pull request",
      event: "pull_request",
      body: { action: "synchronize", number: 4, pull_request: { number: 4 } },
      subject: { kind: "pull-request", number: 4 },
    },
    {
      name: "our own pull request, opened",
      event: "pull_request",
      body: { action: "opened", pull_request: { number: 4 }, ...sender("stagecoach[bot]") },
      subject: { kind: "pull-request", number: 4 },
    },
    {
      name: "a review",
      event: "pull_request_review",
      body: { action: "submitted", pull_request: { number: 4 } },
      subject: { kind: "pull-request", number: 4 },
    },
    {
      name: "somebody's check",
      event: "check_run",
      body: { action: "completed", check_run: { head_sha: head }, ...sender("github-actions[bot]") },
      subject: { kind: "check", head },
    },
    {
      name: "our check, asked for again",
      event: "check_run",
      body: { action: "rerequested", check_run: { head_sha: head }, ...sender("alice") },
      subject: { kind: "check", head },
    },
    {
      name: "a button of our check",
      event: "check_run",
      body: { ...pressed, ...alice },
      subject: { kind: "button", head, run: 5, button: "hold", by: { id: 77, login: "alice", kind: "person" } },
    },
    {
      name: "a button of our check, with the pull request of its branch",
      event: "check_run",
      body: {
        ...pressed,
        check_run: { ...pressed.check_run, pull_requests: [{ number: 7 }, { number: 9 }] },
        ...alice,
      },
      subject: {
        kind: "button",
        head,
        run: 5,
        button: "hold",
        by: { id: 77, login: "alice", kind: "person" },
        pullRequest: 7,
      },
    },
    {
      name: "a person's edit of our dashboard",
      event: "issues",
      body: { action: "edited", issue: dashboard, ...alice },
      subject: { kind: "repository" },
    },
    {
      name: "the Re-run button, which arrives as a suite",
      event: "check_suite",
      body: { action: "rerequested", check_suite: { head_sha: head }, ...sender("alice") },
      subject: { kind: "check", head },
    },
    { name: "a status", event: "status", body: { sha: head }, subject: { kind: "check", head } },
    {
      name: "a merge group",
      event: "merge_group",
      body: { action: "checks_requested", merge_group: { head_sha: head } },
      subject: { kind: "merge-group", head },
    },
    {
      name: "a comment",
      event: "issue_comment",
      body: {
        action: "created",
        issue: { number: 4 },
        comment: { id: 9_007_199_254_740_000n, user: { type: "User" } },
      },
      subject: { kind: "comment", number: 4, comment: 9_007_199_254_740_000 },
    },
    {
      name: "our comment, edited by a person",
      event: "issue_comment",
      body: { action: "edited", issue: { number: 4 }, comment: { id: 1, user: us }, ...sender("eve") },
      subject: { kind: "pull-request", number: 4 },
    },
    {
      name: "our comment, deleted by a person",
      event: "issue_comment",
      body: { action: "deleted", issue: { number: 4 }, comment: { id: 1, user: us }, ...sender("eve") },
      subject: { kind: "pull-request", number: 4 },
    },
    ...["closed", "reopened", "edited", "labeled", "deleted", "transferred"].map((action) => ({
      name: `our issue about drift, ${action}`,
      event: "issues",
      body: { action, issue: driftIssue, ...sender("eve") },
      subject: { kind: "repository" },
    })),
    {
      name: "our issue about drift, when it loses its label",
      event: "issues",
      body: {
        action: "unlabeled",
        issue: { ...driftIssue, labels: [] },
        label: { name: "stagecoach/drift" },
        ...sender("eve"),
      },
      subject: { kind: "repository" },
    },
    {
      name: "an archived repository",
      event: "repository",
      body: { action: "archived" },
      subject: { kind: "repository" },
    },
  ];
  for (const { name, event, body, subject } of cases) {
    it(name, () => assert.deepEqual(read(event, body).hints, [{ repository: 7, subject }]));
  }
});

describe("what means nothing is ignored with the reason", () => {
  const ours = sender("stagecoach[bot]");
  const cases: readonly { readonly name: string; readonly event: string; readonly body: object }[] = [
    {
      name: "our own check",
      event: "check_run",
      body: { action: "completed", check_run: { head_sha: head }, ...ours },
    },
    { name: "our own label", event: "pull_request", body: { action: "labeled", number: 4, ...ours } },
    { name: "our own text", event: "pull_request", body: { action: "edited", number: 4, ...ours } },
    { name: "an assignment", event: "pull_request", body: { action: "assigned", number: 4 } },
    {
      name: "an edited comment",
      event: "issue_comment",
      body: { action: "edited", issue: { number: 4 }, comment: { id: 1 } },
    },
    {
      name: "T28: a comment of a bot",
      event: "issue_comment",
      body: { action: "created", issue: { number: 4 }, comment: { id: 1, user: { type: "Bot" } } },
    },
    {
      name: "our own edit of our comment",
      event: "issue_comment",
      body: { action: "edited", issue: { number: 4 }, comment: { id: 1, user: us }, ...ours },
    },
    {
      name: "a deleted comment of somebody else",
      event: "issue_comment",
      body: { action: "deleted", issue: { number: 4 }, comment: { id: 1, user: { login: "eve" } }, ...sender("eve") },
    },
    { name: "our own end of our issue", event: "issues", body: { action: "closed", issue: driftIssue, ...ours } },
    { name: "an assigned issue", event: "issues", body: { action: "assigned", issue: driftIssue, ...sender("eve") } },
    {
      name: "a stranger's issue with our label",
      event: "issues",
      body: { action: "labeled", issue: { ...driftIssue, user: { login: "eve" } }, ...sender("eve") },
    },
    {
      name: "another issue of ours",
      event: "issues",
      body: {
        action: "closed",
        issue: { ...driftIssue, labels: [{ name: "dashboard" }, null, "x"] },
        ...sender("eve"),
      },
    },
    { name: "our own edit of our dashboard", event: "issues", body: { action: "edited", issue: dashboard, ...ours } },
    {
      name: "T15: a stranger's issue with the dashboard's label",
      event: "issues",
      body: { action: "edited", issue: { ...dashboard, user: { login: "eve" } }, ...alice },
    },
    {
      name: "T6: a button of another app's check",
      event: "check_run",
      body: { ...pressed, check_run: { ...pressed.check_run, app: { slug: "other" } }, ...alice },
    },
    { name: "T28: a button that a bot pressed", event: "check_run", body: { ...pressed, ...sender("other[bot]") } },
    { name: "a button that we pressed", event: "check_run", body: { ...pressed, ...ours } },
    {
      name: "T14: a button with a name that we never give",
      event: "check_run",
      body: { ...pressed, requested_action: { identifier: "x".repeat(21) }, ...alice },
    },
    { name: "a button without a name", event: "check_run", body: { ...pressed, requested_action: {}, ...alice } },
    {
      name: "a button by nobody in particular",
      event: "check_run",
      body: { ...pressed, sender: { login: "alice", type: "User" } },
    },
    { name: "a deployment", event: "deployment", body: { action: "created" } },
    { name: "a deployment's status", event: "deployment_status", body: { action: "created" } },
    { name: "a ping", event: "ping", body: {} },
    { name: "an event of another kind", event: "watch", body: {} },
    { name: "a name from the prototype", event: "__proto__", body: {} },
    { name: "a head that is none", event: "status", body: { sha: "main; rm -rf /" } },
    { name: "a push without ref", event: "push", body: {} },
    { name: "a repository without id", event: "push", body: { ref: "refs/heads/main", repository: { id: "7" } } },
  ];
  for (const { name, event, body } of cases) {
    it(name, () => {
      const { hints, images, directory, ignored } = read(event, body);
      assert.deepEqual({ hints, images, directory }, { hints: [], images: [], directory: {} });
      assert.match(ignored ?? "", /\w/);
    });
  }
});

it("a button is nobody's while it is not known who we are", () => {
  const payload = { repository, installation, ...pressed, ...alice };
  assert.deepEqual(readGithubEvent({ event: "check_run", payload }).hints, []);
});

describe("where the app is installed", () => {
  const platform = { installation: 3, repository: 7, owner: "acme", name: "platform" };
  const hints = [{ repository: 7, subject: { kind: "repository" } }];

  it("an installation brings its repositories", () => {
    const { directory, hints: given } = read("installation", { action: "created", repositories: [repository] });
    assert.deepEqual(directory, { save: [platform], installation: { id: 3, state: "active" } });
    assert.deepEqual(given, hints);
  });

  it("a suspended one waits", () => {
    const { directory, hints: given } = read("installation", { action: "suspend", repositories: [repository] });
    assert.deepEqual(directory, { installation: { id: 3, state: "suspended" } });
    assert.deepEqual(given, []);
  });

  it("a deleted one takes them away", () => {
    const { directory } = read("installation", { action: "deleted", repositories: [repository] });
    assert.deepEqual(directory, { remove: [7], installation: { id: 3, state: "deleted" } });
  });

  it("repositories come and go", () => {
    const { directory } = read("installation_repositories", {
      repositories_added: [repository, { id: 8, full_name: "../../etc" }],
      repositories_removed: [{ id: 9 }, { id: -1 }],
    });
    assert.deepEqual(directory, { save: [platform], remove: [9] });
  });

  for (const action of ["renamed", "transferred"]) {
    it(`a ${action} repository keeps its id and gets its new name`, () => {
      const renamed = { ...repository, full_name: "acme/fleet" };
      const { directory, hints: given } = read("repository", { action, repository: renamed });
      assert.deepEqual(directory, { save: [{ ...platform, name: "fleet" }] });
      assert.deepEqual(given, hints);
    });
  }

  it("a deleted repository goes", () => {
    assert.deepEqual(read("repository", { action: "deleted" }).directory, { remove: [7] });
  });
});

describe("a pushed package names its image", () => {
  const DIGEST = `sha256:${"4f".repeat(32)}`;
  const REVISION = "0e2a89b191332bb87b4f2fefef2f597eba2197b3";
  const SOURCE = "https://github.com/acme/checkout";
  const version = (url: string, tag: string, metadata: object = {}) => ({
    package_type: "CONTAINER",
    name: "checkout",
    owner: { login: "Acme" },
    package_version: { package_url: url, container_metadata: { tag: { name: tag }, ...metadata } },
  });
  const labelled = (labels: object, digest = DIGEST) =>
    version("ghcr.io/Acme/checkout:1.8.0", "1.8.0", { tag: { name: "1.8.0", digest }, labels: { all_labels: labels } });
  const revision = { "org.opencontainers.image.revision": REVISION };
  const image = { image: "ghcr.io/acme/checkout", tag: "1.8.0" };
  const cases: readonly { readonly name: string; readonly body: object; readonly images: readonly object[] }[] = [
    {
      name: "in small letters, by its address",
      body: version("ghcr.io/Acme/checkout:1.8.0", "1.8.0"),
      images: [image],
    },
    {
      name: "of an enterprise server that the operator named",
      body: version("containers.ghe.example/acme/checkout:1.8.0", "1.8.0"),
      images: [{ image: "containers.ghe.example/acme/checkout", tag: "1.8.0" }],
    },
    {
      name: "T5: not of a host that nobody named",
      body: version("ghcr.io.example/acme/checkout:1.8.0", "1.8.0"),
      images: [],
    },
    { name: "by its owner", body: version("?", "1.8.0"), images: [image] },
    { name: "not the parts of an index", body: version("ghcr.io/acme/checkout:", ""), images: [] },
    { name: "not a tag that is none", body: version("ghcr.io/acme/checkout:x", "x y"), images: [] },
    { name: "not a signature", body: version("ghcr.io/acme/checkout:x", `sha256-${"4f".repeat(32)}.sig`), images: [] },
    { name: "not other packages", body: { ...version("x", "1"), package_type: "npm" }, images: [] },
    {
      name: "with what the image says of itself",
      body: labelled({ ...revision, "org.opencontainers.image.source": SOURCE }),
      images: [{ ...image, told: { digest: DIGEST, revision: REVISION, source: SOURCE } }],
    },
    {
      name: "with what only looks like it left out",
      body: labelled({
        "org.opencontainers.image.revision": "main",
        "org.opencontainers.image.source": "javascript:a",
      }),
      images: [{ ...image, told: { digest: DIGEST } }],
    },
    { name: "without a digest that is none", body: labelled(revision, "sha256:6c62fb45"), images: [image] },
    {
      name: "not by labels that an object inherits",
      body: labelled(JSON.parse(`{"__proto__":${JSON.stringify(revision)}}`)),
      images: [{ ...image, told: { digest: DIGEST } }],
    },
  ];
  for (const { name, body, images } of cases) {
    for (const event of ["registry_package", "package"]) {
      it(`${name} (${event})`, () => {
        const payload = { action: "published", [event]: body };
        assert.deepEqual(readGithubEvent({ event, payload, hosts: ["containers.ghe.example"] }).images, images);
      });
    }
  }

  it("not when it was deleted", () => {
    const payload = { action: "deleted", package: version("ghcr.io/acme/checkout:1.8.0", "1.8.0") };
    assert.match(readGithubEvent({ event: "package", payload }).ignored ?? "", /only a push/);
  });
});

describe("hostile shapes never throw", () => {
  const hostile = [
    null,
    1,
    -1,
    2 ** 60,
    10n,
    "",
    "x",
    "x".repeat(5000),
    [],
    [[]],
    {},
    { id: {} },
    Number.NaN,
    undefined,
  ];

  for (const optional of [false, true]) {
    for (const { name, event, payload } of samplePayloads({ optional })) {
      it(`${name}${optional ? ", with everything" : ""}`, () => {
        const whole = readGithubEvent({ event, payload, slug: "stagecoach" });
        assert.ok(whole.hints.length + whole.images.length > 0 || whole.directory || whole.ignored);
        for (const broken of breakOnce(payload, hostile))
          readGithubEvent({ event, payload: broken, slug: "stagecoach" });
      });
    }
  }

  it("bodies that are no objects", () => {
    for (const payload of hostile) {
      for (const event of ["push", "installation", "package"]) readGithubEvent({ event, payload });
    }
  });
});

/** Each property of the two upper levels, replaced by each of the values. */
function* breakOnce(payload: Readonly<Record<string, unknown>>, values: readonly unknown[]): Generator<object> {
  for (const [key, inner] of Object.entries(payload)) {
    for (const value of values) yield { ...payload, [key]: value };
    if (typeof inner !== "object" || inner === null) continue;
    for (const innerKey of Object.keys(inner)) {
      for (const value of values) yield { ...payload, [key]: { ...inner, [innerKey]: value } };
    }
  }
}
