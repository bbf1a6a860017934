// Paths as a kustomization writes them: relative to its own folder, never out of the repository.

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** `undefined` for the root of the repository. */
export function parentOf(folder: string): string | undefined {
  return folder === "" ? undefined : folderOf(folder);
}

export function isUnder(folder: string | undefined, folders: ReadonlySet<string>): boolean {
  for (let current = folder; current !== undefined; current = parentOf(current)) if (folders.has(current)) return true;
  return false;
}

export function isRemote(entry: string): boolean {
  return (
    /^(?:[\w+.-]+:\/\/|[\w.-]+@[\w.-]+:|(?:github|gitlab|bitbucket)\.[a-z]+[/:])/.test(entry) || entry.includes("?ref=")
  );
}

/** `undefined`: outside of the repository. */
export function resolvePath(entry: string, from: string): string | undefined {
  if (entry.startsWith("/")) return undefined;
  const parts = folderOf(from) === "" ? [] : folderOf(from).split("/");
  for (const part of entry.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
