// The receivers by the kind that the operator wrote down. A new vendor is a file beside this one and a line here.

import { readDistribution } from "./distribution.ts";
import { readGeneric } from "./generic.ts";
import type { Receiver, WebhookKind } from "./receiver.ts";

export const RECEIVERS: Readonly<Record<WebhookKind, Receiver>> = {
  distribution: readDistribution,
  generic: readGeneric,
};
