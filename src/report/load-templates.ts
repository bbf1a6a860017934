// Reads `templates/` once, at the start of the program. The only file here that touches the disk.

import { readFileSync } from "node:fs";
import { TEMPLATE_NAMES, type Templates } from "./compile-templates.ts";

/** From the package's own folder. Throws when a file is missing: the installation is incomplete. */
export function loadTemplates(): Templates {
  const texts = TEMPLATE_NAMES.map((name) => [name, readTemplate(name)] as const);
  return Object.fromEntries(texts) as Templates;
}

function readTemplate(name: string): string {
  return readFileSync(new URL(`../../templates/${name}.md`, import.meta.url), "utf8");
}
