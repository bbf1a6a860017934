// Reads events about checks: whose result is news, and which button of our own check a person pressed. Who they are and
// what they may do is looked up when the pass acts. Pure, and never throws.

import type { HintSubject } from "../domain/hint.ts";
import { type GithubEvent, hint, ignored, type Reading } from "./github-event.ts";
import { readId, readOid, readRecords, readText } from "./read-payload.ts";

/** As GitHub limits the identifiers of buttons. */
const BUTTON = /^[\x20-\x7e]{1,20}$/;

export function readCheckRun(reading: Reading): GithubEvent {
  const { payload, action, self } = reading;
  if (action === "requested_action") return readButton(reading);
  if (self && (action === "created" || action === "completed")) return ignored("Stagecoach did this itself");
  return hint(payload, checkSubject(readOid(payload, "check_run", "head_sha")));
}

export function readCheckSuite({ payload, action, self }: Reading): GithubEvent {
  if (action === "requested") return ignored("the push that it follows says the same");
  if (self && action === "completed") return ignored("Stagecoach did this itself");
  return hint(payload, checkSubject(readOid(payload, "check_suite", "head_sha")));
}

/** GitHub sends a button's event to the app whose check it is; that it is ours is looked at all the same. */
function readButton({ payload, self, us }: Reading): GithubEvent {
  const slug = readText(payload, "check_run", "app", "slug");
  if (us === undefined || `${slug}[bot]` !== us) return ignored("it is no check of Stagecoach");
  if (self || readText(payload, "sender", "type") !== "User") return ignored("buttons are pressed by people only");
  const head = readOid(payload, "check_run", "head_sha");
  const run = readId(payload, "check_run", "id");
  const button = readText(payload, "requested_action", "identifier");
  const id = readId(payload, "sender", "id");
  const login = readText(payload, "sender", "login");
  const isWhole = head !== undefined && run !== undefined && button !== undefined && BUTTON.test(button);
  if (!isWhole || id === undefined || login === undefined) return hint(payload, undefined);
  const [pull] = readRecords(payload, "check_run", "pull_requests").flatMap((each) => readId(each, "number") ?? []);
  const about = pull === undefined ? {} : { pullRequest: pull };
  return hint(payload, { kind: "button", head, run, button, by: { id, login, kind: "person" }, ...about });
}

export function checkSubject(head: string | undefined): HintSubject | undefined {
  return head === undefined ? undefined : { kind: "check", head };
}
