// Hands a delivery to the receiver of its kind, as the route does, at a fixed time and with nothing that could be fetched.

import type { Delivery, Received } from "../../../src/registry/webhooks/receiver.ts";
import { RECEIVERS } from "../../../src/registry/webhooks/receivers.ts";
import { REFUSED_PROOFS } from "./refuse-proofs.ts";

export type Sent = Pick<Delivery, "settings"> & Partial<Delivery>;

export async function receive(sent: Sent): Promise<Received> {
  const { read } = RECEIVERS[sent.settings.kind];
  const usual = { method: "POST", body: Buffer.alloc(0), headers: {}, now: Date.parse("2026-03-02T10:00Z") } as const;
  return read({ ...usual, proofs: REFUSED_PROOFS, ...sent });
}
