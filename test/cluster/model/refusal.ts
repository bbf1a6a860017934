// Refusals as the API server writes them: `Status` objects with its own words, reasons and details.

import { printPath } from "./field-sets.ts";
import type { JsonMap } from "./json.ts";
import { type Kind, resourceName } from "./kinds.ts";
import type { Conflict } from "./own-fields.ts";

/** Thrown by the model, answered by the server. */
export class Refusal extends Error {
  readonly status: JsonMap;
  readonly code: number;

  constructor(
    code: number,
    status: { readonly message: string; readonly reason?: string; readonly details?: JsonMap },
  ) {
    super(status.message);
    this.code = code;
    const { message, reason, details } = status;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason !== undefined && { reason }),
      ...(details !== undefined && { details }),
      code,
    };
  }
}

interface Named {
  readonly kind: Kind;
  readonly name: string;
}

export function notFound({ kind, name }: Named): Refusal {
  return new Refusal(404, {
    message: `${resourceName(kind)} "${name}" not found`,
    reason: "NotFound",
    details: details({ kind, name }),
  });
}

/** The group is there, the resource is not. */
export function noResource(): Refusal {
  return new Refusal(404, {
    message: "the server could not find the requested resource",
    reason: "NotFound",
    details: {},
  });
}

export function notAllowed(): Refusal {
  return new Refusal(405, {
    message: "the server does not allow this method on the requested resource",
    reason: "MethodNotAllowed",
    details: {},
  });
}

export function alreadyExists({ kind, name }: Named): Refusal {
  const message = `${resourceName(kind)} "${name}" already exists`;
  return new Refusal(409, { message, reason: "AlreadyExists", details: details({ kind, name }) });
}

export function outdated({ kind, name }: Named): Refusal {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return new Refusal(409, { message, reason: "Conflict", details: details({ kind, name }) });
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, { message, reason: "BadRequest" });
}

export function unsupportedMedia(supported: readonly string[]): Refusal {
  const message = `the body of the request was in an unknown format - accepted media types include: ${supported.join(", ")}`;
  return new Refusal(415, { message, reason: "UnsupportedMediaType" });
}

export function invalid(
  { kind, name }: Named,
  cause: { readonly field: string; readonly message: string; readonly reason: string },
): Refusal {
  const message = `${resourceName(kind)} "${name}" is invalid: ${cause.field}: ${cause.message}`;
  const { field, reason } = cause;
  return new Refusal(422, {
    message,
    reason: "Invalid",
    details: {
      name,
      ...(kind.group !== "" && { group: kind.group }),
      kind: kind.kind,
      causes: [{ reason, message: cause.message, field }],
    },
  });
}

export function unauthorized(): Refusal {
  return new Refusal(401, { message: "Unauthorized", reason: "Unauthorized" });
}

export interface Denied {
  readonly user: string;
  readonly verb: string;
  readonly kind: Kind;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
}

export function forbidden({ user, verb, kind, name, namespace, subresource }: Denied): Refusal {
  const what = name === undefined ? resourceName(kind) : `${resourceName(kind)} "${name}"`;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
  return new Refusal(403, {
    message: `${what} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${kind.group}" ${where}`,
    reason: "Forbidden",
    details: details({ kind, ...(name !== undefined && { name }) }),
  });
}

export function expired(message: string): Refusal {
  return new Refusal(410, { message, reason: "Expired" });
}

/** Word for word what server-side apply answers: see `FieldManagerConflict`. */
export function conflicting(conflicts: readonly Conflict[]): Refusal {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${printManager(entry)}`,
    field: printPath(path),
  }));
  const [first] = conflicts;
  const message =
    conflicts.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: conflict with ${printManager(first.entry)}: ${printPath(first.path)}`
      : `Apply failed with ${conflicts.length} conflicts: ${listConflicts(conflicts)}`;
  return new Refusal(409, { message, reason: "Conflict", details: { causes } });
}

function listConflicts(conflicts: readonly Conflict[]): string {
  const byManager = Map.groupBy(conflicts, ({ entry }) => printManager(entry));
  return [...byManager]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([manager, own]) => [`conflicts with ${manager}:`, ...own.map(({ path }) => `- ${printPath(path)}`)])
    .join("\n");
}

function printManager({ manager, subresource, operation, apiVersion }: Conflict["entry"]): string {
  const name = subresource === undefined ? `"${manager}"` : `"${manager}" with subresource "${subresource}"`;
  return operation === "Apply" ? name : `${name} using ${apiVersion}`;
}

function details({ kind, name }: { readonly kind: Kind; readonly name?: string }): JsonMap {
  return {
    ...(name !== undefined && { name }),
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
  };
}
