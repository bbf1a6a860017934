// What the test registry holds and how it was set up.

import type { StoredObject } from "./make-image.ts";
import type { Fault } from "./registry-faults.ts";
import type { Notify } from "./send-notifications.ts";

export interface RegistryOptions {
  readonly auth?: "none" | "basic" | "token";
  /** With `token`: those without credentials get a token, too. */
  readonly anonymous?: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Who alone may write; absent: whoever may read. */
  readonly pusher?: { readonly username: string; readonly password: string };
  /** Tags on a page, whatever the client asks for; absent: all on one. */
  readonly pageSize?: number;
  /** Names every state of a list of tags, and says when it still holds. */
  readonly etags?: true;
  readonly notify?: Notify;
  /** The list of referrers: `list` has it, `page` sends to a page for people; absent: there is no such thing. */
  readonly referrers?: "list" | "page";
  readonly port?: number;
}

export interface RegistryRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: "none" | "basic" | "bearer";
}

export interface Repository {
  readonly tags: Map<string, StoredObject>;
  readonly manifests: Map<string, StoredObject>;
  readonly blobs: Map<string, StoredObject>;
}

export interface RegistryState {
  readonly options: RegistryOptions;
  readonly username: string;
  readonly password: string;
  readonly repositories: Map<string, Repository>;
  /** Token to the scope that it was given for. */
  readonly tokens: Map<string, string>;
  readonly requests: RegistryRequest[];
  /** Ids of uploads that have begun. */
  readonly uploads: Set<string>;
  /** Blobs that were sent to it over HTTP, `repository@digest`. */
  readonly uploaded: string[];
  /** Tags that were written over HTTP and not told yet. */
  readonly pushed: { readonly repository: string; readonly tag: string; readonly object: StoredObject }[];
  host: string;
  notify: Notify | undefined;
  fault: Fault | undefined;
  /** Which requests the fault meets; absent: all. */
  faulty: ((request: RegistryRequest) => boolean) | undefined;
}

export function repositoryOf(state: RegistryState, name: string): Repository {
  const found = state.repositories.get(name) ?? { tags: new Map(), manifests: new Map(), blobs: new Map() };
  state.repositories.set(name, found);
  return found;
}
