// Turns the texts of `templates/` into functions. The templates are logic-less: they see plain data that is safe already
// (`SafeMarkdown`, numbers, booleans), have no helper but `if`, `each`, `unless` and `with`, and a name that the data does not have
// is an error with its place, not an empty spot in somebody's pull request.

import Handlebars from "handlebars";
import type { SafeMarkdown } from "./escape-markdown.ts";

export const TEMPLATE_NAMES = [
  "pull-request",
  "pull-request-group",
  "check-promotion",
  "check-merge-group",
  "check-findings",
  "check-removals",
  "check-change",
  "check-sandbox",
  "check-nothing-of-ours",
  "live",
  "attention",
  "drift",
  "answer",
  "sandbox",
  "sandbox-pull",
  "refused",
  "dashboard",
] as const;

type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** The text of each file in `templates/`. */
export type Templates = Readonly<Record<TemplateName, string>>;

/** What a template may see. Functions and objects with behaviour are left out on purpose: Handlebars would call them. */
type ViewModel = {
  readonly [name: string]: SafeMarkdown | number | boolean | ViewModel | readonly (SafeMarkdown | ViewModel)[];
};

export type CompiledTemplates = Readonly<Record<TemplateName, (view: ViewModel) => string>>;

const LONGEST_TEMPLATE = 16_384;
const HELPERS = ["if", "unless", "each", "with"];

export function compileTemplates(templates: Templates): CompiledTemplates {
  const handlebars = Handlebars.create();
  for (const helper of Object.keys(handlebars.helpers))
    if (!HELPERS.includes(helper)) handlebars.unregisterHelper(helper);
  const compiled = TEMPLATE_NAMES.map((name) => [name, compile({ handlebars, name, text: templates[name] })] as const);
  return Object.fromEntries(compiled) as CompiledTemplates;
}

function compile(template: {
  readonly handlebars: typeof Handlebars;
  readonly name: TemplateName;
  readonly text: string;
}): (view: ViewModel) => string {
  const { handlebars, name, text } = template;
  if (typeof text !== "string") throw new Error(`The template ${name} is missing.`);
  if (text.length > LONGEST_TEMPLATE)
    throw new Error(`The template ${name} is longer than ${LONGEST_TEMPLATE} characters.`);
  const render = handlebars.compile(text, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { log: false, lookup: false, helperMissing: false, blockHelperMissing: false },
    preventIndent: true,
  });
  return (view) => tidy(render(view, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false }));
}

/** A part that is left out leaves its blank lines behind. Blocks of code keep theirs: they are written without blank lines. */
function tidy(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
