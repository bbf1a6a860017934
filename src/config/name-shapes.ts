// Shapes of names: of pipelines and environments, images, repositories, people, branches, paths, patterns.

import { VERBS } from "../domain/command.ts";
import { isTag, normaliseImageName, parseImageReference } from "../domain/image-name.ts";
import { LINUX_ARCHITECTURES, readPlatform } from "../domain/platform.ts";
import { type Complaint, parsedText, text } from "./basic-shapes.ts";
import { nearestWord } from "./nearest-word.ts";
import { checkFilePath, checkPathPattern } from "./path-patterns.ts";
import type { JsonSchema, Shape } from "./shape.ts";

const LONGEST_NAME = 60;
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
/** Words that the commands read between names, and one that JavaScript gives a meaning. */
const RESERVED = new Set(["to", "at", "until", "all", "constructor"]);

/** In the schema a placeholder may stand wherever a name's letters may. */
const NAME_SCHEMA: JsonSchema = {
  pattern: "^([a-z0-9]|\\{[a-z][a-z0-9-]*\\})(([a-z0-9._-]|\\{[a-z][a-z0-9-]*\\})*([a-z0-9]|\\{[a-z][a-z0-9-]*\\}))?$",
};

export function checkName(name: string): Complaint | undefined {
  const hint = "Lower-case letters and digits, inside also `.`, `_` and `-`; no `..`, no final `.lock`.";
  if (name.length > LONGEST_NAME)
    return { message: `A name has at most ${LONGEST_NAME} characters; this has ${name.length}.` };
  if (!NAME.test(name) || name.includes("..") || name.endsWith(".lock")) {
    const placeholder = /[{}]/.test(name) ? "A placeholder such as `{app}` needs `for-each`. " : "";
    return { message: `\`${name}\` is not a name.`, hint: placeholder + hint };
  }
  if (RESERVED.has(name)) return { message: `The name \`${name}\` is reserved.`, hint: "Commands use this word." };
  return undefined;
}

export function name(expected: string): Shape<string> {
  return text({ expected, check: checkName, schema: NAME_SCHEMA });
}

/** None of the commands, or nobody could tell `/hold` from `/hold promote`. */
export function commandPrefix(): Shape<string> {
  return text({
    expected: "a word such as `gitops`",
    schema: { pattern: "^[a-z][a-z-]{1,28}[a-z]$" },
    check(written) {
      const shown = `\`${written.slice(0, 60)}\``;
      if (VERBS.some((verb) => verb === written)) return { message: `${shown} is a command itself.` };
      if (/^[a-z][a-z-]{1,28}[a-z]$/.test(written)) return undefined;
      return { message: `${shown} cannot begin a command.`, hint: "3 to 30 lower-case letters, inside also `-`." };
    },
  });
}

