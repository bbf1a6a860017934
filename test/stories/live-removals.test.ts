// What a person's pull request takes out of an environment: the check lists it, asks for an approval that names the
// environment, and lets nothing pass that would leave an environment empty.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, deployment, environment, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: orders
  annotations: { argocd.argoproj.io/sync-options: Prune=confirm }
spec: { accessModes: [ReadWriteOnce] }
`;
const TWO = {
  pipeline: checkoutFile([environment("live"), environment("archive", "after: [live]")]),
  files: {
    ...runs("1.7.0", ["live", "archive"]),
    "apps/checkout/live/orders.yaml": CLAIM,
    "apps/checkout/live/notes.md": "Notes\n",
  },
};

function headOf({ github }: Story, number: number): string {
  return github.pullRequest({ repository: CONFIG, number }).headOid;
}

function textOf(story: Story, number: number): string {
  const run = story.github.checkRuns({ repository: CONFIG, ref: headOf(story, number), app: "stagecoach" }).at(-1);
  return run?.output.summary ?? "";
}

tellInAllConditions(
  "objects that are removed are listed and need an approval that names their environment, on this very head",
  async (story) => {
    await story.settle();
    const number = story.propose({ "apps/checkout/live/orders.yaml": null });
    await story.settle();
    assert.match(
      story.check(headOf(story, number)) ?? "",
      /^failure: 1 object would be removed from `?checkout\/live`?; nobody has approved that/,
    );
    assert.match(textOf(story, number), /PersistentVolumeClaim.*orders/);
    assert.match(textOf(story, number), /approve removal checkout\/live/);

    story.github.review({ repository: CONFIG, number, by: "maria", body: "Looks good" });
    await story.settle();
    assert.match(story.check(headOf(story, number)) ?? "", /^failure/);
    story.github.review({ repository: CONFIG, number, by: "maria", body: "approve removal checkout/archive" });
    await story.settle();
    assert.match(story.check(headOf(story, number)) ?? "", /^failure/);
    story.github.review({ repository: CONFIG, number, by: "maria", body: "approve removal checkout/live" });
    await story.settle();
    assert.match(
      story.check(headOf(story, number)) ?? "",
      /^success: The removal of 1 object .* is approved by `?maria/,
    );

    const branch = story.github.pullRequest({ repository: CONFIG, number }).headRef;
    await story.commit({ "apps/checkout/live/more.md": "More\n" }, { by: "leo", branch });
    assert.match(story.check(headOf(story, number)) ?? "", /^failure/, "it was given on another head");
  },
  TWO,
);

tell(
  "an environment that would be empty afterwards is refused whoever approves",
  async (story) => {
    await story.settle();
    const number = story.propose({ "apps/checkout/archive/deployment.yaml": null });
    await story.settle();
    assert.match(story.check(headOf(story, number)) ?? "", /^failure: This would empty `?checkout\/archive/);
    story.github.review({ repository: CONFIG, number, by: "maria", body: "approve removal checkout/archive" });
    await story.settle();
    assert.match(story.check(headOf(story, number)) ?? "", /^failure: This would empty/);
    const branch = story.github.pullRequest({ repository: CONFIG, number }).headRef;
    await story.commit({ "apps/checkout/archive/deployment.yaml": deployment("1.7.0") }, { by: "leo", branch });
    assert.match(story.check(headOf(story, number)) ?? "", /^success: No promotion/);
  },
  TWO,
);

tell(
  "what is moved, renamed in its folder or no object at all is no removal",
  async (story) => {
    await story.settle();
    const number = story.propose({
      "apps/checkout/live/orders.yaml": null,
      "apps/checkout/live/storage/orders.yaml": CLAIM,
      "apps/checkout/live/notes.md": null,
    });
    await story.settle();
    assert.match(story.check(headOf(story, number)) ?? "", /^success/);
  },
  TWO,
);

tell(
  "our own promotions remove nothing and are not asked",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.check("live"), "success: Every gate has passed; a person merges it");
  },
  TWO,
);
