// Makes hostile requests out of honest ones, always the same from the same seed.

export interface Random {
  /** 0 ≤ n < below. */
  next(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: small, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
  return {
    next,
    pick: (from) => {
      const picked = from[next(from.length)];
      if (picked === undefined) {
        throw new Error("Nothing to pick from.");
      }
      return picked;
    },
  };
}

const oddValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  Number.MAX_VALUE,
  2 ** 53,
  0.5,
  "",
  "\0",
  "\ud800",
  "../../etc/passwd",
  "'); drop table hints; --",
  "x".repeat(5_000),
  [],
  {},
  [[[[[]]]]],
  JSON.parse('{"__proto__":{"id":1},"constructor":{"prototype":{"id":1}}}'),
  Array.from({ length: 300 }, () => ({ id: 1, full_name: "a/b" })),
];

/** Another value somewhere in the tree, or a key taken away. */
export function mutateValue(random: Random, value: unknown): unknown {
  if (random.next(4) === 0 || typeof value !== "object" || value === null) {
    return random.pick(oddValues);
  }
  if (Array.isArray(value)) {
    const index = random.next(value.length + 1);
    return [...value.slice(0, index), mutateValue(random, value[index]), ...value.slice(index + 1)];
  }
  const entries = Object.entries(value);
  const chosen = random.next(entries.length + 1);
  const remove = random.next(5) === 0;
  return Object.fromEntries(
    entries.flatMap(([key, each], index) =>
      index !== chosen ? [[key, each]] : remove ? [] : [[key, mutateValue(random, each)]],
    ),
  );
}

const oddBytes: readonly Buffer[] = [
  "\0",
  "{",
  "]",
  '"',
  "\\u0000",
  "9".repeat(400),
  "[".repeat(2_000),
  ",,",
  "\ufeff",
].map((text) => Buffer.from(text));

/** Bytes changed, cut out, doubled or put in. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  const at = random.next(bytes.length + 1);
  const to = Math.min(bytes.length, at + random.next(40));
  const middle = random.pick([
    () => Buffer.alloc(0),
    () => Buffer.from([random.next(256)]),
    () => random.pick(oddBytes),
    () => Buffer.concat([bytes.subarray(at, to), bytes.subarray(at, to)]),
  ]);
  return Buffer.concat([bytes.subarray(0, at), middle(), bytes.subarray(to)]);
}

const oddHeaders: readonly string[] = [
  "",
  " ",
  "null",
  "0",
  "sha256=",
  `sha256=${"0".repeat(64)}`,
  "Bearer ",
  "ÿ",
  "x".repeat(3_000),
  "push, push",
];

/** One header more, fewer or other than there was. */
export function mutateHeaders(random: Random, headers: Readonly<Record<string, string>>): Record<string, string> {
  const names = [
    ...Object.keys(headers),
    "content-type",
    "content-encoding",
    "authorization",
    "x-forwarded-for",
    "cookie",
  ];
  const name = random.pick(names);
  const { [name]: _gone, ...rest } = headers;
  return random.next(3) === 0 ? rest : { ...rest, [name]: random.pick(oddHeaders) };
}
