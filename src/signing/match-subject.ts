// Whether a signer is the one who is named. Texts are compared as they stand; `*` stands for anything without a slash, and
// nothing else means more than itself. No expression is made of what people wrote. Pure.

export function matchesSubject(pattern: string, subject: string): boolean {
  const parts = pattern.split("*");
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return pattern === subject;
  if (subject.length < first.length + last.length) return false;
  if (!subject.startsWith(first) || !subject.endsWith(last)) return false;
  const end = subject.length - last.length;
  return matchesMiddle(subject.slice(first.length, end), parts.slice(1, -1));
}

/** The leftmost place of each part is as good as any later one, because what is skipped may hold no slash. */
function matchesMiddle(text: string, parts: readonly string[]): boolean {
  let rest = text;
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0 || rest.slice(0, at).includes("/")) return false;
    rest = rest.slice(at + part.length);
  }
  return !rest.includes("/");
}
