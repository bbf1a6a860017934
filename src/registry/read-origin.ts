// From which commit of which repository an image says that it was built. The first who names a commit is believed over
// those below, and the repository is taken from there or below only: a commit that came with the image beneath, beside
// the address that somebody wrote above it, would be a lie that nobody told.

import type { ImageOrigin } from "../domain/image-origin.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { Access } from "./choose-access.ts";
import type { OciClient } from "./oci-client.ts";
import type { Json } from "./read-manifest.ts";
import { readStatements } from "./read-statements.ts";

const REVISION = ["org.opencontainers.image.revision", "org.label-schema.vcs-ref"];
const SOURCE = ["org.opencontainers.image.source", "org.label-schema.vcs-url"];
/** No commit and no address of a repository is longer; of what is, the beginning shows what it is. */
const LONGEST = 300;

interface Reader {
  readonly client: OciClient;
  readonly access: Access;
}

/** At most three requests: index, manifest, configuration. */
export async function readOrigin(digest: string, reader: Reader): Promise<Seen<ImageOrigin>> {
  let revision: string | undefined;
  for await (const statement of readStatements(digest, reader)) {
    if (statement.kind === "unknown") return statement;
    const { says } = statement.value;
    revision ??= label(says, REVISION);
    const source = revision === undefined ? undefined : label(says, SOURCE);
    if (revision !== undefined && source !== undefined) return known({ revision, source });
  }
  return known(revision === undefined ? {} : { revision });
}

function label(says: Json, names: readonly string[]): string | undefined {
  const values = names.flatMap((name) => (Object.hasOwn(says, name) ? [says[name]] : []));
  const value = values.find((each): each is string => typeof each === "string" && each.trim() !== "");
  return value?.slice(0, LONGEST);
}
