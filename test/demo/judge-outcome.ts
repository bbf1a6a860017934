// Whether the story came out right: what each environment declares, what is open and what is not, and whether the program
// and the stand-in kept to GitHub's description.

import { setTimeout } from "node:timers/promises";
import {
  ALL_ENVIRONMENTS,
  CONFIG_REPOSITORY,
  declaredVersion,
  type Environment,
  FIRST_VERSIONS,
} from "./config-repository.ts";
import { promotionsTo } from "./stage.ts";
import type { World } from "./start-world.ts";
import { SERVICES } from "./tell-story.ts";

const DECLARED: Readonly<Record<Environment, string>> = {
  "checkout/integration": "1.9.1",
  "checkout/staging": "1.9.1",
  "checkout/canary": "1.9.1",
  "checkout/live": "1.9.1",
  "auth/dev": SERVICES.auth,
  "auth/prod": SERVICES.auth,
  "cart/dev": SERVICES.cart,
  "cart/prod": SERVICES.cart,
  "mail/dev": SERVICES.mail,
  // declined
  "mail/prod": FIRST_VERSIONS.mail ?? "",
  "search/dev": SERVICES.search,
  "search/prod": FIRST_VERSIONS.search ?? "",
  "web/dev": SERVICES.web,
  "web/prod": FIRST_VERSIONS.web ?? "",
};

/** Title to how often it may be open: once. */
const OPEN = [`Promote search ${SERVICES.search} to prod`, `Promote web ${SERVICES.web} to prod`];

/** Milliseconds without an event after which the world counts as quiet. */
const QUIET = 1_500;

/** Nothing more may happen by itself: a declined version that came back would come now. */
export async function becomeQuiet({ github }: World, signal: AbortSignal): Promise<void> {
  for (let seen = -1; seen !== github.requests().length && !signal.aborted; ) {
    seen = github.requests().length;
    await setTimeout(QUIET);
  }
}

/** Sentences that say what differs; empty when all is well. */
export function judgeOutcome({ github }: World): readonly string[] {
  const wrong = ALL_ENVIRONMENTS.flatMap((environment) => {
    const version = declaredVersion(github, environment);
    const expected = DECLARED[environment];
    return version === expected ? [] : [`${environment} declares ${version ?? "no version"}, not ${expected}`];
  });
  const open = github.pullRequests({ repository: CONFIG_REPOSITORY, state: "open" }).map(({ title }) => title);
  if (open.toSorted().join("\n") !== OPEN.join("\n"))
    wrong.push(`the open pull requests are ${open.join(", ") || "none"}, not ${OPEN.join(", ")}`);
  const live = promotionsTo({ github }, "checkout/live").length;
  if (live !== 2) wrong.push(`live had ${live} pull requests for three releases, not 2: the second is edited in place`);
  const declined = promotionsTo({ github }, "mail/prod");
  if (declined.length !== 1 || declined[0]?.mergedAt !== undefined)
    wrong.push("the pull request that maria closed did not stay closed");
  return [...wrong, ...github.deviations().map((deviation) => `GitHub would not have it so: ${deviation}`)];
}
