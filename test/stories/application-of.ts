// Under which name a story's Argo CD runs an environment, and from which folder.

import { dirname } from "node:path";
import { placeOf } from "./sample-files.ts";

/** `checkout-live`, or `cart-dev` of `cart/dev`. */
export function applicationOf(environment: string): string {
  return environment.includes("/") ? environment.replace("/", "-") : `checkout-${environment}`;
}

export function folderOf(environment: string): string {
  return dirname(placeOf(environment));
}
