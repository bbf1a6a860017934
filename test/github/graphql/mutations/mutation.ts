// The mutations that are modelled. Each does what its REST twin does, through the same functions of the model, so that
// the same webhooks follow.

import type { FieldTable } from "../context.ts";
import { addCommentTo, minimizeComment, unminimizeComment } from "./comment.ts";
import { createCommitOnBranch } from "./create-commit.ts";
import { dequeue, enqueue } from "./merge-queue.ts";
import { react, unreact } from "./react.ts";
import { updateRefs } from "./update-refs.ts";

export const mutationFields = {
  Mutation: {
    addComment: addCommentTo,
    addReaction: react,
    createCommitOnBranch,
    dequeuePullRequest: dequeue,
    enqueuePullRequest: enqueue,
    minimizeComment,
    removeReaction: unreact,
    unminimizeComment,
    updateRefs,
  },
} satisfies Readonly<Record<string, FieldTable>>;
