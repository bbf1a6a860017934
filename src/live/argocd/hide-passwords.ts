// Takes credentials out of addresses in messages: Argo CD repeats the address of a repository when it cannot fetch it.

/** Up to the last sign before the path: a password may have such signs itself. */
const CREDENTIALS = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/]{1,512}@/gi;

export function hidePasswords(message: string): string {
  return message.replace(CREDENTIALS, "$1");
}
