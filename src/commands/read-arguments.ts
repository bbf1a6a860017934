// How the words behind a verb are read: one function for each form, named by the command table. Whether what they name
// exists is decided elsewhere.

import { VERBS } from "../domain/command.ts";
import { isTag } from "../domain/image-name.ts";
import { isNearly } from "./is-nearly.ts";
import { quote } from "./quote.ts";
import { readTarget, takeTarget } from "./read-target.ts";
import { readVersion } from "./read-version.ts";
import { command, mistake, type ReadWords } from "./reading.ts";
import { takeUntil } from "./take-until.ts";
import { joined, partAt, shown } from "./words.ts";

/** `hold`: `[<environment>] [until <time>] [reason]`. */
export const readHold: ReadWords = (words, context) => {
  const [only] = words;
  if (words.length === 1 && only?.text.toLowerCase() === "cancel" && !context.names.has("cancel")) {
    const why = `\`${context.lead}hold\` is not taken back this way`;
    return mistake(why, `Write \`${context.lead}resume\`.`);
  }
  const first = takeTarget(words, context.names);
  if (first.kind === "mistake") return first;
  const time = takeUntil(first.rest, context);
  if (time.kind === "mistake") return time;
  // `/hold until 18:00 live`: the target may stand behind the time, too.
  const isAhead = time.until !== undefined && first.target.name === undefined;
  const taken = isAhead ? takeTarget(time.rest, context.names) : { ...first, rest: time.rest };
  if (taken.kind === "mistake") return taken;
  const reason = joined(taken.rest);
  return command({
    verb: "hold",
    target: taken.target,
    ...(time.until !== undefined && { until: time.until }),
    ...(reason !== "" && { reason }),
  });
};

/** `ignore`: `[<environment>] [until <time>]`. */
export const readIgnore: ReadWords = (words, context) => {
  const { before, after } = partAt(words, "until");
  const read = readTarget(before);
  if (read.kind === "mistake") return read;
  if (after === undefined) return command({ verb: "ignore", target: read.target });
  const time = takeUntil(words.slice(before.length), context);
  if (time.kind === "mistake") return time;
  if (time.until === undefined || time.rest.length > 0) return mistake(`${shown(after)} is not a time`);
  return command({ verb: "ignore", target: read.target, until: time.until });
};

/** `block`: `<version> <reason>`. */
export const readBlock: ReadWords = ([version, ...rest]) => {
  const read = readVersion(version);
  if (read.kind === "mistake") return read;
  const reason = joined(rest);
  if (reason === "") return mistake("a reason is missing: people will ask why this version goes nowhere");
  return command({ verb: "block", version: read.version, reason });
};

/** `unblock`: `<version>`. */
export const readUnblock: ReadWords = ([version, ...rest]) => {
  const read = readVersion(version);
  if (read.kind === "mistake") return read;
  if (rest.length > 0) return mistake(`${shown(rest)} stands behind the version, where nothing is expected`);
  return command({ verb: "unblock", version: read.version });
};

/** `override`: `<gate> <reason>`. */
export const readOverride: ReadWords = ([gate, ...rest]) => {
  if (gate === undefined) return mistake("the gate is missing");
  if (!/^[a-z][a-z-]{0,29}$/i.test(gate.text)) return mistake(`${quote(gate.text)} cannot be the name of a gate`);
  const reason = joined(rest);
  if (reason === "") return mistake("a reason is missing: it is recorded with the override");
  return command({ verb: "override", gate: gate.text.toLowerCase(), reason });
};

/** `retag`: `<tag> [in <environment>]`. */
export const readRetag: ReadWords = (words) => {
  const { before, after } = partAt(words, "in");
  const [tag, ...rest] = before;
  if (tag === undefined) return mistake("the tag is missing");
  if (!isTag(tag.text)) return mistake(`${quote(tag.text)} cannot be a tag`);
  if (rest.length > 0) return mistake(`${shown(rest)} stands behind the tag, where nothing but \`in\` is expected`);
  if (after?.length === 0) return mistake("the environment behind `in` is missing");
  const read = readTarget(after ?? []);
  return read.kind === "mistake" ? read : command({ verb: "retag", target: read.target, tag: tag.text });
};

/** `sandbox`: `<environment>`, or `release [<environment>]`. */
export const readSandbox: ReadWords = (words) => {
  const [first, ...rest] = words;
  if (first === undefined) return mistake("the environment is missing");
  const isRelease = first.form === "plain" && first.text.toLowerCase() === "release";
  const read = readTarget(isRelease ? rest : words);
  if (read.kind === "mistake") return read;
  return command({ verb: "sandbox", target: read.target, ...(isRelease && { release: true }) });
};

/** `help`: `[verb]`. */
export const readHelp: ReadWords = ([about, ...rest]) => {
  if (about === undefined) return command({ verb: "help" });
  if (rest.length > 0) return mistake("one command at a time is explained");
  const asked = about.text.toLowerCase().replace(/^\//, "");
  const found = VERBS.find((verb) => verb === asked);
  if (found !== undefined) return command({ verb: "help", about: found });
  const near = VERBS.find((verb) => isNearly(asked, verb));
  return mistake(`there is no command ${quote(asked)}`, near && `Did you mean ${quote(near)}?`);
};

/** The others: `[<environment>]`. */
export function readTargetOf(verb: "resume" | "adopt" | "retry" | "refresh" | "status" | "diff" | "why"): ReadWords {
  return (words) => {
    const read = readTarget(words);
    return read.kind === "mistake" ? read : command({ verb, target: read.target });
  };
}
