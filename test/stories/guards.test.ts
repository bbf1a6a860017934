// What people's pull requests meet: findings and the plan of another pipeline file, and guards over secrets and versions.
// Whatever a pull request writes, it is judged by what is on the default branch.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import {
  CHECKOUT,
  checkoutFile,
  deployment,
  digestOf,
  environment,
  INTEGRATION,
  placeOf,
  THREE,
} from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const FILE = ".github/stagecoach.yaml";

function headOf({ github }: Story, number: number): string {
  return github.pullRequest({ repository: CONFIG, number }).headOid;
}

function runOf(story: Story, number: number) {
  const run = story.github.checkRuns({ repository: CONFIG, ref: headOf(story, number), app: "stagecoach" }).at(-1);
  assert.ok(run, "it has no check");
  return run;
}

const checkOf = (story: Story, number: number) => story.check(headOf(story, number)) ?? "";
const located = (story: Story, text: string) => text.replaceAll("REGISTRY", story.registry.host);

tellInAllConditions(
  "another pipeline file: its findings stand at their lines, and what it would lead to in the check",
  async (story) => {
    await story.settle();
    const broken = story.propose({ [FILE]: CHECKOUT.replace("after: [staging]", "after: [stagin]") });
    const more = checkoutFile([INTEGRATION, environment("rehearsal", "after: [integration]")]);
    const sound = story.propose({
      [FILE]: more,
      "apps/checkout/rehearsal/deployment.yaml": deployment("1.6.0"),
    });
    await story.settle();

    assert.match(checkOf(story, broken), /^failure: 1 error in the pipeline file/);
    const [annotation] = runOf(story, broken).output.annotations;
    assert.equal(annotation?.path, FILE);
    assert.match(annotation?.message ?? "", /stagin/);
    const lines = CHECKOUT.split("\n");
    assert.equal(annotation?.start_line, lines.findIndex((line) => line.includes("after: [staging]")) + 1);

    assert.match(checkOf(story, sound), /^success: The pipeline file can be read/);
    const { summary } = runOf(story, sound).output;
    assert.match(summary ?? "", /<details>[\s\S]*`checkout\/rehearsal` is a new environment/);
    assert.match(summary ?? "", /`checkout\/live` is no environment any more/);
    assert.match(summary ?? "", /`checkout\/rehearsal`: a promotion of `1\.7\.0` would be opened/);
    assert.deepEqual(story.open(), [], "and nothing of it was done");
  },
);

const STRICT = "guards: { secrets: fail, downgrades: fail, unproven: fail }";
const GUARDED = checkoutFile([INTEGRATION, environment("live", `after: [integration], ${STRICT}`)]);
const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData: { password: correct-horse }\n";
const WITH_GUARDS = { pipeline: GUARDED, files: THREE, pushed: ["checkout:1.6.0", "checkout:1.7.0"] };

