// A person tries their branch in an environment: it is claimed by a comment, written by a pull request of ours, told on
// their own pull request, and put back when that is over.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { livesIn, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import { tellInAllConditions } from "./tell.ts";

const FILE = "clusters/dev/application.yaml";
const application = (revision: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: checkout-integration }
spec:
  source:
    repoURL: https://github.com/acme/platform-config.git
    targetRevision: ${revision} # what runs there
`;

const SANDBOX = `sandbox: { file: ${FILE}, path: spec.source.targetRevision }`;
const FILES = { ...runs("1.7.0", ["integration"]), [FILE]: application("main") };
const LENDING = {
  pipeline: checkoutFile([environment("integration", `merge: auto, ${SANDBOX}`)]),
  files: FILES,
};

/** Of the comment on a pull request that borrows; nothing while there is none. */
function sandboxComments({ github }: Pick<Story, "github">, number: number): readonly string[] {
  return github
    .comments({ repository: CONFIG, number })
    .filter(({ app, body }) => app?.slug === "stagecoach" && body.includes("<!-- stagecoach:sandbox/"))
    .map(({ body }) => body);
}

function titles({ github }: Pick<Story, "github">): readonly string[] {
  return github
    .pullRequests({ repository: CONFIG })
    .filter(({ headRef }) => headRef.startsWith("stagecoach-sandbox/"))
    .sort((a, b) => a.number - b.number)
    .map(({ title, state, mergedAt }) => `${mergedAt === undefined ? state : "merged"}: ${title}`);
}

tellLiveInAllConditions(
  "a branch is claimed, written, told of and put back",
  async (story) => {
    await story.settle();
    const number = story.propose({ "notes.md": "faster\n" });
    const other = story.propose({ "other.md": "slower\n" });
    await story.say("/sandbox integration", { on: number });
    const branch = story.github.pullRequest({ repository: CONFIG, number }).headRef;
    assert.equal(story.reads(FILE), application(branch));
    assert.deepEqual(titles(story), [`merged: Lend integration of checkout to #${number}`]);
    assert.match(sandboxComments(story, number)[0] ?? "", /🔑 lent/);

    await story.say("/sandbox integration", { on: other, by: "leo" });
    assert.match(story.answers(other)[0] ?? "", new RegExp(`lent to pull request ${number} by \`maria\` since`));
    await story.say("/status integration", { on: other, by: "leo" });
    assert.match(story.answers(other)[1] ?? "", new RegExp(`lent to pull request ${number} by \`maria\``));
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);

    const head = story.github.branchTip({ repository: CONFIG, branch }) ?? "";
    await story.cluster("integration").takes({ revision: head });
    const [told = "", ...more] = sandboxComments(story, number);
    assert.deepEqual(more, []);
    assert.match(told, new RegExp(`\`${head.slice(0, 7)}\`, the head of this branch \\| ✅ synced \\| ✅ healthy`));

    story.github.closePullRequest({ repository: CONFIG, number, by: "leo" });
    await story.settle();
    assert.equal(story.reads(FILE), application("main"));
    assert.deepEqual(titles(story).slice(1), [`merged: Take integration of checkout back from #${number}`]);
    assert.match(sandboxComments(story, number)[0] ?? "", /✅ given back/);
    assert.match(story.reads("sandboxes.yaml", { ref: "stagecoach-ledger" }) ?? "", /^sandboxes: \[\]/);
    await story.cluster("integration").takes();
    assert.equal(story.declares("integration"), "1.8.0", "what waited meanwhile is promoted");
  },
  {
    pipeline: checkoutFile([environment("integration", `merge: auto, ${SANDBOX}, ${livesIn("integration", "dev")}`)]),
    files: FILES,
    sources: { dev: { environments: ["integration"] } },
  },
);

tellInAllConditions(
  "a sandbox is released by a command before anything was merged, and nothing is left",
  async (story) => {
    await story.settle();
    const number = story.propose({ "notes.md": "faster\n" });
    await story.say("/sandbox integration", { on: number });
    assert.equal(titles(story).length, 1);
    await story.say("/sandbox release", { on: number });
    assert.equal(story.reads(FILE), application("main"));
    assert.deepEqual(titles(story), [`closed: Lend integration of checkout to #${number}`]);
    assert.match(sandboxComments(story, number)[0] ?? "", /✅ given back/);
  },
  { ...LENDING, pipeline: LENDING.pipeline.replace("merge: auto", "merge: manual") },
);

tellInAllConditions(
  "T10: a pull request of ours that a person closed is not opened again, and what a person wrote stays",
  async (story) => {
    await story.settle();
    const number = story.propose({ "notes.md": "faster\n" });
    await story.say("/sandbox integration", { on: number });
    const [ours] = story.github.pullRequests({ repository: CONFIG }).filter(({ title }) => title.startsWith("Lend"));
    story.github.closePullRequest({ repository: CONFIG, number: ours?.number ?? 0, by: "ann" });
    await story.settle();
    assert.equal(titles(story).length, 1);
    assert.match(sandboxComments(story, number)[0] ?? "", /`ann` closed pull request/);
    await story.commit({ [FILE]: application("hotfix") }, { by: "ann" });
    await story.say("/sandbox release", { on: number });
    assert.equal(story.reads(FILE), application("hotfix"));
    assert.match(sandboxComments(story, number)[0] ?? "", /somebody wrote `hotfix`/);
  },
  { ...LENDING, pipeline: LENDING.pipeline.replace("merge: auto", "merge: manual") },
);
