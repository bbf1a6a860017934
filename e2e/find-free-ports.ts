// Ports of this machine that nobody listens on. All are held until the last one is found, so that they differ.

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

export async function findFreePorts<const Names extends readonly string[]>(
  ...names: Names
): Promise<Readonly<Record<Names[number], number>>> {
  const probes = names.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(probes.map((probe) => once(probe, "listening")));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => once(probe.close(), "close")));
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Record<Names[number], number>;
}
