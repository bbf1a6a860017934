// JSON for programs that people may also look at in a terminal: what JSON leaves as it is and a terminal would obey
// (controls above ASCII, signs that turn the direction of text) is escaped, which changes nothing for a program.

export function writeJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeUnits);
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
