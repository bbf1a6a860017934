// Whether somebody's pull request may take objects out of environments: what is asked, who has to approve and in which
// words, and that nothing unknown ever passes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Observed, removalsKey } from "../../src/domain/observed.ts";
import type { EnvironmentKey } from "../../src/domain/pipeline.ts";
import type { ApprovingReview } from "../../src/domain/promotion.ts";
import type { Removal, RemovedObject } from "../../src/domain/removal.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import { readRemovalApprovals } from "../../src/plan/read-removal-approval.ts";
import { configuration, IMAGE, images, observed } from "./build.ts";

const HEAD = "their-head";
const LIVE: EnvironmentKey = "checkout/live";
const APPROVES = `approve removal ${LIVE}`;

const volume: RemovedObject = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  name: "data",
  path: "apps/checkout/live/volume.yaml",
  protection: [],
  holdsData: true,
};

function removal(key: EnvironmentKey = LIVE, changes: Partial<Removal> = {}): Removal {
  return { key, objects: [volume], emptied: false, notes: [], ...changes };
}

function review(text: string, changes: Partial<ApprovingReview> = {}): ApprovingReview {
  return { by: "maria", head: HEAD, text, ...changes };
}

interface Seeing {
  readonly removals?: Seen<readonly Removal[]>;
  readonly reviews?: Seen<readonly ApprovingReview[]>;
  readonly base?: string;
  readonly start?: Partial<Observed>;
}

function plan({ removals, reviews, base = "main", start = {} }: Seeing) {
  return planRepository(
    observed({
      images: { [IMAGE]: known(images(["1.7.0"])) },
      guarded: [{ head: HEAD, number: 12, base, contains: [] }],
      changes: { [removalsKey({ head: HEAD, base })]: known({ environments: [] }) },
      removals: removals ? { [removalsKey({ head: HEAD, base })]: removals } : {},
      reviews: reviews ? { 12: reviews } : {},
      ...start,
    }),
  );
}

function checkOf(seeing: Seeing) {
  const action = plan(seeing).actions.find((each) => each.kind === "set-check" && each.head === HEAD);
  return action?.kind === "set-check" ? action.check : undefined;
}

const verdict = (seeing: Seeing) => {
  const check = checkOf(seeing);
  return check && `${check.state}: ${check.title}`;
};
const notes = (seeing: Seeing) => checkOf(seeing)?.subject.notes ?? [];
const needs = (seeing: Seeing) => plan(seeing).needs;
const NOBODY = known([]);

describe("what has to be known first", () => {
  test("what the pull request removes, and no check is set before", () => {
    assert.deepEqual(needs({}), [{ kind: "removals", number: 12, head: HEAD, base: "main" }]);
    assert.equal(checkOf({}), undefined);
  });

  test("the reviews, only when something is removed", () => {
    assert.deepEqual(needs({ removals: known([]) }), []);
    assert.deepEqual(needs({ removals: known([removal()]) }), [{ kind: "reviews", number: 12 }]);
    assert.equal(checkOf({ removals: known([removal()]) }), undefined);
  });

  test("nothing on a branch that holds no environment, and nothing without environments", () => {
    assert.deepEqual(needs({ base: "lab" }), []);
    assert.match(verdict({ base: "lab" }) ?? "", /^success/);
    const none = { configuration: known(configuration({ pipelines: [] })) };
    assert.deepEqual(needs({ start: none }), []);
    assert.match(verdict({ start: none }) ?? "", /^success/);
  });

  test("nothing for a merge group: its pull requests were judged", () => {
    const group = { guarded: [{ head: HEAD, base: "main", contains: [] }] };
    assert.deepEqual(needs({ start: group }), []);
  });
});

