// The writing half of a registry that only looks: it throws, so that a preview cannot change anything even if it tried.

import type { Registry } from "./registry.ts";

export const REFUSED_COPIES: Pick<Registry, "copyImage"> = {
  copyImage: async () => {
    throw new Error("A preview writes nothing.");
  },
};
