// The file of code owners, as GitHub documents it: a pattern and its owners in each line, the last line that matches a
// file counts. Lines that GitHub does not understand are skipped, as GitHub does; addresses of e-mail name nobody here.

export interface CodeownersRule {
  readonly parts: readonly string[];
  /** What a match of all parts has to be: the file or a folder above it, a folder above it, or the file itself. */
  readonly matches: "any" | "folder" | "file";
  /** How much work it is to compare it with a file, in simple comparisons. */
  readonly effort: number;
  /** Teams and logins without `@`; none: nobody owns what matches. */
  readonly owners: readonly string[];
}

/** The first that exists counts. */
export const CODEOWNERS_PATHS: readonly string[] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** Bytes; GitHub does not load a larger one. */
export const LARGEST_CODEOWNERS = 3 * 1024 * 1024;

export function readCodeowners(text: string): readonly CodeownersRule[] {
  if (Buffer.byteLength(text, "utf8") >= LARGEST_CODEOWNERS) return [];
  return text.split(/\r?\n/).flatMap((line) => readLine(line) ?? []);
}

function readLine(line: string): CodeownersRule | undefined {
  const [pattern, ...written] = line.match(/(?:\\ |\S)+/g) ?? [];
  if (pattern === undefined || pattern.startsWith("#")) return undefined;
  const comment = written.findIndex((word) => word.startsWith("#"));
  const names = comment === -1 ? written : written.slice(0, comment);
  const rule = readPattern(pattern.replaceAll("\\ ", " "));
  if (rule === undefined || !names.every((name) => PERSON.test(name) || EMAIL.test(name))) return undefined;
  return { ...rule, owners: names.filter((name) => PERSON.test(name)).map((name) => name.slice(1)) };
}

const PERSON = /^@[\w-]{1,39}(?:\/[\w.-]{1,100})?$/;
const EMAIL = /^[^@\s]{1,100}@[^@\s]{1,255}$/;
const LONGEST_PATTERN = 1_000;

/** GitHub has neither `!` nor `[ ]` here, and of `\` only the escaped space. */
function readPattern(pattern: string): Omit<CodeownersRule, "owners"> | undefined {
  if (pattern.startsWith("!") || /[[\]\\]/.test(pattern) || pattern.length > LONGEST_PATTERN) return undefined;
  const names = pattern.replace(/^\/|\/$/g, "").split("/");
  const isAnchored = pattern.startsWith("/") || names.length > 1;
  const matches = pattern.endsWith("/") ? "folder" : isAnchored && names.at(-1) === "*" ? "file" : "any";
  const effort = names.length + (names.some((name) => /\*.*\*./.test(name)) ? pattern.length : 0);
  return { parts: isAnchored ? names : ["**", ...names], matches, effort };
}

/** `names`: a file's path, parted at its slashes. */
export function matchesRule(
  { parts, matches }: Pick<CodeownersRule, "parts" | "matches">,
  names: readonly string[],
): boolean {
  let reached = skipDeep(parts, new Set([0]));
  for (const name of names) {
    if (matches !== "file" && reached.has(parts.length)) return true;
    const next = new Set<number>();
    for (const at of reached) {
      const part = parts[at];
      if (part === undefined) continue;
      if (part === "**") next.add(at);
      else if (matchesName(part, name)) next.add(at + 1);
    }
    if (next.size === 0) return false;
    reached = skipDeep(parts, next);
  }
  return matches !== "folder" && reached.has(parts.length);
}

/** `**` may stand for nothing. A set that grows while it is read is read to its new end. */
function skipDeep(parts: readonly string[], reached: Set<number>): ReadonlySet<number> {
  for (const at of reached) if (parts[at] === "**") reached.add(at + 1);
  return reached;
}

/** `*` for any letters and `?` for one. Goes back to the last star alone, so that time does not grow with their number. */
function matchesName(pattern: string, name: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === "*") {
      star = at;
      at += 1;
      retry = index;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      retry += 1;
      index = retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
