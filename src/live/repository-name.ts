// Which repository an address names, whoever wrote the address: reconcilers take https, ssh and the short form of scp.
// Only owner and name count; the host is not compared, since one forge has several names.

const URL_FORM = /^(?:https?|ssh|git):\/\/(?:[^/@\s]*@)?[^/@\s]+\/(.+)$/i;
const SCP_FORM = /^(?:[\w.-]+@)?[\w.-]+:(?!\/\/)\/?(.+)$/;
const NAME = /^([a-z0-9][a-z0-9._-]*)\/([a-z0-9._-]+)$/;

/** `owner/name` in small letters; `undefined` where the address has another form, or more parts. */
export function repositoryNameOf(address: string): string | undefined {
  if (address.length > 2_048) return undefined;
  const path = (URL_FORM.exec(address) ?? SCP_FORM.exec(address))?.[1];
  if (path === undefined) return undefined;
  const plain = path
    .replace(/[?#].*$/s, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/i, "")
    .toLowerCase();
  return NAME.test(plain) && !plain.endsWith("/..") && !plain.endsWith("/.") ? plain : undefined;
}