tellInAllConditions(
  "a person's downgrade fails where the environment says so, and the next head is looked at again",
  async (story) => {
    await story.settle();
    const number = story.propose({ [placeOf("live")]: deployment("1.6.0") });
    await story.settle();
    assert.match(checkOf(story, number), /^failure: downgrades: `?checkout\/live`?: .* goes back to `?1\.6\.0/);
    assert.match(runOf(story, number).output.summary ?? "", /`\/override downgrades <reason>`/);
    const branch = story.github.pullRequest({ repository: CONFIG, number }).headRef;
    await story.commit({ [placeOf("live")]: `# Again as it was\n${deployment("1.7.0")}` }, { by: "leo", branch });
    assert.match(checkOf(story, number), /^success: No promotion/);
  },
  WITH_GUARDS,
);

tell(
  "a version that nobody has proven fails by hand, and passes once the environment before has had it",
  async (story) => {
    await story.push("1.8.0");
    const number = story.propose({ [placeOf("live")]: deployment("1.8.0") });
    await story.github.webhooks.settled();
    await story.store().runOne();
    assert.match(checkOf(story, number), /^failure: unproven: .*is not proven, merged in integration/);
    await story.settle();
    assert.equal(story.declares("integration"), "1.8.0");
    assert.match(checkOf(story, number), /^success: No promotion/);
  },
  WITH_GUARDS,
);

tellInAllConditions(
  "T24: a secret in plain text fails the check, and its value stands nowhere",
  async (story) => {
    await story.settle();
    const number = story.propose({ "apps/checkout/live/db.yaml": SECRET });
    await story.settle();
    assert.match(checkOf(story, number), /^failure: secrets: `?checkout\/live`?: a value of a Secret stands in/);
    const run = runOf(story, number);
    assert.match(run.output.summary ?? "", /`apps\/checkout\/live\/db\.yaml:4`/);
    assert.deepEqual(
      run.output.annotations.map(({ path, start_line: line }) => `${path}:${line}`),
      ["apps/checkout/live/db.yaml:4"],
    );
    assert.doesNotMatch(JSON.stringify(run.output), /correct-horse/);
    assert.doesNotMatch(JSON.stringify((await story.waits()) ?? []), /correct-horse/);
  },
  WITH_GUARDS,
);

const SOPS_VALUE = "ENC[AES256_GCM,data:aGVsbG8=,iv:aXY=,tag:dGFn,type:str]";
const ENCRYPTED = `apiVersion: v1
kind: Secret
metadata: { name: db }
stringData: { password: "${SOPS_VALUE}" }
sops: { mac: "${SOPS_VALUE}", lastmodified: "2026-11-01T10:00:00Z" }
`;

tell(
  "what SOPS has encrypted is fine, and so is what was there before",
  async (story) => {
    await story.commit({ "apps/checkout/live/old.yaml": SECRET });
    const number = story.propose({
      "apps/checkout/live/db.yaml": ENCRYPTED,
      "apps/checkout/live/old.yaml": `# The database\n${SECRET}`,
    });
    await story.settle();
    assert.match(checkOf(story, number), /^success: No promotion/);
  },
  WITH_GUARDS,
);

tellInAllConditions(
  "T11: a pipeline file that gives its own author rights changes nothing for the pull request that brings it",
  async (story) => {
    await story.settle();
    const number = story.propose({
      [FILE]: GUARDED.replace(
        STRICT,
        "merge: auto, allow: { override: [leo] }, guards: { secrets: off, downgrades: off }",
      ),
      "apps/checkout/live/db.yaml": SECRET,
      [placeOf("live")]: deployment("1.6.0"),
    });
    await story.settle();
    assert.match(checkOf(story, number), /^failure: secrets: .*, and \d+ more findings?/);
    const { summary } = runOf(story, number).output;
    assert.match(summary ?? "", /\*\*downgrades\*\*/);
    assert.match(summary ?? "", /Nothing of this pipeline file counts before it is on the default branch/);
    assert.equal(story.declares("live"), "1.7.0");
  },
  WITH_GUARDS,
);

tell(
  "T13: of a fork's pipeline file the findings are shown, and no plan is made",
  async (story) => {
    await story.settle();
    story.github.forkRepository({ repository: CONFIG, owner: "stranger" });
    const text = located(story, GUARDED.replace("name: live", "name: life"));
    story.github.commitFiles({
      repository: "stranger/platform-config",
      branch: "mine",
      author: "stranger",
      message: "Mine",
      files: { [FILE]: text, "apps/checkout/live/db.yaml": SECRET },
    });
    const head = "stranger:mine";
    const { number } = story.github.openPullRequest({ repository: CONFIG, by: "stranger", head, title: "Mine" });
    await story.settle();
    assert.match(checkOf(story, number), /^failure: secrets/);
    const { summary } = runOf(story, number).output;
    assert.match(summary ?? "", /It comes from another repository, so no plan is made of it/);
    assert.doesNotMatch(summary ?? "", /is a new environment/);
  },
  WITH_GUARDS,
);

tell(
  "T20: a pipeline file in a pull request makes nobody ask a registry",
  async (story) => {
    await story.settle();
    const asked = story.registry.requests().length;
    const number = story.propose({ [FILE]: GUARDED.replaceAll("acme/checkout,", "acme/checkout-private,") });
    await story.settle();
    assert.match(checkOf(story, number), /^success: The pipeline file can be read/);
    const others = story.registry.requests().slice(asked);
    assert.doesNotMatch(JSON.stringify(others), /checkout-private/);
  },
  WITH_GUARDS,
);

tell(
  "more environments at once than the limit wait for somebody's word, though no guard minds",
  async (story) => {
    await story.settle();
    const number = story.propose({
      [placeOf("live")]: `# One\n${deployment("1.7.0")}`,
      [placeOf("integration")]: `# Two\n${deployment("1.7.0")}`,
    });
    await story.settle();
    assert.match(checkOf(story, number), /^in progress: environments: it changes 2 environments at once/);
    assert.match(runOf(story, number).output.summary ?? "", /`\/override environments <reason>`/);
  },
  {
    ...WITH_GUARDS,
    pipeline: checkoutFile([INTEGRATION, environment("live")], { top: "limits: { environments: 1 }" }),
  },
);

tell(
  "a merge group that contains a pull request whose check failed fails, also where the check is not required",
  async (story) => {
    story.rule({ mergeQueue: { method: "squash" } });
    const number = story.propose({ [placeOf("live")]: deployment("1.6.0") });
    await story.settle();
    assert.match(checkOf(story, number), /^failure: downgrades/);
    story.github.enqueuePullRequest({ repository: CONFIG, number, by: "leo" });
    const group = story.github.buildMergeGroup({ repository: CONFIG, branch: "main" });
    await story.settle();
    assert.match(story.check(group?.headOid ?? "") ?? "", /^failure: The check of pull request \d+ has failed/);
    story.github.finishMergeGroup({ repository: CONFIG, branch: "main", passed: false });
  },
  WITH_GUARDS,
);

const PUSHES = checkoutFile([
  environment("integration", "guards: { direct-pushes: fail }"),
  environment("live", "after: [integration]"),
]);

tellInAllConditions(
  "what somebody pushed without a pull request goes no further where that is refused, and is told with its author",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.commit({ [placeOf("integration")]: deployment("1.8.0") }, { by: "leo" });
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /got it by a commit of `leo` without a pull request/);
    const told = story.github.log({ repository: CONFIG, ref: "stagecoach-ledger" }).map(({ message }) => message);
    assert.match(told.join("\n"), /leo.* pushed .* without a pull request/);
  },
  { pipeline: PUSHES, files: THREE, pushed: ["checkout:1.7.0"] },
);

