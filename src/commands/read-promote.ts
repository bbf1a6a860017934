// `promote` and `rollback`: which version, and where to. Without `to`, a word that is the name of an environment or a
// pipeline is the target and any other a version; behind `to` stands a target for one, a version or a time for the other.

import type { CommandTarget } from "../domain/command.ts";
import { quote } from "./quote.ts";
import { TIME_FORMS, takeMoment } from "./read-moment.ts";
import { readTarget } from "./read-target.ts";
import { readVersion } from "./read-version.ts";
import { command, type Mistake, mistake, type Reading, type ReadingContext, type ReadWords } from "./reading.ts";
import type { Word } from "./split-words.ts";
import { partAt, shown } from "./words.ts";

/** `promote`: `[version] [to <environment>]`, and `<pipeline> <version> to <environment>`. */
export const readPromote: ReadWords = (words, context) => {
  const { before, after } = partAt(words, "to");
  if (after?.length === 0) return mistake("the environment behind `to` is missing");
  const what = readWhat(before, context);
  if (what.kind === "mistake") return what;
  const to = readTarget(after ?? []);
  if (to.kind === "mistake") return to;
  const version = what.version === undefined ? undefined : readVersion(what.version);
  if (version?.kind === "mistake") return version;
  const target = merge(what.target, after === undefined ? undefined : to.target);
  if (target === undefined) return mistake(`${shown(before)} and ${shown(after ?? [])} are two different targets`);
  return command({ verb: "promote", target, ...(version !== undefined && { version: version.version }) });
};

type What = { readonly kind: "what"; readonly target: readonly Word[]; readonly version?: Word } | Mistake;

/** The words before `to`: a target, then a version, or either of them. */
function readWhat(words: readonly Word[], { names, lead }: ReadingContext): What {
  const [first, second] = words;
  if (first === undefined) return { kind: "what", target: [] };
  const isTarget = first.form !== "quoted" && (names.has(first.text) || first.text.includes("/"));
  if (second === undefined)
    return isTarget ? { kind: "what", target: words } : { kind: "what", target: [], version: first };
  if (words.length > 2) return mistake(`${shown(words)} is more than a pipeline and a version`);
  if (!isTarget && names.has(second.text)) {
    const why = `${quote(second.text)} stands where a version is expected`;
    return mistake(why, `Write ${quote(`${lead}promote ${first.text} to ${second.text}`)}.`);
  }
  if (isTarget && second.form !== "quoted" && names.has(second.text)) return { kind: "what", target: words };
  return { kind: "what", target: [first], version: second };
}

/** What stands before `to` then names the pipeline of what stands behind it. */
function merge(before: readonly Word[], after: CommandTarget | undefined): CommandTarget | undefined {
  const read = readTarget(before);
  if (read.kind === "mistake") return undefined;
  const { target } = read;
  if (after === undefined || target.name === undefined) return after ?? target;
  if (target.pipeline === undefined) {
    return after.pipeline === undefined || after.pipeline === target.name
      ? { pipeline: target.name, ...(after.name !== undefined && { name: after.name }) }
      : undefined;
  }
  const isSame = after.name === target.name && (after.pipeline ?? target.pipeline) === target.pipeline;
  return isSame ? target : undefined;
}

/** `rollback`: `[<environment>] [to <version> | <time>]`. */
export const readRollback: ReadWords = (words, context) => {
  const { before, after } = partAt(words, "to");
  const [only] = before;
  const isBare = before.length === 1 && only !== undefined && !context.names.has(only.text);
  if (after === undefined && isBare && /^v?\d/.test(only.text) && !only.text.includes("/")) {
    const why = `${quote(only.text)} stands where an environment is expected`;
    return mistake(why, `Write ${quote(`${context.lead}rollback to ${only.text}`)}.`);
  }
  const read = readTarget(before);
  if (read.kind === "mistake") return read;
  return after === undefined
    ? command({ verb: "rollback", target: read.target })
    : backTo(after, { target: read.target, context });
};

/** A day is a time, too; a tag that looks like one is put in quotes. */
function backTo(
  words: readonly Word[],
  { target, context }: { readonly target: CommandTarget; readonly context: ReadingContext },
): Reading {
  const [first, ...rest] = words;
  if (first === undefined) return mistake("the version or time behind `to` is missing");
  const moment = takeMoment(words, { from: context.at, direction: "back" });
  if (moment !== undefined && moment.words === words.length) {
    if (moment.at > context.at) return mistake(`${shown(words)} is yet to come`);
    return command({ verb: "rollback", target, to: { kind: "time", at: moment.at } });
  }
  const version = readVersion(first);
  if (version.kind === "mistake" || rest.length > 0) {
    const forms = TIME_FORMS.replace("`2h`, ", "");
    return mistake(`${shown(words)} is neither a version nor a time`, `Write a tag, or a time as ${forms}.`);
  }
  return command({ verb: "rollback", target, to: { kind: "version", version: version.version } });
}
