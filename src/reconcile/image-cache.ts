// Under which name the cache keeps what is known of an image.

import type { RepositoryReference } from "../forge/forge.ts";

/** What one repository may read of a registry says nothing about what another may. */
export function cacheKey(image: string, at: RepositoryReference): string {
  return `${at.repository} ${image}`;
}
