// Reads the `WWW-Authenticate` header of a registry (RFC 9110: several challenges may stand in one header). Decides
// which of them is answered; the answer itself belongs to `authenticate.ts`.

export interface Challenge {
  readonly scheme: "bearer" | "basic";
  readonly parameters: ReadonlyMap<string, string>;
}

const LONGEST = 4096;
const SCHEME = /^[\s,]*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s+|$)/;
const PARAMETER = /^[\s,]*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/;

/** The bearer challenge where there is one, else the basic one. */
export function findChallenge(header: string): Challenge | undefined {
  const challenges = parseChallenges(header.slice(0, LONGEST));
  return challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
}

function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let rest = header;
  for (;;) {
    const start = SCHEME.exec(rest);
    if (start === null) return challenges;
    rest = rest.slice(start[0].length);
    const parameters = new Map<string, string>();
    for (let match = PARAMETER.exec(rest); match !== null; match = PARAMETER.exec(rest)) {
      parameters.set((match[1] ?? "").toLowerCase(), match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? "");
      rest = rest.slice(match[0].length);
    }
    const scheme = (start[1] ?? "").toLowerCase();
    if (scheme === "bearer" || scheme === "basic") challenges.push({ scheme, parameters });
  }
}
