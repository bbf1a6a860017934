// Git commits: parse and print. A commit that GitHub signs carries a `gpgsig` header, as there, so that somebody's
// copy of it without the signature is another commit.

import { createHash } from "node:crypto";
import { type ObjectStore, readObject, writeObject } from "./object-store.ts";

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC, whole seconds */
  readonly date: string;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  /** the armoured signature and the text that was signed, where there is one */
  readonly signature: { readonly text: string; readonly payload: string } | undefined;
}

export type NewCommit = Omit<Commit, "oid" | "signature"> & { readonly signed: boolean };

export function writeCommit(store: ObjectStore, commit: NewCommit): string {
  const head = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
  ];
  const signature = commit.signed
    ? [`gpgsig ${armour(`${head.join("\n")}\n\n${commit.message}`).replaceAll("\n", "\n ")}`]
    : [];
  const text = `${[...head, ...signature].join("\n")}\n\n${commit.message}`;
  return writeObject(store, { type: "commit", body: Buffer.from(text) });
}

export function readCommit(store: ObjectStore, oid: string): Commit | undefined {
  const object = readObject(store, oid);
  return object?.type === "commit" ? parseCommit(oid, object.body.toString("utf8")) : undefined;
}

function parseCommit(oid: string, text: string): Commit {
  const end = text.indexOf("\n\n");
  // a line that starts with a space continues the header before it
  const lines = text.slice(0, end).replaceAll("\n ", "\0").split("\n");
  const values = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const message = text.slice(end + 2);
  const signature = values("gpgsig")[0]?.replaceAll("\0", "\n");
  const payload = `${lines.filter((line) => !line.startsWith("gpgsig ")).join("\n")}\n\n${message}`;
  return {
    oid,
    tree: values("tree")[0] ?? "",
    parents: values("parent"),
    author: parseSignature(values("author")[0] ?? ""),
    committer: parseSignature(values("committer")[0] ?? ""),
    message,
    signature: signature === undefined ? undefined : { text: signature, payload },
  };
}

function formatSignature({ name, email, date }: Signature): string {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, "").trim();
  return `${clean(name)} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}

function parseSignature(text: string): Signature {
  const [, name = "", email = "", seconds = "0"] = /^(.*?) ?<(.*?)> (\d+)/.exec(text) ?? [];
  return { name, email, date: `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` };
}

function armour(payload: string): string {
  const digest = createHash("sha512").update(payload).digest("base64");
  return `-----BEGIN PGP SIGNATURE-----\n\n${digest.slice(0, 64)}\n${digest.slice(64)}\n-----END PGP SIGNATURE-----`;
}