tell(
  "what came by a person's merged pull request goes on",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    const number = story.propose({ [placeOf("integration")]: deployment("1.8.0") });
    const outcome = story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
    assert.equal(outcome.kind, "merged");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  { pipeline: PUSHES, files: THREE, pushed: ["checkout:1.7.0"] },
);

tell(
  "the first look at a head costs what it changes, the second nothing",
  async (story) => {
    await story.settle();
    story.propose({ [placeOf("live")]: `# A remark\n${deployment(`1.7.0@${digestOf("1.7.0")}`)}` });
    await story.github.webhooks.settled();
    story.github.forgetRequests();
    await story.settle();
    const asked = story.github.requests().filter(({ kind }) => kind !== "token");
    const names = asked.map(({ method, route, operation }) => operation ?? `${method} ${route}`);
    const reads = names.filter((name) => name !== "Observe" && !name.includes("check-runs"));
    assert.ok(reads.length <= 5, reads.join(", "));
    story.github.forgetRequests();
    await story.wait(10 * 60_000);
    const again = story.github.requests().filter(({ kind }) => kind !== "token");
    assert.deepEqual([...new Set(again.map(({ operation }) => operation))], ["Observe"]);
  },
  WITH_GUARDS,
);

const MANY = Object.fromEntries(
  Array.from({ length: 450 }, (_, index) => [`apps/checkout/live/part-${index}.yaml`, `part: ${index}\n`]),
);

tell(
  "T27: of hundreds of files no more are read than is allowed, and the rest is no success where a guard is to fail",
  async (story) => {
    await story.settle();
    const number = story.propose(MANY);
    await story.settle();
    assert.match(checkOf(story, number), /^in progress: secrets: .*at most 400/);
  },
  WITH_GUARDS,
);

tell(
  "T27: hundreds of files are a remark where the guards only warn",
  async (story) => {
    await story.settle();
    const number = story.propose(MANY);
    await story.settle();
    assert.match(checkOf(story, number), /^success: \d+ remarks?, which stops? nothing: secrets/);
  },
  { ...WITH_GUARDS, pipeline: checkoutFile([INTEGRATION, environment("live", "after: [integration]")]) },
);
