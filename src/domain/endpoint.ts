// What an endpoint of the operator is asked about a release, and what it may answer. The reason is hostile text.

import type { EnvironmentKey } from "./pipeline.ts";
import type { Release } from "./release.ts";
import type { Seen } from "./seen.ts";

/** May this release go to this environment now? */
export interface EndpointQuestion {
  /** The endpoint's id in the operator's settings. */
  readonly endpoint: string;
  readonly key: EnvironmentKey;
  readonly release: Release;
  /** Absent while there is no pull request yet. */
  readonly promotion?: { readonly number: number; readonly head: string };
}

export interface EndpointAnswer {
  readonly state: "pass" | "wait" | "fail";
  readonly reason: string;
  /** Until when it says so; epoch milliseconds. */
  readonly until?: number;
}

export interface EndpointReading {
  readonly answer: Seen<EndpointAnswer>;
  /** It is not asked again before; epoch milliseconds. */
  readonly askAgainAt: number;
}

export function endpointKey({ endpoint, key, release, promotion }: EndpointQuestion): string {
  const versions = release.versions.map(({ image, tag, digest }) => `${image}:${tag}@${digest}`);
  return [endpoint, key, promotion?.number ?? "", promotion?.head ?? "", ...versions].join(" ");
}
