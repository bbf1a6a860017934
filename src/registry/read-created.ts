// When an image says that it was built: an annotation of its index or manifest, else its configuration's own field.
// Says nothing about images whose build pretends to have no time; the planner then goes by when it first saw them.

import { known, type Seen } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import { readStatements } from "./read-statements.ts";

const CREATED = "org.opencontainers.image.created";
/** Containers are younger; reproducible builds write 1970 or 1980 to say nothing. */
const EARLIEST = Date.UTC(2013, 0, 1);
/** A clock may be wrong by so much; a build that claims more would stay the newest for ever. */
const CLOCK_ERROR = 24 * 60 * 60_000;
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
  readonly now: number;
}

/** Epoch milliseconds. One request for a manifest that says it, two for one that does not, three for an index. */
export async function readCreated(digest: string, reader: Reader): Promise<Seen<number | undefined>> {
  for await (const statement of readStatements(digest, reader)) {
    if (statement.kind === "unknown") return statement;
    const { says, created } = statement.value;
    // A configuration has a field of its own; the label there may be that of the image below.
    const at = readTime("created" in statement.value ? created : says[CREATED], reader.now);
    if (at !== undefined) return known(at);
  }
  return known(undefined);
}

function readTime(value: unknown, now: number): number | undefined {
  if (typeof value !== "string" || value.length > 64 || !RFC3339.test(value)) return undefined;
  const at = Date.parse(value.replace(" ", "T"));
  return at >= EARLIEST && at <= now + CLOCK_ERROR ? at : undefined;
}
