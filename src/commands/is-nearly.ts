// A slip of the finger: one letter too many, too few, another one, or two that changed places.

export function isNearly(written: string, word: string): boolean {
  if (written === word) return false;
  let start = 0;
  while (start < written.length && written[start] === word[start]) start += 1;
  const [rest, wanted] = [written.slice(start), word.slice(start)];
  if (rest.length === wanted.length + 1) return rest.slice(1) === wanted;
  if (rest.length === wanted.length - 1) return rest === wanted.slice(1);
  if (rest.length !== wanted.length) return false;
  const isSwapped = rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2);
  return isSwapped || rest.slice(1) === wanted.slice(1);
}
