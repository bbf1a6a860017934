// Whether the app under test gets an event, and through which of its installations: it has to be installed there, not
// suspended, subscribed, and permitted to read what the event tells.

import type { Announcement } from "../model/announcement.ts";
import { isInstalledOn } from "../model/decide-permission.ts";
import type { App, Installation } from "../model/identity.ts";
import type { Model } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";

/** One of these permissions is enough; events that are not listed need none. */
const permissionsOfEvent: Readonly<Record<string, readonly string[]>> = {
  check_run: ["checks"],
  check_suite: ["checks"],
  create: ["contents"],
  delete: ["contents"],
  deployment: ["deployments"],
  deployment_status: ["deployments"],
  issue_comment: ["issues", "pull_requests"],
  issues: ["issues"],
  merge_group: ["merge_queues"],
  package: ["packages"],
  pull_request: ["pull_requests"],
  pull_request_review: ["pull_requests"],
  push: ["contents"],
  registry_package: ["packages"],
  status: ["statuses"],
};

export function chooseInstallation(
  model: Model,
  { app, announcement }: { readonly app: App; readonly announcement: Announcement },
): Installation | undefined {
  if (!("repository" in announcement)) {
    // these concern the installation itself and are sent to every app, subscribed or not
    return announcement.installation.app === app ? announcement.installation : undefined;
  }
  if (isAboutAnotherApp(app, announcement)) return undefined;
  return installationFor(model, { app, ...announcement });
}

/** The installation through which the app hears of such an event in that repository, if it does. */
export function installationFor(
  model: Model,
  { app, event, repository }: { readonly app: App; readonly event: string; readonly repository: Repository },
): Installation | undefined {
  if (!isSubscribed(app, event)) return undefined;
  return [...model.installations.values()].find(
    (installation) =>
      installation.app === app &&
      installation.suspendedAt === undefined &&
      isInstalledOn(installation, repository) &&
      mayRead(installation, event),
  );
}

/** An app without a list takes everything; with one, only what it lists. */
function isSubscribed({ events }: App, event: string): boolean {
  return events.length === 0 || events.includes(event);
}

function mayRead({ permissions }: Installation, event: string): boolean {
  const needed = permissionsOfEvent[event];
  return needed === undefined || needed.some((permission) => permissions[permission] !== undefined);
}

/** A request for checks goes only to the app whose checks they are. */
function isAboutAnotherApp(app: App, announcement: Announcement): boolean {
  switch (announcement.event) {
    case "check_suite":
      return announcement.action !== "completed" && announcement.checkSuite.app !== app;
    case "check_run":
      return isRequest(announcement.action) && announcement.checkRun.suite.app !== app;
    default:
      return false;
  }
}

function isRequest(action: string): boolean {
  return action === "rerequested" || action === "requested_action";
}