/** Normalised; tag and digest do not belong to it. */
export function image(): Shape<string> {
  const expected = "the name of an image, such as `ghcr.io/acme/checkout`";
  return parsedText({
    expected,
    read(written) {
      const bare = written.replace(/^(?:oci|docker|https?):\/\//, "");
      const value = normaliseImageName(bare);
      if (value !== undefined && bare === written) return { value };
      const reference = value ?? parseImageReference(bare)?.image;
      const message = `Expected ${expected}, found \`${written.slice(0, 120)}\`.`;
      return reference === undefined
        ? { message }
        : { message, hint: `Write \`${reference}\`, without scheme, tag and digest.` };
    },
  });
}

export function tag(): Shape<string> {
  return text({
    expected: "a tag such as `latest`",
    schema: { maxLength: 128 },
    check: (written) => (isTag(written) ? undefined : { message: `\`${written.slice(0, 130)}\` cannot be a tag.` }),
  });
}

/** In one spelling: `linux/aarch64` is `linux/arm64`. */
export function platform(): Shape<string> {
  const expected = "a platform such as `linux/arm64` or `linux/arm/v7`";
  return parsedText({
    expected,
    schema: { maxLength: 128 },
    read(written) {
      const value = readPlatform(written);
      const [os = "", architecture = ""] = value?.split("/") ?? [];
      if (value !== undefined && (os !== "linux" || LINUX_ARCHITECTURES.includes(architecture))) return { value };
      const near = value === undefined ? readAlone(written) : nearestWord(architecture, LINUX_ARCHITECTURES);
      const message = `Expected ${expected}, found \`${written.slice(0, 120)}\`.`;
      return near === undefined ? { message } : { message, hint: `Did you mean \`${os || "linux"}/${near}\`?` };
    },
  });
}

/** `arm64` is what many would write. */
function readAlone(written: string): string | undefined {
  const architecture = readPlatform(`linux/${written}`)?.slice("linux/".length);
  return architecture !== undefined && LINUX_ARCHITECTURES.includes(architecture) ? architecture : undefined;
}

export function repository(): Shape<string> {
  return text({
    expected: "a repository such as `acme/checkout`",
    check(written) {
      if (/^[\w-]{1,39}\/[\w.-]{1,100}$/.test(written)) return undefined;
      const found = /^(?:https?:\/\/[^/]+\/|git@[^:]+:)([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(written)?.[1];
      const message = `Expected \`owner/repository\`, found \`${written.slice(0, 160)}\`.`;
      return found === undefined ? { message } : { message, hint: `Write \`${found}\`.` };
    },
  });
}

export function team(): Shape<string> {
  return text({
    expected: "a team such as `acme/sre`",
    check: (written) =>
      /^[\w-]{1,39}\/[\w.-]{1,100}$/.test(written) ? undefined : notSomebody(written, "a team such as `acme/sre`"),
  });
}

export function person(): Shape<string> {
  return text({
    expected: "a team such as `acme/sre`, or a login",
    check: (written) =>
      /^[\w-]{1,39}(?:\/[\w.-]{1,100}|\[bot\])?$/.test(written)
        ? undefined
        : notSomebody(written, "a team such as `acme/sre`, or a login"),
  });
}

function notSomebody(written: string, expected: string): Complaint {
  const message = `Expected ${expected}, found \`${written.slice(0, 120)}\`.`;
  return written.startsWith("@")
    ? { message, hint: `Write \`${written.slice(1, 120)}\`, without \`@\`.` }
    : { message };
}

/** The rules of `git check-ref-format` that a person may hit, and none of our own branches. */
export function branch(): Shape<string> {
  return text({
    expected: "the name of a branch",
    schema: { maxLength: 200 },
    check(written) {
      const refused = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|^[/.-]|\/\.|\/\/|[/.]$|\.lock(?:\/|$)/u;
      // `constructor` and `__proto__` are properties of everything.
      if (written.length > 200 || refused.test(written) || written.startsWith("refs/") || written in {}) {
        return { message: `\`${written.slice(0, 120)}\` is not the name of a branch.` };
      }
      if (/^stagecoach(?:\/|-sandbox\/|-ledger$)/.test(written)) {
        return {
          message: `The branch \`${written.slice(0, 120)}\` belongs to Stagecoach; no environment can live there.`,
        };
      }
      return undefined;
    },
  });
}

export function pathPattern(): Shape<string> {
  return text({
    expected: "a file, a folder or a glob of this repository",
    check: checkPathPattern,
    schema: { pattern: "^!?[^/\\\\][^\\\\]*$", maxLength: 300 },
  });
}

export function filePath(): Shape<string> {
  return text({
    expected: "the path of a file of this repository",
    check: checkFilePath,
    schema: { pattern: "^[^/\\\\!][^\\\\]*$", maxLength: 300 },
  });
}

/** RE2, which matches in time that grows with the text alone. What is too large is for the planner to say. */
export function expression(expected: string): Shape<string> {
  return text({
    expected,
    writing: "expression",
    check(written, rules) {
      const why = rules.pattern(written);
      if (why === undefined) return undefined;
      const hint = "Patterns are RE2: no look-around, no back references.";
      return { message: `The pattern \`${written.slice(0, 120)}\` cannot be used: ${why.slice(0, 200)}.`, hint };
    },
  });
}

export function semverRange(): Shape<string> {
  return text({
    expected: 'a range of versions such as ">=1.0 <2.0"',
    check(written, rules) {
      const why = rules.range(written);
      if (why === undefined) return undefined;
      const hint = 'Write for example ">=1.0 <2.0", "1.x", "~1.4" or "*".';
      return { message: `The range \`${written.slice(0, 120)}\` cannot be read: ${why.slice(0, 200)}.`, hint };
    },
  });
}

/** `image.tag`, `containers[0].image`, `labels["app.version"]`: the keys and indices that lead to a value. */
export function fieldPath(): Shape<readonly (string | number)[]> {
  const expected = 'the way to a value, such as `image.tag`, `containers[0].image` or `labels["app.version"]`';
  return parsedText({
    expected,
    read(written) {
      const step = /(?:^|\.)([^.[\]"\s]+)|\[(\d{1,6})\]|\["([^"\]]+)"\]/y;
      const value: (string | number)[] = [];
      while (step.lastIndex < written.length && value.length <= 32) {
        const match = step.exec(written);
        if (match === null) return { message: `Expected ${expected}, found \`${written.slice(0, 120)}\`.` };
        value.push(match[2] === undefined ? (match[1] ?? match[3] ?? "") : Number(match[2]));
      }
      if (value.length > 32) return { message: "A value lies at most 32 levels deep." };
      if (value.includes("__proto__")) return { message: "The key `__proto__` is not allowed." };
      return { value };
    },
  });
}
