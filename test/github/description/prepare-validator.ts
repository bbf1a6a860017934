// How ajv is set up for GitHub's descriptions: which formats they use, and what makes compiling them bearable.
import type { Ajv } from "ajv";
import addFormats from "ajv-formats";

export const validatorOptions = {
  strict: false,
  allErrors: true,
  logger: false,
  // the known mistakes look at the value
  verbose: true,
  // shared schemas are compiled once instead of into everything that mentions them: a quarter of the time
  inlineRefs: false,
  code: { optimize: false },
} as const;

/** @param document what references to components start with, see normaliseSchema */
export function prepareValidator(ajv: Ajv, { document, components }: { document: string; components: unknown }): void {
  addFormats.default(ajv);
  ajv.addFormat("repo.nwo", /^[^/\s]+\/[^/\s]+$/);
  ajv.addSchema({ $id: document, components });
}
