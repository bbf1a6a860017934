// What Stagecoach said on GitHub about what runs: the comment that follows a promotion, calls for attention, deployments
// and issues about drift, as they stand and as they came about. Nothing is said twice, and no edit leaves a text as it was.

import assert from "node:assert/strict";
import type { Announcement } from "../github/model/announcement.ts";
import type { DeploymentState } from "../github/model/check.ts";
import type { Issue } from "../github/model/repository.ts";
import { repositoryNamed } from "../github/stories/find-repository-named.ts";
import { CONFIG, type PullRequest, type Story } from "./begin-story.ts";

const OURS = "stagecoach";

export interface Told {
  readonly number: number;
  /** The last word of the comment's mark: `healthy`. Absent: there is no comment. */
  readonly stage: string | undefined;
  readonly text: string;
  /** The stages that the comment went through, as often as it was written. */
  readonly stages: readonly string[];
  /** Situations of the calls for attention. */
  readonly attention: readonly string[];
  /** States of the deployment, the oldest first. */
  readonly deployment: readonly DeploymentState[];
}

export interface Said {
  /** What stands on the promotion that was merged last into the environment, or on the one of that number. */
  told(environment: string, number?: number): Told;
  driftIssues(options?: { readonly open?: boolean }): readonly Issue[];
  expectSaidOnce(): void;
  /** GitHub's answers were lost in this story, so what was done may have been done again. */
  allowsRepeatedEdits(): void;
}

interface Heard {
  readonly stages: Map<number, string[]>;
  readonly problems: string[];
}

export function listen(story: Pick<Story, "github" | "promotions">): Said {
  const { github } = story;
  const heard: Heard = { stages: new Map(), problems: [] };
  github.model.listeners.add((announcement) => note(announcement, heard));
  const mergedLast = (environment: string): PullRequest => {
    const merged = story.promotions(environment).filter(({ mergedAt }) => mergedAt !== undefined);
    const last = merged.toSorted((a, b) => a.number - b.number).at(-1);
    assert.ok(last, `Nothing was ever merged into ${environment}.`);
    return last;
  };
  const issues = () =>
    [...repositoryNamed(github.model, CONFIG).conversations.values()].filter(
      (each): each is Issue => each.kind === "issue" && each.app?.slug === OURS,
    );
  return {
    told: (environment, number = mergedLast(environment).number) => {
      const comments = github.comments({ repository: CONFIG, number }).filter(({ app }) => app?.slug === OURS);
      const marked = comments.map((comment) => ({ ...comment, ...markOf(comment.body) }));
      const key = environment.includes("/") ? environment : `checkout/${environment}`;
      const sticky = marked.find(({ topic }) => topic === "live" || topic === `live/${key}`);
      const pull = github.pullRequests({ repository: CONFIG }).find((each) => each.number === number);
      const deployment = github
        .deployments({ repository: CONFIG })
        .find((each) => each.oid === pull?.mergeCommitOid && each.environment === key);
      return {
        number,
        stage: sticky?.stage,
        text: sticky?.body ?? "",
        stages: (sticky && heard.stages.get(sticky.id)) ?? [],
        attention: marked.flatMap(({ topic }) => (topic?.startsWith("attention/") ? topic.slice(10) : [])),
        deployment: deployment?.statuses.map(({ state }) => state) ?? [],
      };
    },
    driftIssues: ({ open } = {}) => issues().filter(({ state }) => open === undefined || (state === "open") === open),
    allowsRepeatedEdits: () => {
      heard.problems.length = 0;
    },
    expectSaidOnce: () => {
      assert.deepEqual(heard.problems, []);
      for (const pull of github.pullRequests({ repository: CONFIG })) {
        const topics = github
          .comments({ repository: CONFIG, number: pull.number })
          .flatMap(({ app, body }) => (app?.slug === OURS ? (markOf(body)?.topic ?? []) : []));
        assert.deepEqual(topics, [...new Set(topics)], `#${pull.number} was told the same twice`);
      }
      const deployments = github
        .deployments({ repository: CONFIG })
        .map(({ oid, environment }) => `${oid} ${environment}`);
      assert.deepEqual(deployments, [...new Set(deployments)], "a commit was deployed twice");
      const open = issues().flatMap(({ state, title }) => (state === "open" ? title : []));
      assert.deepEqual(open, [...new Set(open)], "two issues about one environment");
    },
  };
}

function note(announcement: Announcement, { stages, problems }: Heard): void {
  if (announcement.event === "issue_comment" && announcement.comment.app?.slug === OURS) {
    const { id, body } = announcement.comment;
    const mark = markOf(body);
    if (announcement.action === "edited" && announcement.previousBody === body)
      problems.push(`comment ${id} was edited and says what it said`);
    if (mark?.topic.startsWith("live")) stages.set(id, [...(stages.get(id) ?? []), mark.stage]);
  }
  if (announcement.event === "deployment_status" && announcement.status.app?.slug === OURS) {
    const [last, before] = announcement.deployment.statuses.toReversed();
    if (last && before?.state === last.state) problems.push(`${last.environment} was ${last.state} twice`);
  }
}

function markOf(body: string): { readonly topic: string; readonly stage: string } | undefined {
  const [, topic, fingerprint = ""] = /<!-- stagecoach:(live(?:\/\S+)?|attention\/\S+) (\S+) -->\s*$/.exec(body) ?? [];
  return topic === undefined ? undefined : { topic, stage: fingerprint.split(".")[0] ?? "" };
}
