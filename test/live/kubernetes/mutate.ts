// Objects as a hostile or broken server might give them: seeded changes at random places, so that a failure can be played
// again from its seed.

const ODD: readonly unknown[] = [
  null,
  "",
  "<img src=x onerror=alert(1)> @acme/everyone",
  "a".repeat(300_000),
  -1,
  0,
  1.5,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  [null],
  [[]],
  {},
  { toString: "no function", length: -1 },
  { constructor: null },
  "2026-13-45T99:99:99Z",
  "9999-12-31T23:59:59Z",
  "main@sha1:",
  ":",
  "@",
];

export function makeRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A copy with some fields removed, replaced by something of another type, or doubled. */
export function mutate(value: unknown, random: () => number): unknown {
  if (random() < 0.03) return ODD[Math.floor(random() * ODD.length)];
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const chance = random();
      if (chance < 0.02) return [];
      return chance < 0.04 ? [mutate(item, random), mutate(item, random)] : [mutate(item, random)];
    });
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inside]) => (random() < 0.02 ? [] : [[key, mutate(inside, random)]])),
  );
}
