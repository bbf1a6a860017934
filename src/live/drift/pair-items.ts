// Which item of a live list is the one that Git declares. Kubernetes knows containers, ports and the like by a key, so that
// their order means nothing; lists without one are compared as they stand.

import { type Fields, isFields } from "../kubernetes/read-fields.ts";

export interface Pair {
  readonly item: unknown;
  /** In the live list; absent: it is not there. */
  readonly index?: number;
}

/** The most telling first. */
const KEYS = ["name", "containerPort", "port", "mountPath", "devicePath", "ip", "topologyKey", "type"];
const PORTS = ["containerPort", "port"];

/** `undefined`: the lists can only be compared as a whole. */
export function pairItems(declared: readonly unknown[], live: readonly unknown[]): readonly Pair[] | undefined {
  if (!declared.every(isFields) || !live.every(isFields)) return undefined;
  for (const key of KEYS) {
    const places = new Map(live.map((item, index) => [identityOf(item, key), index]));
    const wanted = declared.map((item) => identityOf(item, key));
    if (places.has(undefined) || wanted.includes(undefined)) continue;
    if (places.size !== live.length || new Set(wanted).size !== wanted.length) continue;
    return declared.map((item, position) => {
      const index = places.get(wanted[position]);
      return index === undefined ? { item } : { item, index };
    });
  }
  return declared.length === live.length ? declared.map((item, index) => ({ item, index })) : undefined;
}

function identityOf(item: Fields, key: string): string | undefined {
  const value = item[key];
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  // The same port may be open for several protocols.
  return PORTS.includes(key) ? `${value} ${String(item.protocol ?? "TCP")}` : String(value);
}
