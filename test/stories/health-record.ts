// What the clusters of a story were healthy with, by the stand-ins' own word, and every promotion that was opened for
// something that had not been healthy in every environment before it.

import { CONFIG, type Story } from "./begin-story.ts";
import { placeOf } from "./sample-files.ts";

export interface HealthRecord {
  /** Notes from now on what the environment is there. */
  noteFor(
    environment: string,
    source: string,
  ): (health: { readonly version: string | undefined; readonly healthy: boolean }) => void;
  /** `live <- integration, staging`: what has to be healthy before. Without it nothing is checked. */
  follows(before: Readonly<Record<string, readonly string[]>>): void;
  /** What was opened although it had not been healthy before. */
  broken(): readonly string[];
}

export function keepHealth(story: Pick<Story, "github">): HealthRecord {
  /** By environment and source: versions that were healthy there at some time. */
  const healthy = new Map<string, Set<string>>();
  const broken: string[] = [];
  let before: Readonly<Record<string, readonly string[]>> = {
    staging: ["integration"],
    live: ["integration", "staging"],
  };
  story.github.model.listeners.add((announcement) => {
    if (announcement.event !== "pull_request" || !["opened", "synchronize"].includes(announcement.action)) return;
    const { headRef, headOid, number, app } = announcement.pullRequest;
    const environment = /^stagecoach\/checkout\/(.*)$/.exec(headRef)?.[1];
    if (environment === undefined || app === undefined) return;
    const text = story.github.fileAt({ repository: CONFIG, ref: headOid, path: placeOf(environment) });
    const version = /image: \S+\/[^\s:]+:([^\s"@]+)/.exec(text ?? "")?.[1] ?? "";
    for (const name of before[environment] ?? []) {
      const places = [...healthy].filter(([key]) => key.startsWith(`${name} `));
      for (const [key, versions] of places)
        if (!versions.has(version))
          broken.push(`#${number} offers ${version} to ${environment}, never healthy in ${key}`);
    }
  });
  return {
    noteFor: (environment, source) => {
      const versions = new Set<string>();
      healthy.set(`${environment} ${source}`, versions);
      return ({ version, healthy: is }) => {
        if (is && version !== undefined) versions.add(version);
      };
    },
    follows: (given) => {
      before = given;
    },
    broken: () => broken,
  };
}
