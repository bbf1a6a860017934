// Who wrote fields, by an entry of an object's managed fields: the name of a tool, never of a person.

import type { DriftField } from "../../domain/drift.ts";
import { textAt, timeAt } from "./read-fields.ts";

export interface Author extends Pick<DriftField, "operation" | "subresource" | "time"> {
  readonly manager: string;
}

export function authorOf(entry: unknown): Author {
  const operation = textAt(entry, "operation");
  const subresource = textAt(entry, "subresource");
  // `kubectl scale` leaves no time.
  const time = timeAt(entry, "time");
  return {
    manager: textAt(entry, "manager") ?? "unknown",
    ...(operation !== undefined && { operation }),
    ...(subresource !== undefined && { subresource }),
    ...(time !== undefined && { time }),
  };
}
