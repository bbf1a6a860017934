// A promotion tells which commits and pull requests of the source it brings, as far as the images say it and GitHub shows
// it; and goes its way where they do not.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import {
  beginSource,
  commitToSource,
  headOf,
  labelsOf,
  pullIntoSource,
  WITH_SOURCE,
  withSource,
} from "./source-code.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const FILES = runs("1.7.0", ["live"]);
const TOLD = { pipeline: WITH_SOURCE, files: FILES, beside: beginSource };

function bodyOf(story: Story, name = "live"): string {
  return story.promotion(name).body ?? "";
}

async function release(story: Story, tag: string, commit = headOf(story.github)): Promise<void> {
  await story.push(tag, { labels: labelsOf(commit) });
  await story.settle();
}

tellInAllConditions(
  "the pull request lists what comes, and the commit says from what it was built",
  async (story) => {
    const before = headOf(story.github);
    await story.settle();
    commitToSource(story.github, "Round half up, says @maria in #1");
    const number = pullIntoSource(story.github, "Fix the tax");
    const built = headOf(story.github);
    await release(story, "1.8.0");
    const body = bodyOf(story);
    assert.match(
      body,
      new RegExp(
        `2 commits and 1 pull request of \`acme/checkout\`, from \`${before.slice(0, 7)}\` to \`${built.slice(0, 7)}\``,
      ),
    );
    assert.match(
      body,
      new RegExp(`^- \`${built.slice(0, 7)}\` \`Fix the tax.*\` by \`leo\`, pull request ${number}$`, "m"),
    );
    assert.match(body, /^- `[0-9a-f]{7}` `Round half up, says @maria in #1` by `maria`$/m);
    assert.match(story.commits("live")[0] ?? "", new RegExp(`^Source-Revision: acme/checkout@${built}$`, "m"));
    await story.merge("live");
    assert.deepEqual(story.open(), []);
  },
  TOLD,
);

tell(
  "what is merged by itself carries the commit in the message of the merge",
  async (story) => {
    await story.settle();
    const built = commitToSource(story.github, "One more");
    await release(story, "1.8.0");
    const [newest] = story.github.log({ repository: CONFIG, ref: "main" });
    assert.match(newest?.message ?? "", new RegExp(`^Source-Revision: acme/checkout@${built}$`, "m"));
  },
  { ...TOLD, pipeline: withSource(checkoutFile([environment("live", "merge: auto")])) },
);

tell(
  "a newer version is told from what runs to what comes, not from what was proposed before",
  async (story) => {
    await story.settle();
    commitToSource(story.github, "First");
    await release(story, "1.8.0");
    commitToSource(story.github, "Second");
    await release(story, "1.9.0");
    assert.match(bodyOf(story), /^2 commits of/m);
    assert.match(bodyOf(story), /`First`/);
    assert.match(
      story.commits("live")[0] ?? "",
      new RegExp(`^Source-Revision: acme/checkout@${headOf(story.github)}$`, "m"),
    );
  },
  TOLD,
);

tell(
  "a way back says how many commits it takes back",
  async (story) => {
    await story.settle();
    commitToSource(story.github, "First");
    commitToSource(story.github, "Second");
    await release(story, "1.8.0");
    const { number } = story.promotion("live");
    await story.merge("live");
    await story.say("/rollback", { on: number });
    const body = bodyOf(story);
    assert.match(body, /^2 commits of `acme\/checkout`, from `\w{7}` to `\w{7}`, are taken back\.$/m);
  },
  TOLD,
);

const UNTOLD = [
  {
    name: "an image that says nothing",
    labels: () => ({}),
    says: /^The commits are not listed: .* does not say from which commit it was built: it has no label/m,
  },
  {
    name: "an image that only says where the image below comes from",
    labels: (commit: string) => labelsOf(commit, "https://github.com/docker-library/python"),
    says: /^The commits are not listed: .*`https:\/\/github\.com\/docker-library\/python`, which is not `acme\/checkout`/m,
  },
  {
    name: "an image that says a commit which the source does not have",
    labels: () => labelsOf("5".repeat(40)),
    says: /^The commits from `\w{7}` to `5555555` are not listed: `acme\/checkout` has no commit `555555555555`/m,
  },
] as const;

for (const { name, labels, says } of UNTOLD) {
  tell(
    `${name} is promoted all the same, and the pull request says what is missing`,
    async (story) => {
      await story.settle();
      await story.push("1.8.0", { labels: labels(headOf(story.github)) });
      await story.settle();
      assert.deepEqual(story.open(), ["live: 1.8.0"]);
      assert.match(bodyOf(story), says);
      await story.merge("live");
    },
    TOLD,
  );
}

tell(
  "T25: commits of a private source are not shown in a repository that everybody reads",
  async (story) => {
    for (const repository of story.github.model.repositories.values())
      if (repository.name === "platform-config") repository.private = false;
    await story.settle();
    commitToSource(story.github, "Secret");
    await release(story, "1.8.0");
    assert.match(bodyOf(story), /are not listed: `acme\/checkout` is private, and this repository is public\.$/m);
    assert.doesNotMatch(bodyOf(story), /`Secret`/);
  },
  TOLD,
);

tell(
  "T25: a source of another account is not shown, and the pull request says what would cure it",
  async (story) => {
    const { github } = story;
    const commits = ["Begin", "Secret"].map((message) =>
      github.commitFiles({ repository: "else/secret", author: "eve", files: { [message]: message }, message }),
    );
    const address = "https://github.com/else/secret";
    await story.push("1.7.0", { labels: labelsOf(commits[0] ?? "", address) });
    await story.settle();
    await story.push("1.8.0", { labels: labelsOf(commits[1] ?? "", address) });
    await story.settle();
    assert.match(bodyOf(story), /not listed: GitHub shows Stagecoach no repository `else\/secret`; the app has to be/);
    assert.doesNotMatch(bodyOf(story), /`Secret`/);
  },
  {
    pipeline: withSource(checkoutFile([environment("live")]), "else/secret"),
    files: FILES,
    beside: async ({ github }) => {
      github.createRepository({ owner: "else", name: "secret", private: true, author: "eve" });
      return {};
    },
  },
);

tell(
  "GitHub fails to compare: the promotion is opened, and told whole when it has to say something else",
  async (story) => {
    await story.settle();
    commitToSource(story.github, "First");
    const failing = story.fault({
      on: "GET /repos/{owner}/{repo}/compare/{basehead}",
      fault: { kind: "error-before", status: 500, message: "later" },
    });
    await release(story, "1.8.0");
    assert.ok(failing.met() > 0);
    assert.match(bodyOf(story), /are not listed: could not compare/);
    story.github.mend();
    commitToSource(story.github, "Second");
    await release(story, "1.9.0");
    assert.match(bodyOf(story), /^2 commits of `acme\/checkout`/m);
  },
  TOLD,
);
