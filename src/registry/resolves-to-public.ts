// Whether a name leads to the public internet alone. Guards addresses that a registry chose, never those that the
// operator wrote down (T20). The connection resolves the name again; what a name server swaps in between is not caught.

import { BlockList, isIPv6 } from "node:net";

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  // Teredo and 6to4 carry an IPv4 address inside.
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv6");
}

export async function resolvesToPublic(
  hostname: string,
  lookup: (hostname: string) => Promise<readonly string[]>,
): Promise<boolean> {
  let addresses: readonly string[];
  try {
    addresses = await lookup(hostname);
  } catch {
    // A name that cannot be resolved leads nowhere; nothing else is wanted of it.
    return false;
  }
  return addresses.length > 0 && addresses.every(isPublicAddress);
}

/** IPv4 in IPv6 (`::ffff:10.0.0.1`) is judged by its IPv4 address; `BlockList` does that itself. */
export function isPublicAddress(address: string): boolean {
  return !PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
