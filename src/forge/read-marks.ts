// Finds the marks in what we wrote on GitHub, by which it is found again: the topic of a comment, the environment of an
// issue, and the fingerprint of what stands there. Whose text it is, is decided by the reader. Pure.

import type { EnvironmentKey } from "../domain/pipeline.ts";

export const DRIFT_LABEL = "stagecoach/drift";
export const DASHBOARD_LABEL = "stagecoach/dashboard";

const FINGERPRINT = "([A-Za-z0-9._-]{1,100})";
const NAME = "[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?";
const DESCRIPTION = new RegExp(`<!-- stagecoach:description ${FINGERPRINT} -->`, "g");
const TOPIC = new RegExp(
  `<!-- stagecoach:(live|(?:live|attention)/[a-z0-9][a-z0-9._/~-]{0,199}|sandbox/${NAME}/${NAME}) ${FINGERPRINT} -->`,
  "g",
);
const DRIFT = new RegExp(`<!-- stagecoach:drift (${NAME}/${NAME}) ${FINGERPRINT} -->`, "g");
const DASHBOARD = new RegExp(`<!-- stagecoach:dashboard ${FINGERPRINT} -->`, "g");
const ANSWER = /<!-- stagecoach:answer ([1-9][0-9]{0,15}) -->/g;
const KEY = new RegExp(`^${NAME}/${NAME}$`);

/** The fingerprint of a pull request's description. */
export function readDescriptionMark(body: string): string | undefined {
  return lastMark(body, DESCRIPTION)?.[0];
}

export function readCommentMark(body: string): { readonly topic: string; readonly fingerprint: string } | undefined {
  const [topic, fingerprint] = lastMark(body, TOPIC) ?? [];
  return topic === undefined || fingerprint === undefined ? undefined : { topic, fingerprint };
}

export function readDriftMark(
  body: string,
): { readonly key: EnvironmentKey; readonly fingerprint: string } | undefined {
  const [key = "", fingerprint] = lastMark(body, DRIFT) ?? [];
  return isEnvironmentKey(key) && fingerprint !== undefined ? { key, fingerprint } : undefined;
}

/** The fingerprint of the dashboard's text. */
export function readDashboardMark(body: string): string | undefined {
  return lastMark(body, DASHBOARD)?.[0];
}

/** The id of the comment that this one answers. */
export function readAnswerMark(body: string): number | undefined {
  const id = Number(lastMark(body, ANSWER)?.[0]);
  return Number.isSafeInteger(id) ? id : undefined;
}

export function isEnvironmentKey(text: string): text is EnvironmentKey {
  return KEY.test(text);
}

/** People may write above it what they like: the last mark is the one that we wrote. */
function lastMark(body: string, pattern: RegExp): readonly string[] | undefined {
  return [...body.matchAll(pattern)].at(-1)?.slice(1);
}
