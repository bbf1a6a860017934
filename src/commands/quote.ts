// How sentences about commands repeat what somebody wrote: in backticks, and not more of it than says what is meant.

const LONGEST = 60;

export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `\`${shown.replaceAll("`", "'")}\``;
}