describe("the check on somebody's pull request", () => {
  interface Row {
    readonly when: string;
    readonly given: Seeing;
    readonly says: string;
  }
  const two = known([removal(), removal("checkout/staging")]);
  const ROWS: readonly Row[] = [
    {
      when: "nothing is removed",
      given: { removals: known([]) },
      says: "success: No promotion of Stagecoach's",
    },
    {
      when: "only something could not be looked at",
      given: { removals: known([removal(LIVE, { objects: [], notes: ["`a.yaml` holds templates"] })]) },
      says: "success: No promotion of Stagecoach's",
    },
    {
      when: "it is not known what is removed",
      given: { removals: unknown("the pull request changes more than 3,000 files") },
      says: "in-progress: Not known yet whether this removes objects: the pull request changes more than 3,000 files",
    },
    {
      when: "the reviews cannot be read",
      given: { removals: known([removal()]), reviews: unknown("GitHub answered 502") },
      says: "in-progress: Objects are removed, and the reviews could not be read: GitHub answered 502",
    },
    {
      when: "nobody has approved",
      given: { removals: known([removal()]), reviews: NOBODY },
      says: "failure: 1 object would be removed from `checkout/live`; nobody has approved that for `checkout/live`",
    },
    {
      when: "somebody has approved the pull request, and not the removal",
      given: { removals: known([removal()]), reviews: known([review("Looks good to me")]) },
      says: "failure: 1 object would be removed from `checkout/live`; nobody has approved that for `checkout/live`",
    },
    {
      when: "somebody has approved the removal",
      given: { removals: known([removal()]), reviews: known([review(`Fine, it has moved.\n\n${APPROVES}\n`)]) },
      says: "success: The removal of 1 object from `checkout/live` is approved by `maria`",
    },
    {
      when: "T8: the approval was given on an earlier head",
      given: { removals: known([removal()]), reviews: known([review(APPROVES, { head: "earlier" })]) },
      says: "failure: 1 object would be removed from `checkout/live`; nobody has approved that for `checkout/live`",
    },
    {
      when: "one of two environments is approved",
      given: { removals: two, reviews: known([review(APPROVES)]) },
      says: "failure: 2 objects would be removed from `checkout/live` and `checkout/staging`; nobody has approved that for `checkout/staging`",
    },
    {
      when: "two people approve one environment each",
      given: {
        removals: two,
        reviews: known([review(APPROVES), review("approve removal checkout/staging", { by: "ken" })]),
      },
      says: "success: The removal of 2 objects from `checkout/live` and `checkout/staging` is approved by `maria` and `ken`",
    },
    {
      when: "one person approves both",
      given: { removals: two, reviews: known([review(`${APPROVES}\napprove removal checkout/staging`)]) },
      says: "success: The removal of 2 objects from `checkout/live` and `checkout/staging` is approved by `maria`",
    },
    {
      when: "an environment is emptied, though somebody approves it",
      given: { removals: known([removal(LIVE, { emptied: true })]), reviews: known([review(APPROVES)]) },
      says: "failure: This would empty `checkout/live`",
    },
  ];
  for (const { when, given, says } of ROWS) {
    test(`when ${when}: ${says.slice(0, says.indexOf(":"))}`, () => assert.equal(verdict(given), says));
  }

  test("says how to approve, and whose approval is out of date", () => {
    const [how, stale] = notes({
      removals: known([removal()]),
      reviews: known([review(APPROVES, { head: "earlier" }), review("Nice", { head: "earlier", by: "ken" })]),
    });
    assert.match(how ?? "", /approves this head in a review with the line `approve removal checkout\/live`/);
    assert.match(stale ?? "", /^The review by `maria` was given on an earlier head/);
    assert.doesNotMatch(notes({ removals: known([removal()]), reviews: NOBODY }).join(), /earlier/);
  });

  test("says why an emptied environment passes with nobody's approval, and what to do", () => {
    const said = notes({ removals: known([removal(LIVE, { emptied: true })]) }).join("\n");
    assert.match(said, /no approval lets this pass/);
    assert.match(said, /first take it out of the pipeline file/);
  });

  test("carries what could not be looked at", () => {
    const note = "`a.yaml` holds templates";
    const unseen = removal(LIVE, { notes: [note] });
    assert.deepEqual(notes({ removals: known([{ ...unseen, objects: [] }]) }), [note]);
    assert.ok(notes({ removals: known([unseen]), reviews: NOBODY }).includes(note));
    assert.deepEqual(notes({ removals: known([unseen]), reviews: known([review(APPROVES)]) }), [note]);
  });

  test("stands still while nothing changes", () => {
    const seeing: Seeing = { removals: known([removal()]), reviews: NOBODY };
    const check = checkOf(seeing);
    assert.ok(check);
    const present = { id: 1, state: check.state, fingerprint: check.fingerprint };
    const start = { guarded: [{ head: HEAD, number: 12, base: "main", contains: [], check: present }] };
    assert.equal(checkOf({ ...seeing, start }), undefined);
    const changed = checkOf({ ...seeing, reviews: known([review(APPROVES)]), start });
    assert.equal(changed?.state, "success");
  });
});

describe("the words of an approval", () => {
  const YES: readonly (readonly [string, string])[] = [
    ["alone", APPROVES],
    ["in capitals", "Approve Removal Checkout/LIVE"],
    ["with spaces around", `Yes.\n\n  ${APPROVES}  \n`],
    ["as one line of a paragraph", `I have looked.\n${APPROVES}\nThanks`],
    ["with Windows' line ends", `I have looked.\r\n${APPROVES}\r\nThanks`],
    ["after a hard break", `I have looked.  \n${APPROVES}`],
  ];
  for (const [how, text] of YES) {
    test(`count ${how}`, () => assert.deepEqual([...readRemovalApprovals(text)], [LIVE]));
  }

  const NO: readonly (readonly [string, string])[] = [
    ["in a quote", `> ${APPROVES}`],
    ["in a quote that goes on lazily", `> somebody said\n${APPROVES}`],
    ["in a block of code", `\`\`\`\n${APPROVES}\n\`\`\``],
    ["in a block of code that never ends", `\`\`\`\n${APPROVES}`],
    ["indented as code", `    ${APPROVES}`],
    ["in a span of code", `\`${APPROVES}\``],
    ["in a span of code over several lines", `\`a\n${APPROVES}\nb\``],
    ["in a comment of HTML", `<!--\n${APPROVES}\n-->`],
    ["in an element of HTML", `<details>\n${APPROVES}\n</details>`],
    ["in a list", `- ${APPROVES}`],
    ["in a heading", `# ${APPROVES}`],
    ["emphasised", `*${APPROVES}*`],
    ["struck out", `~~${APPROVES}~~`],
    ["as a link", `[${APPROVES}](https://example.com)`],
    ["in a sentence", `I do not ${APPROVES}`],
    ["with more behind", `${APPROVES} only if it is Monday`],
    ["with a full stop", `${APPROVES}.`],
    ["with two spaces", "approve  removal checkout/live"],
    ["without the pipeline", "approve removal live"],
    ["for everything", "approve removal */*"],
    ["with two environments in one line", `${APPROVES} checkout/staging`],
    ["with something invisible in between", "approve removal checkout/live\u200b"],
    ["in a text longer than GitHub takes", `${APPROVES}\n\n${"x".repeat(66_000)}`],
    ["not at all", ""],
  ];
  for (const [how, text] of NO)
    test(`do not count ${how}`, () => assert.deepEqual([...readRemovalApprovals(text)], []));
});
