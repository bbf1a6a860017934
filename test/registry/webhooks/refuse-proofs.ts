// Proofs where nothing may be fetched: whoever is only believed by them is not believed.

import { unknown } from "../../../src/domain/seen.ts";
import type { Proofs } from "../../../src/registry/webhooks/proofs.ts";

export const REFUSED_PROOFS: Proofs = {
  keySet: async () => unknown("keys of senders are not fetched here"),
  certificate: async () => unknown("certificates of senders are not fetched here"),
  confirm: async () => unknown("subscriptions are not confirmed here"),
};
