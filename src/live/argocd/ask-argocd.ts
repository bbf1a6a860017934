// The questions that are put to an Argo CD server about Applications: all of them, or one that has just been looked at
// again. Answers are checked to be about what was asked.

import type { LiveState } from "../../domain/live-state.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import { isFields, valueAt } from "../kubernetes/read-fields.ts";
import { type ApplicationAddress, addressOf, addressQuery, permissionFor } from "./application-address.ts";
import type { ArgocdClient, ArgocdLimits } from "./argocd-client.ts";
import { type ApplicationIndex, findApplication, indexApplications } from "./find-application.ts";
import { readApplication } from "./read-application.ts";

export interface SourceContext {
  readonly client: ArgocdClient;
  readonly limits: ArgocdLimits;
}

export interface FoundApplication {
  readonly application: unknown;
  readonly address: ApplicationAddress;
}

/**
 * The whole of every Application: the parameter `fields` would leave out the very revisions, conditions and times that
 * a judgement needs.
 */
export async function listApplications({ client, limits }: SourceContext): Promise<Seen<ApplicationIndex>> {
  const answer = await client.ask({
    path: ["applications"],
    largest: limits.list,
    timeout: limits.timeout,
    permission: "applications, get, <project>/<application>",
  });
  if (answer.kind === "unknown") return answer;
  const items = valueAt(answer.value, "items");
  if (Array.isArray(items)) return known(indexApplications(items));
  // None that the token may see.
  if (items === null) return known(indexApplications([]));
  return unknown(`${client.host} answered no list of Applications`);
}

/** Waits until the controller has looked. `hard` makes it read Git and the cluster anew, which takes longer. */
export async function refreshApplication(
  address: ApplicationAddress,
  { client, limits, refresh }: SourceContext & { readonly refresh: "normal" | "hard" },
): Promise<Seen<FoundApplication>> {
  const answer = await client.ask({
    path: ["applications", address.name],
    query: { refresh, ...addressQuery(address) },
    largest: limits.single,
    timeout: refresh === "hard" ? limits.timeout * 3 : limits.timeout,
    permission: permissionFor("get", address),
  });
  if (answer.kind === "unknown") return answer;
  const got = isFields(answer.value) ? addressOf(answer.value) : undefined;
  if (got?.name !== address.name || got.namespace !== address.namespace) {
    return unknown(`${client.host} answered something else than the Application ${address.name}`);
  }
  return known({ application: answer.value, address: got });
}

export async function findTarget(name: string, context: SourceContext): Promise<Seen<FoundApplication>> {
  const index = await listApplications(context);
  return index.kind === "known" ? findByName(name, { ...context, index: index.value }) : index;
}

export function findByName(
  name: string,
  { index, client }: { readonly index: ApplicationIndex; readonly client: ArgocdClient },
): Seen<FoundApplication> {
  const missing = `or the token for ${client.host} lacks the permission \`applications, get\` for it`;
  const found = findApplication(index, { name, missing });
  if (found.kind === "unknown") return found;
  const address = addressOf(found.value);
  if (address === undefined) return unknown(`${client.host} has an Application without a proper name`);
  return known({ application: found.value, address });
}

export function describeApplication(
  { application, address }: FoundApplication,
  { client, now, refreshed }: { readonly client: ArgocdClient; readonly now: number; readonly refreshed: boolean },
): Seen<LiveState> {
  const { name, namespace } = address;
  const link = client.page(["applications", ...(namespace === undefined ? [] : [namespace]), name]);
  return readApplication(application, { now, refreshed, link });
}
