// The receivers by the kind that the operator wrote down. A new vendor is a file beside this one and a line here.

import type { WebhookKind } from "../../domain/settings.ts";
import { readDistribution } from "./distribution.ts";
import { readGeneric } from "./generic.ts";
import type { ReceiverRow } from "./receiver.ts";

export const RECEIVERS: Readonly<Record<WebhookKind, ReceiverRow>> = {
  distribution: { read: readDistribution },
  generic: { read: readGeneric },
};
