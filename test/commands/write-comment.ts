// Comments at random, put together from parts of which it is known whether a careful reader sees a command in them. It
// never asks a parser: a part is visible because it was written as plain text at the beginning of a line, and hidden
// because of what was put around it.

export interface WrittenComment {
  readonly text: string;
  /** The lines that a careful reader sees as commands, in their order. */
  readonly seen: readonly string[];
  /** Everything in it that looks like a command, seen or not. */
  readonly hidden: readonly string[];
  /** Nothing in it gives the reader a reason to pass over a line that is seen: all of them have to be found. */
  readonly isPlain: boolean;
}

/** Numbers from 0 to below 1; the same seed gives the same numbers. */
export type Chance = () => number;

export function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Block {
  readonly lines: readonly string[];
  readonly seen?: readonly string[];
  readonly hidden?: readonly string[];
  /** It may swallow what follows, or make a reader unsure of it. */
  readonly reach?: "swallows" | "unsettles";
}

export function writeComment(chance: Chance): WrittenComment {
  const count = pick([1, 1, 1, 1, 1, 1, 2, 2, 3, 4], chance);
  const lines: string[] = [];
  const seen: string[] = [];
  const hidden: string[] = [];
  let isPlain = true;
  let isOver = false;
  for (let index = 0; index < count; index += 1) {
    const block = writeBlock(`${index}`, chance);
    // What never ends is ended by what begins it once more.
    if (isOver && block.reach === "swallows") continue;
    lines.push(...block.lines, "");
    (isOver ? hidden : seen).push(...(block.seen ?? []));
    hidden.push(...(block.hidden ?? []));
    isOver ||= block.reach === "swallows";
    isPlain &&= block.reach === undefined;
  }
  return { text: lines.join("\n"), seen, hidden, isPlain };
}

function pick<T>(list: readonly T[], chance: Chance): T {
  const picked = list[Math.floor(chance() * list.length)];
  if (picked === undefined) throw new Error("There is nothing to pick from.");
  return picked;
}

function writeBlock(mark: string, chance: Chance): Block {
  const kind = chance();
  if (kind < 0.3) return visible(mark, chance);
  if (kind < 0.4) return { lines: [pick(TEXTS, chance)] };
  const block = pick(HIDING, chance)(commandLine(mark, chance), chance);
  return { ...block, hidden: [commandLine(mark, () => 0)] };
}

/** Every verb and form, with a mark by which the line is known again. */
function commandLine(mark: string, chance: Chance): string {
  return pick(
    [
      `/block 9.9.${mark} it loses orders`,
      `/promote 9.9.${mark} to live`,
      `/PROMOTE 9.9.${mark}`,
      `/promote checkout 9.9.${mark} to staging`,
      `/unblock 9.9.${mark}`,
      `/rollback live to 9.9.${mark}`,
      `/hold live number ${mark} @acme/sre closes #1`,
      `/hold until 2h number ${mark}`,
      `/override soak number ${mark} 🚀`,
      `/resume checkout/live${mark}`,
      `/why live${mark}`,
    ],
    chance,
  );
}

function visible(mark: string, chance: Chance): Block {
  const command = commandLine(mark, chance);
  const before = chance() < 0.5 ? [] : [pick(TEXTS, chance)];
  const after = chance() < 0.5 ? [] : [pick(TEXTS, chance)];
  const indent = before.length === 0 ? "" : pick(["", "  ", "\t", "      "], chance);
  const trailing = pick(["", "", " ", "\t"], chance);
  return { lines: [...before, `${indent}${command}${trailing}`, ...after], seen: [command] };
}

/** Lines of a paragraph that begin and end nothing. */
const TEXTS: readonly string[] = [
  ...[
    "This is broken.",
    "@acme/sre please look",
    "closes #1 and GH-7",
    "see https://status.example/1",
    "and/or/hold",
    "🚀🚀",
  ],
  ...[
    "it is *bad* and **worse**",
    "`code` and ~~gone~~",
    "[a link](https://a.example)",
    "очень важно",
    "1 / 2",
    "100 %",
  ],
  ...[
    "a\u200bb",
    "\u202eabc",
    "half \ud83d",
    "a\u0007b",
    "x &amp; y",
    "a \\* b",
    "\u00a0\u00a0a",
    "<https://a.example>",
  ],
  ...[
    "/lgtm",
    "/test all",
    "/etc/hosts",
    "./hold",
    "/hold, please",
    "5 < 6",
    "a | b",
    '"quoted"',
    "a_b_c",
    "Ünïcödé /hold",
  ],
];

type Hide = (command: string, chance: Chance) => Block;

function hide(...lines: readonly string[]): Block {
  return { lines };
}

