// `until <time>` among the words of a command. Directly behind the target it has to be a time; later it may also be
// a word of the reason, `until we know more`.

import { TIME_FORMS, takeMoment } from "./read-moment.ts";
import { type Mistake, mistake, type ReadingContext } from "./reading.ts";
import type { Word } from "./split-words.ts";
import { isKeyword, shown } from "./words.ts";

export type TakenUntil = { readonly kind: "taken"; readonly until?: number; readonly rest: readonly Word[] } | Mistake;

export function takeUntil(words: readonly Word[], { at }: Pick<ReadingContext, "at">): TakenUntil {
  for (const [index, word] of words.entries()) {
    if (!isKeyword(word, "until")) continue;
    const behind = words.slice(index + 1);
    const moment = takeMoment(behind, { from: at, direction: "ahead" });
    if (moment === undefined && index > 0) continue;
    if (moment === undefined) return notATime(behind);
    if (moment.at <= at) return mistake(`${shown(behind.slice(0, moment.words))} is over already`);
    return { kind: "taken", until: moment.at, rest: [...words.slice(0, index), ...behind.slice(moment.words)] };
  }
  return { kind: "taken", rest: words };
}

function notATime(words: readonly Word[]): Mistake {
  const [first] = words;
  const why = first === undefined ? "the time behind `until` is missing" : `${shown([first])} is not a time`;
  return mistake(why, `Write a time as ${TIME_FORMS}.`);
}
