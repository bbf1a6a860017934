// Annotated tags: objects of their own that name what they are of.

import type { Signature } from "./commit.ts";
import { type ObjectStore, readObject, writeObject } from "./object-store.ts";

export interface Tag {
  readonly oid: string;
  /** the object that it is of, a commit nearly always */
  readonly target: string;
  readonly name: string;
  readonly message: string;
}

export interface NewTag {
  readonly name: string;
  readonly target: string;
  readonly tagger: Signature;
  readonly message: string;
}

/** Answers with the object's id; no ref leads to it yet. */
export function writeTag(store: ObjectStore, { name, target, tagger, message }: NewTag): string {
  const type = readObject(store, target)?.type;
  if (type === undefined) throw new Error(`There is no object ${target} that the tag ${name} could be of.`);
  const at = Math.floor(Date.parse(tagger.date) / 1000);
  const head = [
    `object ${target}`,
    `type ${type}`,
    `tag ${name}`,
    `tagger ${tagger.name} <${tagger.email}> ${at} +0000`,
  ];
  return writeObject(store, { type: "tag", body: Buffer.from(`${head.join("\n")}\n\n${message}`) });
}

export function readTag(store: ObjectStore, oid: string): Tag | undefined {
  const object = readObject(store, oid);
  if (object?.type !== "tag") return undefined;
  const text = object.body.toString("utf8");
  const [, target = "", name = ""] = /^object ([0-9a-f]{40})\ntype \w+\ntag (.+)$/m.exec(text) ?? [];
  return { oid, target, name, message: text.slice(text.indexOf("\n\n") + 2) };
}

/** The commit that an object leads to: itself, or what its tags are of. */
export function peelToCommit(store: ObjectStore, oid: string): string | undefined {
  let at = oid;
  for (let tag = readTag(store, at); tag !== undefined; tag = readTag(store, at)) at = tag.target;
  return readObject(store, at)?.type === "commit" ? at : undefined;
}
