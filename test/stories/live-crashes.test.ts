// Whatever is lost while something is said about what runs (the answer, the request, the process with its database), and
// with no event to tell of it: in the end it was said, and said once.

import assert from "node:assert/strict";
import type { FaultRule } from "../github/http/faults.ts";
import { CONFIG, type Story } from "./begin-story.ts";
import { type LiveStory, livesIn, tellLive } from "./live-story.ts";
import { checkoutFile, environment } from "./sample-files.ts";

type Step = Pick<FaultRule, "on" | "when">;

const IMAGE = "/spec/template/spec/containers/0/image";
const ONE = {
  pipeline: checkoutFile([environment("integration", `merge: auto, ${livesIn("integration", "dev")}`)]),
  sources: { dev: { environments: ["integration"] } },
};

const MISHAPS: Readonly<Record<string, (story: Story, step: Step) => { readonly met: () => number }>> = {
  "the answer is lost": (story, step) => story.fault({ ...step, times: 1, fault: { kind: "reply-lost" } }),
  "502, and nothing was done": (story, step) => story.fault({ ...step, times: 1, fault: { kind: "error-before" } }),
  "the process dies with its database": (story, step) => {
    story.crashWithNextFailure();
    const dies = () => void setImmediate(() => story.fault({ on: "* *", fault: { kind: "error-before" } }));
    story.fault({ ...step, times: 1, fault: { kind: "meanwhile", happens: dies } });
    return story.fault({ ...step, times: 1, fault: { kind: "reply-lost" } });
  },
};

const says = (text: string) => ({
  when: ({ body }: { readonly body?: unknown }) => JSON.stringify(body).includes(text),
});

const FOLLOWING: Readonly<Record<string, Step>> = {
  "the comment": { on: "POST */comments", ...says("stagecoach:live merged") },
  "its edit": { on: "PATCH */comments/{comment_id}" },
  "the deployment": { on: "POST */deployments" },
  "its first status": { on: "POST */statuses", ...says("queued") },
  "its last status": { on: "POST */statuses", ...says("success") },
};

const REPLACING: Readonly<Record<string, Step>> = {
  "the replaced one's comment": { on: "PATCH */comments/{comment_id}", ...says("stagecoach:live replaced") },
  "the replaced one's status": { on: "POST */statuses", ...says("inactive") },
};

const TELLING_DRIFT: Readonly<Record<string, Step>> = {
  "the issue": { on: "POST */issues" },
  "the issue's end": { on: "PATCH */issues/{issue_number}" },
};

const ADOPTING: Readonly<Record<string, Step>> = {
  "the draft's commit": { on: "POST */git/commits", ...says("Adopt") },
  "the draft's branch": { on: "POST /graphql", ...says("stagecoach-adopt") },
  "the draft": { on: "POST */pulls", ...says("Adopt") },
  "the label": { on: "DELETE */labels/{name}" },
};

function tellWithMishaps(steps: Readonly<Record<string, Step>>, telling: (story: LiveStory) => Promise<void>): void {
  for (const [name, mishap] of Object.entries(MISHAPS))
    for (const [what, step] of Object.entries(steps))
      tellLive(
        `at ${what}: ${name}`,
        async (story) => {
          await story.settle();
          // Nobody tells of what was done.
          story.github.setWebhookUrl(undefined);
          const { met } = mishap(story, step);
          await telling(story);
          assert.equal(met(), 1);
          await story.wait(60_000);
          story.failures();
          story.allowsRepeatedEdits();
        },
        ONE,
      );
}

tellWithMishaps(FOLLOWING, async (story) => {
  await story.push("1.8.0");
  await story.settle();
  await story.cluster("integration").takes();
  await story.settle();
  assert.equal(story.told("integration").stage, "healthy");
  assert.deepEqual(story.told("integration").deployment.at(-1), "success");
});

tellWithMishaps(REPLACING, async (story) => {
  await story.push("1.8.0");
  await story.settle();
  const { number } = story.told("integration");
  await story.push("1.9.0");
  await story.settle();
  await story.cluster("integration").takes();
  assert.equal(story.told("integration", number).stage, "replaced");
  assert.equal(story.told("integration", number).deployment.at(-1), "inactive");
  assert.equal(story.told("integration").stage, "healthy");
});

tellWithMishaps(TELLING_DRIFT, async (story) => {
  await story.cluster("integration").handEdits(IMAGE, "elsewhere/checkout:1");
  await story.settle();
  assert.equal(story.driftIssues().length, 1);
  await story.cluster("integration").heals();
  await story.settle();
  assert.equal(story.driftIssues({ open: true }).length, 0);
  assert.equal(story.driftIssues().length, 1);
});

tellWithMishaps(ADOPTING, async (story) => {
  await story.push("1.6.9");
  await story.cluster("integration").handEdits(IMAGE, `${story.registry.host}/acme/checkout:1.6.9`);
  const [issue] = story.driftIssues({ open: true });
  assert.ok(issue);
  const labels = ["stagecoach", "stagecoach/drift", "stagecoach/adopt"];
  story.github.setLabels({ repository: CONFIG, number: issue.number, by: "maria", labels });
  // Issues are read again after an hour at the latest.
  await story.wait(70 * 60_000);
  const drafts = story.github
    .pullRequests({ repository: CONFIG })
    .filter(({ headRef }) => headRef.startsWith("stagecoach-adopt/"));
  assert.deepEqual(
    drafts.map(({ draft, title }) => `${draft} ${title}`),
    ["true Adopt 1.6.9 in integration"],
  );
  assert.deepEqual(
    story.driftIssues({ open: true }).flatMap(({ labels: left }) => left.map(({ name }) => name)),
    ["stagecoach", "stagecoach/drift"],
  );
  await story.cluster("integration").heals();
});
