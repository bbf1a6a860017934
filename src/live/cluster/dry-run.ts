// Server-side apply as a dry run and without force: nothing is changed, and who else owns a field with another value is
// the answer. The server's own words about other things stay out.

import { unknown } from "../../domain/seen.ts";
import { checkObject } from "./check-object.ts";
import type { DryRun, KubernetesObject } from "./cluster.ts";
import { explainStatus } from "./explain-status.ts";
import { readJsonObject, readStatus } from "./read-status.ts";
import type { Reply } from "./reply.ts";
import { intentOf, resourcePath } from "./resource-path.ts";
import { type Connection, sendRequest } from "./send-request.ts";

export interface DryRunRequest {
  readonly object: KubernetesObject;
  readonly plural: string;
  readonly manager: string;
}

const MOST_CAUSES = 200;

export async function runDry({ object, plural, manager }: DryRunRequest, connection: Connection): Promise<DryRun> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const address = { apiVersion, kind, plural, name, ...(namespace !== undefined && { namespace }) };
  const path = resourcePath(address, { dryRun: "All", fieldManager: manager });
  if (path.kind === "unknown") return path;
  // The server refuses an apply that says who owns what.
  const { managedFields: _, ...wanted } = metadata;
  const body = { type: "application/apply-patch+yaml", text: JSON.stringify({ ...object, metadata: wanted }) };
  const reply = await sendRequest({ method: "PATCH", path: path.value, body }, connection);
  if (reply.kind === "unknown") return reply;
  if (reply.status === 200 || reply.status === 201) {
    const applied = checkObject(readJsonObject(reply), address);
    return applied === undefined
      ? unknown(`${connection.name} answered something that is no ${kind}`)
      : { kind: "applied", object: applied };
  }
  if (reply.status === 403 && !isByWebhook(reply)) return { kind: "forbidden" };
  const causes = reply.status === 409 ? readConflicts(reply) : [];
  if (causes.length > 0) return { kind: "conflicts", causes };
  return unknown(`${connection.name} ${explainStatus(reply, intentOf("patch", address))}`);
}

function readConflicts(reply: Reply): readonly { readonly manager: string; readonly field: string }[] {
  const causes = readStatus(reply)?.causes ?? [];
  return causes.slice(0, MOST_CAUSES).flatMap(({ reason, message, field }) => {
    const manager = /^conflict with "((?:[^"\\]|\\.)*)"/.exec(message)?.[1];
    if (reason !== "FieldManagerConflict" || manager === undefined || field === "") return [];
    return [{ manager: manager.slice(0, 128), field: field.slice(0, 1_000) }];
  });
}

function isByWebhook(reply: Reply): boolean {
  return /admission webhook/.test(readStatus(reply)?.message ?? "");
}