const IN_BLOCKS: readonly Hide[] = [
  (c) => hide(`> ${c}`),
  (c) => hide(`>${c}`),
  (c) => hide(`> text`, c),
  (c) => hide(`> > ${c}`),
  (c) => hide(`> - text`, c),
  (c) => hide("```", c, "```"),
  (c) => hide("```sh", "", c, "", "```"),
  (c) => hide("~~~~", "~~~", c, "~~~~"),
  (c) => hide(`    ${c}`),
  (c) => hide("text", "", `\t${c}`),
  (c) => hide(`- ${c}`),
  (c) => hide("* text", c),
  (c) => hide("1. text", c),
  (c) => hide(`1) ${c}`),
  (c) => hide(`+ [ ] ${c}`),
  (c) => hide("- text", "", `  ${c}`),
  (c) => hide(`# ${c}`),
  (c) => hide(c, "---"),
  (c) => hide("text", c, "==="),
  (c) => hide(`| ${c} |`, "|---|"),
  (c) => hide("| a |", "|---|", `| ${c} |`),
  (c) => hide("| a |", "|---|", c),
  (c) => hide("a | b", "--|--", c, "x | y"),
  (c) => hide("a[^1]", "", `[^1]: text`, c),
  (c) => hide(`[a${c.length}]: https://a.example "`, c, '"'),
  (c) => hide(`<!-- ${c} -->`),
  (c) => hide("<!--", "", c, "", "-->"),
  (c) => ({ ...hide("<div>", c, "</div>"), reach: "unsettles" }),
  (c) => ({ ...hide("<details>", "", c, "", "</details>"), reach: "unsettles" }),
  (c) => ({ ...hide("<details><summary>log</summary>", "", "text", c, "", "</details>"), reach: "unsettles" }),
  (c) => ({ ...hide("<pre>", "", c, "", "</pre>"), reach: "unsettles" }),
  (c) => ({ ...hide("$$", c, "$$"), reach: "unsettles" }),
  (c) => ({ ...hide("$$\\phantom{", "", c, "", "}$$"), reach: "unsettles" }),
  // Longer than any other fence, so that none ends it.
  (c) => ({ ...hide("````````", c), reach: "swallows" }),
  (c) => ({ ...hide("<?", c), reach: "swallows" }),
  (c) => ({ ...hide("<details>", "", c), reach: "swallows" }),
];

const IN_LINES: readonly Hide[] = [
  (c) => hide(`please ${c}`),
  (c) => hide(`text \`${c}\``),
  (c) => hide(`\`${c}\``),
  (c) => hide("`a", c, "b`"),
  (c) => hide(`**${c}**`),
  (c) => hide("**a", c, "b**"),
  (c) => hide(`_${c}_`),
  (c) => hide(`~~${c}~~`),
  (c) => hide("~~a", c, "b~~"),
  (c) => hide(`[${c}](https://a.example)`),
  (c) => hide("[a", c, "b](https://a.example)"),
  (c) => hide('[a](https://a.example "', c, '")'),
  (c) => hide("![a", c, "b](https://a.example/b.png)"),
  (c) => hide(`\\${c}`),
  (c) => hide(`&#47;${c.slice(1)}`),
  (c) => hide(`&sol;${c.slice(1)}`),
  (c) => hide(`text&#10;${c}`),
  (c) => hide(`text&NewLine;${c}`),
  (c) => hide(`${c.slice(0, 3)}**${c.slice(3, 5)}**${c.slice(5)}`),
  (c) => hide(`/${c}`),
  (c) => hide(`${c.slice(0, 3)}&#8203;${c.slice(3)}`),
  (c, chance) => hide(`${pick(INVISIBLE, chance)}${c}`),
  (c, chance) => hide(`${c.slice(0, 3)}${pick(INVISIBLE, chance)}${c.slice(3)}`),
  (c, chance) => hide(`${c} ${pick(INVISIBLE, chance)}now`),
  (c, chance) => hide(`text${pick(BREAKS, chance)}${c}`),
  (c, chance) => hide(`${pick(["／", "⁄", "∕", "\\", "⧸", "|"], chance)}${c.slice(1)}`),
  (c) => hide(c.replace(/[oe]/i, "\u043e").replace("l", "\u217c").replace("y", "\u0443")),
  (c) => ({ ...hide(`${c} <!-- now -->`), reach: "unsettles" }),
  (c) => ({ ...hide(`<b>${c}</b>`), reach: "unsettles" }),
  (c) => ({ ...hide(`a <b title="`, c, `">b</b>`), reach: "unsettles" }),
  (c) => ({ ...hide("a <details>", c, "</details>"), reach: "unsettles" }),
  (c) => ({ ...hide("$\\phantom{", c, "}$"), reach: "unsettles" }),
];

const INVISIBLE = [
  "\u200b",
  "\u200d",
  "\u202e",
  "\u2066",
  "\u00ad",
  "\u0000",
  "\u0008",
  "\u3164",
  "\u{e0061}",
  "\ufeff",
];
const BREAKS = ["\u2028", "\u2029", "\u0085", "\v", "\f", "\u001e", "\t", " \u00a0"];

function within(lines: readonly string[], [first, others]: readonly [string, string]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? first : others) + line);
}

/** What begins in a quote ends with it, but for HTML. */
function quoted({ lines, reach }: Block): Block {
  return { lines: within(lines, ["> ", "> "]), ...(reach !== undefined && { reach: "unsettles" }) };
}

const HIDING: readonly Hide[] = [
  ...IN_BLOCKS,
  ...IN_LINES,
  (c, chance) => quoted(pick(IN_LINES, chance)(c, chance)),
  (c, chance) => quoted(pick(IN_BLOCKS, chance)(c, chance)),
  (_, chance) => quoted(visible("x", chance)),
  (_, chance) => hide(...within(visible("x", chance).lines, ["- ", "  "])),
];
