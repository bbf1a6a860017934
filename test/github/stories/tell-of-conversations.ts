// What people write in stories, and what other programs report about commits.

import { closeConversation, editConversation, openIssue, setLabels } from "../model/change-conversation.ts";
import type { CheckConclusion, CheckRun, CheckStatus } from "../model/check.ts";
import { ensureActionsApp, ensureApp, ensureUser } from "../model/manage-accounts.ts";
import { ensureLabel } from "../model/manage-repositories.ts";
import type { Model } from "../model/model.ts";
import { createCheckRun, pressCheckButton, runsOf } from "../model/report-check.ts";
import type { Comment, Conversation, Issue, ReactionContent } from "../model/repository.ts";
import { addComment, addReaction, deleteComment, editComment } from "../model/write-comment.ts";
import { resolveCommit } from "../rest/resolve-commit.ts";
import { type ByPerson, type Named, type Numbered, repositoryNamed } from "./find-repository-named.ts";

export interface CheckStory extends Named {
  /** branch, tag or commit */
  readonly ref: string;
  readonly name: string;
  readonly conclusion?: CheckConclusion;
  readonly status?: CheckStatus;
  /** slug of the app that reports; GitHub Actions when not given */
  readonly app?: string;
}

export interface ButtonStory extends Named, ByPerson {
  /** branch, tag or commit */
  readonly ref: string;
  /** its identifier */
  readonly button: string;
  /** slug of the app whose check it is; the app under test when not given */
  readonly app?: string;
}

export function tellOfConversations(model: Model) {
  const named = (name: string) => repositoryNamed(model, name);
  const user = (login: string) => ensureUser(model, { login });
  const conversation = ({ repository, number }: Numbered): Conversation => {
    const found = named(repository).conversations.get(number);
    if (found === undefined) throw new Error(`There is no ${repository}#${number}.`);
    return found;
  };
  return {
    openIssue: ({
      repository,
      by,
      title,
      body = null,
    }: Named & ByPerson & { readonly title: string; readonly body?: string | null }): Issue =>
      openIssue(model, { repository: named(repository), author: user(by), title, body }),
    comment: ({ by, body, ...which }: Numbered & ByPerson & { readonly body: string }): Comment =>
      addComment(model, { conversation: conversation(which), author: user(by), body }),
    editComment: ({ comment, by, body }: ByPerson & { readonly comment: Comment; readonly body: string }): void =>
      editComment(model, { comment, by: user(by), body }),
    deleteComment: ({ comment, by }: ByPerson & { readonly comment: Comment }): void =>
      deleteComment(model, { comment, by: user(by) }),
    /** Somebody hides a comment, as off topic or whatever else. */
    hideComment({ comment }: { readonly comment: Comment }): void {
      comment.minimized = "off-topic";
    },
    react({ comment, by, content }: ByPerson & { readonly comment: Comment; readonly content: ReactionContent }): void {
      addReaction(model, { target: comment, user: user(by), content });
    },
    /** What the accounts gave to a comment, `eve: eyes`, the oldest first. */
    reactions({ comment: id }: { readonly comment: number }): readonly string[] {
      const comment = model.comments.get(id);
      if (comment === undefined) throw new Error(`There is no comment ${id}.`);
      return comment.reactions.map((reaction) => `${reaction.user.login}: ${reaction.content}`);
    },
    closeIssue: ({ by, ...which }: Numbered & ByPerson): void =>
      closeConversation(model, { conversation: conversation(which), by: user(by) }),
    editIssue: ({ by, body, ...which }: Numbered & ByPerson & { readonly body: string }): void =>
      editConversation(model, { conversation: conversation(which), by: user(by), body }),
    /** The labels of an issue or pull request are these from now on. */
    setLabels({ by, labels, ...which }: Numbered & ByPerson & { readonly labels: readonly string[] }): void {
      const all = labels.map((name) => ensureLabel(model, { repository: named(which.repository), name }));
      setLabels(model, { conversation: conversation(which), by: user(by), labels: all });
    },
    issues: ({ repository, state }: Named & { readonly state: Conversation["state"] }): readonly Issue[] =>
      [...named(repository).conversations.values()].filter(
        (one): one is Issue => one.kind === "issue" && one.state === state,
      ),
    issue: (which: Numbered): Conversation => conversation(which),
    comments: (which: Numbered): readonly Comment[] => conversation(which).comments,
    /** What the app of that slug has reported about a commit, the oldest first. */
    checkRuns({ repository, ref, app }: Named & { readonly ref: string; readonly app: string }): readonly CheckRun[] {
      const target = named(repository);
      const oid = resolveCommit(target, ref)?.oid ?? ref;
      return runsOf(model, { repository: target, oid, latest: false }).filter(({ suite }) => suite.app.slug === app);
    },
    /** A person presses a button of the newest check that the app shows on a commit. */
    pressButton({ button, by, ...which }: ButtonStory): void {
      const target = named(which.repository);
      const oid = resolveCommit(target, which.ref)?.oid ?? which.ref;
      const runs = runsOf(model, { repository: target, oid, latest: true });
      const run = runs.find(({ suite }) => suite.app.slug === (which.app ?? "stagecoach"));
      const pressed = run && pressCheckButton(model, { run, button, by: user(by) });
      if (pressed !== "pressed") throw new Error(`No check on ${which.ref} has the button ${button}.`);
    },
    /** Another program reports a check; completed with success unless the story says otherwise. */
    reportCheck({ repository, ref, name, conclusion, status, app: slug }: CheckStory): CheckRun {
      const target = named(repository);
      const commit = resolveCommit(target, ref);
      if (commit === undefined) throw new Error(`There is no commit ${ref} in ${repository}.`);
      const app =
        slug === undefined
          ? ensureActionsApp(model)
          : ensureApp(model, { slug, owner: "elsewhere", publicKey: "", permissions: {} });
      const change =
        status === undefined || status === "completed"
          ? { status: "completed" as const, conclusion: conclusion ?? "success" }
          : { status };
      return createCheckRun(model, { repository: target, app, oid: commit.oid, name, change });
    },
  };
}
