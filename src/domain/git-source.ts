// Git repositories as sources of versions: what their names look like, what their revisions may be called, and which
// repository an address in a manifest means. A name such as `git:github.com/acme/web` is never the name of an image.

export interface GitSource {
  /** `github.com`, or the host of a GitHub of one's own, with its port where it has one. */
  readonly host: string;
  readonly owner: string;
  readonly repository: string;
}

const PREFIX = "git:";
/** In the place of a tag: a branch's commit. `heads/main` is how Git itself shortens the full name. */
const HEADS = "heads/";
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/;
const OWNER = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/;
const REPOSITORY = /^[a-z0-9._-]{1,100}$/;
const LONGEST_NAME = 200;
/** Git allows more; what means something to YAML, to a shell, to Markdown or in an address is left out. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9._/+@-]*$/;
const NOT_FOR_GIT = /\.\.|\/\.|\/\/|[/.]$|\.lock(?:\/|$)/;
const LONGEST_ADDRESS = 512;

/** GitHub's names know no capitals: one repository has one name. `undefined` when it is no name of a repository. */
export function nameGitSource({ host, owner, repository }: GitSource): string | undefined {
  const name = `${PREFIX}${host}/${owner}/${repository}`.toLowerCase();
  return isGitSource(name) ? name : undefined;
}

export function isGitSource(name: string): boolean {
  return parseGitSource(name) !== undefined;
}

/** Only what is normalised already. */
export function parseGitSource(name: string): GitSource | undefined {
  if (!name.startsWith(PREFIX) || name.length > LONGEST_ADDRESS) return undefined;
  const [host = "", owner = "", repository = "", ...more] = name.slice(PREFIX.length).split("/");
  const isSound = HOST.test(host) && OWNER.test(owner) && owner.length <= 39 && REPOSITORY.test(repository);
  if (!isSound || more.length > 0 || /^\.{1,2}$|\.git$/.test(repository)) return undefined;
  return { host, owner, repository };
}

/** What a tag or a branch may be called here; in the place of a tag a branch stands as `heads/main`. */
export function isRevisionName(text: string): boolean {
  return text.length <= LONGEST_NAME && PLAIN.test(text) && !NOT_FOR_GIT.test(text) && !text.startsWith("refs/");
}

/** A tag that would read like a branch does not count. */
export function isTagName(text: string): boolean {
  return isRevisionName(text) && !text.startsWith(HEADS);
}

export function nameBranchHead(branch: string): string {
  return `${HEADS}${branch}`;
}

export function branchOfHead(name: string): string | undefined {
  return name.startsWith(HEADS) ? name.slice(HEADS.length) : undefined;
}

/** Under which name somebody who follows a branch, or the tags, is told of a push: `git:github.com/acme/web heads/main`. */
export function nameWatched(source: string, ref: string): string | undefined {
  if (ref.startsWith("refs/tags/")) return `${source} tags`;
  const [, branch] = /^refs\/heads\/(.+)$/s.exec(ref) ?? [];
  return branch === undefined ? undefined : `${source} ${nameBranchHead(branch)}`;
}

export interface GitAddress {
  readonly source: string;
  /** What stands behind the repository: a path in it, and what the query asks for. */
  readonly rest: string;
}

/**
 * The repository that an address means: `https://github.com/acme/web.git`, `git@github.com:acme/web`,
 * `ssh://git@github.com/acme/web`, and Kustomize's `github.com/acme/web//deploy?ref=v1`. `undefined` for anything else;
 * an address with a password in it is none that we touch.
 */
export function readGitAddress(text: string): GitAddress | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  const forced = text.replace(/^git::/, "");
  const [, scheme, user, host = "", separator = "", path = ""] =
    /^(?:(https?|ssh|git):\/\/)?(?:([A-Za-z0-9_-]+)@)?([A-Za-z0-9.-]+(?::[0-9]{1,5}(?=\/))?)([:/])(.*)$/s.exec(
      forced,
    ) ?? [];
  if (separator === ":" && (scheme !== undefined || user === undefined)) return undefined;
  const [, owner = "", named = "", rest = ""] = /^\/?([^/?#]+)\/([^/?#]+)(.*)$/s.exec(path) ?? [];
  const bare = scheme === "ssh" ? host.replace(/:[0-9]+$/, "") : host;
  const source = nameGitSource({ host: bare, owner, repository: named.replace(/\.git$/, "") });
  return source === undefined ? undefined : { source, rest };
}
