// GitHub's global node ids: a prefix for the type, then something opaque. Entities get theirs when they are made;
// the ids of git objects and refs are computed from the repository and the object, and can be read back.

const prefixes = {
  user: "U",
  organization: "O",
  bot: "BOT",
  app: "A",
  team: "T",
  installation: "MDIz",
  repository: "R",
  issue: "I",
  "pull-request": "PR",
  comment: "IC",
  review: "PRR",
  label: "LA",
  reaction: "REA",
  "content-edit": "UCE",
  "check-suite": "CS",
  "check-run": "CR",
  status: "SC",
  deployment: "DE",
  "deployment-status": "DES",
  "merge-queue": "MQ",
  "merge-queue-entry": "MQE",
  "timeline-event": "TE",
} as const;

const gitPrefixes = { commit: "C", tree: "TR", blob: "B", ref: "REF", tag: "TA" } as const;

export type NodeKind = keyof typeof prefixes;
export type GitNodeKind = keyof typeof gitPrefixes;

export function identifyNode(kind: NodeKind, id: number): string {
  return `${prefixes[kind]}_kwDO${encode(String(id))}`;
}

/** @param name the object's id, or the ref's full name */
export function identifyGitNode(
  kind: GitNodeKind,
  { repositoryId, name }: { readonly repositoryId: number; readonly name: string },
): string {
  return `${gitPrefixes[kind]}_kwDG${encode(`${repositoryId}:${name}`)}`;
}

export function readGitNode(
  nodeId: string,
): { readonly kind: GitNodeKind; readonly repositoryId: number; readonly name: string } | undefined {
  const [, prefix = "", text = ""] = /^([A-Z]+)_kwDG([\w-]+)$/.exec(nodeId) ?? [];
  const kind = (Object.keys(gitPrefixes) as GitNodeKind[]).find((candidate) => gitPrefixes[candidate] === prefix);
  const [, id = "", name = ""] = /^(\d+):(.+)$/.exec(Buffer.from(text, "base64url").toString("utf8")) ?? [];
  return kind === undefined || name === "" ? undefined : { kind, repositoryId: Number(id), name };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}
