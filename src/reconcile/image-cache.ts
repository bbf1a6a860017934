// Under which name the cache keeps what is known of an image, and what is known of one that nobody has looked at.

import type { ImageState } from "../domain/image-state.ts";
import type { RepositoryReference } from "../forge/forge.ts";

export const UNREAD: ImageState = { tags: [], readAt: 0, digests: {}, created: {}, firstSeen: {} };

/** What one repository may read of a registry says nothing about what another may. */
export function cacheKey(image: string, at: RepositoryReference): string {
  return `${at.repository} ${image}`;
}
