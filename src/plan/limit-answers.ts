// How many answers one person gets in one conversation before the next one has to wait.

import type { Observed } from "../domain/observed.ts";
import type { Heard } from "./hear-orders.ts";

const HOUR = 3_600_000;
export const ANSWERS_IN_AN_HOUR = 20;

/** T27: whoever asks without end is answered later; GitHub's patience is for everybody. */
export function hasHadEnough({ conversation, comment }: Heard, { comments, now }: Observed): boolean {
  const read = comments[conversation.number];
  if (read?.kind !== "known") return false;
  const answered = read.value.comments.filter(
    ({ by, at, reaction }) =>
      by.id === comment.by.id && reaction !== undefined && reaction !== "seen" && now - at < HOUR,
  );
  return answered.length >= ANSWERS_IN_AN_HOUR;
}
